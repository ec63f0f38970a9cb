"""Questions that nobody asks in good faith, through every door of the program: none stops it, and none acts as more than words.

``python -m benchmarks.hostile_questions INDEX [--questions 10000] [--seed 1] [--outside 200]``: every question is asked (in a
conversation in memory, in one on disk, and as an assistant's, in turn), searched for by full text, and used as filter, as words
of a saved search and of the history; ``--outside`` of them also go through whole processes, the protocol and the chat. INDEX is
read only. Exit code 1 if anything was not as it should be:

- no error but a refusal (``REFUSALS``), and none above five CPU seconds (elapsed time includes the work of others);
- SQLite prepares only reading statements (``Watched``), and words with operators between them find what the words alone find;
- no quote differs from its readout; nothing printed acts on a terminal.
"""

from __future__ import annotations

import argparse
import io
import random
import sqlite3
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from rich.console import Console

from assistant import export, printing
from assistant.api import Assistant
from assistant.datatypes import Answer
from assistant.errors import QuestionError, ReadoutsError
from assistant.export import sheet
from assistant.forms import FORMS
from assistant.history import History
from assistant.mcp.desk import Desk
from assistant.talk import Talk
from benchmarks import hostile_outside
from benchmarks.odd_questions import Odd, odd_questions
from benchmarks.tables import percentile
from index.datatypes import Filters
from index.errors import DocumentError, FilterError

