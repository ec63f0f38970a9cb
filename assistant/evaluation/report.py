"""An evaluation as tables for a terminal."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from assistant.evaluation.metrics import Figure
from assistant.evaluation.runner import Evaluation
from assistant.evaluation.summary import Summary
from assistant.wording import counted

#: Tables by type of question: a title and its columns, each narrow enough for 80 columns.
TABLES: Mapping[str, Mapping[str, str]] = {
    "Passages": {"top-1": "passage top-1", "hit@5": "passage hit@5", "MRR@10": "passage MRR@10"},
    "Readouts": {"top-1": "document top-1", "hit@5": "document hit@5", "MRR@10": "document MRR@10"},
    "Quotes": {"first right": "first quote", "any right": "any quote", "first readout right": "cited document"},
    "Quotes, strictly; refusals": {"first holds all gold words": "whole quote", "refused": "refused"},
    "Lists": {"precision": "precision", "recall": "recall", "F1": "F1", "count right": "count right"},
}

#: Violations shown before the rest is only counted.
SHOWN = 20


def render(evaluation: Evaluation) -> RenderableType:
    """The figures by type of question with their 95 % intervals, silence, calibration and what to know about the run."""
    summary = evaluation.summary
    tables = [_figures(title, columns, summary) for title, columns in TABLES.items()]
    tables += [_silence(summary), _calibration(summary)]
    return Group(*(table for table in tables if table.row_count), _remarks(evaluation))


def cell(figure: Figure | None) -> str:
    """``0.84 0.80–0.87``: value and interval; a dash for none."""
    return f"{figure.value:.2f} {figure.low:.2f}–{figure.high:.2f}" if figure else "–"


def _table(title: str, *headings: str) -> Table:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in headings:
        table.add_column(heading)
    return table


def _figures(title: str, columns: Mapping[str, str], summary: Summary) -> Table:
    table = _table(f"\n{title}", "type", "n", *columns)
    for group, row in summary.figures.items():
        found = [row.get(name) for name in columns.values()]
        if any(found):
            table.add_row(group, str(max(figure.count for figure in found if figure)), *map(cell, found))
    return table


def _silence(summary: Summary) -> Table:
    table = _table("\nSilence", "unanswerable", "n", "ROC area of support", "abstained")
    for kind, share in summary.silence.abstained.items():
        table.add_row(kind, str(share.count), cell(summary.silence.area.get(kind)), cell(share))
    refused = summary.silence.refused
    if refused:
        table.caption = f"answerable questions refused: {cell(refused)} (n = {refused.count})"
        table.caption_justify = "left"
    return table


def _calibration(summary: Summary) -> Table:
    table = _table("\nSupport of the answers given", "support", "n", "mean support", "first quote right")
    for row in summary.calibration:
        table.add_row(f"{row.low:.1f}–{row.high:.1f}", str(row.count), f"{row.support:.2f}", f"{row.held:.2f}")
    if summary.ece is not None:
        table.caption = f"expected calibration error: {summary.ece:.3f}"
        table.caption_justify = "left"
    return table


def _remarks(evaluation: Evaluation) -> Text:
    summary = evaluation.summary
    remarks = [f"\n{counted(evaluation.lines, 'line')}, {counted(len(evaluation.outcomes), 'question')} measured."]
    if summary.p50 is not None and summary.p95 is not None:
        remarks.append(f"Seconds of an answer: {summary.p50:.3f} (median), {summary.p95:.3f} (95th percentile).")
    if summary.quote_words is not None:
        remarks.append(f"Words of a first quote: {summary.quote_words:.0f} (median).")
    if evaluation.left_out:
        remarks.append(f"Gold not in this index, left out: {len(evaluation.left_out)}.")
    if evaluation.split:
        remarks.append(f"Gold in no one passage, counted as missed: {len(evaluation.split)}.")
    remarks.append(f"Citations checked: {evaluation.citations}; not verbatim: {len(evaluation.violations)}.")
    remarks.extend(f"  {violation}" for violation in evaluation.violations[:SHOWN])
    return Text("\n".join(remarks))
