"""Questions with every passage proposed for them, and each stage's score for it: what the ranking is judged and learned by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from assistant.api import Assistant
from assistant.datatypes import Answer
from assistant.errors import ReadoutsError
from assistant.evaluation import Ask, Gold, Line, Outcome, Type
from assistant.evaluation.outcomes import held, judge_quoted
from assistant.understanding import to_query
from index.datatypes import Hit
from index.fusion import Weights
from index.search import PassageIndex

STAGES = tuple(field.name for field in fields(Weights))
#: More passages than are ever proposed: all of them are looked at.
EVERY = 5_000
#: Passages of one answer.
TOP = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One question that has its answer in a quote.

    Attributes:
        place: Where it stands.
        type: What sort of question.
        ask: The question.
        gold: Those of its golds that are in the index; at least one.
        answer: As the program gave it, with what it understood.
        hits: Every passage proposed, best first by the present weights.
        table: ``(len(hits), len(STAGES))`` scores of the stages; 0 if a stage does not score.
        right: ``(len(hits),)`` whether each holds the answer.
    """

    place: str
    type: Type
    ask: Ask
    gold: tuple[Gold, ...]
    answer: Answer
    hits: tuple[Hit, ...]
    table: NDArray[np.float64]
    right: NDArray[np.bool_]


def collect(assistant: Assistant, lines: Sequence[Line]) -> list[Case]:
    """Ask every question with a quote for an answer, follow-ups in their conversation, and rank all that is proposed.

    Questions whose readouts the index has not are left out.
    """
    asked = []
    for line in lines:
        if line.type in (Type.LIST, Type.UNANSWERABLE):
            continue
        talk = assistant.talk()
        for number, ask in enumerate(line.asks, start=1):
            answer = talk.ask(ask.question)
            gold = tuple(item for item in ask.gold if _is_there(assistant, item.doc))
            if gold:
                kind = Type.FIRST_TURN if line.type is Type.FOLLOWUP and number == 1 else line.type
                asked.append((f"{line.place}.{number}", kind, ask, gold, answer))
    vectors = assistant.encoder().encode([answer.understanding.text for *_, answer in asked])
    index = PassageIndex(assistant.folder)
    cases = []
    for (place, kind, ask, gold, answer), vector in zip(asked, vectors, strict=True):
        hits = index.search(to_query(answer.understanding), vector, top_k=EVERY)
        cases.append(
            Case(
                place=place,
                type=kind,
                ask=ask,
                gold=gold,
                answer=answer,
                hits=hits,
                table=_table(hits),
                right=np.array([_is_right(hit, gold) for hit in hits], dtype=bool),
            )
        )
    index.close()
    return cases


def judge(case: Case, weights: Weights) -> Outcome:
    """What comes of a question where the passages proposed are ranked by these weights."""
    scores = case.table @ [getattr(weights, stage) for stage in STAGES]
    hits = tuple(case.hits[row] for row in np.argsort(-scores, kind="stable")[:TOP])
    return judge_quoted(
        case.place, case.type, case.ask, case.gold, replace(case.answer, hits=hits, citations=()), seconds=0.0
    )


def _table(hits: Sequence[Hit]) -> NDArray[np.float64]:
    """Scores in the order of ``STAGES``; 0 if a stage does not score."""
    trails = [{stage.stage: stage.score for stage in hit.trail} for hit in hits]
    return np.array([[trail.get(stage, 0.0) for stage in STAGES] for trail in trails]).reshape(len(hits), len(STAGES))


def _is_right(hit: Hit, gold: Sequence[Gold]) -> bool:
    return any(hit.passage.source.doc_id == item.doc and held(hit.passage.text, item) for item in gold)


def _is_there(assistant: Assistant, doc_id: str) -> bool:
    try:
        assistant.readout(doc_id)
    except ReadoutsError:
        return False
    return True
