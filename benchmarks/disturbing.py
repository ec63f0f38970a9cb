"""Shared by campaigns that disturb runs: a known state before and after, what is found then, and what is wrong with it."""

from __future__ import annotations

import argparse
import ctypes
import hashlib
import json
import random
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.forked import Ended, result
from benchmarks.judging import digest, look
from benchmarks.scenes import Place, Scene

#: What is kept for a person or written for one, and compared as a whole.
KEPT = ("talks", "searches", "named")
#: What is to be at the end as it is after a run that nothing disturbed.
LAST = ("faults", "doctor", "content", "derived", "files", "answers", "replaced")


@dataclass(slots=True)
class Known:
    """What is known of a scene before it is disturbed.

    Attributes:
        scene: Which.
        template: The state before, as files.
        states: What is found before, and after it was done (after each step of what continues meanwhile).
        length: Seconds of an undisturbed run.
        windows: For each window, how often it is entered, and the median of its seconds.
        looked_at: What came of the states of the disk that were looked at, by a mark of each.
    """

    scene: Scene
    template: Path
    states: list[dict[str, Any]] = field(default_factory=list)
    length: float = 0.0
    windows: dict[str, tuple[int, float]] = field(default_factory=dict)
    looked_at: dict[str, tuple[dict[str, Any], Ended, dict[str, Any]]] = field(default_factory=dict)

    @property
    def same(self) -> bool:
        """Whether the index is the same before and after."""
        return digest(self.states[0]["content"]) == digest(self.states[-1]["content"])


class Campaign:
    """Disturbs scenes in one folder.

    Args:
        work: The folder; what is in it goes.
        files: Readouts of the corpus.
        random: Draws what is done.
    """

    def __init__(self, work: Path, files: int, random: random.Random) -> None:
        self.place, self.work, self.files, self.random = Place(work / "case"), work, files, random
        self.place.warm(files)

    def know(self, scene: Scene) -> Known:
        """Make the state before, and run undisturbed."""
        self.place.empty(self.files)
        scene.prepare(self.place)
        template = self.work / "templates" / scene.name
        shutil.rmtree(template, ignore_errors=True)
        shutil.copytree(self.place.folder, template)
        known = Known(scene, template, [self.look(finished=scene.during is not None)])
        if scene.during:
            for _ in scene.during(self.place):
                self.finish(scene)
                known.states.append(self.look(finished=True))
        else:
            for work in (*scene.between, scene.work):
                self.restore(known)
                ended = scene.start(self.place, work=partial(work, self.place)).end()
                if ended.code not in scene.codes:
                    raise SystemExit(f"{scene.name}, undisturbed, ended with {ended.code}:\n{ended.out}{ended.err}")
                known.states.append(self.look(finished=True))
            known.states[-1]["out"] = ended.out
            known.states[-1]["news"] = sorted(_news(ended.out))
        return known

    def restore(self, known: Known) -> None:
        """The state before, again."""
        self.place.clear()
        shutil.copytree(known.template, self.place.folder)

    def look(self, *, finished: bool) -> dict[str, Any]:
        """What somebody finds who opens it next."""
        place = self.place
        found = result(lambda: look(place.index, place.history, place.named, finished=finished), place.environment)
        if finished and (left := list((place.folder / "temporary").iterdir())):
            found["faults"].append(f"temporary files: {left}")
        return dict(found)

    def finish(self, scene: Scene) -> Ended:
        """The run that completes what was disturbed."""
        return scene.start(self.place, again=True).end()

    def judge(self, known: Known, ended: Ended, steps: int = 0) -> tuple[str, list[str]]:
        """Look at what was disturbed, complete it, and look again.

        Args:
            known: What was known before.
            ended: What the run printed.
            steps: What was done meanwhile.

        Returns:
            Which state was found ("before", "after" or between), and what is wrong.
        """
        found, completed, after = self._found(known)
        name, wrong = judged(known, found, ended, steps)
        if completed.code not in known.scene.codes:
            wrong.append(f"the run after it ended with {completed.code}: {completed.err[-600:]}")
        last = known.states[steps] if known.scene.during else known.states[-1]
        return name, [*wrong, *compared(last, after), *promised(known, after, ended, completed)]

    def _found(self, known: Known) -> tuple[dict[str, Any], Ended, dict[str, Any]]:
        """What is found, the run that completes it, and what is found then.

        What lies on the disk as it did before, byte for byte, is found as it was before.
        """
        disk = _on_disk(self.place.folder)
        if disk not in known.looked_at:
            found = self.look(finished=False)
            completed = self.finish(known.scene)
            known.looked_at[disk] = found, completed, self.look(finished=True)
        return known.looked_at[disk]


class LayeredCampaign(Campaign):
    """A campaign whose runs go through a layer before the system's calls.

    Args:
        library: The layer, as ``benchmarks.layer.load`` returns it.
        work: See ``Campaign``.
        files: See ``Campaign``.
        random: See ``Campaign``.
    """

    def __init__(self, library: ctypes.CDLL, work: Path, files: int, random: random.Random) -> None:
        super().__init__(work, files, random)
        self._library = library


