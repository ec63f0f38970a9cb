"""Asking every question of the files, and keeping each outcome."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from assistant.datatypes import Answer
from assistant.errors import QuestionFileError
from assistant.evaluation.outcomes import Outcome, breaches, held, judge_list, judge_quoted, judge_unanswerable
from assistant.evaluation.questions import Ask, Gold, Line, Type, read_questions
from assistant.evaluation.summary import Summary, summarise
from index import private
from index.datatypes import Progress, Readout
from index.errors import DocumentError

#: Rises when a saved evaluation can no longer be compared with older ones.
FORMAT = 1


class Asking(Protocol):
    """Whatever takes one question after another."""

    def ask(self, question: str, /) -> Answer:
        """Answer one question."""
        ...


class Evaluable(Asking, Protocol):
    """What an evaluation needs from the assistant."""

    def talk(self) -> Asking:
        """A new conversation that is not kept."""
        ...

    def readout(self, doc_id: str, /) -> Readout:
        """One readout; ``DocumentError`` for an unknown id."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """One run over question files.

    Attributes:
        files: The files, as given.
        lines: Lines asked.
        outcomes: The outcome of each question that counts, in the order of the files.
        summary: The figures.
        left_out: Places of the questions left out because none of their gold is in this index.
        split: Places of the questions whose gold words are in no single passage of the index; they count as misses.
        citations: How many citations were checked against their readouts.
        violations: Each citation that was not verbatim, in a sentence; must be empty.
    """

    files: tuple[str, ...]
    lines: int
    outcomes: tuple[Outcome, ...]
    summary: Summary
    left_out: tuple[str, ...]
    split: tuple[str, ...]
    citations: int
    violations: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """The run as it is saved: figures first, then question by question."""
        return {
            "format": FORMAT,
            "files": list(self.files),
            "lines": self.lines,
            **self.summary.to_dict(),
            "left_out": list(self.left_out),
            "split": list(self.split),
            "citations": self.citations,
            "violations": list(self.violations),
            "questions": [outcome.to_dict() for outcome in self.outcomes],
        }


def evaluate(
    assistant: Evaluable,
    files: Sequence[Path],
    *,
    limit: int | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Evaluation:
    """Ask every question of the files and measure the answers.

    Each question is asked by itself, the way a person asks it, so that the seconds are those a person waits; turns are
    asked in order in one conversation.

    Args:
        assistant: Whom to ask.
        files: Question files.
        limit: Ask only so many lines, taken evenly from all of them so that every type is among them.
        progress: Called after each line.

    Raises:
        QuestionFileError: A file is not as the format wants it; nothing has been asked then.
    """
    lines = read_questions(files)
    if limit is not None and 0 <= limit < len(lines):
        lines = tuple(lines[number * len(lines) // limit] for number in range(limit))
    run = _Run(assistant)
    for done, line in enumerate(lines, start=1):
        run.ask(line)
        if progress:
            progress(Progress(stage="asking", done=done, total=len(lines), note=line.asks[0].question))
    return Evaluation(
        files=tuple(str(path) for path in files),
        lines=len(lines),
        outcomes=tuple(run.outcomes),
        summary=summarise(run.outcomes),
        left_out=tuple(run.left_out),
        split=tuple(run.split),
        citations=run.citations,
        violations=tuple(run.violations),
    )


def save(evaluation: Evaluation, path: Path) -> None:
    """Write an evaluation as JSON, whole or not at all; an existing file is replaced.

    Raises:
        OSError: It cannot be written; an existing file stays.
    """
    content = (json.dumps(evaluation.to_dict(), ensure_ascii=False, indent=1) + "\n").encode()
    if path.exists() and not path.is_file():
        # A terminal or a pipe, which nothing takes the place of.
        path.write_bytes(content)
    else:
        private.replace(path, content)


def load(path: Path) -> dict[str, Any]:
    """Read what ``save`` wrote.

    Raises:
        QuestionFileError: It cannot be read, or is not a saved evaluation.
    """
    mend = "Give a file that readouts evaluate wrote."
    try:
        saved = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise QuestionFileError(f"{path} cannot be read as an evaluation: {error}.", mend=mend) from error
    if not isinstance(saved, dict) or saved.get("format") != FORMAT:
        raise QuestionFileError(f"{path} is not an evaluation in this format ({FORMAT}).", mend=mend)
    return saved


@dataclass(slots=True)
class _Run:
    assistant: Evaluable
    outcomes: list[Outcome] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    split: list[str] = field(default_factory=list)
    citations: int = 0
    violations: list[str] = field(default_factory=list)
    readouts: dict[str, Readout | None] = field(default_factory=dict)

    def ask(self, line: Line) -> None:
        if line.type is Type.FOLLOWUP:
            talk = self.assistant.talk()
            for number, turn in enumerate(line.asks, start=1):
                kind = Type.FIRST_TURN if number == 1 else Type.FOLLOWUP
                self._quoted(talk, f"{line.place}.{number}", kind, turn)
        elif line.type is Type.LIST:
            self._list(line)
        elif line.type is Type.UNANSWERABLE:
            answer, seconds = self._answer(self.assistant, line.place, line.asks[0])
            self.outcomes.append(judge_unanswerable(line.place, line.asks[0], line.kind, answer, seconds))
        else:
            self._quoted(self.assistant, line.place, line.type, line.asks[0])

    def _quoted(self, whom: Asking, place: str, kind: Type, ask: Ask) -> None:
        # A turn without gold is asked all the same: the turns after it lean on it.
        answer, seconds = self._answer(whom, place, ask)
        gold = [item for item in ask.gold if self._readout(item.doc)]
        if not gold:
            self.left_out.append(place)
            return
        self.outcomes.append(judge_quoted(place, kind, ask, gold, answer, seconds))
        if not any(self._in_one_passage(item) for item in gold):
            self.split.append(place)

    def _list(self, line: Line) -> None:
        answer, seconds = self._answer(self.assistant, line.place, line.asks[0])
        docs = [doc for doc in line.gold_docs if self._readout(doc)]
        if docs:
            self.outcomes.append(judge_list(line.place, line.asks[0], docs, answer, seconds))
        else:
            self.left_out.append(line.place)

    def _answer(self, whom: Asking, place: str, ask: Ask) -> tuple[Answer, float]:
        start = time.perf_counter()
        answer = whom.ask(ask.question)
        seconds = time.perf_counter() - start
        cited = {c.source.doc_id: self._readout(c.source.doc_id) for c in answer.citations}
        self.citations += len(answer.citations)
        self.violations.extend(breaches(place, answer, cited))
        return answer, seconds

    def _readout(self, doc_id: str) -> Readout | None:
        if doc_id not in self.readouts:
            try:
                self.readouts[doc_id] = self.assistant.readout(doc_id)
            except DocumentError:
                self.readouts[doc_id] = None
        return self.readouts[doc_id]

    def _in_one_passage(self, gold: Gold) -> bool:
        readout = self._readout(gold.doc)
        return readout is not None and any(held(passage.text, gold) for passage in readout.passages)
