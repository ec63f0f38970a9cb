"""Saved searches on the command line: what a clock runs, and what reads its output."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from e2e_helpers import HASHED, Command, Ran
from public_form import assert_fields
from small_index import readout

NEW = readout(
    "A new one", "Minister Quist and Minister Oyelaran inspected the Caspian pipeline.", published="2024-01-02"
)


def test_only_what_is_new_is_printed_and_the_exit_code_says_whether_anything_is(small: Command, corpus: Path) -> None:
    added = small("watch", "add", "sea", "Caspian pipeline", "--issuer", "Kremlin", "--issuer", "White House")
    assert added == Ran(0, "sea: saved; 1 readout in the index now, printed by the first run\n", "")
    first = small("watch", "run")
    assert first.code == 10
    assert first.out.startswith("sea: 1 new readout, 1 in all\n1. Telephone conversation")
    assert small("watch", "run") == Ran(0, "", "")
    (corpus / "new.md").write_text(NEW, encoding="utf-8")
    small("index", corpus)
    again = small("watch", "run", "sea")
    assert again.code == 10
    assert "A new one" in again.out
    assert "Telephone" not in again.out


def test_json_has_an_object_a_search_whether_anything_is_new_or_not(small: Command) -> None:
    added = small("watch", "add", "sea", "Caspian pipeline", "--from-now", "--json").json()
    assert_fields(added, {"name": str, "query": str, "filters": dict, "near": bool, "created_at": str, "matching": int})
    small("watch", "add", "barges", "barges", "--party", "Germany", "--quiet")
    ran = small("watch", "run", "--json")
    assert ran.code == 10
    barges, sea = Ran(0, ran.out, "").lines()
    assert (barges["name"], barges["matching"], [hit["doc_id"] for hit in barges["new"]]) == (
        "barges",
        1,
        ["germany-meeting"],
    )
    assert (sea["name"], sea["matching"], sea["new"]) == ("sea", 2, [])
    found = small("watch", "list", "--json").lines()
    assert [(one["name"], one["filters"]["parties"]) for one in found] == [("barges", ["Germany"]), ("sea", [])]
    assert small("watch", "remove", "sea", "barges", "--json").json() == {"removed": 2}
    assert small("watch", "list", "--json").out == ""
    assert small("watch", "run", "--json") == Ran(0, "", "")


def test_searches_are_listed_with_what_they_ask(small: Command) -> None:
    small("watch", "add", "sea", "Caspian", "--from", "2023", "--near")
    lines = small("watch", "list").out.splitlines()
    assert "sea" in lines[1]
    assert "from:2023-01-01 (or near)" in lines[1]
    assert small("watch", "run", "--format", "bibtex").out.startswith("@misc{")
    assert small("watch", "run", "--format", "bibtex") == Ran(0, "", "")


@pytest.mark.skipif(sys.platform == "win32", reason="needs pipes of POSIX")
@pytest.mark.parametrize("form", [(), ("--json",), ("--format", "markdown")])
def test_a_reader_that_leaves_and_a_disk_that_is_full_lose_no_news(
    small: Command, environment: dict[str, str], form: tuple[str, ...]
) -> None:
    small("watch", "add", "sea", "Caspian pipeline")
    command = [*HASHED, "watch", "run", *form]
    reading, writing = os.pipe()
    os.close(reading)
    subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, env=environment, timeout=120, check=False)
    os.close(writing)
    if Path("/dev/full").exists():
        with Path("/dev/full").open("w") as full:
            done = subprocess.run(
                command, stdout=full, stderr=subprocess.PIPE, env=environment, timeout=120, check=False
            )
        assert done.returncode == 1
    assert small("watch", "run").code == 10
    assert small("watch", "run").code == 0


def test_what_cannot_be_searched_for_is_told_with_its_mend(small: Command) -> None:
    assert small("watch", "add", "all", "").code == 2
    assert small("watch", "add", "sea", "kind:dance").code == 2
    assert small("watch", "list", "--quiet") == Ran(0, "", "")
    ran = small("watch", "run", "no")
    assert (ran.code, "readouts watch list" in ran.err) == (1, True)