def _on_disk(folder: Path) -> str:
    """A mark of all files of a folder; without what SQLite makes anew whenever a database is opened by the first."""
    made = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if not path.name.endswith("-shm"):
            content = path.read_bytes() if path.is_file() else b""
            made.update(f"{path.relative_to(folder)} {path.is_dir()} {len(content)}\n".encode() + content)
    return made.hexdigest()


def judged(known: Known, found: dict[str, Any], ended: Ended, steps: int) -> tuple[str, list[str]]:
    """Which of the known states was found, and what is wrong with it."""
    possible = known.states[: steps + 1] if known.scene.during else known.states
    wrong = [fault for fault in found["faults"] if not any(fault in state["faults"] for state in possible)]
    same = [number for number, state in enumerate(possible) if digest(state["content"]) == digest(found["content"])]
    if not same:
        return "neither", [*wrong, "the index is in no state that it was to have"]
    whole = [n for n in same if all(possible[n].get(part) == found.get(part) for part in KEPT)]
    number = whole[-1] if whole else same[-1]
    if found["answers"] != possible[number]["answers"]:
        wrong.append("answers are not those of the state that was found")
    wrong += [told for told in found["doctor"] if not any(told in state["doctor"] for state in possible)]
    if known.scene.name == "converse":
        kept = ended.out.count("kept ")
        turns = [turn for _, _, turns in found["talks"] for turn in turns]
        if len(turns) not in (kept, kept + 1) or [turn[0] for turn in turns] != list(range(1, len(turns) + 1)):
            wrong.append(f"{len(turns)} turns for {kept} that were said to be kept")
        return "between" if turns else "before", wrong
    if known.scene.during:
        told = sum('"change": "updated"' in line for line in ended.out.splitlines())
        wrong += [f"{told} changes were told, {number} are there"] if told > number else []
    for part, name in (("talks", "conversations"), ("named", "files that were named")):
        if found[part] not in [state[part] for state in possible]:
            wrong.append(f"{name} are in no state that they were to have: {found[part]!s:.300}")
    if not all(search in [one for state in possible for one in state["searches"]] for search in found["searches"]):
        wrong.append("saved searches are in no state that they were to have")
    if not whole:
        return "between", wrong
    return ("after" if number == len(possible) - 1 else "between" if number else "before"), wrong


def promised(known: Known, after: dict[str, Any], ended: Ended, completed: Ended) -> list[str]:
    """What of conversations and news was lost once all was completed."""
    scene, last = known.scene, known.states[-1]
    if scene.name == "converse":
        kept, turns = ended.out.count("kept "), [turn for _, _, turns in after["talks"] for turn in turns]
        more = completed.out.count("kept ")
        lost = len(turns) not in (kept + more, kept + more + 1)
        return [f"{len(turns)} turns of {kept} and {more}"] if lost else []
    wrong = [] if scene.during else compared(last, after, KEPT)
    if scene.name.startswith("tell"):
        told = {name for out in (ended.out, completed.out) for name in _news(out)}
        wrong += [f"never told: {name}" for name in set(last["news"]) - told]
    return wrong


def _news(out: str) -> set[str]:
    """Searches and readouts that were told as new, of whole lines."""
    lines = [json.loads(line) for line in out.split("\n")[:-1] if line.startswith("{")]
    return {f"{line['name']}: {hit['doc_id']}" for line in lines for hit in line.get("new", ())}


def compared(
    expected: dict[str, Any],
    found: dict[str, Any],
    parts: tuple[str, ...] = LAST,
) -> list[str]:
    """What of the last state is not as it is after a run that nothing disturbed."""
    wrong = [f"at the end: {fault}" for fault in found["faults"]] if "faults" in parts else []
    if "replaced" in parts and (lost := set(expected.get("replaced", ())) - set(found.get("replaced", ()))):
        wrong.append(f"of what was replaced is not kept: {lost}")
    for part in parts:
        if part not in ("faults", "replaced") and digest(expected.get(part)) != digest(found.get(part)):
            here, there = (json.loads(json.dumps(one.get(part), default=str)) for one in (expected, found))
            wrong.append(f"{part} at the end differ: {_first_difference(here, there)}")
    return wrong


def _first_difference(here: Any, there: Any) -> str:
    if isinstance(here, dict) and isinstance(there, dict):
        key = next(key for key in {**here, **there} if here.get(key) != there.get(key))
        return f"{key}: {_first_difference(here.get(key), there.get(key))}"
    if isinstance(here, list) and isinstance(there, list):
        pairs = [(a, b) for a, b in zip(here, there, strict=False) if a != b]
        return str(pairs[0] if pairs else (here[len(there) :] or there[len(here) :])[0])[:400]
    return f"{here} {there}"[:400]


def arguments(about: str | None, scenes: Sequence[Scene], files: int) -> argparse.ArgumentParser:
    """The options of every such campaign."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=lambda path: Path(path).resolve())
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--files", type=int, default=files)
    parser.add_argument("--scene", action="append", choices=[scene.name for scene in scenes])
    parser.add_argument("--output", type=Path)
    return parser


def chosen(scenes: Sequence[Scene], names: Sequence[str] | None) -> list[Scene]:
    """The scenes that were asked for; all where none was."""
    return [scene for scene in scenes if not names or scene.name in names]
