"""Two saved evaluations side by side: what changed, question by question."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from assistant.evaluation.questions import Type

#: Differences of a figure smaller than this are not shown.
LEAST = 0.0005

_Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One aspect of one question that changed.

    Attributes:
        place: ``FILE:LINE``, with ``.TURN`` in a conversation.
        type: Type of question.
        question: As asked.
        aspect: What changed: "passage rank", "readout rank", "first quote", "F1" or "status".
        old: Its earlier value.
        new: Its present value.
    """

    place: str
    type: str
    question: str
    aspect: str
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureChange:
    """One figure that changed."""

    group: str
    name: str
    old: float
    new: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What changed from one evaluation to the next.

    Attributes:
        better: Changes for the better, in the order of the new evaluation; a question may be here and in ``worse``.
        worse: Changes for the worse.
        figures: Figures that moved, over all questions of either evaluation.
        only_old: Questions that only the old evaluation has.
        only_new: Questions that only the new one has.
    """

    better: tuple[Change, ...]
    worse: tuple[Change, ...]
    figures: tuple[FigureChange, ...]
    only_old: int
    only_new: int

    def to_dict(self) -> dict[str, Any]:
        """The comparison as JSON has it."""
        return asdict(self)


def compare(old: Mapping[str, Any], new: Mapping[str, Any]) -> Comparison:
    """What changed between two evaluations, as ``Evaluation.to_dict`` or ``load`` return them.

    Questions are the same if their places and words are.
    """
    before = {(row["place"], row["question"]): row for row in old["questions"]}
    after = {(row["place"], row["question"]): row for row in new["questions"]}
    better: list[Change] = []
    worse: list[Change] = []
    for key in after:
        if key in before:
            for change, gain in _changes(before[key], after[key]):
                (better if gain > 0 else worse).append(change)
    return Comparison(
        better=tuple(better),
        worse=tuple(worse),
        figures=tuple(_figures(old, new)),
        only_old=len(before.keys() - after.keys()),
        only_new=len(after.keys() - before.keys()),
    )


def render_comparison(comparison: Comparison) -> RenderableType:
    """The figures that moved, then what got better and what got worse."""
    figures = Table("type", "figure", "old", "new", "change", box=None, title="Figures that moved")
    for row in comparison.figures:
        figures.add_row(row.group, row.name, f"{row.old:.3f}", f"{row.new:.3f}", f"{row.new - row.old:+.3f}")
    lines = []
    for title, changes in (("Better", comparison.better), ("Worse", comparison.worse)):
        lines.append(f"\n{title}: {len(changes)}")
        lines += [f"  {c.place} {c.type}: {c.aspect} {c.old} → {c.new}: {c.question}" for c in changes]
    if comparison.only_old or comparison.only_new:
        lines.append(f"\nNot in both: {comparison.only_old} only in the old, {comparison.only_new} only in the new.")
    return Group(figures, Text("\n".join(lines)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Aspect:
    height: Callable[[_Row], float]
    words: Callable[[_Row], str]


#: What is compared of a question: how good a row is by it (higher is better), and how that is said.
_ASPECTS: Mapping[str, _Aspect] = {
    "passage rank": _Aspect(
        height=lambda row: 1 / (row["passage_rank"] or float("inf")),
        words=lambda row: str(row["passage_rank"] or "none"),
    ),
    "readout rank": _Aspect(
        height=lambda row: 1 / (row["document_rank"] or float("inf")),
        words=lambda row: str(row["document_rank"] or "none"),
    ),
    "first quote": _Aspect(
        height=lambda row: float(row["first_quote"] or 0),
        words=lambda row: "right" if row["first_quote"] else "wrong",
    ),
    "F1": _Aspect(height=lambda row: float(row["f1"] or 0), words=lambda row: f"{row['f1'] or 0:.2f}"),
    "status": _Aspect(
        height=lambda row: float((row["status"] == "abstained") == (row["type"] == Type.UNANSWERABLE)),
        words=lambda row: str(row["status"]),
    ),
}


def _changes(old: _Row, new: _Row) -> Iterator[tuple[Change, float]]:
    for name, aspect in _ASPECTS.items():
        gain = aspect.height(new) - aspect.height(old)
        if gain:
            said = {"aspect": name, "old": aspect.words(old), "new": aspect.words(new)}
            yield Change(place=new["place"], type=new["type"], question=new["question"], **said), gain


def _figures(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[FigureChange]:
    before, after = _flat(old), _flat(new)
    for key, value in after.items():
        if key in before and abs(value - before[key]) >= LEAST:
            yield FigureChange(group=key[0], name=key[1], old=before[key], new=value)


def _flat(saved: Mapping[str, Any]) -> dict[tuple[str, str], float]:
    flat = {(group, name): figure["value"] for group, row in saved["figures"].items() for name, figure in row.items()}
    silence = saved["silence"]
    flat |= {("silence", f"ROC area, {kind}"): figure["value"] for kind, figure in silence["area"].items()}
    flat |= {("silence", f"abstained, {kind}"): figure["value"] for kind, figure in silence["abstained"].items()}
    if silence["refused"]:
        flat["silence", "refused"] = silence["refused"]["value"]
    if saved["ece"] is not None:
        flat["silence", "calibration error"] = saved["ece"]
    return flat
