"""What is damaged made good: rebuilt from what is whole, or saved as far as it can be read. Nothing is deleted."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant import history as histories
from assistant import saved_searches
from assistant.datatypes import Answer
from assistant.errors import DamagedHistoryError, DamagedSearchesError, ReadoutsError
from assistant.history import History
from assistant.saved_searches import SavedSearches
from assistant.settings import Settings
from assistant.status import recorded_model
from index import build, codec, keeping, people, private, salvage
from index.catalogue import Catalogue
from index.checking import check
from index.encoder import DEFAULT_MODEL, find_model, load_encoder
from index.errors import CatalogueError, DamagedError, NoIndexError
from index.protocols import Encoder
from index.replacing import DAMAGED, replace_database
from index.salvage import readable
from index.seals import seal

#: What is lost where nothing at all can be read.
_ALL = ("everything in it",)
#: Where some of it can be read, and nothing tells how much there was.
_REST = ("what stood in pages that cannot be read, if anything did",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """What was done about one thing.

    Attributes:
        name: As the check is called that found it.
        done: What was done, sentences.
        kept: Where the damaged file is now; None where there was none.
        lost: What could not be saved: ids of readouts, conversations with turns, names of searches.
        again: Files whose readouts were lost and that are there, to be indexed again.
    """

    name: str
    done: str
    kept: Path | None = None
    lost: tuple[str, ...] = ()
    again: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The repair as the public JSON has it."""
        kept = str(self.kept) if self.kept else None
        return {
            "repaired": self.name,
            "done": self.done,
            "kept": kept,
            "lost": list(self.lost),
            "again": list(self.again),
        }


def repair(settings: Settings, *, encoder: Callable[[], Encoder] | None = None) -> Iterator[Repair]:
    """Mend index, conversations and saved searches, where they are damaged.

    Args:
        settings: Which.
        encoder: Gives the encoder; the one that the settings mean by default.

    Raises:
        BusyError: Another process is writing to the index.
        ReadoutsError: Something cannot be mended; its own mend says what to do.
    """
    failed: ReadoutsError | None = None
    try:
        yield from _index(settings, encoder or (lambda: _encoder(settings)))
    except ReadoutsError as error:
        # The conversations can be mended all the same.
        failed = error
    if (settings.history / histories.FILE_NAME).exists():
        yield from _conversations(settings.history)
    if (settings.history / saved_searches.FILE_NAME).exists():
        yield from _searches(settings.history)
    if failed is not None:
        raise failed


def _encoder(settings: Settings) -> Encoder:
    name = settings.model
    if not name:
        # Also out of a catalogue that is damaged: a model that does not fit is refused later.
        with contextlib.suppress(ReadoutsError):
            name = recorded_model(settings.index) or ""
    return load_encoder(
        find_model(name or DEFAULT_MODEL, fetch=bool(settings.model)), only_reference=settings.engine == "reference"
    )


def _index(settings: Settings, encoder: Callable[[], Encoder]) -> Iterator[Repair]:
    folder = settings.index
    try:
        catalogue = Catalogue(folder)
        try:
            check(catalogue)
            unmade = not _are_whole(catalogue) or not people.people_kept(catalogue)
        finally:
            catalogue.close()
        if unmade:
            build.fill(folder, encoder, first=_remake)
            yield Repair(name="vectors", done="Vectors and people were made again from the catalogue.")
    except NoIndexError:
        return
    except DamagedError as error:
        yield _salvaged(salvage.salvage(folder, encoder), error)


def _are_whole(catalogue: Catalogue) -> bool:
    """Whether the vectors are there, every row as it was written."""
    try:
        for index in keeping.stored_vectors(catalogue).values():
            index.verify()
    except CatalogueError:
        return False
    return keeping.whole(catalogue)


def _remake(catalogue: Catalogue) -> None:
    with catalogue.transaction():
        keeping.remake_vectors(catalogue)


def _salvaged(saved: salvage.Salvaged, error: CatalogueError) -> Repair:
    said = [
        error.message,
        f"A new one holds the {saved.documents} readouts that could be saved, and {saved.versions} earlier wordings;",
        f"{saved.encoded} texts were encoded again.",
        f"The damaged one is kept as {saved.kept}.",
    ]
    if saved.unsealed:
        said.append(
            f"{saved.unsealed} of the readouts are from before there were seals: compare them with their sources."
        )
    again = tuple(sorted({one.path for one in saved.lost if one.is_there}))
    if saved.lost:
        said.append(f"{len(saved.lost)} readouts could not be saved.")
    if again:
        said.append("Their files are there: index these again.")
    return Repair(
        name="index",
        done=" ".join(said),
        kept=saved.kept,
        lost=tuple(one.doc_id or "(a readout whose id cannot be read)" for one in saved.lost),
        again=again,
    )


