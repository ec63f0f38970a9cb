"""The measurements: indexing, first answers, questions in a running process; peers take turns in every round."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from assistant.evaluation import Line, Type
from benchmarks.peers.corpus import Corpus
from benchmarks.peers.environments import Environment, prepare
from benchmarks.peers.judging import WARMING, Request, alone, in_conversation, quality
from benchmarks.peers.launching import Launched, PeerError, launch
from benchmarks.peers.lines import code_lines
from benchmarks.peers.roster import Peer

#: Seconds after which indexing, and anything else, is given up.
INDEXING_LIMIT = 1800.0
LIMIT = 600.0

_MB = 1e6


@dataclass(slots=True)
class Run:
    """One comparison as it goes.

    Attributes:
        peers: Who takes part.
        corpus: What they are asked about.
        lines: The questions.
        folder: Where indexes and the homes of the processes lie.
        say: Told what is going on.
        results: By name of the peer, what the page is made of; a peer that failed has a ``failure``.
    """

    peers: Sequence[Peer]
    corpus: Corpus
    lines: Sequence[Line]
    folder: Path
    say: Callable[[str], None]
    results: dict[str, dict[str, Any]] = field(default_factory=dict)
    environments: dict[str, Environment] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for peer in self.peers:
            self.results[peer.name] = {
                "name": peer.name,
                "title": peer.title,
                "ours": peer.ours,
                "lines": code_lines(peer.path.read_text(encoding="utf-8")),
            }
            self._home(peer).mkdir()

    def install(self, parent: Path, *, install: bool) -> None:
        """Make the environments ready."""
        for peer in self._well():
            with self._step(peer, "installing"):
                environment = prepare(peer, parent, install=install)
                self.environments[peer.name] = environment
                self.results[peer.name] |= {
                    "versions": {name: environment.versions[name] for name in peer.packages},
                    "all_versions": environment.versions,
                    "size_mb": environment.size / _MB,
                    "torch_mb": environment.torch / _MB,
                }

    def index(self) -> None:
        """Every peer makes its index, from nothing."""
        for peer in self._well():
            with self._step(peer, "indexing"):
                self._index(peer).mkdir()
                source = self.corpus.folder if peer.ours else self.corpus.passages
                launched = self._script(peer, "build", source, self._index(peer), limit=INDEXING_LIMIT)
                seconds = float(json.loads(launched.lines[-1])["seconds"])
                self.results[peer.name]["indexing"] = {
                    "seconds": seconds,
                    "passages_per_second": len(self.corpus.by_id) / seconds,
                    "process_seconds": launched.seconds,
                    "peak_mb": launched.peak / _MB,
                    "disk_mb": sum(f.stat().st_size for f in self._index(peer).rglob("*") if f.is_file()) / _MB,
                }

    def first_answers(self, rounds: int) -> None:
        """Process start to first printed answer; one round that is not counted comes first."""
        questions = [request.ask.question for request in alone(self.lines)]
        for number in range(rounds + 1):
            for peer in self._well():
                with self._step(peer, "first answer"):
                    launched = self._ask(peer, questions[number % len(questions)])
                    if number:
                        kept = self.results[peer.name].setdefault("first_answer", {"seconds": [], "peak_mb": []})
                        kept["seconds"].append(launched.first)
                        kept["peak_mb"].append(launched.peak / _MB)

    def running(self, rounds: int) -> None:
        """Questions in a running process, a new process each round so that none remembers an answer; quality from the first."""
        requests = alone(self.lines)
        for number in range(rounds):
            for peer in self._well():
                with self._step(peer, "answering"):
                    asked = requests + (in_conversation(self.lines) if peer.ours and number == 0 else [])
                    found, launched = self._serve(peer, asked)
                    if number == 0:
                        self._judge(peer, asked, [row["ids"] for row in found])
                    self._time(peer, requests, found, launched)

    def _judge(self, peer: Peer, asked: Sequence[Request], ids: Sequence[Sequence[str]]) -> None:
        if not any(set(found) & set(self.corpus.by_id) for found in ids):
            raise PeerError(
                f"It found none of the {len(self.corpus.by_id):,} passages: what was measured of it means nothing."
            )
        pairs = list(zip(asked, ids, strict=True))
        for name, turns in (("quality", False), ("quality_in_conversation", True)):
            part = [pair for pair in pairs if bool(pair[0].conversation) is turns]
            if part:
                self.results[peer.name][name] = quality([r for r, _ in part], [i for _, i in part], self.corpus)

    def _time(self, peer: Peer, requests: Sequence[Request], found: Sequence[Any], launched: Launched) -> None:
        times = [
            1000 * row["seconds"]
            for request, row in zip(requests, found, strict=False)
            if request.type is not Type.FOLLOWUP
        ]
        kept = self.results[peer.name].setdefault("query", {"p50_ms": [], "p95_ms": [], "peak_mb": []})
        kept["questions"] = len(times)
        kept["p50_ms"].append(float(np.percentile(times, 50)))
        kept["p95_ms"].append(float(np.percentile(times, 95)))
        kept["peak_mb"].append(launched.peak / _MB)

    def _serve(self, peer: Peer, asked: Sequence[Request]) -> tuple[list[Any], Launched]:
        given = [{"question": WARMING}, *(request.to_dict() for request in asked)]
        launched = self._script(
            peer, "serve", self._index(peer), given="".join(json.dumps(request) + "\n" for request in given)
        )
        found = [json.loads(line) for line in launched.lines]
        if len(found) != len(given):
            raise PeerError(f"It answered {len(found)} of {len(given)} questions.")
        return found[1:], launched

    def _ask(self, peer: Peer, question: str) -> Launched:
        if not peer.ours:
            return self._script(peer, "ask", self._index(peer), question)
        # The command that a person types: what it prints is the whole answer, not ids alone.
        command = self.environments[peer.name].folder / "bin" / "readouts"
        words: list[str | Path] = [command, "ask", "--index", self._index(peer), question]
        return launch(words, home=self._home(peer), prefix="", limit=LIMIT)

    def _script(self, peer: Peer, *words: str | Path, given: str = "", limit: float = LIMIT) -> Launched:
        command: list[str | Path] = [self.environments[peer.name].python, peer.path, *words]
        return launch(command, home=self._home(peer), given=given, limit=limit)

    def _index(self, peer: Peer) -> Path:
        return self.folder / f"{peer.name}-index"

    def _home(self, peer: Peer) -> Path:
        return self.folder / f"{peer.name}-home"

    def _well(self) -> Iterator[Peer]:
        return (peer for peer in self.peers if "failure" not in self.results[peer.name])

    @contextmanager
    def _step(self, peer: Peer, step: str) -> Iterator[None]:
        self.say(f"{peer.name}: {step}")
        try:
            yield
        except (PeerError, OSError, ValueError) as error:
            self.say(f"{peer.name}: {step} failed: {error}")
            self.results[peer.name]["failure"] = {"step": step, "message": str(error)}
