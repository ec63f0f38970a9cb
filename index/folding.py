"""Texts that were posted more than once, folded in the catalogue: one of them leads, the others are named beside it.

The one published first leads; of those on the same day the longest; of equals the one whose id comes first. Every posting stays
in the index as it is, so that another can lead at once when the leader is removed, with nothing to encode.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from index.catalogue import Catalogue
from index.duplicates import DAYS, DUPLICATES_VERSION, Words, bands, same_text, words_of
from index.reports import Folded

#: Key of the catalogue's ``meta`` that says by which rules it was folded.
_RULES = "duplicates"
_UNDATED = 0
#: Texts that share a band which are looked at, and of these the ones that are compared: of 8,988 real readouts none has more
#: than 6 (``python -m benchmarks.duplicates``), but a file may hold a hundred thousand lines of one pattern, and all pairs of
#: these are five billion.
_LOOKED_AT, _COMPARED = 64, 64
#: Documents whose words are kept while others are compared with them, and how many words they may have: 30 MB.
_KEPT, _KEPT_WORDS = 256, 1000
#: Postings of one text from which on another is put into its place among them at the end of a run. Writing all places with each
#: posting is 2,080 rows up to here, and five billion for a hundred thousand postings; of real texts there are two or three.
_AT_ONCE = 64
_PAIRS = (
    "SELECT copy.doc_id, first.doc_id FROM postings JOIN documents AS copy ON copy.id = document "
    "JOIN documents AS first ON first.id = leader WHERE document != leader ORDER BY first.doc_id, postings.place"
)


def is_folded(catalogue: Catalogue) -> bool:
    """Whether the catalogue was folded by the present rules; an empty one need not be."""
    return catalogue.meta(_RULES) == str(DUPLICATES_VERSION) or not catalogue.counts()[0]


@dataclass(frozen=True, slots=True)
class Left:
    """What remains of groups when documents are removed.

    Attributes:
        orphans: Rows of documents that have lost their leader.
        pairs: Every copy and its leader as they were before, by id.
    """

    orphans: tuple[int, ...]
    pairs: frozenset[tuple[str, str]]


def leave(catalogue: Catalogue, gone: Iterable[int]) -> Left:
    """Take documents out of their groups before they are removed; within a transaction."""
    pairs = frozenset(catalogue.run(_PAIRS))
    going = json.dumps(sorted(gone))
    lost = catalogue.run(
        "SELECT document FROM postings WHERE leader IN (SELECT value FROM json_each(?)) "
        "AND document NOT IN (SELECT value FROM json_each(?))",
        (going, going),
    )
    catalogue.run("DELETE FROM postings WHERE leader IN (SELECT value FROM json_each(?))", (going,))
    catalogue.run("DELETE FROM postings WHERE document IN (SELECT value FROM json_each(?))", (going,))
    # One that is left without copies leads nobody any more.
    catalogue.run(
        "DELETE FROM postings WHERE leader IN (SELECT leader FROM postings GROUP BY leader HAVING count(*) < 2)"
    )
    return Left(tuple(row for (row,) in lost), pairs)


def last_row(catalogue: Catalogue) -> int:
    """The last row of a document, for ``fold``; 0 if there is none."""
    return int(catalogue.run("SELECT ifnull(max(id), 0) FROM documents")[0][0])


def fold(catalogue: Catalogue, above: int, left: Left) -> tuple[Folded, ...]:
    """Compare new documents with the existing ones, and fold; within the transaction that added them.

    Args:
        catalogue: Where they are.
        above: The last row before documents were added; all are compared if the rules are newer than the index.
        left: What ``leave`` returned.

    Returns:
        What was folded that was not before, by id.
    """
    orphans = left.orphans
    late: set[int] = set()
    wording = _Wording(catalogue)
    if catalogue.meta(_RULES) != str(DUPLICATES_VERSION):
        catalogue.run("DELETE FROM bands")
        catalogue.run("DELETE FROM postings")
        catalogue.set_meta(_RULES, str(DUPLICATES_VERSION))
        above, orphans = 0, ()
    for row in orphans:
        _join(catalogue, row, *_keys_of(catalogue, row), wording, late)
    for (row,) in catalogue.run("SELECT id FROM documents WHERE id > ? ORDER BY id", (above,)):
        text, day = catalogue.run("SELECT text, ifnull(published, event_date) FROM documents WHERE id = ?", (row,))[0]
        keys, day = bands(text), dt.date.fromisoformat(day).toordinal() if day else _UNDATED
        _join(catalogue, row, keys, day, wording, late)
        for key in keys:
            catalogue.run("INSERT INTO bands VALUES (?, ?, ?)", (key, day, row))
    for leader in sorted(late):
        _order(catalogue, [leader])
    return tuple(Folded(doc_id=c, leader=f) for c, f in catalogue.run(_PAIRS) if (c, f) not in left.pairs)


def _keys_of(catalogue: Catalogue, row: int) -> tuple[list[int], int]:
    found = catalogue.run("SELECT key, day FROM bands WHERE document = ?", (row,))
    return [key for key, _ in found], found[0][1] if found else _UNDATED


class _Wording:
    """The words of documents while they are compared; those of the last few short ones are kept, as they are needed again."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._kept: dict[int, Words] = {}

    def of(self, row: int) -> Words:
        """The words of one document."""
        words = self._kept.pop(row, None)
        if words is None:
            words = words_of(*self._catalogue.run("SELECT title, text FROM documents WHERE id = ?", (row,))[0])
        if len(words.written) <= _KEPT_WORDS:
            self._kept[row] = words
            if len(self._kept) > _KEPT:
                del self._kept[next(iter(self._kept))]
        return words


