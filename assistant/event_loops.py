"""Calls that run in a thread, for event loops."""

from __future__ import annotations

import functools
from collections.abc import Callable, Coroutine
from typing import Any, Concatenate, ParamSpec, TypeVar

S = TypeVar("S")
P = ParamSpec("P")
R = TypeVar("R")


def threaded(method: Callable[Concatenate[S, P], R]) -> Callable[Concatenate[S, P], Coroutine[Any, Any, R]]:
    """A method's counterpart for event loops: the same arguments and result, but run in a thread, so that the loop continues.

    A cancelled task stops waiting; the thread finishes its work.
    """

    async def call(self: S, /, *args: P.args, **rest: P.kwargs) -> R:
        # Only event loops need it, and a first answer would wait for it.
        import asyncio

        return await asyncio.to_thread(getattr(self, method.__name__), *args, **rest)

    functools.update_wrapper(call, method)
    call.__name__ = f"{method.__name__}_async"
    call.__doc__ = f"``{method.__name__}`` in a thread, for event loops."
    return call
