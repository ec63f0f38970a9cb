"""Readouts compared with others, by one command.

    python -m benchmarks.peers SOURCE QUESTIONS… [--output DIR] [--peers NAME,…] [--environments DIR] [--skip-install]

Installs each peer into an environment of its own, has each index the same passages, asks all of them the same questions,
and writes ``peers.md``, ``peers.json`` and the pictures. A peer that cannot be installed or fails is a row that says so.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path

from assistant.errors import ReadoutsError
from assistant.evaluation import Type, read_questions
from benchmarks.peers import machine
from benchmarks.peers.corpus import write_corpus
from benchmarks.peers.judging import alone
from benchmarks.peers.measuring import Run
from benchmarks.peers.page import page
from benchmarks.peers.plots import draw
from benchmarks.peers.roster import ROOT, Peer, chosen

#: Rises when the results have another form.
FORMAT = 1


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.output is None and (options.limit is not None or options.peers is not None):
        parser.error("A part of the comparison does not go over the page of the whole: give --output.")
    try:
        peers = chosen(options.peers)
    except ValueError as error:
        parser.error(str(error))
    output: Path = options.output or ROOT / "docs"
    output.mkdir(parents=True, exist_ok=True)
    options.environments.mkdir(parents=True, exist_ok=True)
    try:
        results = compare(peers, options)
    except ReadoutsError as error:
        parser.error(f"{error.message} {error.mend}")
    (output / "peers.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    (output / "peers.md").write_text(page(results), encoding="utf-8")
    draw(results, output)
    print(f"Written to {output}.", file=sys.stderr)


def compare(peers: Sequence[Peer], options: argparse.Namespace) -> dict[str, Any]:
    """Everything measured, as the page, the pictures and the JSON have it.

    Raises:
        ReadoutsError: Readouts or questions that cannot be read.
    """
    lines = read_questions(options.questions)
    started, load = time.monotonic(), machine.load()

    def say(words: str) -> None:
        print(f"{time.monotonic() - started:6.0f} s  {words}", file=sys.stderr, flush=True)

    with tempfile.TemporaryDirectory(prefix="readouts-peers-") as name:
        folder = Path(name)
        golds = [gold.doc for request in alone(lines) for gold in request.ask.gold]
        corpus = write_corpus(options.source, folder, limit=options.limit, first=golds)
        run = Run(peers=peers, corpus=corpus, lines=lines, folder=folder, say=say)
        run.install(options.environments, install=not options.skip_install)
        run.index()
        run.first_answers(options.rounds)
        run.running(options.rounds)
    return {
        "format": FORMAT,
        "date": dt.date.today().isoformat(),
        "machine": machine.describe(),
        "load": [load, machine.load()],
        "corpus": {
            "documents": len(corpus.documents),
            "passages": len(corpus.by_id),
            "texts": sum(1 + len(passage.sentences) for passage in corpus.by_id.values()),
            "timed": sum(request.type is not Type.FOLLOWUP for request in alone(lines)),
        },
        "rounds": {"first_answer": options.rounds, "running": options.rounds},
        "peers": list(run.results.values()),
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path, help="folder of readouts")
    parser.add_argument("questions", type=Path, nargs="+", help="question files, as readouts evaluate takes them")
    parser.add_argument("--output", type=Path, metavar="DIR", help="where the page goes (docs)")
    parser.add_argument(
        "--environments",
        type=Path,
        default=user_cache_path("readouts") / "peers",
        metavar="DIR",
        help="where the environments are, and are made (in the cache folder)",
    )
    parser.add_argument("--peers", metavar="NAME,…", help="only these, parted by commas")
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="rounds that count (5)")
    parser.add_argument("--limit", type=int, metavar="N", help="only so many passages, for a rehearsal")
    parser.add_argument("--skip-install", action="store_true", help="install nothing; peers without environment fail")
    return parser


if __name__ == "__main__":
    main()
