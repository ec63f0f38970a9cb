"""A screen that was stopped from outside and continues.

``kill -STOP`` cannot be noticed, and Textual starts new threads for keys and painting whenever it is told to continue: two
more each time, and all those for keys read the same terminal and take letters from each other.
"""

from __future__ import annotations

import signal
from types import FrameType

from textual.driver import Driver


def leave_before_going_on() -> None:
    """Have the screen left before it is shown again, if it was not left with Ctrl+Z; call it once there is a driver."""
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
        # While an editor or a pager has the terminal, there is nothing to show and nothing to leave.
        if not is_left and getattr(driver, "_auto_restart", False):
            driver.suspend_application_mode()
        is_left = False
        go_on(number, frame)

    signal.signal(signal.SIGTSTP, suspended)
    signal.signal(signal.SIGCONT, continued)
