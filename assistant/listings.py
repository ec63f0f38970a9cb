"""Lists and moments: how many, which, first, latest, before and after; from the whole catalogue, not the nearest ten."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant import answering, citations
from assistant.counting import counted
from assistant.datatypes import LISTING, MOMENTS, Answer, Intent, Status, Understanding
from assistant.subjects import Subject, names_country, read_subject
from assistant.support import stems_about
from assistant.topics import missing_terms, topic_terms
from assistant.understanding import to_query
from index import full_text
from index.datatypes import Filters, Hit, Passage, Record, Span
from index.pending import Pending
from index.protocols import Vectors
from index.search import PassageIndex
from index.textforms import fold

#: Support of what is read from the catalogue rather than judged by its words: parties and dates are read rightly in
#: about nineteen of twenty readouts (``python -m benchmarks.facts``).
SUPPORT = 0.9
#: Words of a sentence that tells of an event, at the least: "Washington, D.C." is none.
_FEWEST = 4
#: A sentence ends so, or is led on by what follows; an office, a byline or a heading does not.
_WHOLE = re.compile(r"[.!?…:;。！？।۔][\"'”’»)\]]*\s*\Z")


def answer(
    question: str,
    standalone: str,
    understood: Understanding,
    index: PassageIndex,
    vector: Vectors | Pending[Vectors],
    hits: Sequence[Hit],
) -> Answer | None:
    """Answer a question for a list or a moment; None if the catalogue cannot, so that a quote must do.

    Args:
        question: As typed.
        standalone: As rewritten to stand on its own.
        understood: What was read from it; its intent is in ``LISTING`` or ``MOMENTS``.
        index: Where the readouts are.
        vector: ``(D,)`` embedding of the question, to choose quotes by.
        hits: Passages found for it, best first.
    """
    found = counted(understood, index, fold(understood.text))
    if understood.intent in MOMENTS:
        found = _moment(found, understood)
    if not found:
        return _none(question, standalone, understood, hits) if _sure_of_none(understood) else None
    if understood.intent in LISTING:
        return _list(question, standalone, understood, index, found, hits)
    return _quote_of(question, standalone, understood, index, vector, found[0], hits)


def _sure_of_none(understood: Understanding) -> bool:
    """Whether finding no readout means that there is none: those asked about are known, and nothing else is asked."""
    return understood.intent in LISTING and len(understood.preferred.parties) > 1 and not topic_terms(understood)


def _none(question: str, standalone: str, understood: Understanding, hits: Sequence[Hit]) -> Answer:
    """Silence: no readout says that those named met as asked; the nearest passages are included."""
    return Answer(
        question=question,
        standalone_question=standalone,
        understanding=understood,
        status=Status.ABSTAINED,
        support=1 - SUPPORT,
        missing=(),
        citations=(),
        hits=tuple(hits),
    )


def beyond(understood: Understanding, alone: Understanding) -> Understanding:
    """A follow-up that asks how often, no longer tied to the one event that was being discussed.

    Args:
        understood: The follow-up rewritten to stand on its own.
        alone: The follow-up as it was typed; its own days and kinds count.
    """
    own = alone.preferred
    wider = Filters(date_from=own.date_from, date_to=own.date_to, parties=understood.preferred.parties, kinds=own.kinds)
    return replace(understood, preferred=wider, dates=alone.dates)


def _moment(records: tuple[Record, ...], understood: Understanding) -> tuple[Record, ...]:
    """The single readout that is first, latest, last before or next after."""
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
    records: Sequence[Record],
    hits: Sequence[Hit],
) -> Answer | None:
    """Every readout that counts, by date, each with the sentence that reports the event; None for a name that is in none."""
    topic = Subject(terms=topic_terms(understood), countries=read_subject(understood).countries)
    passages = telling(index, records, topic)
    covered = frozenset[str]().union(*map(stems_about, passages))
    if answering.unmet_names(understood, missing_terms(understood, covered)):
        # Somebody or something asked about is in none of them: these are not the readouts meant.
        return None
    quotes = [(passage, passage.best_sentence, SUPPORT) for passage in passages]
    return Answer(
        question=question,
        standalone_question=standalone,
        understanding=understood,
        status=Status.ANSWERED,
        support=SUPPORT,
        missing=(),
        citations=citations.number(quotes),
        hits=tuple(hits),
        documents=tuple(record.source.doc_id for record in records),
    )


def telling(index: PassageIndex, records: Sequence[Record], topic: Subject | None = None) -> list[Hit]:
    """For each readout, as a hit, the sentence that holds most of the topic; of equals, the first complete one.

    Without a topic that is the sentence that says who met whom, not an office, a byline or a heading above it.

    Args:
        index: Where the readouts are; all are read at once.
        records: The readouts.
        topic: What the sentences should be about.
    """
    read = _passages(index, records)
    return [_telling(read[record.source.doc_id], record, topic) for record in records]


def _passages(index: PassageIndex, records: Sequence[Record]) -> dict[str, list[Passage]]:
    """Passages of each readout, in order; many take as few statements as one."""
    found: dict[str, list[Passage]] = {record.source.doc_id: [] for record in records}
    documents = index.catalogue.matching(Filters(doc_ids=tuple(found)))
    for passage, _ in index.catalogue.passages(index.catalogue.passages_of(documents).tolist()).values():
        found[passage.source.doc_id].append(passage)
    return {doc_id: sorted(some, key=lambda one: one.paragraph) for doc_id, some in found.items()}


def _telling(passages: Sequence[Passage], record: Record, topic: Subject | None) -> Hit:
    sentences = [(passage, span) for passage in passages for span in passage.sentences]
    proper = [(p, s) for p, s in sentences if "attributable to" not in p.text[s.start : s.end]] or sentences

    def tells(one: tuple[Passage, Span]) -> tuple[int, bool]:
        words = one[0].text[one[1].start : one[1].end]
        whole = len(words.split()) >= _FEWEST and bool(_WHOLE.search(words))
        return _held(topic, words) if topic else 0, whole

    passage, span = max(proper, key=tells)
    return Hit(
        passage=passage, facts=record.facts, rank=1, score=SUPPORT, best_sentence=span, trail=(), also=record.also
    )


def _held(topic: Subject, words: str) -> int:
    """How many terms and countries of a topic a sentence names."""
    stems = full_text.stems(words)
    return sum(full_text.stem(term) in stems for term in topic.terms) + sum(
        names_country(words, stems, country) for country in topic.countries
    )


def _quote_of(
    question: str,
    standalone: str,
    understood: Understanding,
    index: PassageIndex,
    vector: Vectors | Pending[Vectors],
    record: Record,
    hits: Sequence[Hit],
) -> Answer | None:
    """The answer from one readout, its passages before other ones found; None for a name that it lacks."""
    only = Filters(doc_ids=(record.source.doc_id,))
    query = replace(to_query(understood), filters=only, preferred=Filters())
    found = index.search(query, vector, top_k=5)
    quoted = answering.answer(question, standalone, understood, index, found)
    others = [hit for hit in hits if hit.passage.source.doc_id != record.source.doc_id]
    ranked = tuple(replace(hit, rank=rank) for rank, hit in enumerate((*found, *others), start=1))
    if answering.unmet_names(understood, quoted.missing):
        return None
    topic = read_subject(understood)
    parts = len(topic.terms) + len(topic.countries)
    if not any(_held(topic, quote.quote) == parts for quote in quoted.citations):
        # What was asked about comes first; when that was said stands in the other quotes.
        hit = telling(index, [record], topic)[0]
        told = citations.number([(hit, hit.best_sentence, SUPPORT)])
        rest = (quote for quote in quoted.citations if quote.quote != told[0].quote)
        quoted = replace(
            quoted, citations=(*told, *(replace(quote, number=number) for number, quote in enumerate(rest, start=2)))
        )
    support = max(quoted.support, SUPPORT - 0.1)
    return replace(quoted, status=Status.ANSWERED, support=support, hits=ranked)
