"""One case after the other: a copy damaged, asked, looked at, mended, asked, indexed again, asked, and judged."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.damage import worlds
from benchmarks.damage.contents import CACHE, LOCK, MODEL, SETTINGS, TALKS, family, holds
from benchmarks.damage.damaging import damage, rot
from benchmarks.damage.workers import CrashedError
from index.database import Database

#: What is asked before and after; the last ones are of what is the user's own.
READING: tuple[tuple[str, ...], ...] = (
    *(("ask", question, "--json") for question in worlds.QUESTIONS),
    ("show", "{page}", "--json"),
    ("list", "--json"),
    ("status", "--json"),
    ("history", "--json"),
    ("history", "agreement", "--json"),
    ("export", worlds.TALK, "--json"),
    ("watch", "list", "--json"),
    ("watch", "run", "peace", "--json"),
)
_OWN = 6
#: Exit codes by which a command may refuse, by what is damaged: 3 for all that is kept, 2 for settings, 1 for a model.
REFUSED = {SETTINGS: (2,), MODEL: (1, 3)}
#: Verdicts that are as they should be.
GOOD = ("refused", "named", "named by the doctor alone", "made again", "no content", "other settings", "another's")
#: What of an answer may differ where a text was encoded again, by another engine.
_SCORES = ("score", "support", "trail", "cosine")


class Campaign:
    """One undamaged place, and copies of it to be damaged.

    Args:
        work: Folder, made again.
        corpus: Of readouts.
        address: Of a page.
        start: Returns what runs a command over a place, and what ends it; called again where a process would have kept what was
            damaged.
        model: Folder of the model; None if none is damaged.
        rots: Whether damage leaves the times of a file as they were; the catalogue is not compared then whenever it is opened.
    """

    def __init__(
        self,
        work: Path,
        corpus: Path,
        address: str,
        start: Callable[[Path], tuple[worlds.Run, Callable[[], None]]],
        model: Path | None = None,
        *,
        rots: bool = False,
    ) -> None:
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
        self._rots = rots
        self._corpus, self._address, self._start, self._model = corpus, address, start, model
        self._place, self.whole, self._other = work / "place", work / "whole", work / "other"
        self._run, self._close = start(self._place)
        worlds.make(self._place, worlds.few(corpus, work / "small"), address, self._checked, model)
        self._place.rename(self._other)
        self.restart()
        worlds.make(self._place, corpus, address, self._checked, model)
        listed = [json.loads(line) for line in self._checked("list", "--json")["out"].splitlines()]
        self._page = next(one["doc_id"] for one in listed if one["url"] == address)
        self._read()  # As a first question leaves it: with what is kept of the engine.
        self._expected = self._read()
        self._sound = {check["name"] for check in self._examined() if _is_sound(check)}
        self._texts = {one["doc_id"]: self._text(one["doc_id"]) for one in listed}
        self._close()
        shutil.copytree(self._place, self.whole, symlinks=True)
        self._run, self._close = start(self._place)

    def close(self) -> None:
        """End what runs."""
        self._close()

    def restart(self) -> None:
        """End what runs, and begin another."""
        self._close()
        self._run, self._close = self._start(self._place)

    def case(self, name: str, kind: str, drawn: random.Random) -> tuple[str, str] | None:
        """Damage a file and see what becomes of it; returns the verdict and why, None if nothing was changed."""
        shutil.rmtree(self._place)
        shutil.copytree(self.whole, self._place, symlinks=True)
        if self._rots:
            # A checksum is of one file, and of a copy everything would be compared: it is made anew.
            Database(self._place / "index", write=True).close()
        if not (rot if self._rots else damage)(self._place, name, kind, drawn, self._other):
            return None
        anew = family(name) in (CACHE, MODEL)
        try:
            if anew:
                # A process keeps what it has read of these.
                self.restart()
            return self._judge(name, kind)
        except CrashedError as error:
            anew = True
            return "crash", str(error)
        finally:
            if anew:
                self.restart()

    def _judge(self, name: str, kind: str) -> tuple[str, str]:
        damaged = holds(self._place / name)
        is_another = family(name) == TALKS and (kind == "deleted" or (kind == "other" and damaged is not None))
        before = self._read()
        wrong, refused = self._compare(before, name, own=not is_another)
        differs = wrong if self._rots and not self._compare(before, name, quotes_alone=True)[0] else ""
        if wrong and not differs:
            return "wrong", wrong
        told = self._told(name)
        if isinstance(told, str) or (differs and not told):
            return "no mend" if told else "wrong", str(told or differs)
        if family(name) == MODEL:
            # Nothing of ours mends it.
            return ("refused", "") if refused else self._silent(name, kind, damaged, told)
        wrong = self._repaired(name, own=not is_another) or self._again(name, hopeless=self._hopeless(name, kind))
        if wrong or differs:
            return ("not mended", wrong) if wrong else ("named by the doctor alone", "")
        return ("refused", "") if refused else self._silent(name, kind, damaged, told)

    def _silent(self, name: str, kind: str, damaged: Any, told: Sequence[str]) -> tuple[str, str]:
        """The verdict where every answer was as before."""
        if told:
            return "named", ""
        if family(name) == CACHE or name.endswith(".sum"):
            return "made again", ""
        if family(name) == TALKS and (kind == "deleted" or (kind == "other" and damaged is not None)):
            return "another's", ""
        before = holds(self.whole / name)
        if family(name) == SETTINGS and damaged != before and (damaged is not None or kind == "deleted"):
            return "other settings", ""
        if family(name) == LOCK or (damaged is not None and damaged == before):
            return "no content", ""
        return "not noticed", "what it holds is not what it held"

    def _examined(self) -> list[dict[str, Any]]:
        """What the doctor says of each thing."""
        return [json.loads(line) for line in self._checked("doctor", "--json")["out"].splitlines()]

    def _told(self, name: str) -> list[str] | str:
        """What the doctor finds wrong that it found sound before; a text where it says so without a mend."""
        ran = self._checked("doctor", "--json")
        if ran["code"] == 2 and family(name) == SETTINGS:
            return [ran["err"]]
        found = [json.loads(line) for line in ran["out"].splitlines()]
        if any(not check["good"] and not check["mend"] for check in found):
            return str(found)
        return [check["found"] for check in found if check["name"] in self._sound and not _is_sound(check)]

    def _hopeless(self, name: str, kind: str) -> bool:
        # What is saved of another index is another index; the user's own is made of its files again.
        return kind == "other" and name.endswith("catalogue.sqlite")

    def _repaired(self, name: str, *, own: bool) -> str:
        """Mend by command and ask again; what is then not as it was, and was not named as lost."""
        ran = self._checked("doctor", "--repair", "--json")
        if ran["code"] == 2 and family(name) == SETTINGS:
            return self._settings_again(name)
        if ran["code"] not in (0, 1, 3):
            return f"repair ended with {ran['code']}: {ran['err']}"
        if ran["code"] == 3 and not _says_mend(ran["err"]):
            return f"no mend: {ran['err']}"
        lines = [json.loads(line) for line in ran["out"].splitlines()]
        mended = [line for line in lines if line.get("repaired")]
        lost = [one for line in mended for one in line["lost"]]
        if ran["code"] == 3 or lost or any(line.get("good") is False for line in lines):
            return self._rest(lost) if ran["code"] == 0 else ""
        again = any("encoded again" in line["done"] and " 0 texts" not in line["done"] for line in mended)
        wrong, still = self._compare(self._read(), name, own=own, exactly=not again)
        return wrong or "; ".join(still)

    def _settings_again(self, name: str) -> str:
        (self._place / name).unlink(missing_ok=True) if not (self._place / name).is_dir() else shutil.rmtree(
            self._place / name
        )
        shutil.copy(self.whole / name, self._place / name)
        wrong, still = self._compare(self._read(), name)
        return wrong or "; ".join(still)

    def _rest(self, lost: Sequence[str]) -> str:
        """What is wrong with a list of readouts that is to lack what is lost, and that alone."""
        before = [json.loads(line) for line in self._expected[4]["out"].splitlines()]
        ran = self._checked("list", "--json")
        if ran["code"]:
            return str(ran["err"])
        now = {one["doc_id"] for one in map(json.loads, ran["out"].splitlines())}
        gone = [one["doc_id"] for one in before if one["doc_id"] not in now]
        unnamed = [doc_id for doc_id in gone if doc_id not in lost]
        if len(unnamed) > sum(one.startswith("(") for one in lost):
            return f"not named as lost: {', '.join(unnamed)}"
        return ""

    def _again(self, name: str, *, hopeless: bool) -> str:
        """Index again, as the mend says, and ask once more; what differs then, but for what is the user's own."""
        if hopeless:
            shutil.rmtree(self._place / "index")
        ran = self._checked("index", str(self._corpus), self._address, "--json")
        if ran["code"]:
            if not _says_mend(ran["err"]):
                return str(ran)
            # A folder or a file in the place of another is moved away by hand.
            shutil.rmtree(self._place / "index")
            ran = self._checked("index", str(self._corpus), self._address, "--json")
        if ran["code"]:
            return str(ran)
        wrong, still = self._compare(self._read(), name, own=False, exactly=False)
        return wrong or "; ".join(still)

    def _compare(
        self,
        found: Sequence[Mapping[str, Any]],
        name: str,
        *,
        own: bool = True,
        exactly: bool = True,
        quotes_alone: bool = False,
    ) -> tuple[str, list[str]]:
        """What is wrong, and the refusals."""
        refused: list[str] = []
        asked = list(zip(found, self._expected, strict=True))
        for ran, expected in asked if own else asked[:_OWN]:
            if ran["code"] in (0, 10):
                wrong = self._misquoted(ran)
                if not wrong and not quotes_alone:
                    wrong = _difference(ran, expected, exactly, family(name) == SETTINGS)
                if wrong:
                    return f"{ran['args']}: {wrong}", refused
            elif ran["code"] in REFUSED.get(family(name), (3,)) and _says_mend(ran["err"]):
                refused.append(ran["err"])
            else:
                return f"{ran['args']}: exit code {ran['code']}: {ran['err'][:300]}", refused
        return "", refused

    def _misquoted(self, ran: Mapping[str, Any]) -> str:
        """A quote that does not stand in its readout as that was indexed."""
        if ran["args"][0] != "ask":
            return ""
        for one in json.loads(ran["out"])["citations"]:
            if one["quote"] not in self._texts.get(one["doc_id"], ""):
                return f"{one['quote']!r} does not stand in {one['doc_id']}"
        return ""

    def _text(self, doc_id: str) -> str:
        return str(json.loads(self._checked("show", doc_id, "--json")["out"])["text"])

    def _read(self) -> list[dict[str, Any]]:
        return [self._checked(*(part.format(page=self._page) for part in command)) for command in READING]

    def _checked(self, *command: str) -> dict[str, Any]:
        ran = dict(self._run(*command))
        if ran["trace"]:
            raise CrashedError(f"{command}: {ran['trace']}")
        return ran


