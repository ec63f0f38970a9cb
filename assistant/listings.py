"""Lists and moments: how many, which, first, latest, before and after; answered from the catalogue, never from the nearest ten."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant import answering, citations
from assistant.datatypes import Answer, Intent, Status, Understanding
from assistant.evidence import share
from index import full_text
from index.datatypes import Facts, Filters, Hit, Kind, Query, Record
from index.facts.countries import country_of
from index.protocols import Vectors
from index.search import PassageIndex
from index.textforms import fold

LISTING = frozenset({Intent.LIST})
MOMENTS = frozenset({Intent.FIRST, Intent.LATEST, Intent.BEFORE, Intent.AFTER})

#: Share of the topic's words, by rarity, that a title must hold to be of the topic, and a passage where no title does.
TITLE_SHARE = 0.6
PASSAGE_SHARE = 0.9
#: How near to the best share a readout counts as well.
NEAR_BEST = 0.8
#: Support of what is read from the catalogue rather than judged by its words: parties and dates are read rightly in about
#: nineteen of twenty readouts (``python -m benchmarks.facts``).
SUPPORT = 0.9

_BILATERAL = re.compile(
    r"\b(?:one[- ]on[- ]one|bilateral|bilaterals|alone|tête[- ]à[- ]tête|two[- ]way|just the two)\b"
)


def answer(
    question: str,
    standalone: str,
    understood: Understanding,
    index: PassageIndex,
    vector: Vectors,
    hits: Sequence[Hit],
) -> Answer | None:
    """Answer a question for a list or a moment; None where the catalogue cannot, so that a quote has to do.

    Args:
        question: As typed.
        standalone: As it stands on its own.
        understood: What was read out of it; its intent is one of ``LISTING`` and ``MOMENTS``.
        index: Where the readouts are.
        vector: ``(D,)`` embedding of the question, to choose quotes by.
        hits: Passages found for it, best first.
    """
    counted = _counted(understood, index, _BILATERAL.search(fold(standalone)) is not None)
    if understood.intent in MOMENTS:
        counted = _moment(counted, understood)
    if not counted:
        return None
    if understood.intent in LISTING:
        return _list(question, standalone, understood, index, counted, hits)
    return _quote_of(question, standalone, understood, index, vector, counted[0], hits)


def _counted(understood: Understanding, index: PassageIndex, bilateral: bool) -> tuple[Record, ...]:
    """Readouts that the question is about, the earliest first."""
    preferred = understood.preferred
    named = Filters(parties=preferred.parties, kinds=preferred.kinds)
    if understood.anchor is None:
        named = _with_dates(named, preferred)
    if not named and not understood.topic:
        return ()
    records = index.catalogue.records(understood.filters & named, limit=None, latest_first=False)
    if preferred.parties:
        meant = tuple(r for r in records if all(_takes_part(r.facts, party) for party in preferred.parties))
        records = meant or records
        if bilateral or len(preferred.parties) > 1:
            records = tuple(r for r in records if _people(r.facts) <= max(2, len(preferred.parties))) or records
    if Kind.ANNOUNCEMENT.value not in preferred.kinds:
        records = tuple(r for r in records if r.facts.kind is not Kind.ANNOUNCEMENT)
    return _of_topic(records, understood, index)


def _with_dates(filters: Filters, dated: Filters) -> Filters:
    """The filters within the dates of another."""
    return filters & Filters(date_from=dated.date_from, date_to=dated.date_to)


def _takes_part(facts: Facts, party: str) -> bool:
    """Whether a person, country or body is one of those the readout is about."""
    country = country_of(party)
    words = fold(party).replace("-", " ").split()
    for one in facts.parties:
        held = fold(f"{one.name} {one.office} {one.country}").replace("-", " ").split()
        if one.country == country if country else all(word in held for word in words):
            return True
    return False


def _people(facts: Facts) -> int:
    """How many people or, where nobody is named, countries the readout is about."""
    return len({party.name or party.country for party in facts.parties})


def _of_topic(records: tuple[Record, ...], understood: Understanding, index: PassageIndex) -> tuple[Record, ...]:
    """Those of the readouts whose title, or else text, is about the topic; all where nothing tells them apart."""
    topic = [term for word in understood.topic for term in full_text.terms(word)]
    if not topic or not records:
        return records
    rarity = index.rarity(topic)
    shares = {r.source.doc_id: share(topic, full_text.stems(r.source.title), rarity) for r in records}
    best = max(shares.values())
    if best >= TITLE_SHARE:
        return tuple(r for r in records if shares[r.source.doc_id] >= NEAR_BEST * best)
    ids = Filters(doc_ids=tuple(shares))
    found = index.search(Query(text=" ".join(topic), filters=ids), None, top_k=200)
    shares = {}
    for hit in found:
        held = share(topic, full_text.stems(f"{hit.passage.text} {hit.passage.source.title}"), rarity)
        doc_id = hit.passage.source.doc_id
        shares[doc_id] = max(held, shares.get(doc_id, 0.0))
    about = tuple(r for r in records if shares.get(r.source.doc_id, 0.0) >= PASSAGE_SHARE)
    return about or (records if understood.preferred.parties else ())


def _moment(records: tuple[Record, ...], understood: Understanding) -> tuple[Record, ...]:
    """The one readout that is first, latest, last before or next after."""
    dated = [record for record in records if record.facts.event_date]
    anchor = understood.anchor
    if anchor is not None and understood.intent is not Intent.BEFORE:
        dated = [r for r in dated if r.facts.event_date and r.facts.event_date > anchor.last]
    elif anchor is not None:
        dated = [r for r in dated if r.facts.event_date and r.facts.event_date < anchor.first]
    if not dated:
        return ()
    last = understood.intent in (Intent.LATEST, Intent.BEFORE)
    return (dated[-1] if last else dated[0],)


def _list(
    question: str,
    standalone: str,
    understood: Understanding,
    index: PassageIndex,
    counted: Sequence[Record],
    hits: Sequence[Hit],
) -> Answer:
    """Every readout that counts, by date, each with the sentence that tells of the event."""
    quotes = []
    for record in counted:
        passage = opening(index, record)
        quotes.append((passage, passage.best_sentence, SUPPORT))
    return Answer(
        question=question,
        standalone_question=standalone,
        understanding=understood,
        status=Status.ANSWERED,
        support=SUPPORT,
        missing=(),
        citations=citations.number(quotes),
        hits=tuple(hits),
        documents=tuple(record.source.doc_id for record in counted),
    )


def opening(index: PassageIndex, record: Record) -> Hit:
    """The first passage of a readout with its first sentence that tells something, as a hit."""
    readout = index.catalogue.readout(record.source.doc_id)
    passage, span = next(
        ((p, s) for p in readout.passages for s in p.sentences if "attributable to" not in p.text[s.start : s.end]),
        (readout.passages[0], readout.passages[0].sentences[0]),
    )
    return Hit(passage=passage, facts=readout.facts, rank=1, score=SUPPORT, best_sentence=span, trail=())


def _quote_of(
    question: str,
    standalone: str,
    understood: Understanding,
    index: PassageIndex,
    vector: Vectors,
    record: Record,
    hits: Sequence[Hit],
) -> Answer:
    """The answer out of one readout, its passages before those found otherwise."""
    only = Filters(doc_ids=(record.source.doc_id,))
    found = index.search(Query(text=understood.text, expansions=understood.expansions, filters=only), vector, top_k=5)
    quoted = answering.answer(question, standalone, understood, index, found)
    if not quoted.citations:
        hit = opening(index, record)
        quoted = replace(quoted, citations=citations.number([(hit, hit.best_sentence, SUPPORT)]))
    others = [hit for hit in hits if hit.passage.source.doc_id != record.source.doc_id]
    ranked = tuple(replace(hit, rank=rank) for rank, hit in enumerate((*found, *others), start=1))
    support = max(quoted.support, SUPPORT - 0.1)
    return replace(quoted, status=Status.ANSWERED, support=support, hits=ranked)