def _conversations(folder: Path) -> Iterator[Repair]:
    history = History(folder)
    try:
        history.check()
    except DamagedHistoryError as error:
        history.close()
        lost: list[str] = []

        def fill(beside: Path, damaged: sqlite3.Connection) -> int:
            with contextlib.closing(History(beside)) as fresh:
                return _turns(fresh, damaged, lost)

        count, kept = _anew(folder / histories.FILE_NAME, fill)
        done = f"{error.message} {count} turns could be saved. The damaged file is kept as {kept}."
        yield Repair(name="conversations", done=done, kept=kept, lost=tuple(lost) or (_REST if count else _ALL))
    finally:
        history.close()


def _turns(fresh: History, damaged: sqlite3.Connection, lost: list[str]) -> int:
    titles = dict(readable(damaged, "SELECT id, title FROM conversations"))
    sealed = "seal" if "seal" in [row[1] for row in readable(damaged, "PRAGMA table_info(turns)")] else "NULL"
    count = 0
    # Not in order: a page that cannot be read would keep all of them from being put in order.
    found = list(readable(damaged, f"SELECT conversation, number, asked_at, answer, {sealed} FROM turns"))
    for *values, expected in sorted(found, key=lambda row: str(row[2])):
        conversation, number, asked_at, answer = values
        try:
            if expected is not None and expected != seal(*values):
                raise ValueError("not as it was written")
            decoded = codec.decode(Answer, json.loads(answer))
            fresh.add_turn(conversation, decoded, asked_at=dt.datetime.fromisoformat(asked_at))
            count += 1
        except (ValueError, TypeError, KeyError, ReadoutsError):
            lost.append(f"{conversation} turn {number}")
    for conversation, title in titles.items():
        with contextlib.suppress(ReadoutsError, TypeError, AttributeError):
            fresh.rename(conversation, title)
    return count


def _searches(folder: Path) -> Iterator[Repair]:
    saved = SavedSearches(folder)
    try:
        saved.check()
    except DamagedSearchesError as error:
        saved.close()
        lost: list[str] = []

        def fill(beside: Path, damaged: sqlite3.Connection) -> int:
            with contextlib.closing(SavedSearches(beside)) as fresh:
                return _copied(fresh, damaged, lost)

        count, kept = _anew(folder / saved_searches.FILE_NAME, fill)
        done = f"{error.message} {count} saved searches could be saved. The damaged file is kept as {kept}."
        yield Repair(name="saved searches", done=done, kept=kept, lost=tuple(lost) or (_REST if count else _ALL))
    finally:
        saved.close()


def _copied(fresh: SavedSearches, damaged: sqlite3.Connection, lost: list[str]) -> int:
    sealed = "seal" if "seal" in [row[1] for row in readable(damaged, "PRAGMA table_info(searches)")] else "NULL"
    count = 0
    for *values, run_at, expected in readable(
        damaged, f"SELECT {saved_searches.SEALED}, run_at, {sealed} FROM searches"
    ):
        try:
            if expected is not None and expected != seal(*values):
                raise ValueError("not as it was written")
            search = saved_searches.search_of(*(*values, run_at))
            fresh.add(search)
            if search.run_at is not None:
                marks = readable(damaged, "SELECT mark FROM reported WHERE name = ?", (search.name,))
                fresh.report(search.name, [str(mark) for (mark,) in marks], search.run_at)
            count += 1
        except (ValueError, TypeError, KeyError, ReadoutsError):
            lost.append(str(values[0]))
    return count


def _anew(path: Path, fill: Callable[[Path, sqlite3.Connection], int]) -> tuple[int, Path | None]:
    """A database filled anew from a damaged one, which gets another name."""
    count = 0
    with private.beside(path) as beside:
        with (
            contextlib.suppress(sqlite3.Error),
            contextlib.closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as damaged,
        ):
            count = fill(beside, damaged)
        new = beside / path.name
        kept = replace_database(path, new if new.is_file() else None, DAMAGED)
    return count, kept
