"""Many questions from one file, and searches as scripts see them."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from assistant.api import Assistant
from assistant.datatypes import Answer
from assistant.errors import QuestionFileError
from assistant.talk import Talk
from index.datatypes import Filters, Hit

#: Independent questions that are encoded together.
BATCH = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One line of a question file: the question, its id and its conversation, where it has them."""

    question: str
    id: str | None = None
    conversation: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search found, with what it was asked."""

    query: str
    filters: Filters
    hits: tuple[Hit, ...]
    seconds: float

    def to_dict(self) -> dict[str, Any]:
        """The search as the public JSON has it."""
        hits = [hit.to_dict() for hit in self.hits]
        return {"query": self.query, "filters": self.filters.to_dict(), "hits": hits, "seconds": round(self.seconds, 4)}


def search(assistant: Assistant, query: str, *, filters: Filters, top_k: int) -> Found:
    """Search, and say with which filters and how long it took."""
    started = time.perf_counter()
    typed = assistant.understand(query).filters & filters
    hits = assistant.search(query, top_k=top_k, filters=filters)
    return Found(query=query, filters=typed, hits=hits, seconds=time.perf_counter() - started)


def read_questions(lines: Iterable[str], name: str, *, conversation: str | None = None) -> list[Asked]:
    """Read a file of questions: a line is a question, or a JSON object with ``question``, ``id`` and ``conversation``.

    Args:
        lines: The lines; empty ones are passed over.
        name: Name of the file, for errors.
        conversation: For lines that name none.

    Raises:
        QuestionFileError: A line begins like an object and is none, or has no question; or there are no questions.
    """
    questions: list[Asked] = []
    try:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                questions.append(_read_line(line.strip(), f"{name}:{number}", conversation))
    except UnicodeDecodeError as error:
        raise QuestionFileError(f"{name} is not a text in UTF-8.", mend="Save it as UTF-8.") from error
    if not questions:
        raise QuestionFileError(f"{name} has no questions.", mend="Write one question a line.")
    return questions


def _read_line(line: str, where: str, conversation: str | None) -> Asked:
    if not line.startswith("{"):
        return Asked(question=line, conversation=conversation)
    try:
        found = json.loads(line)
        question = found["question"]
        if not isinstance(question, str):
            raise TypeError
    except (ValueError, KeyError, TypeError, RecursionError):
        raise QuestionFileError(
            f"{where} is not a question.", mend='Write {"question": "…"}, or the question alone.'
        ) from None
    talk = found.get("conversation", conversation)
    return Asked(
        question=question,
        id=None if found.get("id") is None else str(found["id"]),
        conversation=None if talk is None else str(talk),
    )


def answer_all(assistant: Assistant, questions: list[Asked], *, filters: Filters, top_k: int) -> Iterator[Answer]:
    """Answers in the order of the questions; those of one conversation see each other, the rest are encoded together.

    Conversations of a file live as long as the run: nothing of them is saved.
    """
    talks: dict[str, Talk] = {}
    waiting: list[Asked] = []
    for asked in questions:
        if asked.conversation is None:
            waiting.append(asked)
            if len(waiting) == BATCH:
                yield from _together(assistant, waiting, filters, top_k)
                waiting = []
            continue
        yield from _together(assistant, waiting, filters, top_k)
        waiting = []
        talk = talks.setdefault(asked.conversation, assistant.talk())
        answer = talk.ask(asked.question, filters=filters, top_k=top_k)
        yield replace(answer, id=asked.id, conversation=asked.conversation)
    yield from _together(assistant, waiting, filters, top_k)


def _together(assistant: Assistant, waiting: list[Asked], filters: Filters, top_k: int) -> Iterator[Answer]:
    answers = assistant.ask_many([asked.question for asked in waiting], filters=filters, top_k=top_k)
    for asked, answer in zip(waiting, answers, strict=True):
        yield replace(answer, id=asked.id)
