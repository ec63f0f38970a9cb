"""What the readouts of a list shall be about, and where: the words behind "about", "on", "mentioned" and "in"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.datatypes import Understanding
from assistant.short_forms import second_spellings
from assistant.topics import topic_terms
from index import full_text
from index.datatypes import Filters, Query, Record
from index.facts.countries import aliases, find_countries, is_at
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a question wants its readouts to be about.

    Attributes:
        terms: Words that one passage shall hold together.
        countries: Countries and bodies spoken about, which the readout shall name.
        said: Whether somebody shall have said it, so that a title alone does not tell.
    """

    terms: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    said: bool = False

    def __bool__(self) -> bool:
        return bool(self.terms or self.countries)


def read_subject(understood: Understanding) -> Subject:
    """What stands behind the first word that calls for a subject, without parties, days and words of asking."""
    text = _without_dates(understood)
    mark = next((m for m in _MARK.finditer(text) if _something(text[m.end() :])), None)
    if mark is None:
        return Subject()
    behind = text[mark.end() :]
    held = set(full_text.words(behind))
    parties = set(understood.preferred.parties)
    countries = [found.country for found in find_countries(behind) if found.country not in parties]
    return Subject(
        terms=tuple(term for term in topic_terms(understood) if term in held),
        countries=tuple(dict.fromkeys(countries)),
        said=mark["said"] is not None,
    )


def of_subject(records: tuple[Record, ...], subject: Subject, index: PassageIndex) -> tuple[Record, ...]:
    """Those of the readouts that name the subject's countries, and in one passage hold its terms."""
    if not records:
        return ()
    catalogue = index.catalogue
    rows = catalogue.matching(Filters(doc_ids=tuple(record.source.doc_id for record in records)))
    allowed = catalogue.passages_of(rows)
    for country in subject.countries:
        rows = np.intersect1d(rows, catalogue.documents_with(_passages(index, (country, *aliases(country)), allowed)))
    if subject.terms:
        rarity = index.rarity(subject.terms)
        shares = np.zeros(len(allowed))
        for term in subject.terms:
            shares[np.isin(allowed, _passages(index, (term, *second_spellings(term)), allowed))] += rarity[term]
        enough = allowed[shares >= PASSAGE_SHARE * sum(rarity.values())]
        rows = np.intersect1d(rows, catalogue.documents_with(enough))
    fitting = catalogue.doc_ids_of(rows)
    return tuple(record for record in records if record.source.doc_id in fitting)


def in_place(records: tuple[Record, ...], understood: Understanding) -> tuple[Record, ...]:
    """Those held where the question says; all where it names no place that any of them is known to have been held at.

    Of a country that takes no part at least one has to be known as held there, or none is meant.
    """
    mark = _MARK.search(understood.text)
    before = fold(understood.text[: mark.start()] if mark else understood.text)
    places = [where for where in understood.places if fold(where) in before]
    placed = tuple(r for r in records if any(is_at(r.facts.place, where) for where in places))
    if placed:
        return placed
    countries = {found.country for where in places for found in find_countries(where)}
    return () if countries.difference(understood.preferred.parties) else records


def _passages(index: PassageIndex, names: Sequence[str], allowed: Ids) -> Ids:
    """Ids of the passages, ascending, in which any of these words or names stands."""
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
