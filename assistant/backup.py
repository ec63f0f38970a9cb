"""One file that holds the index, the conversations and the saved searches, written while others read and write.

The file is a ZIP with a manifest: the size and the SHA-256 of every member. Vectors are left out, for the catalogue has the
embeddings that they are made of. Restoring trusts nothing in it before all of it is verified.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import json
import os
import sqlite3
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

from assistant import history, saved_searches
from assistant.errors import BackupError
from assistant.history import History
from assistant.saved_searches import SavedSearches
from assistant.settings import Settings
from index import private
from index.catalogue import Catalogue
from index.checking import check
from index.database import FILE_NAME, translate
from index.readers.origins import FETCHED

#: Raised when an older program could not restore what is written.
FORMAT = 1
MANIFEST = "manifest.json"
#: Bytes of a manifest, and members, above which a file is not one of ours.
LARGEST_MANIFEST, MOST_MEMBERS = 64_000_000, 200_000
#: The databases, each with a table that it has.
DATABASES = {FILE_NAME: "documents", history.FILE_NAME: "turns", saved_searches.FILE_NAME: "searches"}
#: How much larger than packed a member may be: a catalogue is three times, what fills disks a thousand times.
MOST_UNPACKED = 200
_PART = 1 << 20
#: What a damaged archive makes its reader raise, as a bit of it falls on names, sizes, offsets or packed bytes.
_DAMAGE = (
    *(OSError, EOFError, ValueError, OverflowError, NotImplementedError, RuntimeError),
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, struct.error),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """What a backup holds.

    Attributes:
        path: Its file.
        made_at: When, in ISO form, UTC.
        documents: Readouts.
        conversations: Conversations.
        searches: Saved searches.
        size: Bytes of the file.
    """

    path: str
    made_at: str
    documents: int
    conversations: int
    searches: int
    size: int

    def to_dict(self) -> dict[str, Any]:
        """The backup as the public JSON has it."""
        return asdict(self)


def back_up(settings: Settings, path: Path, *, force: bool = False) -> Backup:
    """Write everything into one file; others may read and write meanwhile.

    Args:
        settings: Where index and conversations are.
        path: The file.
        force: Replace an existing file.

    Raises:
        BackupError: There is nothing to back up, or the file exists already or cannot be written.
        DamagedError, DamagedHistoryError, DamagedSearchesError: What is to be kept is damaged; nothing is written.
    """
    path = path.expanduser().absolute()
    if path.exists() and not force:
        raise BackupError(f"There is a file {path}.", mend="Choose another name, or give --force to replace it.")
    try:
        with private.beside(path) as beside:
            beside.mkdir(mode=0o700)
            counts = _copies(settings, beside)
            made_at = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
            written = beside / "backup"
            with private.writing(written, "xb") as file:
                _write(file, beside, settings.index / FETCHED, {"made_at": made_at, **counts})
                file.flush()
                os.fsync(file.fileno())
            if force:
                written.replace(path)
                private.settle(path.parent)
            else:
                private.place(written, path)
    except FileExistsError:
        raise BackupError(f"There is a file {path}.", mend="Choose another name.") from None
    except OSError as error:
        raise BackupError(
            f"The backup {path} cannot be written: {error.strerror or error}.",
            mend="Choose a folder that you may write to, on a disk with some space.",
        ) from error
    return Backup(path=str(path), made_at=made_at, size=path.stat().st_size, **counts)


def _copies(settings: Settings, beside: Path) -> dict[str, int]:
    """Copies of the databases, each of one moment; returns what they hold."""
    counts = {"documents": 0, "conversations": 0, "searches": 0}
    if (settings.index / FILE_NAME).is_file():
        catalogue = Catalogue(settings.index)
        try:
            check(catalogue)
            with translate(catalogue.path):
                catalogue.copy_to(beside / FILE_NAME)
            counts["documents"] = catalogue.counts()[0]
        finally:
            catalogue.close()
    if (settings.history / history.FILE_NAME).is_file():
        with contextlib.closing(History(settings.history)) as talks:
            talks.check()
            talks.copy_to(beside / history.FILE_NAME)
            counts["conversations"] = len(talks.conversations())
    if (settings.history / saved_searches.FILE_NAME).is_file():
        with contextlib.closing(SavedSearches(settings.history)) as saved:
            saved.check()
            saved.copy_to(beside / saved_searches.FILE_NAME)
            counts["searches"] = len(saved.all())
    if not any((beside / name).is_file() for name in DATABASES):
        raise BackupError(
            f"There is nothing to back up: no index at {settings.index}, and no conversations.",
            mend=f"Make an index with: readouts index FOLDER --index {settings.index}",
        )
    return counts


def _write(file: Any, folder: Path, fetched: Path, said: dict[str, Any]) -> None:
    members: dict[str, dict[str, Any]] = {}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        pages = sorted(path for path in fetched.rglob("*") if path.is_file() and not path.is_symlink())
        named = [(name, folder / name) for name in DATABASES if (folder / name).is_file()]
        named += [(f"{FETCHED}/{path.relative_to(fetched).as_posix()}", path) for path in pages]
        for name, path in named:
            digest, size = hashlib.sha256(), 0
            with path.open("rb") as source, archive.open(name, "w", force_zip64=True) as target:
                while part := source.read(_PART):
                    digest.update(part)
                    size += len(part)
                    target.write(part)
            members[name] = {"size": size, "sha256": digest.hexdigest()}
        manifest = {"format": FORMAT, **said, "files": members}
        archive.writestr(MANIFEST, json.dumps(manifest, indent=1))


@contextlib.contextmanager
def opened(path: Path) -> Iterator[tuple[zipfile.ZipFile, dict[str, Any]]]:
    """A backup with its manifest, after checking that every member has a harmless name and the size it claims.

    Raises:
        BackupError: It is not a backup, is damaged, or was written by a newer program.
    """
    with contextlib.ExitStack() as stack:
        with _reading(path):
            archive = stack.enter_context(zipfile.ZipFile(path))
            manifest = _manifest(path, archive)
        yield archive, manifest


@contextlib.contextmanager
def _reading(path: Path) -> Iterator[None]:
    """Turn whatever a damaged archive makes its reader raise into a refusal; an error of ours stays as it is."""
    try:
        yield
    except _DAMAGE as error:
        raise refused(path, str(error)) from error


def _manifest(path: Path, archive: zipfile.ZipFile) -> dict[str, Any]:
    infos = archive.infolist()
    names = [info.filename for info in infos]
    if len(infos) > MOST_MEMBERS or len(set(names)) != len(names) or MANIFEST not in names:
        raise refused(path, "it has no manifest, or holds a name twice")
    if archive.getinfo(MANIFEST).file_size > LARGEST_MANIFEST:
        raise refused(path, "its manifest is too large")
    with archive.open(MANIFEST) as file:
        content = file.read(LARGEST_MANIFEST + 1)
    try:
        manifest = json.loads(content)
        version, members = int(manifest["format"]), manifest["files"]
        sizes = {str(name): (int(one["size"]), str(one["sha256"])) for name, one in members.items()}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise refused(path, "its manifest cannot be read") from None
    if version > FORMAT:
        raise BackupError(f"The backup {path} was made by a newer version of readouts.", mend="Update the program.")
    if set(sizes) != set(names) - {MANIFEST}:
        raise refused(path, "it does not hold what its manifest says")
    for info in infos:
        if info.file_size > MOST_UNPACKED * (info.compress_size + 1000):
            raise refused(path, f"{info.filename!r} unpacks to far more than a database would")
        if info.filename != MANIFEST and (not is_ours(info.filename) or info.file_size != sizes[info.filename][0]):
            raise refused(path, f"it holds {info.filename!r}, which no backup does")
    return dict(manifest)


def is_ours(name: str) -> bool:
    """Whether a backup can have a member of this name: a database, or a page that was fetched, below its folder."""
    if name in DATABASES:
        return True
    parts = PurePosixPath(name).parts
    odd = any(part in ("..", ".") or any(c in part for c in "\\:\0") for part in parts)
    return len(parts) == 3 and parts[0] == FETCHED and not odd and "/".join(parts) == name


def refused(path: Path, why: str) -> BackupError:
    """The message for a file that cannot be restored."""
    return BackupError(f"The backup {path} cannot be used: {why}.", mend="Nothing was changed; restore another one.")


def unpack(archive: zipfile.ZipFile, manifest: dict[str, Any], folder: Path, path: Path) -> None:
    """Unpack every member below a new folder, and verify it on the way.

    Raises:
        BackupError: A member is not as it was written.
        OSError: It cannot be written there.
    """
    for name, said in manifest["files"].items():
        target = folder / name
        private.make_folder(target.parent)
        digest, left = hashlib.sha256(), int(said["size"])
        with contextlib.ExitStack() as stack:
            with _reading(path):
                source = stack.enter_context(archive.open(name))
            file = stack.enter_context(private.writing(target, "xb"))
            while part := _part(source, min(_PART, left + 1), path):
                left -= len(part)
                if left < 0:
                    break
                digest.update(part)
                file.write(part)
            file.flush()
            os.fsync(file.fileno())
        private.settle(target.parent)
        if left or digest.hexdigest() != said["sha256"]:
            raise refused(path, f"{name} is not as it was written")


def _part(source: IO[bytes], size: int, path: Path) -> bytes:
    with _reading(path):
        return source.read(size)


def look_through(database: Path, path: Path, versions: int) -> None:
    """Refuse a database that could do anything by itself, is torn, or was written by a newer program.

    Raises:
        BackupError: It is.
    """
    try:
        with contextlib.closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
            connection.execute("PRAGMA trusted_schema = OFF")
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            if version > versions:
                raise BackupError(
                    f"The backup {path} was made by a newer version of readouts.", mend="Update the program."
                )
            acting = connection.execute(
                "SELECT name FROM sqlite_master WHERE type NOT IN ('table', 'index')"
            ).fetchone()
            virtual = connection.execute(
                "SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL%' AND name NOT IN ('full_text', 'turn_words')"
            ).fetchone()
            table = DATABASES[database.name]
            there = connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone()
            faults = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise refused(path, f"{database.name}: {error}") from error
    if acting or virtual or not version or not there or faults != "ok":
        raise refused(path, f"{database.name} is no database of this program")