def _is_sound(check: Mapping[str, Any]) -> bool:
    return check["good"] and "no checksum" not in check["found"]


def _says_mend(err: str) -> bool:
    return len(err.strip().splitlines()) >= 2


def _difference(ran: Mapping[str, Any], expected: Mapping[str, Any], exactly: bool, may_be_set: bool) -> str:
    """How what a command printed differs from what it should; empty if it does not."""
    now, before = _essence(ran["out"], exactly), _essence(expected["out"], exactly)
    if may_be_set and ran["args"][0] == "ask":
        # Other settings show more or fewer passages.
        for one in (*now, *before):
            one.pop("hits", None)
    if ran["code"] != expected["code"]:
        return f"exit code {ran['code']} for {expected['code']}"
    return next(_differing(_in_order(now), _in_order(before)), "")


def _in_order(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(found, key=lambda line: json.dumps(line, sort_keys=True))


def _differing(now: Any, before: Any, where: str = "") -> Iterator[str]:
    """Each place at which two values differ, with both."""
    if isinstance(now, dict) and isinstance(before, dict) and now.keys() == before.keys():
        for key in now:
            yield from _differing(now[key], before[key], f"{where}.{key}")
    elif isinstance(now, list) and isinstance(before, list) and len(now) == len(before):
        for place, (one, other) in enumerate(zip(now, before, strict=True)):
            yield from _differing(one, other, f"{where}[{place}]")
    elif now != before:
        yield f"{where}: {now!r:.300} for {before!r:.300}"


def _essence(out: str, exactly: bool) -> list[dict[str, Any]]:
    """What must be equal: everything but times, places of folders, and the order of readouts of one day."""
    lines = [json.loads(line) for line in out.splitlines()]
    for line in lines:
        for key in ("seconds", "engine", "engine_why", "run_at"):
            line.pop(key, None)
        for version in line.get("versions", ()) if not exactly else ():
            version.pop("seen", None)
        if not exactly:
            _drop(line)
    return lines


def _drop(found: Any) -> None:
    """Take scores out, and the order and the last of passages with them."""
    if isinstance(found, dict):
        for key in (*_SCORES, "hits", "rank"):
            found.pop(key, None)
    for inner in found.values() if isinstance(found, dict) else found if isinstance(found, list) else ():
        _drop(inner)
