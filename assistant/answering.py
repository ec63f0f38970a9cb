"""Passages found to an answer: which sentences are quoted, how well they support it, and when to be silent."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from assistant import citations, evidence
from assistant.datatypes import Answer, Status, Understanding
from assistant.evidence import Evidence
from assistant.weights import SENTENCE, SUPPORT
from index import full_text
from index.datatypes import Hit
from index.search import PassageIndex

#: Below the first the readouts are said to be silent, below the second to answer in part.
ABSTAIN_BELOW = 0.30
PARTIAL_BELOW = 0.55
#: A further sentence is quoted when its score is this near to the first one's, and at most so many are.
NEAR = 0.08
MOST_QUOTES = 3
#: Two sentences that share this much of their words say the same.
SAME = 0.8


def answer(
    question: str, standalone: str, understood: Understanding, index: PassageIndex, hits: Sequence[Hit]
) -> Answer:
    """Quote the sentences that answer best, or say that the readouts do not.

    Args:
        question: As typed.
        standalone: As it stands on its own.
        understood: What was read out of it.
        index: For the rarity of its terms.
        hits: Passages found, best first.
    """
    asked = full_text.terms(understood.text)
    rarity = index.rarity(asked)
    candidates = evidence.gather(hits, understood, rarity)
    chosen = choose(candidates)
    quotes = citations.number([(item.hit, item.span, score(item.features)) for item in chosen])
    covered = _covered(chosen, understood)
    support = estimate(chosen, hits, asked, covered, rarity)
    missing = tuple(term for term in asked if full_text.stem(term) not in covered) if chosen else asked
    return Answer(
        question=question,
        standalone_question=standalone,
        understanding=understood,
        status=_status(support),
        support=support,
        missing=missing,
        citations=quotes if support >= ABSTAIN_BELOW else (),
        hits=tuple(hits),
    )


def score(features: Mapping[str, float]) -> float:
    """How well a sentence answers, by the learned weights; higher is better."""
    return sum(weight * features.get(name, 0.0) for name, weight in SENTENCE.items())


def choose(candidates: Sequence[Evidence]) -> list[Evidence]:
    """The best sentence, and those nearly as good that say something else; in the order of their scores."""
    ranked = sorted(candidates, key=lambda item: -score(item.features))
    chosen: list[Evidence] = []
    for item in ranked:
        if chosen and (len(chosen) == MOST_QUOTES or score(chosen[0].features) - score(item.features) > NEAR * 10):
            break
        if not any(_same(item.text, other.text) for other in chosen):
            chosen.append(item)
    return chosen


def estimate(
    chosen: Sequence[Evidence],
    hits: Sequence[Hit],
    asked: Sequence[str],
    covered: frozenset[str],
    rarity: Mapping[str, float],
) -> float:
    """Share of answers like this one that hold, by the learned weights; 0 where nothing was found."""
    if not chosen:
        return 0.0
    features = support_features(chosen, hits, asked, covered, rarity)
    return 1 / (1 + math.exp(-sum(SUPPORT[name] * value for name, value in features.items())))


def support_features(
    chosen: Sequence[Evidence],
    hits: Sequence[Hit],
    asked: Sequence[str],
    covered: frozenset[str],
    rarity: Mapping[str, float],
) -> dict[str, float]:
    """What tells an answer that holds from one that does not.

    ``constant``: 1. ``coverage``: share of the question's terms, by rarity, that the quoted passages, their titles and parties
    hold. ``rarest``: 1 where the rarest term is among these. ``sentence``: the same share for the first quoted sentence.
    ``cosine``: of that sentence with the question. ``passage``: fused score of its passage. ``gap``: that score less the mean
    of the next four hits'.
    """
    first = chosen[0]
    rarest = max(asked, key=lambda term: rarity[term], default="")
    others = [hit.score for hit in hits[1:5]] or [0.0]
    return {
        "constant": 1.0,
        "coverage": evidence.share(asked, covered, rarity),
        "rarest": float(full_text.stem(rarest) in covered) if rarest else 0.0,
        "sentence": first.features["overlap"],
        "cosine": first.features["cosine"],
        "passage": first.hit.score,
        "gap": hits[0].score - sum(others) / len(others),
    }


def _covered(chosen: Sequence[Evidence], understood: Understanding) -> frozenset[str]:
    """Stems that the quoted passages hold, with their titles, parties and dates."""
    held: set[str] = set()
    for item in chosen:
        source, facts = item.hit.passage.source, item.hit.facts
        everybody = " ".join(f"{p.name} {p.office} {p.country}" for p in (*facts.parties, *facts.participants))
        day = facts.event_date.strftime("%d %B %Y %b") if facts.event_date else ""
        held |= full_text.stems(
            f"{item.hit.passage.text} {source.title} {source.issuer} {everybody} {day} {facts.kind} {facts.place}"
        )
    return frozenset(held)


def _status(support: float) -> Status:
    if support < ABSTAIN_BELOW:
        return Status.ABSTAINED
    return Status.PARTIAL if support < PARTIAL_BELOW else Status.ANSWERED


def _same(one: str, other: str) -> bool:
    ours, theirs = full_text.stems(one), full_text.stems(other)
    return len(ours & theirs) >= SAME * max(1, min(len(ours), len(theirs)))
