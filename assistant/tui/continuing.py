"""A screen that was stopped from outside and goes on.

``kill -STOP`` cannot be noticed, and Textual starts its threads for keys and painting anew whenever it is told to go on: two
more each time, of which all those for keys read the same terminal and take letters from each other.
"""

from __future__ import annotations

import signal
from types import FrameType

from textual.driver import Driver


def leave_before_going_on() -> None:
    """Have the screen left before it is shown again, where it was not left with Ctrl+Z; once a driver is there."""
    if not hasattr(signal, "SIGCONT"):
        return
    suspend, go_on = signal.getsignal(signal.SIGTSTP), signal.getsignal(signal.SIGCONT)
    driver = getattr(go_on, "__self__", None)
    if not (callable(suspend) and callable(go_on) and isinstance(driver, Driver)):
        return
    is_left = False

    def suspended(number: int, frame: FrameType | None) -> None:
        nonlocal is_left
        is_left = True
        suspend(number, frame)

    def continued(number: int, frame: FrameType | None) -> None:
        nonlocal is_left
        # While an editor or a pager has the terminal, nothing is to be shown, and nothing to be left.
        if not is_left and getattr(driver, "_auto_restart", False):
            driver.suspend_application_mode()
        is_left = False
        go_on(number, frame)

    signal.signal(signal.SIGTSTP, suspended)
    signal.signal(signal.SIGCONT, continued)
