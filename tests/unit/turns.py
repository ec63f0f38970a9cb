"""Answers as turns of a conversation: a bare one, and one with every field filled."""

from __future__ import annotations

from dataclasses import replace

from small_index import HashEncoder

from assistant import citations
from assistant.datatypes import Answer, Status, Understanding
from index.datatypes import Filters, Query
from index.search import PassageIndex


def answer(question: str, **parts: object) -> Answer:
    plain = Answer(
        question=question,
        standalone_question=question,
        understanding=Understanding(text=question),
        status=Status.ABSTAINED,
        support=0.0,
        missing=(),
        citations=(),
        hits=(),
    )
    return replace(plain, **parts)  # type: ignore[arg-type]


def whole_answer(passages: PassageIndex) -> Answer:
    """An answer with every field filled, from a real search."""
    question = "What was said of the Caspian pipeline?"
    vector = HashEncoder().encode([question])[0]
    wanted = Query(text=question, preferred=Filters(parties=("France",), date_from="2023"))
    hits = passages.search(wanted, vector, top_k=5)
    return answer(
        question,
        understanding=Understanding(text=question, filters=Filters(kinds=("call",)), topic=("pipeline",)),
        status=Status.ANSWERED,
        support=0.8125,
        missing=("valve",),
        citations=citations.number([(hit, hit.best_sentence, hit.score) for hit in hits[:2]]),
        hits=hits,
        documents=("kremlin-call", "elysee-statement"),
        conversation="c1",
        seconds=0.123,
        id="q7",
    )
