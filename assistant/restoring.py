"""A backup put in place: verified before anything is touched, and what it replaces kept."""

from __future__ import annotations

import contextlib
import secrets
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
from index import build, private, salvage
from index.catalogue import Catalogue
from index.checking import check
from index.database import FILE_NAME
from index.errors import EncoderError
from index.locking import locked
from index.older import quietly
from index.protocols import Encoder
from index.readers.origins import FETCHED
from index.schema import SCHEMA_VERSION


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What was restored.

    Attributes:
        documents: Readouts in the index now; None where the backup has none.
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
        settings: Say where index and conversations are to be.
        path: The backup.
        force: Replace what is there; it is kept under another name.

    Raises:
        BackupError: The backup cannot be used, or something is there; nothing is changed then.
        BusyError: Another process is writing to the index.
    """
    path = path.expanduser().absolute()
    with backup.opened(path) as (archive, manifest):
        names = set(manifest["files"])
        there = [place for name in sorted(names & set(backup.DATABASES)) if (place := _place(settings, name)).exists()]
        if there and not force:
            raise BackupError(
                f"There is {' and '.join(map(str, there))}.",
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
            beside = settings.index / f".restore-{secrets.token_hex(8)}"
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
    """Verify what was unpacked, and make of it what is needed; returns what it holds."""
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
    label = "replaced"
    kept: list[Path] = []
    if FILE_NAME in names:
        old = salvage.swap(settings.index, beside, label)
        kept += [old] if old else []
    if (beside / FETCHED).is_dir():
        place = settings.index / FETCHED
        if place.exists():
            kept.append(place.rename(salvage.aside(place, label)))
        (beside / FETCHED).rename(place)
    for name in (history.FILE_NAME, saved_searches.FILE_NAME):
        if name in names:
            place = settings.history / name
            private.make_folder(place.parent)
            if place.exists():
                kept.append(salvage.move_aside(place, label))
            _moved(beside / name, place)
    return kept


def _moved(source: Path, place: Path) -> None:
    """Move a file that may come from another disk, whole or not at all."""
    near = place.with_name(f".{place.name}.{secrets.token_hex(8)}")
    try:
        shutil.move(source, near)
        near.replace(place)
    finally:
        near.unlink(missing_ok=True)
