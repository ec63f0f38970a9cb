"""Files and folders that nobody but their owner can read, whatever the umask says.

An index and conversations are somebody's work; none of it is for the other people of a machine. Where the system knows no
such rights, nothing here does harm.
"""

from __future__ import annotations

import contextlib
import glob
import os
import secrets
import stat
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, cast

#: Rights of everybody else.
_OTHERS = 0o077
#: Seconds after which a file beside another is one that its writer left behind: writing takes some milliseconds.
LEFT = 60.0
#: What SQLite puts beside a database; made by it with the rights of the database.
_BESIDE = ("", "-wal", "-shm", "-journal")


def make_folder(folder: Path) -> None:
    """Make a folder, with those above it that are missing, for its owner alone; one that is there stays as it is.

    Raises:
        OSError: It cannot be made, or is a file.
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
    """A file opened to be written anew; with the mode ``xb`` it must not be there yet.

    Raises:
        OSError: It cannot be opened.
    """
    return cast(BinaryIO, open(path, mode, opener=_opener))


def create(path: Path, content: bytes) -> None:
    """Write a new file.

    Raises:
        FileExistsError: It is there already.
        OSError: It cannot be written.
    """
    with writing(path, "xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def replace(path: Path, content: bytes) -> None:
    """Write a file whole or not at all: beside its place, under a name that nobody can guess, and then in its place.

    What a process left beside it that was killed meanwhile goes.

    Raises:
        OSError: It cannot be written; nothing is left behind.
    """
    for left in path.parent.glob(f".{glob.escape(path.name)}.{'[0-9a-f]' * 16}"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > LEFT:
                left.unlink()
    beside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        create(beside, content)
        beside.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        raise
    settle(path.parent)


def settle(folder: Path) -> None:
    """Have the names of new files in a folder outlast a loss of power, where the system can."""
    if os.name == "nt":
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def make_database(path: Path) -> None:
    """See to it that a SQLite file, and what lies beside it, is its owner's alone, before SQLite opens it.

    One that is there is not opened: closing it again would undo the locks that this process holds on it.

    Raises:
        OSError: It cannot be made.
    """
    with contextlib.suppress(FileExistsError):
        create(path, b"")
    narrow(database_files(path))


def database_files(path: Path) -> list[Path]:
    """A SQLite file and what SQLite puts beside it, whether they are there or not."""
    return [path.with_name(path.name + ending) for ending in _BESIDE]


def narrow(paths: Iterable[Path]) -> None:
    """Take from everybody else what rights they have to files of ours; those that are another's stay as they are."""
    for path in exposed(paths):
        _set(path, 0o700 if path.is_dir() else 0o600)


def exposed(paths: Iterable[Path]) -> Iterator[Path]:
    """Those of the paths that are there, and that others have rights to; links are not followed."""
    if os.name != "posix":
        return
    for path in paths:
        with contextlib.suppress(OSError):
            if not path.is_symlink() and path.lstat().st_mode & _OTHERS:
                yield path


def _opener(path: str, flags: int) -> int:
    descriptor = os.open(path, flags, 0o600)
    # One that was there keeps its rights otherwise; what is no file at all (a terminal, a pipe) is left alone.
    if hasattr(os, "fchmod") and stat.S_ISREG(os.fstat(descriptor).st_mode):
        with contextlib.suppress(OSError):
            os.fchmod(descriptor, 0o600)
    return descriptor


def _set(path: Path, mode: int) -> None:
    with contextlib.suppress(OSError):
        path.chmod(mode)
