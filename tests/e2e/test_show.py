"""``readouts show --diff`` and ``--wording``: what a readout said before, and what was reworded."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from e2e_helpers import HASHED, Command, assert_told, run_on_terminal
from small_index import READOUTS

from assistant import Assistant
from assistant.history import History


@pytest.fixture
def reworded(small: Command, corpus: Path) -> Command:
    """``cli`` over an index in which the call with Qatar was reworded."""
    path = corpus / "qatar-call.md"
    path.write_text(path.read_text(encoding="utf-8").replace("ceasefire", "lasting truce"), encoding="utf-8")
    assert small("index", corpus, "--json").json()["updated"] == 1
    return small


def test_what_was_reworded_stands_in_brackets_where_there_is_no_colour(reworded: Command) -> None:
    shown = reworded("show", "qatar-call", "--diff")
    assert "[-ceasefire-] {+lasting truce+}" in shown.out.replace("\n", " ")
    assert "version 1: first seen" in shown.out
    assert "version 2: first seen" in shown.out
    assert "\x1b" not in shown.out


@pytest.mark.skipif(sys.platform == "win32", reason="this system has no pseudo-terminals")
@pytest.mark.parametrize(("variables", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)])
def test_on_a_terminal_it_is_coloured_unless_there_is_no_colour(
    reworded: Command, environment: dict[str, str], variables: dict[str, str], coloured: bool
) -> None:
    wanted = environment | {"TERM": "xterm-256color", "COLUMNS": "200"} | variables
    shown = run_on_terminal([*HASHED, "show", "qatar-call", "--diff"], wanted)
    assert b"lasting truce" in shown
    assert (b"{+lasting truce+}" in shown) is not coloured
    assert (b"\x1b[31" in shown or b"\x1b[9;31" in shown) is coloured


def test_the_changes_as_json_give_back_both_texts(reworded: Command) -> None:
    told = reworded("show", "qatar-call", "--diff", "--json").json()
    assert (told["before"]["number"], told["after"]["number"], told["after"]["superseded"]) == (1, 2, None)
    before = "".join(part["text"] for part in told["changes"] if part["kind"] != "new")
    after = "".join(part["text"] for part in told["changes"] if part["kind"] != "gone")
    assert before in READOUTS["qatar-call.md"]
    assert (
        after == reworded("show", "qatar-call", "--json").json()["text"] == before.replace("ceasefire", "lasting truce")
    )


def test_an_earlier_wording_is_shown_and_called_one(reworded: Command) -> None:
    shown = reworded("show", "qatar-call", "--wording", 1)
    assert "ceasefire" in shown.out
    assert "version 1 of 2" in shown.out
    assert "not what it says now" in shown.out
    assert reworded("show", "qatar-call", "--wording", 1, "--json").json()["number"] == 1
    assert "lasting truce" in reworded("show", "qatar-call", "--wording", 2).out
    assert_told(reworded("show", "qatar-call", "--wording", 7), 1, "no version 7", "1, 2")


def test_a_reworded_readout_says_so_and_is_quoted_as_it_is_now(reworded: Command) -> None:
    shown = reworded("show", "qatar-call")
    assert "Version 2, reworded on" in shown.err
    assert [one["number"] for one in reworded("show", "qatar-call", "--json").json()["versions"]] == [1, 2]
    assert "Version" not in reworded("show", "japan-call").err
    assert not reworded("search", '"ceasefire"', "--json").json()["hits"]


def test_a_readout_that_was_never_reworded_has_no_other_version(small: Command) -> None:
    assert "No other version" in small("show", "qatar-call", "--diff").out
    assert {part["kind"] for part in small("show", "qatar-call", "--diff", "--json").json()["changes"]} == {"same"}


def test_versions_are_there_for_scripts(reworded: Command, tmp_path: Path) -> None:
    with Assistant(tmp_path / "built", history=History(None)) as assistant:
        first, second = assistant.versions("qatar-call")
        assert "ceasefire" in first.text
        assert "lasting truce" in second.text
        assert second.to_dict()["superseded"] is None
