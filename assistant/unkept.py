"""Turns that could not be written: remembered while the process lives, and written as soon as possible."""

from __future__ import annotations

import datetime as dt
import threading

from assistant.datatypes import Answer, Turn
from assistant.errors import HistoryError
from assistant.history import History


class Unkept:
    """Keeps turns, those that are waiting first; safe from any thread.

    Args:
        history: Where they are kept.
    """

    def __init__(self, history: History) -> None:
        self._history = history
        self._lock = threading.RLock()
        self._waiting: dict[str, list[Turn]] = {}

    def turns(self, conversation: str, *, last: int) -> tuple[Turn, ...]:
        """The last turns of a conversation, including those that are waiting.

        Raises:
            HistoryError: What is on disk cannot be read, and may hold turns of it.
        """
        with self._lock:
            waiting = tuple(self._waiting.get(conversation, ()))
            try:
                kept = self._history.turns(conversation, last=last)
            except HistoryError:
                if not waiting and not self._history.began(conversation):
                    raise
                kept = ()
            return (*kept, *waiting)[-last:]

    def keep(self, conversation: str, answer: Answer) -> str:
        """Append a turn to its conversation; returns why that failed, empty if it did not."""
        with self._lock:
            self._waiting.setdefault(conversation, []).append(
                Turn(number=0, asked_at=dt.datetime.now(dt.UTC), answer=answer)
            )
            try:
                self._write(conversation)
            except HistoryError as error:
                return str(error)
        return ""

    def try_again(self) -> None:
        """Write what is waiting, as far as possible now."""
        with self._lock:
            for conversation in list(self._waiting):
                try:
                    self._write(conversation)
                except HistoryError:
                    return

    def _write(self, conversation: str) -> None:
        waiting = self._waiting[conversation]
        while waiting:
            self._history.add_turn(conversation, waiting[0].answer, asked_at=waiting[0].asked_at)
            waiting.pop(0)
        del self._waiting[conversation]
