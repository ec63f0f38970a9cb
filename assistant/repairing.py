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
from assistant.errors import (
    DamagedHistoryError,
    DamagedSearchesError,
    HistoryError,
    ReadoutsError,
    SavedSearchError,
)
from assistant.history import History
from assistant.saved_searches import SavedSearches
from assistant.settings import Settings
from assistant.status import recorded_model
from assistant.storage import VERSION
from assistant.wording import counted
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
#: Read of a column that an older file does not have: what would tell whether a row is as it was written.
_OLDER = "older"
#: Where some of it can be read, and nothing tells how much there was.
_REST = "what stood in pages that cannot be read, if anything did"


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
    for kept in (_CONVERSATIONS, _SEARCHES):
        if (settings.history / kept.file).exists():
            yield from kept.repair(settings.history)
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
        f"A new one holds what could be saved: {counted(saved.documents, 'readout')} and "
        f"{counted(saved.versions, 'earlier wording')};",
        f"{counted(saved.encoded, 'text')} encoded again.",
        f"The damaged one is kept as {saved.kept}.",
    ]
    if saved.unsealed:
        said.append(
            f"{saved.unsealed} of the readouts are from before there were seals: compare them with their sources."
        )
    again = tuple(sorted({one.path for one in saved.lost if one.is_there}))
    if saved.lost:
        said.append(f"{counted(len(saved.lost), 'readout')} could not be saved.")
    if again:
        said.append("Their files are there: index these again.")
    return Repair(
        name="index",
        done=" ".join(said),
        kept=saved.kept,
        lost=(
            *(one.doc_id or "(a readout whose id cannot be read)" for one in saved.lost),
            *(
                f"an earlier wording of {doc_id}" if doc_id else f"earlier wordings: {_REST}"
                for doc_id in saved.lost_versions
            ),
        ),
        again=again,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """A kind of what is kept for one person.

    Attributes:
        name: As the check is called that finds its damage.
        file: Its file.
        opened: Opens the one in a folder.
        fill: Puts what is sound of a damaged one into a new one, adds to a list what is lost, and tells how much there is.
        counted: What is counted, one of it.
        error: Class of the error where it cannot be written anew.
    """

    name: str
    file: str
    opened: Callable[[Path], Any]
    fill: Callable[[Any, sqlite3.Connection, list[str]], int]
    counted: str
    error: type[ReadoutsError]

    def repair(self, folder: Path) -> Iterator[Repair]:
        """Make the one in a folder good, if it is damaged; what a repair left beside it that was killed goes."""
        private.clear_beside(folder / self.file)
        with contextlib.closing(self.opened(folder)) as kept:
            try:
                kept.check()
                return
            except (DamagedHistoryError, DamagedSearchesError) as error:
                why = error.message
        lost: list[str] = []
        count, aside = self._anew(folder / self.file, lost)
        done = f"{why} {counted(count, self.counted)} could be saved. The damaged file is kept as {aside}."
        yield Repair(name=self.name, done=done, kept=aside, lost=tuple(lost) or (() if count else _ALL))

    def _anew(self, path: Path, lost: list[str]) -> tuple[int, Path | None]:
        """A database filled anew from a damaged one, which gets another name; an error where that cannot be written."""
        count = 0
        try:
            with private.beside(path) as beside:
                if path.is_file():
                    with (
                        contextlib.closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as damaged,
                        contextlib.closing(self.opened(beside)) as fresh,
                    ):
                        # A text that is none any more is a row that is not as it was written, and ends nothing.
                        damaged.text_factory = lambda content: content.decode(errors="replace")
                        count = self.fill(fresh, damaged, lost)
                new = beside / path.name
                aside = replace_database(path, new if new.is_file() else None, DAMAGED)
        except OSError as reason:
            raise self.error(
                f"{path} cannot be repaired: {reason.strerror or reason}.",
                mend="Check its folder and the space on its disk, then run the same command again; nothing is lost.",
            ) from reason
        return count, aside


def _rows(database: sqlite3.Connection, table: str, columns: int, lost: list[str]) -> list[tuple[Any, ...]]:
    """Rows of a table as far as they can be read; that there may be more is noted as lost.

    They are read by the place of their columns, whose names may be damaged, too.

    Args:
        database: The damaged one.
        table: Which.
        columns: How many it has; of those that older tables do not have ``_OLDER`` is read.
        lost: What is added to.
    """
    rows = []
    # A column that the present version has and that is not there is one whose declaration is damaged.
    is_older = list(readable(database, "PRAGMA user_version")) not in ([], [(VERSION,)])
    try:
        for row in database.execute(f"SELECT * FROM {table} NOT INDEXED"):
            rows.append((*row[:columns], *(_OLDER if is_older else None,) * (columns - len(row))))
    except (sqlite3.Error, UnicodeDecodeError):
        lost.append(_REST)
    return rows


def _turns(fresh: History, damaged: sqlite3.Connection, lost: list[str]) -> int:
    talks = _rows(damaged, "conversations", 6, lost)
    # Not in order: a page that cannot be read would keep all of them from being put in order.
    found = _rows(damaged, "turns", 5, lost)
    saved: set[tuple[str, int]] = set()
    for *values, expected in sorted(found, key=lambda row: str(row[2])):
        conversation, number, asked_at, answer = values
        try:
            if not isinstance(conversation, str) or expected not in (_OLDER, seal(*values)):
                raise ValueError("not as it was written")
            decoded, at = codec.decode(Answer, json.loads(answer)), dt.datetime.fromisoformat(asked_at)
        except (ValueError, TypeError, KeyError, ReadoutsError):
            lost.append(f"{conversation} turn {number}")
            continue
        # Where this cannot be written, it is not lost: nothing is replaced then.
        fresh.add_turn(conversation, decoded, asked_at=at)
        saved.add((conversation, number))
    known = {str(row[0]) for row in talks}
    lost += [f"{one} title" for one in sorted({str(conversation) for conversation, _ in saved} - known)]
    for *values, expected in talks:
        conversation, title, *_, count = values
        if expected not in (_OLDER, seal(*values)):
            lost.append(f"{conversation} title")
            continue
        numbers = range(1, count + 1) if isinstance(count, int) else ()
        missed = [f"{conversation} turn {number}" for number in numbers if (conversation, number) not in saved]
        lost += [one for one in missed if one not in lost]
        if conversation in {talk for talk, _ in saved} and isinstance(title, str) and title.strip():
            fresh.rename(conversation, title)
    return len(saved)


def _searches(fresh: SavedSearches, damaged: sqlite3.Connection, lost: list[str]) -> int:
    names: set[str] = set()
    marks: dict[object, list[object]] = {}
    for name, mark in _rows(damaged, "reported", 2, lost):
        marks.setdefault(name, []).append(mark)
    for *values, run_at, expected, told in _rows(damaged, "searches", 8, lost):
        name = values[0]
        reported = sorted(mark for mark in marks.get(name, ()) if isinstance(mark, str))
        known = told in (_OLDER, seal(name, run_at, ",".join(reported) or None))
        try:
            if expected not in (_OLDER, seal(*values)):
                raise ValueError("not as it was written")
            search = saved_searches.search_of(*(*values, run_at if known else None))
            if not search.name.strip() or search.name in names:
                raise ValueError("no name of its own")
        except (ValueError, TypeError, KeyError, AttributeError, ReadoutsError):
            lost.append(str(name))
            continue
        fresh.add(search)
        if reported or search.run_at is not None:
            fresh.report(name, reported, search.run_at or dt.datetime.now(dt.UTC))
        names.add(search.name)
        lost += [] if known else [f"{name}: part of what it has reported, which may be news again"]
    return len(names)


_CONVERSATIONS = _Kept(
    name="conversations",
    file=histories.FILE_NAME,
    opened=History,
    fill=_turns,
    counted="turn",
    error=HistoryError,
)
_SEARCHES = _Kept(
    name="saved searches",
    file=saved_searches.FILE_NAME,
    opened=SavedSearches,
    fill=_searches,
    counted="saved search",
    error=SavedSearchError,
)
