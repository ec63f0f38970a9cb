"""What is settled once, before a command loads anything heavy."""

from __future__ import annotations

import atexit
import gc
import os
import sys
from pathlib import Path

#: New objects between two collections: modules and tables that are loaded stay, and looking through them at Python's own
#: rate of 700 is a tenth of the time to a first answer.
SELDOM = 100_000
_WIDE = frozenset({"avx512f", "avx512dq", "avx512bw", "avx512vl"})


def settle() -> None:
    """Fewer collections; products in NumPy on one thread, with all that the processor has.

    What somebody set is left alone, and so is a NumPy that is loaded already.
    """
    gc.set_threshold(SELDOM)
    # Whatever needs closing is closed by then; the interpreter would look through all the rest once more, for 20 ms.
    atexit.register(gc.freeze)
    if "numpy" in sys.modules:
        return
    # All of ours are too small to be shared out, and starting the other threads doubles the 30 ms in which NumPy is loaded.
    # FAISS and PyTorch share out by OpenMP, which does not look at this.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # OpenBLAS 0.3.31 takes AMD's Zen 5 for a processor without AVX-512; with it a question is encoded in three quarters of
    # the time.
    if is_wide_amd(_processor()):
        os.environ.setdefault("OPENBLAS_CORETYPE", "SkylakeX")


def is_wide_amd(processor: str) -> bool:
    """Whether this is an AMD processor with the AVX-512 that OpenBLAS's kernels of that name need.

    Args:
        processor: As Linux tells of it in ``/proc/cpuinfo``; empty if nothing is told.
    """
    lines = [line.partition(":") for line in processor.splitlines()]
    told = {name.strip(): value for name, _, value in reversed(lines)}
    return "AuthenticAMD" in told.get("vendor_id", "") and set(told.get("flags", "").split()) >= _WIDE


def _processor() -> str:
    try:
        return Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
