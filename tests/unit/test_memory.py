"""Memory that is freed goes back to the system."""

from __future__ import annotations

import ctypes
import gc
import mmap
import sys
import weakref
from pathlib import Path

import numpy as np
import pytest

from index import memory
from index.search import PassageIndex
from index.vectors.rows import Rows, write_rows


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


@pytest.mark.skipif(sys.platform != "linux", reason="measured where Linux tells")
def test_room_of_many_bytes_goes_back_when_nothing_refers_to_it_whatever_was_taken_since() -> None:
    # As the C library would have it: once large pieces were freed, it takes the next from among the small ones.
    for size in (4_000_000, 20_000_000):
        del (bytearray(size))[:]
    large = np.frombuffer(memory.room(16_000_000), dtype=np.float32)
    large = np.add(large, 1, out=large)
    since = [bytes(600) for _ in range(1000)]
    before = resident()
    del large
    assert before - resident() > 15_000_000
    assert len(since) == 1000


@pytest.mark.skipif(sys.platform != "linux", reason="measured where Linux tells")
def test_rows_of_vectors_that_nobody_needs_any_more_go_back_whatever_was_taken_since(tmp_path: Path) -> None:
    ids, vectors = np.arange(8000), np.ones((8000, 384), dtype=np.float32)
    count, check = write_rows(tmp_path / "some.rows", [(ids, ids, vectors)])
    del vectors
    rows = Rows.open(tmp_path / "some.rows", count, 384, check)
    assert rows.wide[-1, -1] == 1
    since = [bytes(600) for _ in range(1000)]
    before = resident()
    del rows
    assert before - resident() > 8000 * 384 * 6 * 0.95
    assert len(since) == 1000


def test_room_of_few_bytes_is_zeroed_and_written_like_that_of_many() -> None:
    for size in (100, memory.LARGE):
        place = memory.room(size)
        assert len(place) == size
        assert place[:2] == bytes(2)
        place[:2] = b"ab"
        assert place[:3] == b"ab\0"


def advised(address: int) -> bool:
    """Whether Linux knows that large pages are welcome at an address."""
    inside = False
    for line in Path("/proc/self/smaps").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmFlags:") and inside:
            return "hg" in line.split()
        if "-" in line.split()[0]:
            start, end = (int(one, 16) for one in line.split()[0].split("-"))
            inside = start <= address < end
    return False


def middle_of(place: mmap.mmap) -> int:
    return ctypes.addressof(ctypes.c_char.from_buffer(place)) + len(place) // 2


@pytest.mark.skipif(
    not Path("/sys/kernel/mm/transparent_hugepage/enabled").exists(), reason="no large pages on this system"
)
def test_what_is_taken_in_large_pieces_is_put_into_large_pages_and_stays_what_it_was() -> None:
    others = mmap.mmap(-1, 16 << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    with memory.in_large_pages():
        taken = mmap.mmap(-1, 16 << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        taken[:] = b"weights!" * (2 << 20)
    assert advised(middle_of(taken))
    assert not advised(middle_of(others))
    assert taken[:] == b"weights!" * (2 << 20)


def test_where_the_system_does_not_tell_what_memory_there_is_all_stays_as_it_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(memory, "_MAPS", tmp_path / "none")
    with memory.in_large_pages():
        taken = bytearray(8 << 20)
    assert not any(taken)


def test_of_a_stretch_that_grew_only_what_is_new_is_looked_at() -> None:
    assert list(memory._beyond((0, 90), [(10, 20), (40, 50)])) == [(0, 10), (20, 40), (50, 90)]
    assert list(memory._beyond((10, 20), [(0, 30)])) == []
    assert list(memory._beyond((10, 20), [])) == [(10, 20)]
