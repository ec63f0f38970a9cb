"""Memory that is no longer needed, given back to the system."""

from __future__ import annotations

import contextlib
import ctypes
import gc


def give_back() -> None:
    """Collect what refers to itself, and give freed memory back to the system, where the C library can (glibc).

    It keeps what was freed for later, piece by piece; after a change of the index that is what the passages before it took.
    """
    gc.collect()
    with contextlib.suppress(AttributeError, OSError):
        # Of what is loaded already; no library is opened.
        ctypes.pythonapi.malloc_trim(0)
