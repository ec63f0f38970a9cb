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


@pytest.mark.parametrize(("code", "chosen"), [("", "SkylakeX"), ("import numpy; ", "none")])
def test_the_kernel_is_chosen_only_before_numpy_is_loaded(code: str, chosen: str) -> None:
    run = (
        f"import os; {code}from assistant.cli import starting; starting._processor = lambda: "
        f"'vendor_id : AuthenticAMD\\nflags : {WIDE}'; starting.settle(); print(os.environ.get('OPENBLAS_CORETYPE', 'none'))"
    )
    environment = {name: value for name, value in os.environ.items() if name != "OPENBLAS_CORETYPE"}
    done = subprocess.run([sys.executable, "-c", run], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == chosen


def test_what_somebody_set_is_left_alone() -> None:
    run = "import os; from assistant.cli import starting; starting.settle(); print(os.environ['OPENBLAS_CORETYPE'])"
    environment = os.environ | {"OPENBLAS_CORETYPE": "Haswell"}
    done = subprocess.run([sys.executable, "-c", run], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "Haswell"
