"""Pictures of a comparison, as SVG that is the same for the same results."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmarks.peers.page import Result, figure, first_answer, middle

OURS, OTHERS, LINE = "#1f6f8b", "#b8bfc6", "#5b6570"
#: Text stays text, so that the files are small and the letters are the reader's; fixed names inside, for equal bytes.
STYLE: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "readouts",
    "font.family": "sans-serif",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "axes.titlesize": 10,
    "axes.titlelocation": "left",
}

_Value = Callable[[Result], float]

SPEED: Mapping[str, tuple[_Value, str]] = {
    "first answer, s": (first_answer, "{:.2f}"),
    "question, running process, p50, ms": (lambda p: middle(p["query"]["p50_ms"]), "{:.1f}"),
    "indexing, passages/s": (lambda p: float(p["indexing"]["passages_per_second"]), "{:.0f}"),
    "memory for one answer, MB": (lambda p: middle(p["first_answer"]["peak_mb"]), "{:.0f}"),
}
QUALITY: Mapping[str, str] = {
    "stand-alone": "stand-alone questions, MRR@10",
    "followup": "follow-ups asked bare, MRR@10",
}


def draw(results: Result, folder: Path) -> None:
    """Write ``peers-speed.svg`` and ``peers-quality.svg`` into a folder."""
    with mpl.rc_context(STYLE):
        speed = Figure(figsize=(9, 5.6), layout="constrained")
        for axes, (title, (value, form)) in zip(speed.subplots(2, 2).flat, SPEED.items(), strict=True):
            _bars(axes, title, [(p, got) for p in results["peers"] if (got := _got(value, p)) is not None], form)
        _save(speed, folder / "peers-speed.svg")
        quality = Figure(figsize=(9, 2.9), layout="constrained")
        for axes, (group, title) in zip(quality.subplots(1, 2).flat, QUALITY.items(), strict=True):
            _intervals(axes, title, group, results)
        _save(quality, folder / "peers-quality.svg")


def _bars(axes: Axes, title: str, rows: Sequence[tuple[Result, float]], form: str) -> None:
    axes.barh(range(len(rows)), [value for _, value in rows], color=[_colour(peer) for peer, _ in rows], height=0.7)
    for place, (_, value) in enumerate(rows):
        axes.annotate(form.format(value), (value, place), xytext=(3, 0), textcoords="offset points", va="center")
    _dress(axes, title, [peer for peer, _ in rows])
    axes.set_xlim(0, 1.18 * max((value for _, value in rows), default=1.0))


def _intervals(axes: Axes, title: str, group: str, results: Result) -> None:
    rows = [
        (peer, found)
        for peer in results["peers"]
        if (found := _got(lambda p: figure(p, group, "mrr"), peer)) is not None
    ]
    axes.barh(range(len(rows)), [f["value"] for _, f in rows], color=[_colour(p) for p, _ in rows], height=0.7)
    for place, (_, found) in enumerate(rows):
        axes.plot([found["low"], found["high"]], [place, place], color=LINE, linewidth=1)
        axes.annotate(
            f"{found['value']:.2f}", (found["high"], place), xytext=(3, 0), textcoords="offset points", va="center"
        )
    _dress(axes, title, [peer for peer, _ in rows])
    axes.set_xlim(0, 1.1)


def _dress(axes: Axes, title: str, peers: Sequence[Result]) -> None:
    axes.set_title(title)
    axes.set_yticks(range(len(peers)), [str(peer["title"]).strip("*") for peer in peers])
    axes.tick_params(axis="y", length=0)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    axes.invert_yaxis()


def _colour(peer: Result) -> str:
    return OURS if peer["ours"] else OTHERS


def _got(value: Callable[[Result], Any], peer: Result) -> Any:
    try:
        return value(peer)
    except KeyError:
        return None


def _save(drawn: Figure, path: Path) -> None:
    drawn.savefig(path, format="svg", metadata={"Date": None, "Creator": None})
