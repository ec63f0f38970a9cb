"""Memory that is freed goes back to the system."""

from __future__ import annotations

import gc
import sys
import weakref
from pathlib import Path

import pytest

from index import memory
from index.search import PassageIndex


class Ring:
    """Refers to itself."""

    def __init__(self) -> None:
        self.self = self


def resident() -> int:
    """Bytes that this process holds in memory."""
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * 4096


def test_what_refers_to_itself_is_collected() -> None:
    gc.disable()
    try:
        ring = Ring()
        gone = weakref.ref(ring)
        del ring
        memory.give_back()
        assert gone() is None
    finally:
        gc.enable()


@pytest.mark.skipif(sys.platform != "linux", reason="measured where Linux tells")
def test_room_between_what_is_still_needed_goes_back() -> None:
    # Pieces of which every other one stays: the C library would keep the room of the others.
    pieces = [bytes(20_000) for _ in range(4000)]
    before = resident()
    kept = pieces[::2]
    del pieces
    memory.give_back()
    assert before - resident() > 20_000_000
    assert len(kept) == 2000


def test_after_an_index_was_read_ahead_memory_is_given_back(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[int] = []
    monkeypatch.setattr(memory, "give_back", lambda: told.append(1))
    opened = PassageIndex(built)
    opened.read_ahead()
    assert opened.reading_ahead is not None
    opened.reading_ahead.join()
    opened.close()
    assert told == [1]
