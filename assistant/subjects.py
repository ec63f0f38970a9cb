"""What the readouts of a list must be about, and where: the words beside "about", "on", "mentioned", "came up" and "in"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from assistant.datatypes import Understanding
from assistant.short_forms import second_spellings
from assistant.topics import topic_terms
from index import full_text
from index.coverage import own_names
from index.datatypes import Filters, Passage, Query, Record
from index.facts.countries import Mention, aliases, find_countries, is_at
from index.protocols import Ids
from index.search import PassageIndex
from index.textforms import fold

#: Share of the subject's words, by rarity, that one passage must hold.
PASSAGE_SHARE = 0.9
#: Verbs of which the text, and not the title alone, has to tell.
_SAID = (
    r"address(?:ed|es|ing)?|discuss(?:ed|es|ing|ions?\s+(?:of|on|about))?|mention(?:ed|s|ing)?|rais(?:e[ds]?|ing)|touch(?:ed|es|ing)?\s+(?:up)?on|"
    r"br(?:ing|ings|ought|inging)\s+up|refer(?:red|s|ring)?\s+to|deal(?:s|t|ing)?\s+with|condemn(?:ed|s|ing)?|cit(?:e[ds]?|ing)"
)
_MARK = re.compile(rf"\b(?:(?P<said>{_SAID})|about|on|over|regarding|concerning)\s+", re.IGNORECASE)
#: "did Gaza come up", "has fentanyl ever been mentioned": the subject stands in front.
_IN_FRONT = re.compile(
    rf"\b(?:did|does|do|was|were|is|are|has|have|had)\s+(?P<subject>[^,;?]+?)\s+"
    rf"(?:(?:been|being|ever|also|last|first|again|most|recently)\s+)*(?:com(?:e|es|ing)\s+up|{_SAID})\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a question wants its readouts to be about.

    Attributes:
        terms: Words that a single passage must hold together.
        countries: Countries and bodies spoken about, which the readout must name.
        said: Whether somebody must have said it, so that a title is not enough.
    """

    terms: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    said: bool = False

    def __bool__(self) -> bool:
        return bool(self.terms or self.countries)


def read_subject(understood: Understanding) -> Subject:
    """What follows or precedes the first word that calls for a subject, without parties, days and question words."""
    text = _without_dates(understood)
    mark = next((m for m in _MARK.finditer(text) if _something(text[m.end() :])), None)
    if mark is not None:
        return _subject(understood, text[mark.end() :], said=mark["said"] is not None)
    front = _IN_FRONT.search(text)
    return (_subject(understood, front["subject"], said=True) if front else None) or Subject()


def _subject(understood: Understanding, words: str, *, said: bool) -> Subject:
    held = set(full_text.words(words))
    parties = set(understood.preferred.parties)
    countries = [found.country for found in find_countries(words) if found.country not in parties]
    return Subject(
        terms=tuple(term for term in topic_terms(understood) if term in held),
        countries=tuple(dict.fromkeys(countries)),
        said=said,
    )


def of_subject(records: tuple[Record, ...], subject: Subject, index: PassageIndex) -> tuple[Record, ...]:
    """Those readouts that name the subject's countries and hold its terms in a single passage."""
    if not records:
        return ()
    catalogue = index.catalogue
    rows = catalogue.matching(Filters(doc_ids=tuple(record.source.doc_id for record in records)))
    allowed = catalogue.passages_of(rows)
    rows = naming_all(rows, subject.countries, index)
    if subject.terms:
        rarity = index.rarity(subject.terms)
        shares = np.zeros(len(allowed))
        for term in subject.terms:
            shares[np.isin(allowed, _passages(index, (term, *second_spellings(term)), allowed))] += rarity[term]
        enough = allowed[shares >= PASSAGE_SHARE * sum(rarity.values())]
        rows = np.intersect1d(rows, catalogue.documents_with(enough))
    fitting = catalogue.doc_ids_of(rows)
    return tuple(record for record in records if record.source.doc_id in fitting)


def naming_all(rows: Ids, countries: Sequence[str], index: PassageIndex) -> Ids:
    """Rows of the documents, ascending, that name all of these countries and bodies."""
    allowed = index.catalogue.passages_of(rows) if countries else rows
    for country in countries:
        rows = np.intersect1d(rows, index.catalogue.documents_with(_naming(index, country, allowed)))
    return rows


def in_place(records: tuple[Record, ...], understood: Understanding) -> tuple[Record, ...]:
    """Those held where the question says; all of them if it names no place where any of them is known to have been held.

    For a country that takes no part, at least one must be known to have been held there; otherwise it is not meant as a place.
    """
    mark = _MARK.search(understood.text)
    before = fold(understood.text[: mark.start()] if mark else understood.text)
    places = [where for where in understood.places if fold(where) in before]
    placed = tuple(r for r in records if any(is_at(r.facts.place, where) for where in places))
    if placed:
        return placed
    countries = {found.country for where in places for found in find_countries(where)}
    return () if countries.difference(understood.preferred.parties) else records


def names_country(words: str, stems: frozenset[str], country: str) -> bool:
    """Whether words name a country or body; "South Sudan" does not name Sudan.

    Args:
        words: A sentence or passage.
        stems: Its stems.
        country: The common English name.
    """
    if not any(form <= stems for form in _forms(country)):
        return False
    return any(found.country == country for found in find_countries(words))


@lru_cache(maxsize=256)
def _forms(country: str) -> tuple[frozenset[str], ...]:
    return tuple(full_text.stems(name) for name in (country, *aliases(country)))


def _naming(index: PassageIndex, country: str, allowed: Ids) -> Ids:
    """Ids of the passages, ascending, that name a country; a name that may be part of another's is looked up in the text."""
    sure = _passages(index, own_names(country), allowed)
    doubtful = np.setdiff1d(_passages(index, (country, *aliases(country)), allowed), sure, assume_unique=True)
    found = index.catalogue.passages(doubtful.tolist())
    read = [row for row, (passage, _) in found.items() if any(m.country == country for m in _named_in(passage))]
    return np.union1d(sure, np.array(read, dtype=np.int64))


def _named_in(passage: Passage) -> tuple[Mention, ...]:
    return find_countries(passage.source.title) + find_countries(passage.text)


def _passages(index: PassageIndex, names: Sequence[str], allowed: Ids) -> Ids:
    """Ids of the passages, ascending, that hold any of these words or names."""
    expression = full_text.expression(Query(text="", expansions=tuple(names)))
    return np.array(sorted(index.catalogue.full_text(expression, None, allowed)), dtype=np.int64)


def _something(text: str) -> bool:
    return bool(find_countries(text)) or any(word not in full_text.STOP_WORDS for word in full_text.words(text))


def _without_dates(understood: Understanding) -> str:
    text = list(understood.text)
    spans = [(date.start, date.end) for date in understood.dates]
    for start, end in [*spans, *((span.start, span.end) for span in understood.aside)]:
        text[start:end] = " " * (end - start)
    return "".join(text)
