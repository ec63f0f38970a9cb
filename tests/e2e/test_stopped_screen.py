"""The chat in a terminal, stopped from outside and told to go on."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import pytest
from e2e_helpers import HASHED, clean_environment

if sys.platform != "linux":
    pytest.skip("threads are counted where Linux tells", allow_module_level=True)

from benchmarks.terminal import Terminal


def threads(process: int) -> int:
    return len(list(Path(f"/proc/{process}/task").iterdir()))


def test_a_screen_that_was_stopped_and_goes_on_takes_keys_with_as_many_threads_as_before(
    built: Path, tmp_path: Path
) -> None:
    terminal = Terminal([*HASHED, "--index", str(built)], environment=clean_environment(tmp_path))
    try:
        terminal.until("Ask the readouts")
        terminal.settle(0.5)
        before = threads(terminal.process)
        for stop in (signal.SIGSTOP, signal.SIGTSTP, signal.SIGSTOP):
            os.kill(terminal.process, stop)
            time.sleep(0.5)
            os.kill(terminal.process, signal.SIGCONT)
            terminal.press("")
            terminal.until("Ask the readouts")
            terminal.settle(0.3)
        assert threads(terminal.process) <= before
        for letter in "Жöж":
            terminal.press(letter)
            terminal.until(letter)
    finally:
        terminal.close()
