"""Sentences with the scores that a test wants of them."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.evidence import Evidence
from assistant.sentence_weights import SENTENCE
from index.datatypes import Facts, Hit, Passage, Source, Span
from index.sentences import sentences


def hit(text: str, doc_id: str = "a", *, score: float = 1.0, facts: Facts | None = None) -> Hit:
    passage = Passage(
        source=Source(doc_id=doc_id, title="A call"), paragraph=0, text=text, span=Span(start=0, end=len(text)),
        sentences=tuple(sentences(text)),
    )  # fmt: skip
    return Hit(
        passage=passage, facts=facts or Facts(), rank=1, score=score, best_sentence=passage.sentences[0], trail=()
    )


def scored(found: Hit, *scores: float, **more: float) -> list[Evidence]:
    """The sentences of a passage, with the scores they shall have."""
    kept = {"topic": 0.0, "cosine": 0.0} | more
    return [
        Evidence(hit=found, span=span, features=kept | {"gap": (value - sum_of(kept)) / SENTENCE["gap"]})
        for span, value in zip(found.passage.sentences, scores, strict=True)
    ]


def sum_of(features: dict[str, float]) -> float:
    return sum(SENTENCE[name] * value for name, value in features.items())


def quotes(chosen: Sequence[Evidence]) -> list[str]:
    return [item.text for item in chosen]
