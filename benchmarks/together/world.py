"""Readouts that say who they are: every sentence, the title and the day tell number and version, so that a torn read shows.

A state is what one commit made: all marked readouts that are there have one version, so that an answer in which two versions
stand is a mixture of two commits.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant import Answer
from index.datatypes import Facts, Filters, Hit, Readout, Record, Source
from index.versions import Version

MARK = re.compile(r"\bmark(\d+)v(\d+)\b")
_DOC = re.compile(r"^(?:marked|watched)-(\d+)$")
#: Numbers of marked readouts; those of watched ones begin at ``WATCHED``, and each of these has a version of its own.
MARKED, WATCHED = 8, 100
#: Days of marked readouts lie behind all others.
_FIRST = dt.date(2031, 1, 1)
_YEARS = 12
FUTURE = Filters(date_from=_FIRST)
_NAMES = ("Quillane", "Vargaste", "Ostermoor", "Brackwell", "Tindrovic", "Hallowen", "Marquenz", "Solvarin")


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What is there from one commit to the next.

    Attributes:
        version: Of every marked readout.
        present: Their numbers.
        began: When the run that made it began, before which nobody saw it.
        ended: When the run that replaced it had ended, after which nobody may see it; infinite for the last.
    """

    version: int
    present: frozenset[int]
    began: float
    ended: float = float("inf")


@dataclass(slots=True)
class Seen:
    """What one look at the index showed of the marked readouts.

    Attributes:
        began: Before it.
        ended: After it.
        versions: Those seen.
        numbers: Those seen.
        whole: Whether ``numbers`` are all that were there.
        faults: What was wrong by itself.
    """

    began: float
    ended: float
    versions: list[int]
    numbers: list[int]
    whole: bool
    faults: list[str]


def doc_id(number: int) -> str:
    """Id of a marked or watched readout."""
    return f"{'marked' if number < WATCHED else 'watched'}-{number}"


def day_of(version: int) -> dt.date:
    """Day of the event in a version."""
    return _FIRST + dt.timedelta(days=version % (365 * _YEARS))


def readout(number: int, version: int) -> str:
    """A readout as a Markdown file."""
    mark, name = f"mark{number}v{version}", _NAMES[number % len(_NAMES)]
    return (
        f"---\ntitle: Call with Envoy {name} on {mark}\nissuer: Office of the Envoys\nevent_date: {day_of(version)}\n"
        f"kind: call\nparties:\n  - {{name: Envoy {name}, office: Envoy, country: Iceland, side: counterpart}}\n---\n\n"
        f"The Secretary spoke with Envoy {name} on {mark} about lanterns. They agreed on {mark} to count the harbour seals.\n\n"
        f"On {mark} the Envoy thanked the Secretary for the ferries. Both will speak of {mark} again.\n"
    )


def write(folder: Path, numbers: Iterable[int], version: int) -> None:
    """Write these readouts, each as a whole at once."""
    for number in numbers:
        part = folder / f".{doc_id(number)}"
        part.write_text(readout(number, version), encoding="utf-8")
        part.rename(folder / f"{doc_id(number)}.md")


def look(began: float, ended: float, answer: Answer, texts: Mapping[str, str]) -> Seen:
    """Check an answer by itself: words verbatim in their readout, source and facts those of the words.

    Args:
        began: Before it was asked.
        ended: Once it was there.
        answer: The answer.
        texts: Text of every readout that never changes, by id.
    """
    seen = look_at_hits(began, ended, answer.hits, texts)
    for citation in answer.citations:
        _check(seen, citation.passage, citation.source, citation.facts, texts)
        if not citation.quote or citation.quote not in answer.text:
            seen.faults.append(f"a quote that the answer does not hold: {citation.quote[:60]}")
    listed = [_DOC.match(doc_id) for doc_id in answer.documents]
    numbers = [int(name[1]) for name in listed if name and int(name[1]) < WATCHED]
    if numbers:
        seen.numbers, seen.whole = numbers, True
    return seen


def look_at_hits(
    began: float, ended: float, hits: Iterable[Hit], texts: Mapping[str, str], *, whole: bool = False
) -> Seen:
    """Check passages; where ``whole``, there is one of every marked readout."""
    seen = Seen(began, ended, [], [], whole=whole, faults=[])
    for hit in hits:
        _check(seen, hit.passage.text, hit.passage.source, hit.facts, texts)
    return seen


def look_at_readout(began: float, number: int, readout: Readout, wordings: Iterable[Version]) -> Seen:
    """Check one marked readout as it was shown, with its wordings."""
    seen = Seen(began, began, [], [], whole=False, faults=[])
    for passage in readout.passages:
        _check(seen, passage.text, passage.source, readout.facts, {})
        if passage.text not in readout.text or passage.source != readout.source:
            seen.faults.append(f"{doc_id(number)} has a passage of another: {passage.text[:60]}")
    if any(f"mark{number}v" not in one.text for one in wordings):
        seen.faults.append(f"{doc_id(number)} has a wording of another")
    return seen


def look_at_records(began: float, ended: float, records: Iterable[Record]) -> Seen:
    """Check a list of all marked readouts."""
    seen = Seen(began, ended, [], [], whole=True, faults=[])
    for record in records:
        _check(seen, record.source.title, record.source, record.facts, {})
    return seen


def look_at_json(began: float, ended: float, told: Mapping[str, Any], texts: Mapping[str, str]) -> Seen:
    """Check an answer that a command printed."""
    seen = Seen(began, ended, [], [], whole=False, faults=[])
    for part in (*told["hits"], *told["citations"]):
        source = Source(doc_id=part["doc_id"], title=part["title"])
        day = dt.date.fromisoformat(part["event_date"]) if part["event_date"] else None
        _check(seen, part["passage"], source, Facts(event_date=day), texts)
    for part in told["citations"]:
        if part["passage"][part["start"] : part["end"]] != part["quote"]:
            seen.faults.append(f"a quote that does not stand in its passage: {part['quote'][:60]}")
    return seen


def _check(seen: Seen, text: str, source: Source, facts: Facts, texts: Mapping[str, str]) -> None:
    name = _DOC.match(source.doc_id)
    if name is None:
        if text not in texts.get(source.doc_id, ""):
            seen.faults.append(f"{source.doc_id} does not hold: {text[:60]}")
        return
    marks = {(int(number), int(version)) for number, version in MARK.findall(f"{source.title} {text}")}
    number = int(name[1])
    if len(marks) != 1 or next(iter(marks))[0] != number:
        seen.faults.append(f"{source.doc_id} ({source.title}) holds: {text[:60]}")
        return
    ((_, version),) = marks
    if facts.event_date != day_of(version):
        seen.faults.append(f"{source.doc_id} of version {version} is dated {facts.event_date}")
    if number < WATCHED:
        seen.versions.append(version)
        seen.numbers.append(number)


def faults_of(seen: Seen, states: Iterable[State]) -> list[str]:
    """What is wrong with a look, with all states known that there were."""
    versions, numbers = set(seen.versions), frozenset(seen.numbers)
    if len(versions) > 1:
        return [*seen.faults, f"a mixture of versions {sorted(versions)}"]
    then = [state for state in states if state.began <= seen.ended and state.ended >= seen.began]
    if seen.whole:
        fits = any(numbers == state.present and versions in ({state.version}, set()) for state in then)
    else:
        fits = not versions or any(numbers <= state.present and versions == {state.version} for state in then)
    if fits:
        return seen.faults
    return [*seen.faults, f"version {sorted(versions)} of {sorted(numbers)}, which no state of that time had"]
