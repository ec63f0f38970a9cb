"""The processes: one that writes, readers that stay, and short commands that read."""

from __future__ import annotations

import dataclasses
import itertools
import json
import os
import random
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.api import Assistant
from assistant.history import History
from benchmarks.together import world
from benchmarks.together.world import MARKED, Seen, State
from index.datatypes import Filters
from index.errors import BusyError, DocumentError
from index.protocols import Encoder

#: Conversation that all readers share.
COMMON = "common"
#: States that the writer makes at least, and its steps, the likely ones more often.
LEAST, STEPS = 6, ("reword", "reword", "remove", "lose", "rebuild")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where everything is.

    Attributes:
        work: Folder of the run.
        make: Returns an encoder; None for the model that the index was made with.
        command: How ``readouts`` is called.
        questions: About readouts that do not change.
        seed: Of all that is random.
    """

    work: Path
    make: Callable[[], Encoder] | None = None
    command: tuple[str, ...] = (sys.executable, "-m", "assistant")
    questions: tuple[str, ...] = ()
    seed: int = 1

    @property
    def index(self) -> Path:
        """The index."""
        return self.work / "index"

    @property
    def marked(self) -> Path:
        """Folder of the marked readouts."""
        return self.work / "marked"

    @property
    def watched(self) -> Path:
        """Folder that ``--watch`` looks at."""
        return self.work / "watched"

    @property
    def stop(self) -> Path:
        """Is there once the writer shall end."""
        return self.work / "stop"

    @property
    def rest(self) -> Path:
        """Is there once nobody writes any more."""
        return self.work / "rest"

    def assistant(self) -> Assistant:
        """One that keeps conversations where all of them do."""
        encoder = self.make() if self.make else None
        return Assistant(self.index, history=History(self.work / "kept"), encoder=encoder)

    def environment(self) -> dict[str, str]:
        """Of commands: with nothing of this person's."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("READOUTS_", "XDG_"))}
        homes = {f"XDG_{what}_HOME": str(self.work / "home") for what in ("DATA", "CONFIG", "CACHE", "STATE")}
        return kept | homes | {"READOUTS_HISTORY": str(self.work / "kept")}


@dataclass(slots=True)
class Told:
    """What one process tells when it ends."""

    looks: list[Seen] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    answers: list[dict[str, Any]] = field(default_factory=list)
    turns: int = 0


def told(answer: Any) -> dict[str, Any]:
    """An answer without what differs from one asking to the next."""
    return {name: value for name, value in answer.to_dict().items() if name not in ("seconds", "id", "conversation")}


def warm(assistant: Assistant) -> None:
    """Until the engine is the one that stays: the last digits of an embedding are each engine's own."""
    for _ in range(4):
        assistant.ask("Who spoke of grain?")
    loading = getattr(assistant.encoder(), "loading", None)
    if loading is not None:
        loading.join()


def write(place: Place, report: Path) -> None:
    """Change the marked readouts until told to stop; writes the states there were."""
    chosen, states, waited, errors = random.Random(place.seed), [], 0, []
    version, present = 1, frozenset(range(MARKED))
    states.append(State(version=version, present=present, began=0.0))
    with place.assistant() as assistant:
        while len(states) < LEAST or not place.stop.exists():
            step = chosen.choice(STEPS)
            began = time.time()
            if step in ("remove", "lose"):
                gone = frozenset(chosen.sample(sorted(present), 3)) if len(present) > 4 else frozenset()
                present -= gone
            else:
                gone = frozenset()
                present = frozenset(range(MARKED)) if step == "reword" else present
            version += step == "reword"
            try:
                waited += _step(place, assistant, step, gone, version)
            except Exception:  # noqa: BLE001 - whatever it is, it is what we look for
                errors.append(traceback.format_exc(limit=4))
                break
            states[-1] = dataclasses.replace(states[-1], ended=time.time())
            states.append(State(version=version, present=present, began=began))
            time.sleep(chosen.uniform(0, 0.2))
    found = {"states": [_plain(state) for state in states], "waited": waited, "errors": errors}
    report.write_text(json.dumps(found), encoding="utf-8")


def _plain(state: State) -> dict[str, Any]:
    return {"version": state.version, "present": sorted(state.present), "began": state.began, "ended": state.ended}


