"""Pilots wait for what is still to be done, and not for the clock."""

from __future__ import annotations

import asyncio

import pytest
import textual.app
import textual.pilot
from textual._context import active_app

#: Turns of the event loop within which nothing may be left to do.
_QUIET = 3


async def settled(*_: float) -> None:
    """Wait until every queue of messages is empty and every picture painted.

    Textual's own pilot waits until the processor has been idle for twenty milliseconds, twice for each key. On a machine
    with other work to do that never comes, and a second goes by with every key.
    """
    app = active_app.get()
    quiet = 0
    while quiet < _QUIET:
        await asyncio.sleep(0)
        nodes = [app, *app.screen.walk_children(with_self=True)] if app.screen_stack else [app]
        busy = any(node._message_queue is not None and node.message_queue_size for node in nodes)
        app.screen._on_timer_update()
        quiet = 0 if busy else quiet + 1


@pytest.fixture(autouse=True)
def without_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(textual.app, "wait_for_idle", settled)
    monkeypatch.setattr(textual.pilot, "wait_for_idle", settled)
