"""Nothing that a text, a name or a question holds can steer the terminal."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from e2e_helpers import Command
from small_index import readout, write_corpus

STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
EVIL = "\x1b[31m\x07\u202e\x9b2J"


@pytest.fixture
def evil(cli: Command, tmp_path: Path) -> Command:
    records = [
        {
            "id": f"evil{EVIL}{n}",
            "title": f"Quist{EVIL} meets Oyelaran",
            "issuer": f"Ministry{EVIL}",
            "date": "2023-05-05",
            "url": f"https://example.org/{EVIL}",
            "text": f"Minister Quist {EVIL} met Minister Oyelaran. They spoke of\x1b]8;;https://x\x1b\\ kelp {EVIL}.",
        }
        for n in range(2)
    ]
    (tmp_path / "evil.jsonl").write_text("\n".join(map(json.dumps, records)))
    report = cli("index", "evil.jsonl", "--json").json()
    assert report["added"] == 2
    return cli


@pytest.mark.parametrize(
    "arguments",
    [
        ["ask", f"Who spoke of kelp {EVIL}?", "--explain"],
        ["ask", f"zeppelins {EVIL} gooseberries"],
        ["ask", "Who spoke of kelp?", "--json"],
        ["ask", f"{EVIL} zeppelins", "--json", "--conversation", "c"],
        ["ask", f'party:"{EVIL}Quist" kelp'],
        ["search", f"kelp {EVIL}", "--explain"],
        ["list"],
        ["list", "--json"],
        ["status"],
        ["show", f"no-such{EVIL}"],
        ["remove", f"no-such{EVIL}"],
        ["index", f"no-such{EVIL}"],
        ["status", "--index", f"no-such{EVIL}"],
        ["ask", "kelp", "--from", EVIL],
        ["ask", "kelp", "--kind", EVIL],
        ["ask", "kelp", f"--{EVIL}"],
        [f"list{EVIL}"],
        ["evaluate", f"no-such{EVIL}"],
    ],
)
def test_no_control_character_reaches_the_terminal(evil: Command, arguments: list[str]) -> None:
    ran = evil(*arguments)
    assert ran.out + ran.err != ""
    assert not STEERING.search(ran.out + ran.err)


def test_no_control_character_of_a_readout_or_a_conversation_is_shown(evil: Command) -> None:
    evil("ask", f"Who spoke of kelp {EVIL}?", "--conversation", "c")
    assert not STEERING.search(evil("history").out)
    for record in evil("list", "--json").lines():
        shown = evil("show", record["doc_id"])
        assert (shown.code, STEERING.search(shown.out)) == (0, None)


def test_markup_of_a_readout_is_shown_as_it_stands(cli: Command, tmp_path: Path) -> None:
    text = "Minister Quist spoke of [bold]kelp[/bold] and [link=https://x]herring :smile: with Minister Oyelaran."
    write_corpus(tmp_path / "markup", {"markup.md": readout("Quist on [red]kelp", text)})
    cli("index", "markup")
    for command in (["ask", "Who spoke of kelp?"], ["show", "markup"], ["search", "kelp"]):
        assert "[bold]kelp[/bold] and [link=https://x]herring :smile:" in cli(*command).out
