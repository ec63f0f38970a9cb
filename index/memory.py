"""Memory that is no longer needed, returned to the system."""

from __future__ import annotations

import contextlib
import ctypes
import gc


def give_back() -> None:
    """Collect reference cycles, and return freed memory to the system if the C library can (glibc).

    It otherwise keeps freed memory for later, piece by piece; after the index has changed, this is what the old passages took.
    """
    gc.collect()
    with contextlib.suppress(AttributeError, OSError):
        # Of what is loaded already; no library is opened.
        ctypes.pythonapi.malloc_trim(0)
