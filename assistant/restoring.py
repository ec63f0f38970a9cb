"""A backup put in place: verified before anything is touched; what it replaces is kept."""

from __future__ import annotations

import contextlib
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant import backup, history, saved_searches
from assistant.errors import BackupError
from assistant.history import History
from assistant.saved_searches import SavedSearches
from assistant.settings import Settings
from assistant.storage import VERSION
from index import build, private
from index.catalogue import Catalogue
from index.checking import check
from index.database import FILE_NAME
from index.errors import EncoderError
from index.keeping import tidy
from index.locking import beside as place_beside
from index.locking import locked
from index.older import quietly
from index.protocols import Encoder
from index.readers.origins import FETCHED
from index.replacing import REPLACED, alone, aside, bring_in, replace_database, replace_index
from index.schema import SCHEMA_VERSION


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What was restored.

    Attributes:
        documents: Readouts in the index now; None if the backup has none.
        conversations: Conversations; None as above.
        searches: Saved searches; None as above.
        made_at: When the backup was made.
        kept: What was replaced, under its new name.
    """

    documents: int | None
    conversations: int | None
    searches: int | None
    made_at: str
    kept: tuple[Path, ...]

    def to_dict(self) -> dict[str, Any]:
        """What was restored as the public JSON has it."""
        return {
            "documents": self.documents,
            "conversations": self.conversations,
            "searches": self.searches,
            "made_at": self.made_at,
            "kept": [str(path) for path in self.kept],
        }


def restore(settings: Settings, path: Path, *, force: bool = False) -> Restored:
    """Put a backup in place, each part of it whole or not at all.

    Args:
        settings: Where index and conversations are to be.
        path: The backup.
        force: Replace what is there; it is kept under another name.

    Raises:
        BackupError: The backup cannot be used, or something is there already; nothing is changed then.
        BusyError: Another process is writing to the index.
    """
    path = path.expanduser().absolute()
    with backup.opened(path) as (archive, manifest):
        names = set(manifest["files"])
        there = [place for name in sorted(names & set(backup.DATABASES)) if (place := _place(settings, name)).exists()]
        if there and not force:
            raise BackupError(
                f"There is something in its place: {', '.join(map(str, there))}.",
                mend="Choose other folders with --index and READOUTS_HISTORY, or give --force: "
                "what is replaced is kept under another name.",
            )
        size = sum(int(one["size"]) for one in manifest["files"].values())
        above = next(folder for folder in (settings.index, *settings.index.parents) if folder.exists())
        if size > shutil.disk_usage(above).free:
            raise BackupError(
                f"The backup {path} unpacks to {size:,} bytes, more than are free.", mend="Free some space first."
            )
        with locked(settings.index):
            beside = place_beside(settings.index, "restore")
            try:
                private.make_folder(beside)
                backup.unpack(archive, manifest, beside, path)
                counts = _ready(beside, path)
                kept = _put_in_place(settings, beside, names)
            except OSError as error:
                raise BackupError(
                    f"The backup cannot be restored to {settings.index}: {error.strerror or error}.",
                    mend="Free some space on that disk, or choose a folder that you may write to.",
                ) from error
            finally:
                shutil.rmtree(beside, ignore_errors=True)
    return Restored(made_at=str(manifest.get("made_at", "")), kept=tuple(kept), **counts)


def _place(settings: Settings, name: str) -> Path:
    return (settings.index if name == FILE_NAME else settings.history) / name


def _ready(beside: Path, path: Path) -> dict[str, int | None]:
    """Verify what was unpacked, and build what is needed from it; returns what it holds."""
    for name in backup.DATABASES:
        if (beside / name).is_file():
            backup.look_through(beside / name, path, SCHEMA_VERSION if name == FILE_NAME else VERSION)
    counts: dict[str, int | None] = {"documents": None, "conversations": None, "searches": None}
    with quietly():
        if (beside / FILE_NAME).is_file():
            build.fill(beside, _no_encoder)
            with contextlib.closing(Catalogue(beside)) as catalogue:
                check(catalogue)
                counts["documents"] = catalogue.counts()[0]
        if (beside / history.FILE_NAME).is_file():
            with contextlib.closing(History(beside)) as talks:
                talks.check()
                counts["conversations"] = len(talks.conversations())
        if (beside / saved_searches.FILE_NAME).is_file():
            with contextlib.closing(SavedSearches(beside)) as saved:
                saved.check()
                counts["searches"] = len(saved.all())
    return counts


def _no_encoder() -> Encoder:
    raise EncoderError("The backup lacks embeddings.", mend="Index the readouts again.")


def _put_in_place(settings: Settings, beside: Path, names: set[str]) -> list[Path]:
    """Put the new in place of the old, each in one step; returns what was replaced, under its new name."""
    places = {name: _place(settings, name) for name in sorted(names & set(backup.DATABASES))}
    for place in places.values():
        # Before anything is changed: of a file that somebody reads on and on nothing is replaced.
        bring_in(place, REPLACED)
    kept: list[Path | None] = []
    if FILE_NAME in places:
        kept.append(replace_index(settings.index, beside, REPLACED))
        with contextlib.closing(Catalogue(settings.index)) as catalogue:
            tidy(catalogue)
    if (beside / FETCHED).is_dir():
        place = settings.index / FETCHED
        if place.exists():
            kept.append(place.rename(aside(place, REPLACED)))
        (beside / FETCHED).rename(place)
        private.settle(settings.index)
    for name in (history.FILE_NAME, saved_searches.FILE_NAME):
        if name in places:
            private.make_folder(places[name].parent)
            with private.beside(places[name]) as near:
                _moved(alone(beside / name), near)
                kept.append(replace_database(places[name], near, REPLACED))
    return [path for path in kept if path is not None]


def _moved(source: Path, near: Path) -> None:
    """Move a file to where it is needed, which may be on another disk."""
    try:
        source.rename(near)
    except OSError:
        shutil.copyfile(source, near)
        private.synchronise(near)
