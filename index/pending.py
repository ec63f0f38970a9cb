"""A value computed in another thread while other work is done."""

from __future__ import annotations

import atexit
import os
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, ClassVar, Generic, TypeVar

T = TypeVar("T")
#: Threads that are kept waiting for a call: a question makes one or two at a time.
KEPT = 2


class _Worker:
    """A thread that makes one call after another; starting one takes ten times as long as handing a call to one that waits."""

    #: Those that wait for a call.
    idle: ClassVar[list[_Worker]] = []
    #: All there are.
    every: ClassVar[list[_Worker]] = []
    #: Whether the interpreter is about to end.
    is_over: ClassVar[bool] = False

    def __init__(self) -> None:
        self._calls: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        # Not waited for by the interpreter, which would wait for ever.
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()
        self.every.append(self)

    @classmethod
    def make(cls, call: Callable[[], None]) -> None:
        """Make a call, which raises nothing, in a thread that has none; at once where no more threads may be."""
        if cls.is_over:
            call()
            return
        try:
            worker = cls.idle.pop()
        except IndexError:
            worker = cls()
        worker._calls.put(call)

    def end(self) -> None:
        """Wait for the end of its calls, and of itself."""
        self._calls.put(None)
        self._thread.join()

    def _work(self) -> None:
        while (call := self._calls.get()) is not None:
            call()
            # Not kept until the next: what it refers to may be large.
            del call
            if len(self.idle) >= KEPT:
                self.every.remove(self)
                return
            self.idle.append(self)


@atexit.register
def _finish() -> None:
    """End the threads before the interpreter does: libraries outside Python abort the process where a thread is torn down."""
    _Worker.is_over = True
    for worker in tuple(_Worker.every):
        worker.end()


def _forget() -> None:
    """A forked process has none of these threads."""
    _Worker.idle.clear()
    _Worker.every.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)


class Pending(Generic[T]):
    """The future result of a call, which begins at once; so a question is encoded while it is looked up in the full text.

    The standard library's futures do nearly the same; importing them brings logging with it, a fortieth of the time to a first
    answer.

    Args:
        compute: The call. It gains most if it is mostly outside Python.
        after: Another value. If it is not there yet, this one is computed next in the same thread, on a core that need not be
            woken.
    """

    def __init__(self, compute: Callable[[], T], *, after: Pending[Any] | None = None) -> None:
        self._compute = compute
        self._value: list[T] = []
        self._error: BaseException | None = None
        #: Whether the value is there without waiting.
        self.is_there = False
        self._waiting = threading.Lock()
        self._waiting.acquire()
        #: What is computed next in this thread; None once it is too late for more.
        self._next: list[Pending[Any]] | None = []
        self._ending = threading.Lock()
        if after is None or not after._leads_to(self):
            _Worker.make(self._run)

    def result(self) -> T:
        """Wait for the value; raises what the call raised."""
        with self._waiting:
            pass
        if self._error is not None:
            raise self._error
        return self._value[0]

    def _leads_to(self, other: Pending[Any]) -> bool:
        with self._ending:
            if self._next is not None:
                self._next.append(other)
            return self._next is not None

    def _run(self) -> None:
        try:
            self._value.append(self._compute())
        except BaseException as error:  # noqa: BLE001 - whatever a thread raises must reach who asks for the value
            self._error = error
        self.is_there = True
        self._waiting.release()
        with self._ending:
            others, self._next = self._next or [], None
        for other in others:
            other._run()
