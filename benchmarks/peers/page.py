"""The page that tells a comparison, made from its results alone."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Mapping, Sequence
from statistics import median
from typing import Any

Result = Mapping[str, Any]
NONE = "–"
WIDTH = 120


def page(results: Result) -> str:
    """The comparison as Markdown, to lie beside ``peers-speed.svg`` and ``peers-quality.svg``."""
    parts = [
        "# Beside others",
        _opening(results),
        "## Speed and memory",
        "![First answer, question, indexing and memory of each](peers-speed.svg)",
        _table(SPEED, results),
        _speed_notes(results),
        "## Finding the right passage",
        "![Mean reciprocal rank of each, with its interval](peers-quality.svg)",
        _table(QUALITY, results),
        _quality_notes(results),
        "## What it takes",
        _table(SIZE, results),
        _size_notes(),
        *_failures(results),
        "## How it was measured",
        _method(results),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def middle(values: Sequence[float]) -> float:
    """The median."""
    return float(median(values))


def first_answer(peer: Result) -> float:
    """Seconds from process start to the first answer; ``KeyError`` where it was not measured."""
    return middle(peer["first_answer"]["seconds"])


def figure(peer: Result, group: str, name: str, *, talk: bool = False) -> Mapping[str, float]:
    """A figure of quality with its interval and count; ``KeyError`` where there is none."""
    found: Mapping[str, float] = peer["quality_in_conversation" if talk else "quality"][group][name]
    return found


def _opening(results: Result) -> str:
    corpus = results["corpus"]
    return _prose(f"""
        The same questions put to the same passages with the same weights (all-MiniLM-L6-v2), once to Readouts and once
        to each of the libraries that people build such things with, each by the script that a user of it would write.
        `python -m benchmarks.peers SOURCE QUESTIONS…` measures all of this anew, draws the pictures and writes this
        page. {corpus["documents"]:,} readouts, {corpus["passages"]:,} passages; {results["date"]}.
    """)


def _speed_notes(results: Result) -> str:
    corpus = results["corpus"]
    return _prose(f"""
        First answer: from the start of a process, with the index ready on a warm disk, to the first line of the answer;
        of Readouts the command `readouts ask`, of the others a script that prints ids of passages. Question: in a
        running process, from words to passages; Readouts also understands the question, chooses the sentences to quote
        and estimates their support in that time. Memory: the most that a process held, for one answer, for all
        questions, and while it made the index. Indexing: passages over the seconds that the script spent. For its
        {corpus["passages"]:,} passages Readouts encodes {corpus["texts"]:,} texts, since each sentence is found by
        itself too, and it reads files and facts; the others get the passages ready.
    """)


def _quality_notes(results: Result) -> str:
    found = [_got_in_conversation(peer) for peer in results["peers"]]
    return _prose(f"""
        A hit is right where it is of the right readout and its paragraph holds the gold words, as `readouts evaluate`
        judges; 95 % bootstrap intervals in brackets. Stand-alone: questions that need nothing said before. Follow-ups:
        the later turns of conversations, asked bare, without what went before, which none of the others carries over.
        {" ".join(found)}
    """)


def _got_in_conversation(peer: Result) -> str:
    try:
        mrr = figure(peer, "followup", "mrr", talk=True)["value"]
    except KeyError:
        return ""
    return f"Asked in their conversation, Readouts reaches {mrr:.3f} on them."


def _size_notes() -> str:
    return _prose("""
        Environment: all packages that the script needs, PyTorch's build for processors and the weights (90 MB)
        included, pip left out. Lines: those of the script with code on them, indexing and asking together. Readouts
        needs none to be used: `readouts index` and `readouts ask` do it.
    """)


def _failures(results: Result) -> list[str]:
    failed = [peer for peer in results["peers"] if "failure" in peer]
    if not failed:
        return []
    rows = [f"- {p['title']}, {p['failure']['step']}: {_quiet(p['failure']['message'])}" for p in failed]
    return ["## What failed", "\n".join(rows)]


def _quiet(message: str) -> str:
    return message.replace("`", "'").replace("|", "/").replace("<", "‹")


def _method(results: Result) -> str:
    machine, rounds = results["machine"], results["rounds"]
    return "\n".join(
        _prose(row, first="- ")
        for row in (
            f"""Machine: {machine["processor"]}, {machine["cores"]} cores ({machine["instructions"]}),
            {machine["memory_gb"]} GB; {machine["system"]}, Python {machine["python"]}. Processes that wanted a core,
            mean of a minute: {results["load"][0]} before, {results["load"][1]} after.""",
            f"""First answers: medians of {rounds["first_answer"]} rounds after one that does not count. Questions:
            medians over {rounds["running"]} new processes of the percentiles over {results["corpus"]["timed"]}
            questions (stand-alone, first and latest), after one that does not count. Every round asks all peers in
            turn. Indexing: once, from nothing.""",
            """Passages: the paragraphs that Readouts parts the readouts into, with title and day of publication in
            front; the others get these texts, Readouts the files.""",
            """Each has an index of its own on disk, vectors of length 1 and the batch sizes that it comes with; ten
            passages are asked for. No network, no telemetry, no settings of the user.""",
            """Versions are pinned in `benchmarks/peers/requirements/` and `constraints.txt`; each is installed into
            an environment of its own. The scripts are in `benchmarks/peers/scripts/`.""",
            "All samples, all versions: [peers.json](peers.json).",
        )
    )


def _prose(text: str, first: str = "") -> str:
    """Words as a paragraph of lines like those of the other pages; what stands between backticks is kept on one line."""
    whole = re.sub(r"`[^`]*`", lambda code: code[0].replace(" ", "\0"), " ".join(text.split()))
    lines = textwrap.fill(
        whole,
        WIDTH,
        initial_indent=first,
        subsequent_indent=" " * len(first),
        break_long_words=False,
        break_on_hyphens=False,
    )
    return lines.replace("\0", " ")


def _cell(give: Callable[[Result], str]) -> Callable[[Result, Result], str]:
    return lambda peer, _: give(peer)


def _times(peer: Result, results: Result) -> str:
    ours = next(p for p in results["peers"] if p["ours"])
    return f"{first_answer(peer) / first_answer(ours):.1f}"


def _mrr(group: str) -> Callable[[Result, Result], str]:
    def cell(peer: Result, _: Result) -> str:
        found = figure(peer, group, "mrr")
        return f"{found['value']:.3f} [{found['low']:.2f}–{found['high']:.2f}]"

    return cell


_Columns = Mapping[str, Callable[[Result, Result], str]]

SPEED: _Columns = {
    "first answer, s": _cell(lambda p: f"{first_answer(p):.2f}"),
    "× Readouts": _times,
    "MB": _cell(lambda p: f"{middle(p['first_answer']['peak_mb']):.0f}"),
    "question p50 / p95, ms": _cell(
        lambda p: f"{middle(p['query']['p50_ms']):.1f} / {middle(p['query']['p95_ms']):.1f}"
    ),
    "MB, running": _cell(lambda p: f"{middle(p['query']['peak_mb']):.0f}"),
    "indexing, passages/s": _cell(lambda p: f"{p['indexing']['passages_per_second']:.0f}"),
    "MB, indexing": _cell(lambda p: f"{p['indexing']['peak_mb']:.0f}"),
}
QUALITY: _Columns = {
    "stand-alone, MRR@10": _mrr("stand-alone"),
    "hit@5": _cell(lambda p: f"{figure(p, 'stand-alone', 'hit5')['value']:.3f}"),
    "first and latest, MRR@10": _mrr("temporal"),
    "follow-ups asked bare, MRR@10": _mrr("followup"),
}
SIZE: _Columns = {
    "environment, MB": _cell(lambda p: f"{p['size_mb']:,.0f}"),
    "without PyTorch": _cell(lambda p: f"{p['size_mb'] - p['torch_mb']:,.0f}"),
    "index on disk, MB": _cell(lambda p: f"{p['indexing']['disk_mb']:.1f}"),
    "lines": _cell(lambda p: str(p["lines"])),
    "versions": _cell(lambda p: ", ".join(f"{name} {version}" for name, version in p["versions"].items())),
}


def _table(columns: _Columns, results: Result) -> str:
    rows = ["| | " + " | ".join(columns) + " |", "|---" * (len(columns) + 1) + "|"]
    for peer in results["peers"]:
        cells = [_or_none(give, peer, results) for give in columns.values()]
        rows.append(f"| {peer['title']} | {' | '.join(cells)} |")
    return "\n".join(rows)


def _or_none(give: Callable[[Result, Result], str], peer: Result, results: Result) -> str:
    """What was not measured, because the peer failed before or ours was not asked, is a dash."""
    try:
        return give(peer, results)
    except (KeyError, StopIteration):
        return NONE
