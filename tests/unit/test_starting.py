"""What is settled before a command loads anything heavy."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from assistant.cli.starting import is_wide_amd

WIDE = "fpu avx2 avx512f avx512dq avx512bw avx512vl"


@pytest.mark.parametrize(
    ("vendor", "flags", "wide"),
    [
        ("AuthenticAMD", WIDE, True),
        ("AuthenticAMD", "fpu avx2", False),
        ("AuthenticAMD", WIDE.removesuffix("vl"), False),
        ("GenuineIntel", WIDE, False),
        ("", "", False),
    ],
)
def test_only_an_amd_processor_with_all_of_avx_512_is_told_so(vendor: str, flags: str, wide: bool) -> None:
    core = f"processor\t: 0\nvendor_id\t: {vendor}\nflags\t\t: {flags}\n"
    assert is_wide_amd(core + "\n" + core.replace("0", "1")) is wide
    assert not is_wide_amd("")


CHOSEN = ("OPENBLAS_CORETYPE", "OPENBLAS_NUM_THREADS")


def settled(code: str = "", **given: str) -> list[str]:
    """What a fresh process on such a processor has chosen after ``code``."""
    run = (
        f"import os; {code}from assistant.cli import starting; starting._processor = lambda: "
        f"'vendor_id : AuthenticAMD\\nflags : {WIDE}'; starting.settle(); "
        f"print(*[os.environ.get(name, 'none') for name in {CHOSEN}])"
    )
    environment = {name: value for name, value in os.environ.items() if name not in CHOSEN} | given
    done = subprocess.run([sys.executable, "-c", run], env=environment, capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_kernel_and_threads_are_chosen_only_before_numpy_is_loaded() -> None:
    assert settled() == ["SkylakeX", "1"]
    assert settled("import numpy; ") == ["none", "none"]


def test_what_somebody_set_is_left_alone() -> None:
    assert settled(OPENBLAS_CORETYPE="Haswell", OPENBLAS_NUM_THREADS="3") == ["Haswell", "3"]


def test_faiss_shares_out_its_work_all_the_same() -> None:
    run = "from assistant.cli.starting import settle; settle(); import faiss; print(faiss.omp_get_max_threads())"
    environment = os.environ | {"OMP_NUM_THREADS": "2"}
    done = subprocess.run([sys.executable, "-c", run], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "2"


def test_what_is_left_at_the_end_is_not_looked_through_once_more() -> None:
    left = "class Left:\n    def __del__(self): print('collected')\none = Left(); one.self = one; del one"
    run = f"from assistant.cli.starting import settle\nsettle()\n{left}"
    done = subprocess.run([sys.executable, "-c", run], capture_output=True, text=True, check=True)
    assert done.stdout == ""
