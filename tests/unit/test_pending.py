"""A value computed beside other things."""

from __future__ import annotations

import threading

import pytest

from index.errors import EncoderError
from index.pending import Pending


def test_it_is_computed_while_other_things_are_done() -> None:
    told = threading.Event()
    waiting = Pending(lambda: told.wait(timeout=60))
    assert not waiting.is_there
    told.set()
    assert waiting.result()
    assert waiting.is_there
    assert waiting.result()


def test_what_it_raises_is_raised_where_the_value_is_asked_for() -> None:
    def fail() -> None:
        raise EncoderError("No.", mend="Yes.")

    waiting = Pending(fail)
    for _ in range(2):
        with pytest.raises(EncoderError, match=r"No\."):
            waiting.result()
