"""A short part of the campaigns against a small index: killed at random moments, writes that fail, and the power gone."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs fork and signals of POSIX")


def campaign(name: str, *arguments: object) -> str:
    done = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{name}", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_run_killed_at_a_random_moment_loses_nothing_and_the_next_completes_it(tmp_path: Path) -> None:
    scenes = ("index again, with changes", "converse")
    told = campaign(
        "killed", tmp_path, "--moments", 4, "--files", 8, *(part for s in scenes for part in ("--scene", s))
    )
    assert [line.split("|")[2].strip() for line in told.splitlines() if line.startswith("| all")] == ["4"]


layered = pytest.mark.skipif(
    not sys.platform.startswith("linux") or shutil.which("cc") is None, reason="needs Linux and a C compiler"
)


@layered
def test_a_write_that_fails_leaves_the_old_index_or_the_new_one_and_an_answer_that_is_shown(tmp_path: Path) -> None:
    scenes = ("remove", "ask in a conversation")
    told = campaign("failing_writes", tmp_path, "--every", 60, *(part for s in scenes for part in ("--scene", s)))
    assert all(f"| {scene} |" in told for scene in scenes)


@layered
def test_what_is_named_kept_or_brought_back_is_whole_or_as_it_was_where_a_write_fails(tmp_path: Path) -> None:
    scenes = ("restore over other work", "export a conversation", "converse on")
    told = campaign("failing_writes", tmp_path, "--every", 70, *(part for s in scenes for part in ("--scene", s)))
    assert all(f"| {scene} |" in told for scene in scenes)


@layered
def test_what_was_said_to_be_done_outlasts_the_power(tmp_path: Path) -> None:
    scenes = ("index again, with changes", "ask in a conversation", "export a conversation")
    told = campaign("power_cut", tmp_path, "--cuts", 4, *(part for s in scenes for part in ("--scene", s)))
    assert all(f"| {scene} | 4 |" in told for scene in scenes)