def _step(place: Place, assistant: Assistant, step: str, gone: frozenset[int], version: int) -> int:
    """One step, tried again while somebody else writes; returns how often it had to wait."""
    if step == "reword":
        world.write(place.marked, range(MARKED), version)
    for number in gone if step == "lose" else ():
        (place.marked / f"{world.doc_id(number)}.md").unlink(missing_ok=True)
    for tries in itertools.count():
        try:
            if step == "rebuild":
                assistant.rebuild()
            elif step == "remove" and gone:
                assistant.remove([world.doc_id(number) for number in gone])
            elif step != "remove":
                assistant.add([place.marked])
            return tries
        except BusyError:
            time.sleep(0.02)
    raise AssertionError


def read(place: Place, number: int, texts: dict[str, str], report: Path) -> None:
    """Ask one assistant again and again until nobody writes, then every question once more."""
    chosen, found = random.Random(f"{place.seed} {number}"), Told()
    with place.assistant() as assistant:
        while not place.rest.exists():
            try:
                found.looks.append(_look(place, assistant, chosen, number, texts, found))
            except Exception:  # noqa: BLE001 - whatever it is, it is what we look for
                found.errors.append(traceback.format_exc(limit=6))
                if len(found.errors) > 20:
                    break
        warm(assistant)
        found.answers = [told(assistant.ask(question)) for question in place.questions]
    report.write_text(json.dumps(dataclasses.asdict(found)), encoding="utf-8")


def _look(
    place: Place, assistant: Assistant, chosen: random.Random, number: int, texts: dict[str, str], found: Told
) -> Seen:
    kind = chosen.choice(("marked", "marked", "list", "records", "readout", "question", "conversation", "matching"))
    began = time.time()
    if kind == "records":
        records = assistant.records(world.FUTURE)
        return world.look_at_records(began, time.time(), [r for r in records if r.source.doc_id.startswith("marked")])
    if kind == "readout":
        return _read_one(assistant, chosen)
    if kind == "matching":
        hits = assistant.matching("harbour seals", filters=Filters(issuers=("Office of the Envoys",)))
        return world.look_at_hits(began, time.time(), hits, texts, whole=True)
    if kind == "conversation":
        talk = chosen.choice((COMMON, f"own-{number}"))
        answer = assistant.ask(
            chosen.choice(["Who agreed to count the harbour seals?", "and the ferries?"]), conversation=talk
        )
        found.turns += 1
    elif kind == "question":
        answer = assistant.ask(chosen.choice(place.questions))
    else:
        asked = "Which calls were there with Iceland since 2031?"
        answer = assistant.ask(asked if kind == "list" else "What did the envoy thank the Secretary for, the ferries?")
    return world.look(began, time.time(), answer, texts)


def _read_one(assistant: Assistant, chosen: random.Random) -> Seen:
    number, began = chosen.randrange(MARKED), time.time()
    try:
        readout, wordings = assistant.readout(world.doc_id(number)), assistant.versions(world.doc_id(number))
    except DocumentError:
        return Seen(began, time.time(), [], [], whole=False, faults=[])
    return dataclasses.replace(world.look_at_readout(began, number, readout, wordings), ended=time.time())


def command(place: Place, number: int, texts: dict[str, str], report: Path) -> None:
    """Run short commands until nobody writes."""
    chosen, found = random.Random(f"{place.seed} {number}"), Told()
    for arguments in _commands(chosen, place.questions):
        if place.rest.exists():
            break
        began = time.time()
        ran = run(place, *arguments)
        if ran.returncode == 1 and "No readout has the id" in ran.stderr:
            continue
        if ran.returncode:
            found.errors.append(f"{arguments}: {ran.returncode} {ran.stderr[-400:]}")
            continue
        if arguments[0] in ("ask", "search"):
            shown = {"citations": [], **json.loads(ran.stdout)}
            found.looks.append(world.look_at_json(began, time.time(), shown, texts))
        else:
            found.looks.append(Seen(began, time.time(), [], [], whole=False, faults=[]))
    report.write_text(json.dumps(dataclasses.asdict(found)), encoding="utf-8")


def _commands(chosen: random.Random, questions: Sequence[str]) -> Iterator[tuple[str, ...]]:
    while True:
        yield chosen.choice(
            [
                ("ask", "--json", "Who agreed to count the harbour seals?"),
                ("ask", "--json", chosen.choice(questions)),
                ("search", "--json", "ferries of the envoy"),
                ("list", "--json", "--from", "2031"),
                ("show", "--json", world.doc_id(chosen.randrange(MARKED))),
                ("status", "--json"),
            ]
        )


def run(place: Place, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run ``readouts`` on the index."""
    return subprocess.run(
        [*place.command, *arguments, "--index", str(place.index)],
        capture_output=True, text=True, check=False, env=place.environment(), timeout=300, stdin=subprocess.DEVNULL,
    )  # fmt: skip
