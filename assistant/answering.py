"""Passages found to an answer: which sentences are quoted, how well they support it, and when to be silent."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from assistant import choosing, citations, evidence
from assistant.datatypes import Answer, Status, Understanding
from assistant.evidence import Evidence
from assistant.support_weights import SUPPORT
from assistant.topics import missing_terms, name_terms, topic_terms
from index import full_text
from index.datatypes import Hit
from index.search import PassageIndex

#: Gives the rarity of terms.
Rarity = Callable[[Sequence[str]], Mapping[str, float]]
#: Below the first the readouts are said to be silent, below the second to answer in part.
ABSTAIN_BELOW = 0.27
PARTIAL_BELOW = 0.45


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
    candidates = evidence.gather(hits, understood, index.rarity(asked))
    chosen = choosing.choose(candidates)
    quotes = citations.number([(item.hit, item.span, choosing.score(item.features)) for item in chosen])
    covered = covered_stems(chosen)
    support = estimate(chosen, hits, understood, index.rarity)
    missing = missing_terms(understood, covered)
    if set(understood.people) & set(missing):
        # A quote that is not of the one asked about is weak, however well its words fit.
        support = min(support, PARTIAL_BELOW - 0.01)
    return Answer(
        question=question,
        standalone_question=standalone,
        understanding=understood,
        status=_status(support, understood, missing),
        support=support,
        missing=missing,
        citations=quotes if support >= ABSTAIN_BELOW else (),
        hits=tuple(hits),
    )


def estimate(chosen: Sequence[Evidence], hits: Sequence[Hit], understood: Understanding, rarity: Rarity) -> float:
    """Share of answers like this one that hold, by the learned weights; 0 where nothing was found."""
    if not chosen:
        return 0.0
    features = support_features(chosen, hits, understood, rarity)
    return 1 / (1 + math.exp(-sum(weight * features.get(name, 0.0) for name, weight in SUPPORT.items())))


def support_features(
    chosen: Sequence[Evidence], hits: Sequence[Hit], understood: Understanding, rarity: Rarity
) -> dict[str, float]:
    """What tells an answer that holds from one that does not; empty for no quote.

    ``constant``: 1. ``coverage``: share of the question's terms, by rarity, that the first quote's passage, its title,
    parties and dates hold. ``topic``: the same over the terms that are neither party nor date. ``rarest``: 1 where the
    rarest of these is held. ``sentence``: share of the topic that the quoted sentence itself holds. ``cosine``: of the
    sentence with the question. ``passage``: fused score of its passage. ``gap``: that score less the mean of the next four
    hits'. ``parties``: share of the parties asked for that take part. ``date``: 1 where the event is of the days asked for,
    or none are. ``known``: rarity of the rarest term over 9, at most 1 (a term that stands nowhere has the most).
    ``anchored``: 1 where the question names a party or a day. ``unmet``: share of the names asked about that the passage
    does not hold. ``silent``: 1 where it holds no term of the topic at all.
    """
    if not chosen:
        return {}
    first, preferred = chosen[0], understood.preferred
    asked = full_text.terms(understood.text)
    topic = topic_terms(understood) or asked
    names = name_terms(understood)
    weights = rarity([*asked, *topic])
    covered = covered_stems(chosen[:1])
    rarest = max(topic, key=lambda term: weights[term], default="")
    others = [hit.score for hit in hits[1:5]] or [0.0]
    trail = {stage.stage: stage.score for stage in first.hit.trail}
    rarity_of_rarest = max(weights.values(), default=0.0)
    return {
        "constant": 1.0,
        "coverage": full_text.share(asked, covered, weights),
        "topic": full_text.share(topic, covered, weights),
        "rarest": float(full_text.stem(rarest) in covered) if rarest else 1.0,
        "sentence": first.features["topic"],
        "cosine": first.features["cosine"],
        "passage": first.hit.score,
        "gap": hits[0].score - sum(others) / len(others),
        "parties": trail.get("party", 1.0),
        "date": trail.get("date", 1.0),
        "known": min(1.0, rarity_of_rarest / 9),
        "unmet": float(bool(names)) * (1.0 - full_text.share(names, covered, weights)),
        "anchored": float(bool(preferred.parties or preferred.date_from or preferred.date_to or understood.filters)),
        "silent": float(not any(full_text.stem(term) in covered for term in topic)),
    }


def covered_stems(chosen: Sequence[Evidence]) -> frozenset[str]:
    """Stems that the quoted passages hold, with their titles, parties, dates, kinds and places."""
    return frozenset().union(*(stems_about(item.hit) for item in chosen))


def stems_about(hit: Hit) -> frozenset[str]:
    """Stems of a passage, with the title, parties, date, kind and place of its readout."""
    source, facts = hit.passage.source, hit.facts
    everybody = " ".join(f"{p.name} {p.office} {p.country}" for p in (*facts.parties, *facts.participants))
    day = facts.event_date.strftime("%d %B %Y %b") if facts.event_date else ""
    return full_text.stems(
        f"{hit.passage.text} {source.title} {source.issuer} {everybody} {day} {facts.kind} {facts.place}"
    )


def unmet_names(understood: Understanding, missing: Sequence[str]) -> frozenset[str]:
    """Those of the missing terms that are names: of people, or written as such."""
    return frozenset({*understood.people, *name_terms(understood)}.intersection(missing))


def _status(support: float, understood: Understanding, missing: Sequence[str]) -> Status:
    """Answered, in part, or not at all; never more than in part where a name that was asked about is not there."""
    if support < ABSTAIN_BELOW:
        return Status.ABSTAINED
    return Status.PARTIAL if support < PARTIAL_BELOW or unmet_names(understood, missing) else Status.ANSWERED
