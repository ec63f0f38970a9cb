"""Readouts as columns, so that a hundred thousand are filtered, counted and sorted within one key press."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assistant.tui import texts
from assistant.tui.facets import Chosen, Facet
from assistant.tui.table import COLUMNS
from index.datatypes import Listed
from index.textforms import fold

Places: TypeAlias = NDArray[np.int64]
Mask: TypeAlias = NDArray[np.bool_]


class Shelf:
    """Readouts, the latest first; a place is a readout's index in that order.

    Args:
        listed: The readouts.
    """

    def __init__(self, listed: Sequence[Listed]) -> None:
        folded = cache(fold)  # issuers, kinds and parties come again and again
        line = cache(texts.line)
        self.doc_ids = [row.doc_id for row in listed]
        self.cells = [(row.day, row.kind, line(row.issuer), line(sides(row)), texts.line(row.title)) for row in listed]
        self._columns = [
            [fold(row[4]) if n == 4 else folded(row[n]) for row in self.cells] for n in range(len(COLUMNS))
        ]
        self._folded = list(map(" ".join, zip(*self._columns, strict=True)))
        self._everywhere = np.ones(len(listed), dtype=np.bool_)
        self._words: dict[str, Mask] = {}
        self._orders: dict[int, Places] = {0: np.arange(len(listed))}
        self._months = np.array([_month(row.day) for row in listed], dtype=np.int64)
        self._values: dict[Facet, list[str]] = {}
        self._pairs: dict[Facet, tuple[Places, Places]] = {}
        for facet in Facet:
            self._code(facet, [facet_values(row, facet, line) for row in listed])

    def __len__(self) -> int:
        return len(self.doc_ids)

    def _code(self, facet: Facet, values: Sequence[tuple[str, ...]]) -> None:
        codes: dict[str, int] = {}
        rows, coded = [], []
        for row, named in enumerate(values):
            for value in named:
                rows.append(row)
                coded.append(codes.setdefault(value, len(codes)))
        self._values[facet] = list(codes)
        self._pairs[facet] = np.array(rows, dtype=np.int64), np.array(coded, dtype=np.int64)

    def find(
        self, words: str, chosen: Chosen, *, column: int = 0, backwards: bool = False
    ) -> tuple[Places, dict[Facet, list[tuple[str, int]]]]:
        """What fits, in order, and what could be chosen next.

        Args:
            words: Words that a row must all contain (parts of words will do; accents and capitals do not matter).
            chosen: Values of facets: one of each facet must match.
            column: Column to sort by; ties in order of date, the latest first.
            backwards: Sort in reverse.

        Returns:
            Places; and for each facet its values with how many readouts each would leave, most first.
        """
        said = self._everywhere
        for word in fold(words).split():
            said = said & self._holding(word)
        fits = {facet: self._fitting(facet, chosen.get(facet, frozenset())) for facet in Facet}
        mask = said
        for fit in fits.values():
            mask = mask & fit
        order = self.order(column)
        places = order[mask[order]]
        counts = {}
        for facet in Facet:
            rest = said
            for other, fit in fits.items():
                rest = rest if other is facet else rest & fit
            counts[facet] = self._counts(facet, rest)
        return (places[::-1] if backwards else places), counts

    def order(self, column: int) -> Places:
        """All places in order of a column; computed once."""
        if column not in self._orders:
            key = self._columns[column]
            self._orders[column] = np.array(sorted(range(len(key)), key=key.__getitem__), dtype=np.int64)
        return self._orders[column]

    def _holding(self, word: str) -> Mask:
        """Rows that contain a word; when a word grows by a letter, only the rows it had before are searched."""
        if word not in self._words:
            if len(self._words) > 100:
                self._words.clear()
            before = next((self._words[word[:n]] for n in range(len(word) - 1, 0, -1) if word[:n] in self._words), None)
            mask = np.zeros(len(self), dtype=np.bool_)
            among = range(len(self)) if before is None else np.flatnonzero(before).tolist()
            folded = self._folded
            mask[[place for place in among if word in folded[place]]] = True
            self._words[word] = mask
        return self._words[word]

    def _fitting(self, facet: Facet, wanted: frozenset[str]) -> Mask:
        if not wanted:
            return self._everywhere
        rows, coded = self._pairs[facet]
        values = self._values[facet]
        mask = np.zeros(len(self), dtype=np.bool_)
        mask[rows[np.isin(coded, [n for n, value in enumerate(values) if value in wanted])]] = True
        return mask

    def _counts(self, facet: Facet, mask: Mask) -> list[tuple[str, int]]:
        rows, coded = self._pairs[facet]
        found = np.bincount(coded[mask[rows]], minlength=len(self._values[facet]))
        counted = [(value, int(count)) for value, count in zip(self._values[facet], found, strict=True) if count]
        return sorted(counted, key=lambda c: c[0], reverse=True) if facet is Facet.YEAR else sorted(counted, key=_most)

    def months(self, places: Places) -> list[float]:
        """Readouts per month, from the first month to the last; months without any count as 0."""
        months = self._months[places]
        months = months[months >= 0]
        return np.bincount(months - months.min()).astype(float).tolist() if len(months) else []

    def between(self, places: Places) -> str:
        """First and last day, in words; readouts are in order of date."""
        dated = places[self._months[places] >= 0]
        if not len(dated):
            return "undated"
        return texts.span(self.cells[dated.max()][0], self.cells[dated.min()][0])


def _most(counted: tuple[str, int]) -> tuple[int, str]:
    return -counted[1], counted[0]


def _month(day: str) -> int:
    return int(day[:4]) * 12 + int(day[5:7]) - 1 if day else -1


def sides(row: Listed) -> str:
    """Who met whom, in few words: ``Sullivan – Wang Yi``; empty if nobody is known."""
    return " – ".join(", ".join(dict.fromkeys(side)) for side in (row.own, row.others) if side)


def facet_values(row: Listed, facet: Facet, line: Callable[[str], str] = texts.line) -> tuple[str, ...]:
    """The values of a facet that a readout has; ``line`` makes them harmless."""
    if facet is Facet.YEAR:
        return (row.day[:4],) if row.day else ()
    if facet is Facet.KIND:
        return (row.kind,)
    if facet is Facet.ISSUER:
        return (line(row.issuer),) if row.issuer else ()
    return tuple(dict.fromkeys(map(line, row.abroad)))
