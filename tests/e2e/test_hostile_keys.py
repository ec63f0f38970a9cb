"""A short part of ``python -m benchmarks.hostile_keys``: keys that nobody presses, over the invented readouts."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from e2e_helpers import HASHED

if sys.platform == "win32":
    pytest.skip("a terminal of POSIX", allow_module_level=True)

from benchmarks.hostile_keys import press


def test_whatever_keys_come_in_the_chat_goes_on(built: Path, tmp_path: Path) -> None:
    shutil.copytree(built, tmp_path / "index")
    home = tmp_path / "home"
    home.mkdir()
    assert press([*HASHED, "--index", str(tmp_path / "index")], home, 150, seed=3) == []
