"""The chat in a terminal that is stopped from outside and told to go on, and sends what is no letter."""

from __future__ import annotations

import os
import random
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


def test_a_screen_that_is_told_to_go_on_at_any_moment_and_more_than_once_takes_keys_afterwards(
    built: Path, tmp_path: Path
) -> None:
    terminal = Terminal([*HASHED, "--index", str(built)], environment=clean_environment(tmp_path))
    chosen = random.Random(1)
    try:
        terminal.until("Ask the readouts")
        terminal.settle(0.5)
        for _ in range(8):
            for _ in range(5):
                terminal.press("Я\x7f")
                for told in (signal.SIGSTOP, signal.SIGCONT, signal.SIGCONT):
                    os.kill(terminal.process, told)
                    time.sleep(chosen.choice((0, 0.0005, 0.003, 0.02)))
            terminal.settle(0.3)
            terminal.press("Ж")
            terminal.until("Ж", patience=30)
    finally:
        terminal.close()


def test_a_byte_that_is_no_letter_is_shown_as_such_and_ends_nothing(built: Path, tmp_path: Path) -> None:
    terminal = Terminal([*HASHED, "--index", str(built)], environment=clean_environment(tmp_path))
    try:
        terminal.until("Ask the readouts")
        terminal.settle(0.5)
        for stray in (b"\xaf", b"\xd0", b"a\xff\xfe"):
            terminal.press(stray.decode(errors="surrogateescape") + "e")
            terminal.until("\ufffde", patience=30)
        terminal.press("Ж")
        terminal.until("Ж", patience=30)
    finally:
        terminal.close()
