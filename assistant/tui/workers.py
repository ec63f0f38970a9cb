"""Slow calls, away from the screen's own thread."""

from __future__ import annotations

import threading
from collections.abc import Callable

from textual.message import Message
from textual.message_pump import MessagePump

from assistant.errors import ReadoutsError
from assistant.tui.messages import Failed


def in_thread(node: MessagePump, job: Callable[[], Message], *, about: str, ticket: int = 0) -> None:
    """Run a job in a thread and post the message that it returns; an error comes back as ``Failed``.

    The threads are daemons: leaving the screen does not wait for a model that is still loading.

    Args:
        node: Gets the message.
        job: Called in the thread.
        about: What the job is for, so that whoever gets ``Failed`` knows.
        ticket: Distinguishes this call from others about the same thing.
    """

    def edge() -> None:
        try:
            message = job()
        except ReadoutsError as error:
            message = Failed(about=about, ticket=ticket, message=error.message, mend=error.mend)
        except Exception as error:  # noqa: BLE001 - the edge: whatever a thread raises must reach the reader
            message = Failed(
                about=about,
                ticket=ticket,
                message=f"Something went wrong: {type(error).__name__}: {error}",
                mend="Try again; “readouts doctor” checks the set-up.",
            )
        try:
            node.post_message(message)
        except RuntimeError:  # the screen is gone, and its event loop with it
            return

    threading.Thread(target=edge, name=about, daemon=True).start()
