"""The command line in a process of its own, as a pipe or a terminal sees it."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from e2e_helpers import HASHED, Command, clean_environment, run, run_on_terminal
from public_form import assert_answer

import assistant


def test_without_a_terminal_the_bare_command_prints_help_and_makes_nothing(process: Command, tmp_path: Path) -> None:
    ran = process()
    assert (ran.code, ran.err) == (0, "")
    assert "Usage: readouts" in ran.out
    assert not (tmp_path / "built").exists()


def test_the_installed_command_is_there() -> None:
    command = Path(HASHED[0]).with_name("readouts")
    if not command.exists():
        pytest.skip("the program is not installed in this environment")
    ran = run([str(command), "--version"], cwd=Path.home(), environment=clean_environment(Path.home()))
    assert ran.out.strip().endswith(assistant.__version__)


def test_what_goes_through_a_pipe_has_no_colour_and_no_progress_bar(process: Command, corpus: Path) -> None:
    indexed = process("index", corpus, env={"TERM": "xterm-256color"})
    asked = process("ask", "Who promised barges?", "--explain", env={"TERM": "xterm-256color"})
    assert (indexed.code, asked.code) == (0, 0)
    assert "\x1b" not in indexed.out + asked.out
    assert indexed.err == asked.err == ""


@pytest.mark.skipif(sys.platform == "win32", reason="this system has no pseudo-terminals")
@pytest.mark.parametrize(("variables", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_a_terminal_gets_colour_unless_no_color_says_otherwise(
    process: Command, corpus: Path, environment: dict[str, str], variables: dict[str, str], coloured: bool
) -> None:
    process("index", corpus)
    wanted = environment | {"TERM": "xterm-256color"} | variables
    shown = run_on_terminal([*HASHED, "ask", "Who promised barges?"], wanted)
    assert b"river barges" in shown
    assert bool(re.search(rb"\x1b\[[0-9;]*3[0-7]", shown)) is coloured


def test_a_terminal_encoding_that_lacks_letters_stops_nothing(process: Command, corpus: Path) -> None:
    ascii_only = {"PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}
    process("index", corpus)
    text = process("ask", "Who called for an inspection of the pipeline?", env=ascii_only)
    assert (text.code, text.err) == (0, "")
    assert "called for an inspection of the Caspian pipeline" in text.out
    answer = process("ask", "Who called for an inspection of the pipeline?", "--json", env=ascii_only).json()
    assert_answer(answer)
    assert "Élodie" in answer["citations"][0]["quote"]
