"""Whether a readout matches a query: all its words are in one passage. Unlike a rank, this depends on no other readout."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from assistant.errors import QuestionError
from assistant.filter_words import read_filters, refuse_long
from assistant.short_forms import second_spellings
from index import full_text
from index.coverage import own_names
from index.datatypes import Facts, Filters, Hit, Passage, Query, Source, Span
from index.facts.countries import find_countries
from index.facts.dates import find_dates
from index.protocols import Ids
from index.search import PassageIndex

#: Fused score from which a passage is near a query, and how many are looked through. Measured with 402 questions over 1,410
#: readouts, each put as its topic's words alone: at 0.5 the median query has 2 or 3 readouts near it, the right one among
#: them in 0.33 (one or two words) to 0.66 (four and more); 0.6 finds 0.19 to 0.46. All words in one passage: 0.29 to 0.07.
NEAR, NEAREST = 0.5, 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """What a readout needs to match.

    Attributes:
        words: For each word or country of the query its forms, one of which must be in the passage (whose title and party
            names count as part of it).
        phrases: Exact words that the passage or its title must hold.
        filters: Which readouts count at all.
    """

    words: tuple[tuple[str, ...], ...]
    phrases: tuple[str, ...]
    filters: Filters


def read_criterion(query: str, filters: Filters, today: dt.date) -> Criterion:
    """Read a query: typed filters, days, phrases, countries, and the remaining words; stop words do not count.

    Args:
        query: As typed; empty for every readout that fits the filters.
        filters: Further filters, besides those that are typed.
        today: Day that "since last month" is read against.

    Raises:
        FilterError: A typed filter is invalid, or the filters exclude each other.
        QuestionError: The query is empty, or far too long.
    """
    refuse_long(query)
    typed = read_filters(query)
    text = "" if typed.alone else typed.text
    days = find_dates(text, today)
    text = _without(text, [(day.start, day.end) for day in days])
    countries = find_countries(text)
    rest = _without(text, [(country.start, country.end) for country in countries])
    kept = [word for word in full_text.words(rest) if word not in full_text.STOP_WORDS | full_text.READOUT_WORDS]
    # As typed first: "the U.N." is part of other names, and still says what it says.
    forms = [tuple(dict.fromkeys((text[c.start : c.end], *own_names(c.country)))) for c in countries]
    forms += [(word, *second_spellings(word)) for word in dict.fromkeys(kept)]
    found = Criterion(words=tuple(forms), phrases=typed.phrases, filters=typed.filters & filters)
    if days:
        first, last = min(day.first for day in days), max(day.last for day in days)
        dated = Filters(
            date_from=None if first == dt.date.min else first, date_to=None if last == dt.date.max else last
        )
        found = Criterion(words=found.words, phrases=found.phrases, filters=found.filters & dated)
    if not (found.words or found.phrases or found.filters):
        raise QuestionError("Every readout would match.", mend="Name a word, or a filter such as --party Japan.")
    return found


def matching(criterion: Criterion, index: PassageIndex) -> tuple[Hit, ...]:
    """Every readout that matches, the latest first, each with its first matching passage; a text posted twice counts once.

    The best sentence is the one that holds most of the words; every score is 1.
    """
    with index.catalogue.snapshot():
        ids, catalogue = _passages(criterion, index), index.catalogue
        owners, first = np.unique(catalogue.documents_with(ids), return_index=True)
        if not criterion.filters.copies:
            shown = ~np.isin(owners, catalogue.folded(owners))
            owners, first = owners[shown], first[shown]
        found = catalogue.passages(ids[first].tolist())
        also = catalogue.also(owners.tolist())
        # In here, where what does not fit together is seen to be damage.
        return _latest_first(
            _hit(*found[row], criterion, also.get(owner, ()))
            for row, owner in zip(ids[first].tolist(), owners.tolist(), strict=True)
        )


def _hit(passage: Passage, facts: Facts, criterion: Criterion, also: tuple[Source, ...]) -> Hit:
    return Hit(
        passage=passage,
        facts=facts,
        rank=1,
        score=1.0,
        best_sentence=_telling(passage, criterion.words),
        trail=(),
        terms=tuple(forms[0] for forms in criterion.words),
        also=also,
    )


def with_near(matched: Sequence[Hit], ranked: Sequence[Hit]) -> tuple[Hit, ...]:
    """What matches by its words, and those ranked passages that are near enough; each readout once, the latest first.

    Args:
        matched: What ``matching`` returns.
        ranked: What a search returns, best first.
    """
    readouts = {hit.passage.source.doc_id: hit for hit in reversed(ranked) if hit.score >= NEAR}
    readouts |= {hit.passage.source.doc_id: hit for hit in matched}
    return _latest_first(readouts.values())


def _latest_first(hits: Iterable[Hit]) -> tuple[Hit, ...]:
    def day(hit: Hit) -> tuple[dt.date, str]:
        return hit.facts.event_date or dt.date.min, hit.passage.source.doc_id

    return tuple(replace(hit, rank=rank) for rank, hit in enumerate(sorted(hits, key=day, reverse=True), start=1))


def _passages(criterion: Criterion, index: PassageIndex) -> Ids:
    """Ids of the passages that match, ascending."""
    catalogue = index.catalogue
    wanted = [Query(text="", expansions=forms) for forms in criterion.words]
    wanted += [Query(text="", phrases=(phrase,)) for phrase in criterion.phrases]
    if not wanted:
        return catalogue.passages_of(catalogue.matching(criterion.filters))
    held = (catalogue.holding(full_text.expression(query)) for query in wanted)
    ids: Ids = functools.reduce(lambda ours, theirs: np.intersect1d(ours, theirs, assume_unique=True), held)
    if criterion.filters:
        ids = ids[np.isin(catalogue.documents_with(ids), catalogue.matching(criterion.filters))]
    if criterion.phrases:
        ids = catalogue.saying(ids, criterion.phrases)
    return ids


def _telling(passage: Passage, words: Sequence[Sequence[str]]) -> Span:
    """The sentence that holds most of the words in any of their forms; of equals, the first."""
    wanted = [[full_text.stems(form) for form in forms] for forms in words]

    def held(span: Span) -> int:
        stems = full_text.stems(passage.text[span.start : span.end])
        return sum(any(form <= stems for form in forms) for forms in wanted)

    return max(passage.sentences, key=held)


def _without(text: str, spans: Sequence[tuple[int, int]]) -> str:
    letters = list(text)
    for start, end in spans:
        letters[start:end] = " " * (end - start)
    return "".join(letters)
