"""Memory that is returned to the system when nothing needs it any more."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import mmap
import sys

#: Bytes from which memory is asked of the system itself.
LARGE = 1 << 20


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


def give_back() -> None:
    """Collect reference cycles, and return freed memory to the system if the C library can (glibc).

    It otherwise keeps freed memory for later, piece by piece; after the index has changed, this is what the old passages took.
    """
    gc.collect()
    with contextlib.suppress(AttributeError, OSError):
        # Of what is loaded already; no library is opened.
        ctypes.pythonapi.malloc_trim(0)
