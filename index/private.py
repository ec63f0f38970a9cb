"""Files and folders that only their owner can read, whatever the umask; files are written whole or not at all.

An index and conversations are somebody's work, and not for other users of the machine. Where the system has no such
permissions, nothing here does harm.
"""

from __future__ import annotations

import contextlib
import errno
import glob
import os
import secrets
import shutil
import stat
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, cast

#: Rights of everybody else.
_OTHERS = 0o077
#: Seconds after which what lies beside a file is what its writer left behind: nothing is written that long without a pause.
LEFT = 3600.0
#: What systems say of a folder that cannot be synchronised: not by this file system, or not by one who may not list it.
_UNSETTLED = (errno.EINVAL, errno.ENOTSUP, errno.EBADF, errno.EACCES, errno.EPERM)
#: What SQLite puts beside a database; made by it with the rights of the database.
_BESIDE = ("", "-wal", "-shm", "-journal")


def make_folder(folder: Path) -> None:
    """Create a folder, and missing ones above it, for its owner only; an existing one stays as it is.

    Raises:
        OSError: It cannot be created, or is a file.
    """
    missing = [above for above in folder.parents if not above.exists()]
    for above in (*reversed(missing), folder):
        try:
            above.mkdir(mode=0o700)
        except FileExistsError:
            if not above.is_dir():
                raise
        else:
            _set(above, 0o700)
            settle(above.parent)


def writing(path: Path, mode: str = "wb") -> BinaryIO:
    """A file opened for writing from the start; with the mode ``xb`` it must not exist yet.

    Raises:
        OSError: It cannot be opened.
    """
    return cast(BinaryIO, open(path, mode, opener=_opener))


def write(path: Path, content: bytes) -> None:
    """Write a new file under a name that nobody looks for yet, and make sure it survives a power loss.

    Raises:
        OSError: It cannot be written; a part of it may be there.
    """
    with writing(path, "xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def create(path: Path, content: bytes) -> None:
    """Write a new file whole or not at all.

    Raises:
        FileExistsError: It exists already.
        OSError: It cannot be written; nothing is left behind.
    """
    if os.path.lexists(path):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
    with beside(path) as written:
        write(written, content)
        place(written, path)


def replace(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, replacing one that may exist.

    Raises:
        OSError: It cannot be written; nothing is left behind.
    """
    with beside(path) as written:
        write(written, content)
        written.replace(path)
    settle(path.parent)


@contextlib.contextmanager
def beside(path: Path) -> Iterator[Path]:
    """An unguessable name beside a path, for what is to take its place once it is complete.

    What is left under the name is removed, and so is what killed processes left beside this path.
    """
    clear_beside(path)
    near = path.with_name(f".{_cut(path.name)}.{secrets.token_hex(8)}")
    try:
        yield near
    finally:
        # What is a database may have a journal that SQLite could not remove.
        for written in database_files(near):
            with contextlib.suppress(OSError):
                _remove(written)


def clear_beside(path: Path) -> None:
    """Remove what killed processes left beside a path."""
    name = f".{glob.escape(_cut(path.name))}.{'[0-9a-f]' * 16}"
    for left in (left for ending in _BESIDE for left in path.parent.glob(name + ending)):
        with contextlib.suppress(OSError):
            if time.time() - max(one.lstat().st_mtime for one in (left, *left.rglob("*"))) > LEFT:
                _remove(left)


def place(written: Path, path: Path) -> None:
    """Give a file that has reached the disk a name, which must be free, and make sure the name survives a power loss.

    Raises:
        FileExistsError: The name is taken.
        OSError: It cannot be given, and the name is still free.
    """
    try:
        path.hardlink_to(written)
    except FileExistsError:
        raise
    except OSError:
        # A disk that knows no second names.
        if os.path.lexists(path):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from None
        written.rename(path)
    try:
        settle(path.parent)
    except OSError:
        path.unlink(missing_ok=True)
        raise


def settle(folder: Path) -> None:
    """Make sure the names in a folder survive a power loss, if the system can.

    Raises:
        OSError: The disk refused.
    """
    if os.name == "nt":
        return
    try:
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
    except OSError as error:
        if error.errno not in _UNSETTLED:
            raise


def synchronise(path: Path) -> None:
    """Make sure a file survives a power loss.

    Raises:
        OSError: The disk refused.
    """
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def make_database(path: Path) -> None:
    """Restrict a SQLite file, and what SQLite puts beside it, to its owner, before SQLite opens it.

    An existing one is not opened, as closing it again would release the locks that this process holds on it.

    Raises:
        OSError: It cannot be created.
    """
    with contextlib.suppress(FileExistsError):
        writing(path, "xb").close()
    narrow(database_files(path))


def database_files(path: Path) -> list[Path]:
    """A SQLite file and what SQLite puts beside it, whether or not they exist."""
    return [path.with_name(path.name + ending) for ending in _BESIDE]


def narrow(paths: Iterable[Path]) -> None:
    """Remove everybody else's permissions on files of ours; files of other users stay as they are."""
    for path in exposed(paths):
        _set(path, 0o700 if path.is_dir() else 0o600)


def exposed(paths: Iterable[Path]) -> Iterator[Path]:
    """Those paths that exist and that others have permissions on; links are not followed."""
    if os.name != "posix":
        return
    for path in paths:
        with contextlib.suppress(OSError):
            if not path.is_symlink() and path.lstat().st_mode & _OTHERS:
                yield path


def _cut(name: str) -> str:
    """A name cut so that there is room for what is put around it: a file name has at most 255 bytes."""
    return os.fsdecode(os.fsencode(name)[:200])


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _opener(path: str, flags: int) -> int:
    descriptor = os.open(path, flags, 0o600)
    # One that was there keeps its rights otherwise; what is not a file at all (a terminal, a pipe) is left alone.
    if hasattr(os, "fchmod") and stat.S_ISREG(os.fstat(descriptor).st_mode):
        with contextlib.suppress(OSError):
            os.fchmod(descriptor, 0o600)
    return descriptor


def _set(path: Path, mode: int) -> None:
    with contextlib.suppress(OSError):
        path.chmod(mode)
