"""Many questions from one file: read, and answered in their order."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from assistant.api import Assistant
from assistant.datatypes import Answer
from assistant.errors import QuestionFileError
from assistant.talk import Talk
from index.datatypes import Filters

#: Independent questions that are encoded together.
BATCH = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchQuestion:
    """One line of the file.

    Attributes:
        question: As a person would type it.
        id: Id that the file gives it, or None.
        conversation: Name of the conversation that it continues, or None.
    """

    question: str
    id: str | None = None
    conversation: str | None = None


def read_questions(lines: Iterable[str], name: str, *, conversation: str | None = None) -> list[BatchQuestion]:
    """Read a file of questions: a line is a question, or a JSON object with ``question``, ``id`` and ``conversation``.

    Args:
        lines: The lines; empty ones are skipped.
        name: Name of the file, for errors.
        conversation: For lines that name none.

    Raises:
        QuestionFileError: A line begins like an object and is not one, or has no question; or there are no questions.
    """
    questions: list[BatchQuestion] = []
    try:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                questions.append(_read_line(line.strip(), f"{name}:{number}", conversation))
    except UnicodeDecodeError as error:
        raise QuestionFileError(f"{name} is not a text in UTF-8.", mend="Save it as UTF-8.") from error
    if not questions:
        raise QuestionFileError(f"{name} has no questions.", mend="Write one question per line.")
    return questions


def _read_line(line: str, where: str, conversation: str | None) -> BatchQuestion:
    if not line.startswith("{"):
        return BatchQuestion(question=line, conversation=conversation)
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
    return BatchQuestion(
        question=question,
        id=None if found.get("id") is None else str(found["id"]),
        conversation=None if talk is None else str(talk),
    )


def answer_all(
    assistant: Assistant, questions: list[BatchQuestion], *, filters: Filters, top_k: int
) -> Iterator[Answer]:
    """Answers in the order of the questions; those of one conversation follow each other, the rest are encoded together.

    The conversations of a file last as long as the run; nothing of them is saved.
    """
    talks: dict[str, Talk] = {}
    waiting: list[BatchQuestion] = []
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


def _together(assistant: Assistant, waiting: list[BatchQuestion], filters: Filters, top_k: int) -> Iterator[Answer]:
    answers = assistant.ask_many([asked.question for asked in waiting], filters=filters, top_k=top_k)
    for asked, answer in zip(waiting, answers, strict=True):
        yield replace(answer, id=asked.id)
