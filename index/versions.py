"""Earlier wordings of readouts: what a source said before it changed, kept beside the index and never searched.

A wording is the title and the text. Other changes (an address, a rule that reads facts) make no new version.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from index.catalogue import Catalogue
from index.errors import DocumentError
from index.readings import Reading
from index.seals import seal

#: Earlier versions of one readout that are kept: the first and the latest. A page that changes with every visit would fill
#: the disk otherwise; an official text is corrected once or twice.
KEPT = 20
#: A text that only became longer within so short a time was being written, not reworded; what it was before is not kept.
GROWING = dt.timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One wording of a readout.

    Attributes:
        number: From 1, by time; it stays the same when other versions are removed.
        title: Its title at that time.
        text: Its text at that time.
        seen: When it was first read; None if the index is older than its record of that.
        superseded: When another wording was read in its place; None for the present one.
    """

    number: int
    title: str
    text: str
    seen: dt.datetime | None
    superseded: dt.datetime | None

    def to_dict(self, *, whole: bool = True) -> dict[str, Any]:
        """The version as the public JSON has it; without its text unless it is to be whole."""
        told = {
            "number": self.number,
            "title": self.title,
            "seen": self.seen and self.seen.isoformat(),
            "superseded": self.superseded and self.superseded.isoformat(),
        }
        return told | {"text": self.text} if whole else told


def versions_of(catalogue: Catalogue, doc_id: str) -> tuple[Version, ...]:
    """Every known wording of a readout, the present one last.

    Raises:
        DocumentError: There is no readout with this id.
    """
    with catalogue.snapshot():
        row = catalogue.row_of(doc_id)
        found = catalogue.run(
            "SELECT number, title, text, seen, superseded FROM versions WHERE doc_id = ? ORDER BY number", (doc_id,)
        )
        title, text, seen = catalogue.run(
            "SELECT title, text, at FROM documents LEFT JOIN seen ON document = id WHERE id = ?", (row,)
        )[0]
    number = found[-1][0] + 1 if found else 1
    return tuple(
        Version(number=number, title=title, text=text, seen=_time(seen), superseded=_time(superseded))
        for number, title, text, seen, superseded in [*found, (number, title, text, seen, None)]
    )


def version(versions: Sequence[Version], number: int) -> Version:
    """The version with this number.

    Raises:
        DocumentError: There is none, or it is no longer kept.
    """
    for one in versions:
        if one.number == number:
            return one
    known = ", ".join(str(one.number) for one in versions)
    raise DocumentError(f"The readout has no version {number}.", mend=f"There are: {known}.")


def supersede(
    catalogue: Catalogue, gone: Iterable[int], coming: Callable[[str], Reading | None]
) -> Mapping[str, str | None]:
    """Keep the wordings that are about to be removed; within a transaction, before anything is removed.

    Args:
        catalogue: Where they are.
        gone: Rows of the documents to be removed.
        coming: Returns, by id, what comes instead. If nothing does, a readout is removed with all its versions.

    Returns:
        By id, when a wording that stays the same was first seen.
    """
    now, stay = _now(), dict[str, str | None]()
    for row in gone:
        doc_id, path, record_id, title, text, seen = catalogue.run(
            "SELECT doc_id, path, record_id, title, text, at FROM documents LEFT JOIN seen ON document = id WHERE id = ?",
            (row,),
        )[0]
        new = coming(doc_id)
        if new and (new.document.source.title, new.document.text) == (title, text):
            stay[doc_id] = seen
        elif new is None or (new.document.source.path, new.record_id) != (path, record_id):
            catalogue.run("DELETE FROM versions WHERE doc_id = ?", (doc_id,))
        elif not _grew(text, new.document.text, seen, now):
            _keep(catalogue, doc_id, (title, text, seen, now.isoformat()))
    return stay


def see(catalogue: Catalogue, doc_ids: Iterable[str], stay: Mapping[str, str | None]) -> None:
    """Note when the wordings of documents that were added were first seen; within the same transaction."""
    now = _now().isoformat()
    times = {doc_id: stay.get(doc_id, now) for doc_id in doc_ids}
    for doc_id, at in times.items():
        if at is not None:
            catalogue.run("INSERT INTO seen SELECT id, ? FROM documents WHERE doc_id = ?", (at, doc_id))


def _keep(catalogue: Catalogue, doc_id: str, wording: tuple[str, str, str | None, str]) -> None:
    numbers = [r[0] for r in catalogue.run("SELECT number FROM versions WHERE doc_id = ? ORDER BY number", (doc_id,))]
    number = numbers[-1] + 1 if numbers else 1
    row = doc_id, number, *wording
    catalogue.run(
        "INSERT INTO versions (doc_id, number, title, text, seen, superseded, seal) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (*row, seal(*row)),
    )
    surplus = max(0, len(numbers) + 1 - KEPT)
    for old in numbers[1 : 1 + surplus]:
        catalogue.run("DELETE FROM versions WHERE doc_id = ? AND number = ?", (doc_id, old))


def _grew(before: str, after: str, seen: str | None, now: dt.datetime) -> bool:
    first = _time(seen)
    return first is not None and now - first < GROWING and after.startswith(before.rstrip())


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC).replace(microsecond=0)


def _time(text: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text) if text else None
