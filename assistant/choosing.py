"""Which sentences are quoted: the one with the most evidence, its neighbour, and others that say something else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from assistant.evidence import Evidence
from assistant.sentence_weights import SENTENCE
from index import full_text
from index.datatypes import Span

#: The sentence beside the best one is quoted with it when its score is this near: what a person marks as the answer
#: often lies in both (of 486 first quotes, by weights learned on other files, 72 % were right alone and 80 % so, at a median
#: of 41 words against 30).
BESIDE = 2.0
#: Another sentence is quoted as well when its score is this near to the first one's, and at most so many are.
NEAR = 3.0
MOST_QUOTES = 3
#: Two sentences that share this much of their words say the same.
SAME = 0.8


def score(features: Mapping[str, float]) -> float:
    """How well a sentence answers, by the learned weights; higher is better."""
    return sum(weight * features.get(name, 0.0) for name, weight in SENTENCE.items())


def choose(candidates: Sequence[Evidence]) -> list[Evidence]:
    """The best sentence, with the one beside it if that is nearly as good, and others that say something else.

    In the order of their scores; no two overlap.
    """
    scored = [(score(item.features), item) for item in candidates]
    ranked = sorted(scored, key=lambda one: -one[0])
    chosen: list[Evidence] = []
    for value, item in ranked:
        if chosen and (len(chosen) == MOST_QUOTES or ranked[0][0] - value > NEAR):
            break
        if not any(_same(item, other) for other in chosen):
            chosen.append(item if chosen else _with_beside(item, scored))
    return chosen


def _with_beside(best: Evidence, scored: Sequence[tuple[float, Evidence]]) -> Evidence:
    """The best sentence extended by its neighbour if that is nearly as good."""
    here = [one for one in scored if one[1].hit is best.hit]
    place = next(i for i, (_, item) in enumerate(here) if item.span == best.span)
    beside = [here[i] for i in (place - 1, place + 1) if 0 <= i < len(here)]
    near = [one for one in beside if here[place][0] - one[0] <= BESIDE]
    if not near:
        return best
    other = max(near, key=lambda one: one[0])[1]
    span = Span(start=min(best.span.start, other.span.start), end=max(best.span.end, other.span.end))
    return replace(best, span=span)


def _same(one: Evidence, other: Evidence) -> bool:
    """Whether two quotes overlap, or say the same in nearly the same words."""
    if one.hit is other.hit and one.span.start < other.span.end and other.span.start < one.span.end:
        return True
    ours, theirs = full_text.stems(one.text), full_text.stems(other.text)
    return len(ours & theirs) >= SAME * max(1, min(len(ours), len(theirs)))
