"""A value computed in a thread of its own while other work is done."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Pending(Generic[T]):
    """The future result of a call, which begins at once; so a question is encoded while it is looked up in the full text.

    The standard library's futures do the same; importing them brings logging with it, a fortieth of the time to a first answer.

    Args:
        compute: The call. It gains most if it is mostly outside Python.
    """

    def __init__(self, compute: Callable[[], T]) -> None:
        self._compute = compute
        self._value: list[T] = []
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    @property
    def is_there(self) -> bool:
        """Whether the value is there without waiting."""
        return not self._thread.is_alive()

    def result(self) -> T:
        """Wait for the value; raises what the call raised."""
        self._thread.join()
        if self._error is not None:
            raise self._error
        return self._value[0]

    def _run(self) -> None:
        try:
            self._value.append(self._compute())
        except BaseException as error:  # noqa: BLE001 - whatever a thread raises must reach who asks for the value
            self._error = error