def _join(catalogue: Catalogue, row: int, keys: Sequence[int], day: int, wording: _Wording, late: set[int]) -> None:
    """Put a document into the group of those that are the same text, if there are any."""
    near = _near(catalogue, row, keys, day)
    if not near:
        return
    ours = wording.of(row)
    same = [other for other in near if same_text(ours, wording.of(other))]
    if same:
        _group(catalogue, [row, *same], late)


def _near(catalogue: Catalogue, row: int, keys: Sequence[int], day: int) -> list[int]:
    """Rows of a few documents most likely to be the same text, each the leader of its group if it has one."""
    days = [(_UNDATED, _UNDATED), (day - DAYS, day + DAYS)] if day else [(_UNDATED, dt.date.max.toordinal())]
    shared: Counter[int] = Counter()
    for key in keys:
        leaders = {
            other
            for first, last in days
            for (other,) in catalogue.run(
                "SELECT ifnull(leader, found.document) FROM "
                "(SELECT document FROM bands WHERE key = ? AND day BETWEEN ? AND ? AND document != ? LIMIT ?) AS found "
                "LEFT JOIN postings ON postings.document = found.document",
                (key, first, last, row, _LOOKED_AT),
            )
        }
        shared.update(leaders)
    likely = sorted(shared, key=lambda other: (-shared[other], other))[:_COMPARED]
    return sorted(other for other in likely if other != row)


def _group(catalogue: Catalogue, members: Sequence[int], late: set[int]) -> None:
    """Make one group of documents and of all that are folded with them.

    Args:
        catalogue: Where they are.
        members: Their rows.
        late: Receives the leader of a group so large that it should be put in order only once, at the end.
    """
    large = [row for row in members if row in late]
    if not large:
        marks = json.dumps(members)
        sizes = catalogue.run(
            "SELECT leader FROM postings WHERE leader IN (SELECT value FROM json_each(?)) "
            "GROUP BY leader HAVING count(*) >= ?",
            (marks, _AT_ONCE),
        )
        large = [leader for (leader,) in sizes]
    if not large:
        _order(catalogue, members)
        return
    leader, *others = *large, *(row for row in members if row not in large)
    late.add(leader)
    late.difference_update(others)
    rows = json.dumps(others)
    catalogue.run("UPDATE postings SET leader = ? WHERE leader IN (SELECT value FROM json_each(?))", (leader, rows))
    # Their places are given at the end.
    catalogue.run("INSERT OR IGNORE INTO postings SELECT value, ?, 0 FROM json_each(?)", (leader, rows))


def _order(catalogue: Catalogue, members: Sequence[int]) -> None:
    """Write one group of documents and of all that are folded with them, the leader first."""
    rows = json.dumps(members)
    ordered = catalogue.run(
        "SELECT id FROM documents WHERE id IN (SELECT value FROM json_each(?)) OR id IN "
        "(SELECT document FROM postings WHERE leader IN (SELECT value FROM json_each(?))) "
        "ORDER BY ifnull(published, event_date) IS NULL, ifnull(published, event_date), length(text) DESC, doc_id",
        (rows, rows),
    )
    leader = ordered[0][0]
    for place, (row,) in enumerate(ordered):
        catalogue.run("INSERT OR REPLACE INTO postings VALUES (?, ?, ?)", (row, leader, place))
