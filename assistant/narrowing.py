"""Which readouts a list or a moment can be about at all, found by the database before any of them is read.

What is excluded here would be excluded later anyway, one record at a time; for a hundred thousand readouts that takes seconds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.short_forms import second_spellings
from index import full_text
from index.datatypes import Filters, Query
from index.facts.countries import country_of
from index.search import PassageIndex

#: Readouts that are read one by one without asking for the topic first: it takes a tenth of a second.
FEW = 2000


def with_parties(
    rows: NDArray[np.int64], parties: Sequence[str], either: Sequence[str], index: PassageIndex
) -> NDArray[np.int64]:
    """Those in which all the parties, and at least one of ``either``, can take part; a visit may be to any country."""
    can = {party: _taking_part(party, index) for party in parties}
    for party in parties:
        if party not in either:
            rows = np.intersect1d(rows, can[party], assume_unique=True)
    if either:
        rows = np.intersect1d(rows, np.unique(np.concatenate([can[party] for party in either])), assume_unique=True)
    return rows


def about(
    rows: NDArray[np.int64], topics: Sequence[tuple[Sequence[str], float]], index: PassageIndex
) -> NDArray[np.int64]:
    """Those whose title or a passage can hold a topic; if there are few, all of them.

    Args:
        rows: Rows of documents, ascending.
        topics: Terms, and the share of them, by rarity, that must be held; one topic is enough.
        index: Where the readouts are.
    """
    if len(rows) <= FEW or not any(terms for terms, _ in topics):
        return rows
    needed = [word for terms, share in topics for word in _needed(index.rarity(terms), share)]
    expression = full_text.expression(Query(text="", expansions=tuple(needed)))
    return np.intersect1d(rows, index.documents_with(index.catalogue.holding(expression)), assume_unique=True)


def _needed(rarity: Mapping[str, float], share: float) -> Iterator[str]:
    """Words at least one of which is in any text that holds this share of all: the rarest, which together outweigh the rest."""
    left = total = sum(rarity.values())
    for term in sorted(rarity, key=lambda term: -rarity[term]):
        if left < share * total:
            return
        yield from (term, *second_spellings(term))
        left -= rarity[term]


def _taking_part(party: str, index: PassageIndex) -> NDArray[np.int64]:
    there = index.catalogue.matching(Filters(parties=(party,)))
    return np.union1d(there, index.catalogue.matching(Filters(kinds=("visit",)))) if country_of(party) else there