#: Instead of an answer: the question is empty or too long, a filter means nothing, no readout has this id.
REFUSALS = (QuestionError, FilterError, DocumentError)
#: Seconds of the processor, over all threads, that no door may take for one question.
PATIENCE = 5.0
#: Questions that are named as the slowest.
SLOWEST = 5
#: Questions of one conversation.
TURNS = 6
#: What SQLite may prepare while questions are answered: selecting, reading, functions, and transactions around them.
_READING = frozenset(
    {
        sqlite3.SQLITE_SELECT,
        sqlite3.SQLITE_READ,
        sqlite3.SQLITE_FUNCTION,
        sqlite3.SQLITE_RECURSIVE,
        sqlite3.SQLITE_TRANSACTION,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One question through one door.

    Attributes:
        door: Which.
        odd: The question.
        seconds: Of the processor that it took; by the clock where it is another process.
        refused: Whether it was refused in words.
        fault: What was not as it should be; empty if nothing was.
    """

    door: str
    odd: Odd
    seconds: float
    refused: bool = False
    fault: str = ""


class Watched:
    """What SQLite prepares over a connection beyond reading; the database of an index is read only here."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.others: set[tuple[int, str | None, str | None]] = set()
        connection.set_authorizer(self._look)

    def _look(self, action: int, first: str | None, second: str | None, *_: object) -> int:
        harmful = action == sqlite3.SQLITE_FUNCTION and second == "load_extension"
        seen = action == sqlite3.SQLITE_PRAGMA and first == "data_version"
        if not seen and (action not in _READING or harmful):
            self.others.add((action, first, second))
        return sqlite3.SQLITE_OK


class Doors:
    """Every way in within this process.

    Args:
        assistant: Over an index; its history is written to.
    """

    def __init__(self, assistant: Assistant) -> None:
        self._assistant, self._desk = assistant, Desk(lambda: assistant)
        self._talk: Talk = assistant.talk()
        self._kept = assistant.conversation()
        self._texts = lru_cache(maxsize=None)(lambda doc_id: assistant.readout(doc_id).text)

    def through(self, number: int, odd: Odd) -> Iterator[Trial]:
        """One question through all of them."""
        if number % TURNS == 0:
            self._talk, self._kept = self._assistant.talk(), self._assistant.conversation()
        asking = (self._asked, self._kept_asked, self._by_an_assistant)[number % 3]
        yield tried("ask", odd, lambda: asking(odd.text))
        yield tried("full text", odd, lambda: self._full_text(odd))
        yield tried("look-ups", odd, lambda: self._looked_up(odd.text))
        yield tried("filters", odd, lambda: self._as_filters(odd.text))

    def _asked(self, text: str) -> Iterable[str]:
        return self._printed(self._talk.ask(text))

    def _kept_asked(self, text: str) -> Iterable[str]:
        answer = self._kept.ask(text)
        return [*self._printed(answer), *exported(answer)]

    def _by_an_assistant(self, text: str) -> Iterable[str]:
        return strings(self._desk.ask(text, Filters(), conversation=None, passages=3))

    def _printed(self, answer: Answer) -> Iterable[str]:
        for citation in answer.citations:
            assert citation.quote in self._texts(citation.source.doc_id), f"not verbatim: {citation.quote}"
        console = Console(file=io.StringIO(), width=200, highlight=False, markup=False, emoji=False, soft_wrap=True)
        printing.print_answer(console, answer, explain=True)
        with redirect_stdout(io.StringIO()) as out:
            printing.print_json(answer.to_dict())
        return [console.file.getvalue(), out.getvalue()]  # type: ignore[attr-defined]

    def _full_text(self, odd: Odd) -> Iterable[str]:
        found = [
            (hit.passage.source.doc_id, hit.passage.paragraph, hit.score)
            for hit in self._assistant.search_text(odd.text)
        ]
        if odd.plain:
            plain = self._assistant.search_text(odd.plain)
            alone = [(hit.passage.source.doc_id, hit.passage.paragraph, hit.score) for hit in plain]
            assert found == alone, f"operators count: {found[:3]} is not {alone[:3]}"
        return ()

    def _looked_up(self, text: str) -> Iterable[str]:
        self._assistant.matching(text)
        self._assistant.history.conversations(text)
        return ()

    def _as_filters(self, text: str) -> Iterable[str]:
        for filters in (Filters(parties=(text,)), Filters(issuers=(text,)), Filters(doc_ids=(text,))):
            self._assistant.count(filters)
        self._assistant.records(Filters(date_from=text), limit=1)
        self._assistant.readout(text)
        return ()


def exported(answer: Answer) -> Iterable[str]:
    """An answer in every form of export."""
    return [export.export(sheet.of_answers([answer]), form) for form in FORMS]


def tried(door: str, odd: Odd, work: Callable[[], Iterable[str]]) -> Trial:
    """One question through one door, and what was wrong with what came of it."""
    started, refused, fault = time.process_time(), False, ""
    try:
        shown = list(work())
    except REFUSALS as error:
        refused, shown = True, [printing.printable(str(error))]
        fault = "" if not isinstance(error.__cause__, sqlite3.Error) else f"SQLite speaks: {error}"
    except (ReadoutsError, AssertionError) as error:
        shown, fault = [], f"{type(error).__name__}: {error}"
    except Exception as error:  # noqa: BLE001 - any error is what is looked for
        shown, fault = [], f"{type(error).__name__}: {error} ({type(error.__cause__).__name__})"
    taken = time.process_time() - started
    acting = next((match.group() for text in shown if (match := hostile_outside.ACTING.search(text))), "")
    fault = fault or (f"{acting!r} is shown" if acting else "") or (f"{taken:.1f} s" if taken > PATIENCE else "")
    return Trial(door=door, odd=odd, seconds=taken, refused=refused, fault=fault)


def strings(value: object) -> Iterator[str]:
    """Every text within a value of JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from (str(key), *strings(one))
    elif isinstance(value, list | tuple):
        for one in value:
            yield from strings(one)


def campaign(
    assistant: Assistant, questions: Iterable[Odd]
) -> tuple[list[Trial], set[tuple[int, str | None, str | None]]]:
    """All questions through all doors of this process, and what SQLite prepared beyond reading."""
    assistant.warm()
    watched = Watched(assistant._opened().catalogue._connection)
    doors = Doors(assistant)
    return [trial for number, odd in enumerate(questions) for trial in doors.through(number, odd)], watched.others


def main() -> int:
    """Ask them all, and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("index", type=Path)
    parser.add_argument("--questions", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--outside", type=int, default=200)
    options = parser.parse_args()
    questions = list(odd_questions(options.questions, options.seed))
    with tempfile.TemporaryDirectory() as folder:
        with Assistant(options.index, history=History(Path(folder) / "talks")) as assistant:
            trials, others = campaign(assistant, questions)
        some = random.Random(options.seed).sample(questions, min(options.outside, len(questions)))
        tell(trials)
        told = hostile_outside.trials(options.index, Path(folder), some)
        outside = [
            Trial(door=d, odd=odd, seconds=s, refused=refused, fault=fault) for d, odd, s, refused, fault in told
        ]
        if outside:
            tell(outside)
    for other in sorted(others, key=str):
        print(f"SQLite prepared more than reading: {other}")
    return 1 if others or any(trial.fault for trial in (*trials, *outside)) else 0


def tell(trials: list[Trial]) -> None:
    """A line for each door, then every fault."""
    doors: dict[str, list[Trial]] = defaultdict(list)
    for trial in trials:
        doors[trial.door].append(trial)
    print(
        "| door | questions | refused in words | faults | median ms | p99 ms | most ms |\n|---|---|---|---|---|---|---|"
    )
    for door, those in doors.items():
        times = [1000 * trial.seconds for trial in those]
        faults = sum(bool(trial.fault) for trial in those)
        figures = f"{percentile(times, 0.5):.0f} | {percentile(times, 0.99):.0f} | {max(times):.0f}"
        print(f"| {door} | {len(those):,} | {sum(t.refused for t in those):,} | {faults} | {figures} |")
    print(dict(Counter(trial.odd.family for trial in trials)))
    for trial in sorted(trials, key=lambda trial: -trial.seconds)[:SLOWEST]:
        print(
            f"slow: {1000 * trial.seconds:.0f} ms, {trial.door}, {trial.odd.family}: {trial.odd.text[:100]!a}",
            flush=True,
        )
    for trial in [trial for trial in trials if trial.fault][:50]:
        print(f"FAULT {trial.door}, {trial.odd.family}: {trial.fault[:300]}\n      {trial.odd.text[:300]!a}")


if __name__ == "__main__":
    sys.exit(main())
