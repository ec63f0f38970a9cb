"""A conversation of questions that follow each other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Protocol

from assistant.datatypes import Answer, Turn
from index.datatypes import Filters


class Answering(Protocol):
    """What a conversation needs from an assistant."""

    def ask(
        self, question: str, *, filters: Filters | None = None, conversation: str | None = None, top_k: int = 10
    ) -> Answer:
        """Answer a question of a conversation, and keep the turn."""
        ...

    def answer_next(
        self, question: str, turns: Sequence[Turn], *, filters: Filters | None = None, top_k: int = 10
    ) -> Answer:
        """Answer a question that follows these turns, and keep nothing."""
        ...


class Talk:
    """A conversation: each question is understood in the light of those before it.

    Args:
        assistant: Answers the questions.
        conversation: Id under which the turns are kept; None keeps them in memory only.
    """

    def __init__(self, assistant: Answering, conversation: str | None) -> None:
        self.id = conversation
        self._assistant = assistant
        self._turns: list[Turn] = []

    def ask(self, question: str, *, filters: Filters | None = None, top_k: int = 10) -> Answer:
        """Answer a question in the light of those before it; see ``Assistant.ask``."""
        if self.id is not None:
            return self._assistant.ask(question, filters=filters, conversation=self.id, top_k=top_k)
        answer = self._assistant.answer_next(question, self._turns, filters=filters, top_k=top_k)
        self._turns.append(Turn(number=len(self._turns) + 1, asked_at=dt.datetime.now(dt.UTC), answer=answer))
        return answer
