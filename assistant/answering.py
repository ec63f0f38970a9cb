"""From passages found to an answer: which sentences are quoted, how well they support it, and when to be silent."""

from __future__ import annotations

from collections.abc import Sequence

from assistant import choosing, citations, evidence
from assistant.datatypes import Answer, Status, Understanding
from assistant.evidence import Evidence
from assistant.support import estimate, stems_about
from assistant.topics import missing_terms, name_terms
from index import full_text
from index.datatypes import Hit
from index.search import PassageIndex

#: Below the first the readouts are said to be silent, below the second to answer in part.
ABSTAIN_BELOW = 0.3
PARTIAL_BELOW = 0.5


def answer(
    question: str,
    standalone: str,
    understood: Understanding,
    index: PassageIndex,
    hits: Sequence[Hit],
) -> Answer:
    """Quote the sentences that answer best, or say that the readouts do not.

    Args:
        question: As typed.
        standalone: As rewritten to stand on its own.
        understood: What was read from it.
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


def covered_stems(chosen: Sequence[Evidence]) -> frozenset[str]:
    """Stems that the quoted passages hold, with their titles, parties, dates, kinds and places."""
    return frozenset().union(*(stems_about(item.hit) for item in chosen))


def unmet_names(understood: Understanding, missing: Sequence[str]) -> frozenset[str]:
    """Those of the missing terms that are names: of people, or written as such."""
    return frozenset({*understood.people, *name_terms(understood)}.intersection(missing))


def _status(support: float, understood: Understanding, missing: Sequence[str]) -> Status:
    """Answered, partly answered, or not; at most partly if a name or country asked about is not there."""
    if support < ABSTAIN_BELOW:
        return Status.ABSTAINED
    lacking = unmet_names(understood, missing) or not set(understood.countries).isdisjoint(missing)
    return Status.PARTIAL if support < PARTIAL_BELOW or lacking else Status.ANSWERED
