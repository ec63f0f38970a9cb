"""What is asked, and whether what came back is right: by the judge of ``readouts evaluate``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from assistant.datatypes import Answer, Status, Understanding
from assistant.evaluation import Ask, Line, Outcome, Type, summarise
from assistant.evaluation.outcomes import judge_quoted
from assistant.evaluation.questions import QUOTED
from benchmarks.peers.corpus import Corpus
from benchmarks.peers.launching import PeerError
from index.datatypes import Facts, Hit, Span

#: Asked first of every process and never counted, so that nobody's first words are in the latencies.
WARMING = "Who met whom, and what was it about?"
#: Figures of ``summarise`` that the page tells, by the names that it tells them under.
FIGURES: Mapping[str, str] = {"mrr": "passage MRR@10", "hit5": "passage hit@5"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One question as a peer gets it.

    Attributes:
        place: Where it stands in its file.
        type: What it is reported as.
        ask: The question with its golds.
        conversation: Id of the conversation that it is a turn of; empty if it is asked by itself.
    """

    place: str
    type: Type
    ask: Ask
    conversation: str = ""

    def to_dict(self) -> dict[str, str]:
        """The request as a script takes it."""
        asked = {"question": self.ask.question}
        return asked | {"conversation": self.conversation} if self.conversation else asked


def alone(lines: Sequence[Line]) -> list[Request]:
    """Every question that has its answer in a quote, each by itself: later turns of conversations too."""
    single = [Request(place=line.place, type=line.type, ask=line.asks[0]) for line in lines if line.type in QUOTED]
    return single + [replace(request, conversation="") for request in in_conversation(lines)]


def in_conversation(lines: Sequence[Line]) -> list[Request]:
    """The turns of every conversation, in order, each as a turn of it."""
    return [
        Request(
            place=f"{line.place}.{number}",
            type=Type.FIRST_TURN if number == 1 else Type.FOLLOWUP,
            ask=ask,
            conversation=line.place.replace(":", "-"),
        )
        for line in lines
        if line.type is Type.FOLLOWUP
        for number, ask in enumerate(line.asks, start=1)
    ]


def quality(requests: Sequence[Request], found: Sequence[Sequence[str]], corpus: Corpus) -> dict[str, Any]:
    """Figures by group ("stand-alone", "temporal", "followup"), each with its interval and count.

    Args:
        requests: What was asked.
        found: Ids of passages for each, best first.
        corpus: Where they are from; a question of which it has no gold is left out.

    Raises:
        PeerError: An id is of no passage.
    """
    outcomes = [
        _judge(request, ids, corpus)
        for request, ids in zip(requests, found, strict=True)
        if any(gold.doc in corpus.documents for gold in request.ask.gold)
    ]
    table = summarise(outcomes).figures
    return {
        group: {
            short: {"value": f.value, "low": f.low, "high": f.high, "count": f.count}
            for short, name in FIGURES.items()
            if (f := table[group].get(name))
        }
        for group in ("stand-alone", Type.TEMPORAL.value, Type.FOLLOWUP.value)
        if group in table
    }


def _judge(request: Request, ids: Sequence[str], corpus: Corpus) -> Outcome:
    gold = [item for item in request.ask.gold if item.doc in corpus.documents]
    answer = Answer(
        question=request.ask.question,
        standalone_question=request.ask.question,
        understanding=Understanding(text=request.ask.question),
        status=Status.ANSWERED,
        support=0.0,
        missing=(),
        citations=(),
        hits=tuple(_hit(name, rank, corpus) for rank, name in enumerate(ids, start=1)),
    )
    return judge_quoted(request.place, request.type, request.ask, gold, answer, seconds=0.0)


def _hit(name: str, rank: int, corpus: Corpus) -> Hit:
    passage = corpus.by_id.get(name)
    if passage is None:
        raise PeerError(f"It found {name}, which is no passage.")
    return Hit(passage=passage, facts=Facts(), rank=rank, score=0.0, best_sentence=Span(start=0, end=0), trail=())
