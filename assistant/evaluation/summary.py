"""Outcomes -> figures, by type of question; pure.

"stand-alone" is what can be asked without what went before: the content, vague, attribution and metadata questions and
the first turn of each conversation. Questions for the first or latest are reported separately, as ``temporal``. "all" joins
stand-alone, temporal and the later turns, ``followup``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from assistant.evaluation.metrics import (
    Bin,
    Figure,
    calibration,
    mean_figure,
    reciprocal_rank,
    roc_figure,
    within,
)
from assistant.evaluation.outcomes import Outcome
from assistant.evaluation.questions import QUOTED, Type

#: Rows of the tables: a name and the types it joins.
GROUPS: Mapping[str, frozenset[Type]] = {
    **{kind.value: frozenset({kind}) for kind in Type if kind is not Type.UNANSWERABLE},
    "stand-alone": frozenset(QUOTED) - {Type.TEMPORAL} | {Type.FIRST_TURN},
    "all": frozenset(QUOTED) | {Type.FIRST_TURN, Type.FOLLOWUP},
}

#: Columns: a name and what one outcome gives to it, None if its type has no such figure.
FIGURES: Mapping[str, Callable[[Outcome], float | None]] = {
    "passage top-1": lambda o: _ranked(o, within(o.passage_rank, 1)),
    "passage hit@5": lambda o: _ranked(o, within(o.passage_rank, 5)),
    "passage MRR@10": lambda o: _ranked(o, reciprocal_rank(o.passage_rank)),
    "document top-1": lambda o: _ranked(o, within(o.document_rank, 1)),
    "document hit@5": lambda o: _ranked(o, within(o.document_rank, 5)),
    "document MRR@10": lambda o: _ranked(o, reciprocal_rank(o.document_rank)),
    "first quote": lambda o: o.first_quote,
    "whole quote": lambda o: o.whole_quote,
    "any quote": lambda o: o.any_quote,
    "cited document": lambda o: o.cited_document,
    "precision": lambda o: o.precision,
    "recall": lambda o: o.recall,
    "F1": lambda o: o.f1,
    "count right": lambda o: o.count_right,
    "refused": lambda o: float(o.abstained),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """How well answerable and unanswerable questions are distinguished.

    Attributes:
        area: Area under the ROC curve of support, by kind of unanswerable question and for "all" of them, each against
            the single questions that have a quote for an answer.
        abstained: Share of the unanswerable questions abstained from, by kind and for "all".
        refused: Share of those single questions abstained from; None if there are none.
    """

    area: Mapping[str, Figure]
    abstained: Mapping[str, Figure]
    refused: Figure | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The figures of one run.

    Attributes:
        figures: Group -> name -> figure; only those that some outcome gives a value to.
        silence: Abstaining.
        calibration: Support against the share of answers whose first quote is right, by bins of support: over answers
            given (abstentions and lists apart), those to unanswerable questions counting as wrong.
        ece: Expected calibration error over the same; None for none.
        quote_words: Median length of a first quote, in words: a long one is right more cheaply. None for none.
        p50: Median seconds of an answer; None for no question.
        p95: The 95th percentile.
    """

    figures: Mapping[str, Mapping[str, Figure]]
    silence: Silence
    calibration: tuple[Bin, ...]
    ece: float | None
    quote_words: float | None
    p50: float | None
    p95: float | None

    def to_dict(self) -> dict[str, Any]:
        """The figures as the saved JSON has them."""
        return asdict(self)


def summarise(outcomes: Sequence[Outcome]) -> Summary:
    """Figures of these outcomes, each mean with its bootstrap interval."""
    given = [o for o in outcomes if not o.abstained and o.type is not Type.LIST]
    bins, ece = calibration([o.support for o in given], [bool(o.first_quote) for o in given])
    lengths = [len(o.quote.split()) for o in given if o.quote]
    times = [o.seconds for o in outcomes]
    return Summary(
        figures=_figures(outcomes),
        silence=_silence(outcomes),
        calibration=bins,
        ece=ece,
        quote_words=float(np.median(lengths)) if lengths else None,
        p50=float(np.percentile(times, 50)) if times else None,
        p95=float(np.percentile(times, 95)) if times else None,
    )


def _figures(outcomes: Sequence[Outcome]) -> dict[str, dict[str, Figure]]:
    table: dict[str, dict[str, Figure]] = {}
    for group, types in GROUPS.items():
        members = [o for o in outcomes if o.type in types]
        row = {name: mean_figure(_values(members, score)) for name, score in FIGURES.items()}
        if members:
            table[group] = {name: figure for name, figure in row.items() if figure}
    return table


def _values(outcomes: Sequence[Outcome], score: Callable[[Outcome], float | None]) -> list[float]:
    return [float(value) for value in map(score, outcomes) if value is not None]


def _ranked(outcome: Outcome, value: float) -> float | None:
    return value if outcome.type not in (Type.LIST, Type.UNANSWERABLE) else None


def _silence(outcomes: Sequence[Outcome]) -> Silence:
    single = [o for o in outcomes if o.type in QUOTED]
    unanswerable = [o for o in outcomes if o.type is Type.UNANSWERABLE]
    kinds = {"all": unanswerable}
    for outcome in unanswerable:
        kinds.setdefault(outcome.kind, []).append(outcome)
    supports = [o.support for o in single]
    areas = {kind: roc_figure(supports, [o.support for o in members]) for kind, members in kinds.items()}
    shares = {kind: mean_figure([float(o.abstained) for o in members]) for kind, members in kinds.items()}
    return Silence(
        area={kind: figure for kind, figure in areas.items() if figure},
        abstained={kind: figure for kind, figure in shares.items() if figure},
        refused=mean_figure([float(o.abstained) for o in single]),
    )
