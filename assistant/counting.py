"""Which readouts a question for a list or a moment is about, by parties, days, kinds and topic, from the catalogue."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from assistant import narrowing
from assistant.datatypes import MOMENTS, Understanding
from assistant.subjects import PASSAGE_SHARE, Subject, in_place, naming_all, of_subject, read_subject
from assistant.topics import topic_terms
from index import full_text, ordered
from index.datatypes import KIND_FILTERS, Facts, Filters, Kind, Party, Record
from index.errors import FilterError
from index.facts.countries import country_of, find_countries
from index.facts.names import name_words
from index.protocols import Ids
from index.search import PassageIndex
from index.selection import party_words
from index.textforms import fold

#: Share of the topic's words, by rarity, that a title must hold to be of the topic.
TITLE_SHARE = 0.6
#: How near to the best share a readout counts as well.
NEAR_BEST = 0.8
#: Rarity from which a word tells by the text alone which readouts are meant: it stands in about one passage of ninety.
TELLING = 4.5
_EITHER = re.compile(r"(?:and/)?or\s+(?:[\w.]+\s+){0,2}\Z")
#: Kinds that count as a meeting in a list: people say they met on a screen too.
_MEETINGS = frozenset({Kind.MEETING, Kind.VIDEO_CALL, Kind.VISIT})
_IN_PERSON = re.compile(r"\b(?:in[- ]person|face[- ]to[- ]face)\b")
_CONVERSED = re.compile(
    r"\b(?:conversations?|contacts?|exchanges?|talk(?:s|ed|ing)?|sp(?:eak|oke|oken|eaking)|discussions?)\b"
)
_BILATERAL = re.compile(
    r"\b(?:one[- ]on[- ]one|bilateral|bilaterals|alone|tête[- ]à[- ]tête|two[- ]way|just the two)\b"
)


def counted(understood: Understanding, index: PassageIndex, words: str) -> tuple[Record, ...]:
    """Readouts that the question is about, the earliest first.

    Args:
        understood: The question.
        index: Where the readouts are.
        words: The question, folded.
    """
    preferred, subject = understood.preferred, read_subject(understood)
    dated = preferred.date_from or preferred.date_to
    if not (preferred.parties or dated or subject or topic_terms(understood) or understood.filters):
        return ()
    try:
        wanted = understood.filters & _days(understood)
    except FilterError:
        return ()  # the days that the question names are none of those that are typed
    rows = index.catalogue.shown(wanted)
    rows = narrowing.with_parties(rows, preferred.parties, _named_either(words, preferred.parties), index)
    if not (understood.phrases or preferred.parties or subject.countries):
        titles = topic_terms(understood), NEAR_BEST * TITLE_SHARE
        rows = narrowing.about(rows, [titles, (subject.terms, PASSAGE_SHARE)], index)
    elif subject.said and not preferred.parties:
        # Asked again of those that are left: of a large index reading all the others takes a tenth of a second.
        rows = naming_all(rows, subject.countries, index)
    records = index.catalogue.records_of(_saying(rows, understood.phrases, index))
    records = _with_parties(records, preferred.parties, words)
    if _BILATERAL.search(words):
        records = tuple(r for r in records if _people(r.facts) <= max(2, len(preferred.parties))) or records
    kinds = _of_kinds(records, preferred.kinds, words, typed=understood.filters.kinds)
    return _of_topic(in_place(kinds, understood), understood, index)


def _saying(rows: Ids, phrases: Sequence[str], index: PassageIndex) -> Ids:
    """Those whose title or some passage holds the quoted words."""
    phrases = tuple(filter(full_text.words, phrases))
    return rows[ordered.among(rows, index.saying(phrases))] if phrases else rows


def _days(understood: Understanding) -> Filters:
    """The days that the question names, exactly; a preference may extend a day further, for readouts published later."""
    preferred = understood.preferred
    if understood.anchor is not None and understood.intent in MOMENTS:
        return Filters()
    if len(understood.dates) == 1:
        first, last = understood.dates[0].first, understood.dates[0].last
        if preferred.date_from and preferred.date_to and preferred.date_from <= first and last <= preferred.date_to:
            return Filters(date_from=first, date_to=last)
    return Filters(date_from=preferred.date_from, date_to=preferred.date_to)


def _with_parties(records: tuple[Record, ...], parties: Sequence[str], words: str) -> tuple[Record, ...]:
    """Those in which all of these take part: as main parties, otherwise as others present.

    If the question names parties as "one or the other", one is enough.
    """
    if not parties:
        return records
    either = _named_either(words, parties)
    needed = [party for party in parties if party not in either]

    def fits(record: Record, *, others: bool) -> bool:
        present = record.facts.parties + (record.facts.participants if others else ())
        there = {party for party in parties if _takes_part(present, party) or _visited(record, party)}
        return there.issuperset(needed) and (not either or not there.isdisjoint(either))

    return tuple(r for r in records if fits(r, others=False)) or tuple(r for r in records if fits(r, others=True))


def _visited(record: Record, party: str) -> bool:
    """Whether a country is the destination of a visit, named by its title or place."""
    country = country_of(party)
    if country is None or record.facts.kind is not Kind.VISIT:
        return False
    return any(mention.country == country for mention in find_countries(f"{record.source.title}. {record.facts.place}"))


def _named_either(words: str, parties: Sequence[str]) -> list[str]:
    """Those of the parties that the question joins by "or"."""
    placed = sorted((words.find(fold(party).split()[-1]), party) for party in parties)
    either: list[str] = []
    for (start, one), (end, other) in itertools.pairwise(placed):
        if start >= 0 and _EITHER.match(words[start:end].partition(" ")[2]):
            either += [one, other]
    return list(dict.fromkeys(either))


def _of_kinds(
    records: tuple[Record, ...], kinds: Sequence[str], words: str, *, typed: Sequence[str] = ()
) -> tuple[Record, ...]:
    """Those of the kinds named; whoever asks for conversations means both calls and meetings."""
    if Kind.ANNOUNCEMENT.value not in (*kinds, *typed):
        records = tuple(r for r in records if r.facts.kind is not Kind.ANNOUNCEMENT)
    if not _IN_PERSON.search(words) and (not kinds or _CONVERSED.search(words)):
        return records
    meant = {kind for name in kinds for kind in (_MEETINGS if name == "meeting" else KIND_FILTERS[name])}
    if _IN_PERSON.search(words):
        meant = {Kind.MEETING, Kind.VISIT}
    return tuple(r for r in records if r.facts.kind in meant)


def _takes_part(parties: Sequence[Party], party: str) -> bool:
    """Whether a person, country or body is one of these."""
    country = country_of(party)
    if country:
        return any(one.country == country for one in parties)
    words = party_words(party).split()
    for one in parties:
        held = party_words(one.name, one.office, one.country).split()
        # One word alone is a surname or a monarch's name, never a given name: "Charles" is not Charles Michel.
        surname = name_words(one.name)[-1:] == tuple(words)
        if surname or (len(words) > 1 and set(words) <= set(held)):
            return True
    return False


def _people(facts: Facts) -> int:
    """How many people or, where nobody is named, countries the readout is about."""
    return len({party.name or party.country for party in facts.parties})


def _of_topic(records: tuple[Record, ...], understood: Understanding, index: PassageIndex) -> tuple[Record, ...]:
    """Those about the topic: by their titles, otherwise by their text; all of them if nothing distinguishes them."""
    topic, subject = topic_terms(understood), read_subject(understood)
    if not records or not (topic or subject):
        return records
    rarity = index.rarity(topic)
    if topic and not subject.said:
        shares = {r.source.doc_id: full_text.share(topic, full_text.stems(r.source.title), rarity) for r in records}
        best = max(shares.values())
        if best >= TITLE_SHARE:
            return tuple(r for r in records if shares[r.source.doc_id] >= NEAR_BEST * best)
    if subject:
        return of_subject(records, subject, index)
    if understood.preferred.parties:
        return records
    telling = tuple(term for term in topic if rarity[term] >= TELLING)
    return of_subject(records, Subject(terms=telling), index) if telling else ()
