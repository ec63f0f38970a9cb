"""Memory that is read often in large pages, and memory that nothing needs any more back to the system."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import mmap
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

#: Bytes from which memory is asked of the system itself.
LARGE = 1 << 20
#: Bytes of a large page, and Linux's advice that they are welcome and that small ones are to be put together now
#: (``madvise(2)``; Python's ``mmap`` has the first alone, and for memory of its own alone).
_LARGE_PAGE, _WELCOME, _NOW = 1 << 21, 14, 25
#: Where Linux tells what memory this process has.
_MAPS = Path("/proc/self/maps")
#: A stretch of addresses: the first, and the first behind it.
Stretch = tuple[int, int]


def room(size: int) -> mmap.mmap | bytearray:
    """So many bytes, zeroed; many of them are the system's own, and go back to it as soon as nothing refers to them.

    The C library keeps large pieces among small ones once some were freed (glibc: ``M_MMAP_THRESHOLD`` grows): of vectors that
    a change of the index replaces, holes of their size stay.
    """
    if size < LARGE:
        return bytearray(size)
    if sys.platform == "win32":
        return mmap.mmap(-1, size)
    memory = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    with contextlib.suppress(AttributeError, OSError):
        # In large pages, where the system has any: one pass over the vectors then takes three quarters of the time.
        memory.madvise(mmap.MADV_HUGEPAGE)
    return memory


@contextlib.contextmanager
def in_large_pages() -> Iterator[None]:
    """What is taken inside in large pieces, by whichever library, is in large pages afterwards, if the system has any (Linux).

    For what is read from end to end again and again, such as weights: the processor has to look up each page that it reads, and
    of large pages there are 512 times fewer.
    """
    before = _anonymous()
    yield
    for stretch in _anonymous():
        for start, end in _beyond(stretch, before):
            first, last = -(-start // _LARGE_PAGE), end // _LARGE_PAGE
            for page in range(first, last):
                # One by one: the interpreter waits meanwhile.
                _advise(page * _LARGE_PAGE, _WELCOME)
                _advise(page * _LARGE_PAGE, _NOW)


def _anonymous() -> list[Stretch]:
    """Memory of this process that belongs to no file, in order; empty where the system does not tell."""
    try:
        lines = [line.split() for line in _MAPS.read_text(encoding="utf-8", errors="replace").splitlines()]
    except OSError:
        return []
    found = [line[0].split("-") for line in lines if len(line) == 5 and line[1] == "rw-p"]
    return [(int(start, 16), int(end, 16)) for start, end in found]


def _beyond(stretch: Stretch, before: Sequence[Stretch]) -> Iterator[Stretch]:
    """The parts of a stretch that none of these (in order) has."""
    start, end = stretch
    for first, last in before:
        if first < end and start < last:
            if start < first:
                yield start, first
            start = last
    if start < end:
        yield start, end


def _advise(page: int, advice: int) -> None:
    """Advise the system about a large page; what it does not know or cannot do, it leaves as it is."""
    with contextlib.suppress(AttributeError):
        # Of what is loaded already; no library is opened.
        ctypes.pythonapi.madvise(ctypes.c_void_p(page), ctypes.c_size_t(_LARGE_PAGE), ctypes.c_int(advice))


def give_back() -> None:
    """Collect reference cycles, and return freed memory to the system if the C library can (glibc).

    It otherwise keeps freed memory for later, piece by piece; after the index has changed, this is what the old passages took.
    """
    gc.collect()
    with contextlib.suppress(AttributeError, OSError):
        # Of what is loaded already; no library is opened.
        ctypes.pythonapi.malloc_trim(0)
