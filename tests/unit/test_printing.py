"""What reaches a terminal: the words, and nothing that could steer it."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from assistant import citations, printing, wording
from assistant.datatypes import Answer, Conversation, Status, Understanding
from index.datatypes import (
    Document,
    Facts,
    Filters,
    Folded,
    Hit,
    IndexReport,
    IndexStatus,
    Kind,
    Note,
    Party,
    Passage,
    Readout,
    Record,
    Side,
    Skipped,
    Source,
    Span,
    StageScore,
)
from index.passages import split

#: Colour, title, cursor, alternate screen, a link, C1's own introducer, bell, carriage return, direction marks.
STEERING = (
    "\x1b[31m\x1b]0;owned\x07\x1b[2J\x1b[?1049h\x1b]8;;http://x\x1b\\\x9b31m\x9d\x07\r\b\x7f\x85\u202e\u2066\udcff"
)
FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
#: Words that rich would take for its own marks.
MARKUP = "[bold]b[/bold] [link=http://x]l[/link] :smile: [/]"


def evil(word: str) -> str:
    return f"{word}{STEERING}{MARKUP}"


SOURCE = Source(
    doc_id=evil("id"),
    title=evil("title"),
    issuer=evil("issuer"),
    published=dt.date(2023, 5, 19),
    url=evil("url"),
    path=evil("path"),
)
PARTY = Party(name=evil("name"), office=evil("office"), country=evil("country"), side=Side.OWN)
FACTS = Facts(
    event_date=dt.date(2023, 5, 18), event_end=dt.date(2023, 5, 20), kind=Kind.VISIT, place=evil("place"), parties=(PARTY,),
    participants=(PARTY,),
)  # fmt: skip
TEXT = evil("They met.") + evil(" They agreed.")
PASSAGE = Passage(
    source=SOURCE, paragraph=2, text=TEXT, span=Span(start=0, end=len(TEXT)), sentences=(Span(start=0, end=9),)
)
HIT = Hit(
    passage=PASSAGE, facts=FACTS, rank=1, score=0.5, best_sentence=Span(start=0, end=9), terms=(evil("term"),),
    trail=(StageScore(stage="full_text", score=0.25, rank=3), StageScore(stage="fused", score=0.5, rank=None)),
)  # fmt: skip
READOUT = Readout(source=SOURCE, facts=FACTS, text=TEXT, passages=(PASSAGE,), note=evil("note"))


def answer(status: Status = Status.ANSWERED) -> Answer:
    return Answer(
        question="q",
        standalone_question=evil("standalone"),
        understanding=Understanding(
            text="q",
            filters=Filters(parties=(evil("party"),), date_from="2023"),
            preferred=Filters(issuers=(evil("issuer"),)),
        ),
        status=status,
        support=0.8,
        missing=(evil("missing"),),
        citations=citations.number([(HIT, Span(start=0, end=len(TEXT)), 0.5)]) if status is Status.ANSWERED else (),
        hits=(HIT,),
        documents=(evil("a"), evil("b")),
    )


PRINTS: dict[str, Callable[[Console], None]] = {
    "answer": lambda console: printing.print_answer(console, answer(), explain=True),
    "abstention": lambda console: printing.print_answer(console, answer(Status.ABSTAINED)),
    "hits": lambda console: printing.print_hits(console, [HIT]),
    "trails": lambda console: printing.print_trails(console, [HIT]),
    "readout": lambda console: printing.print_readout(console, READOUT),
    "records": lambda console: printing.print_records(console, [Record(source=SOURCE, facts=FACTS)]),
    "report": lambda console: printing.print_report(
        console,
        IndexReport(
            added=1, updated=2, unchanged=3, removed=4, skipped=(Skipped(path=evil("path"), reason=evil("reason")),),
            notes=(Note(path=evil("path"), text=evil("note")),),
            documents=5, passages=6, encoded=7, seconds=8.0,
        ),
    ),
    "status": lambda console: printing.print_status(
        console,
        IndexStatus(
            documents=1, passages=2, sentences=3, issuers=(evil("issuer"),), date_from=None, date_to=None, model=evil("model"),
            revision="r", dimension=4, engine="e", engine_why="because", path=evil("path"),
        ),
    ),
    "conversations": lambda console: printing.print_conversations(
        console, [Conversation(id="c1", title=evil("title"), started_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC), count=1)]
    ),
}  # fmt: skip


def printed(show: Callable[[Console], None], **options: Any) -> str:
    file = io.StringIO()
    show(Console(file=file, width=1000, highlight=False, markup=False, emoji=False, soft_wrap=True, **options))
    return file.getvalue()


@pytest.mark.parametrize("name", PRINTS)
def test_no_character_that_steers_a_terminal_is_printed(name: str) -> None:
    said = printed(PRINTS[name])
    assert said.strip()
    assert FORBIDDEN.findall(said) == []


@pytest.mark.parametrize("name", PRINTS)
def test_on_a_terminal_nothing_but_colours_of_our_own_is_printed(name: str) -> None:
    said = printed(PRINTS[name], force_terminal=True, color_system="standard")
    assert FORBIDDEN.findall(re.sub(r"\x1b\[[0-9;]*m", "", said)) == []
    assert "\x1b[31m" not in said


@pytest.mark.parametrize("name", ["answer", "hits", "readout", "conversations"])
def test_words_between_brackets_and_colons_are_printed_as_they_are(name: str) -> None:
    said = " ".join(printed(PRINTS[name]).split())
    assert "[bold]b[/bold]" in said
    assert ":smile:" in said


def test_an_answer_shows_its_quotes_numbered_with_their_sources_and_its_support() -> None:
    said = printed(PRINTS["answer"])
    assert "[1] “They met." in said
    assert "2023-05-18, published 2023-05-19" in said
    assert "well supported (0.80)" in said
    assert "2 readouts:" in said
    assert "No passage here mentions: missing" in said
    assert "from:2023-01-01" in said


def test_an_abstention_says_so_and_shows_the_nearest_passages() -> None:
    said = printed(PRINTS["abstention"])
    assert "The readouts do not say." in said
    assert "Nearest passages:" in said
    assert "supported" not in said


@pytest.mark.parametrize("name", ["abstention", "status"])
def test_nothing_stands_behind_the_end_of_a_line_in_a_pipe(name: str) -> None:
    assert not [line for line in printed(PRINTS[name]).splitlines() if line != line.rstrip()]


def test_a_name_with_line_breaks_in_it_makes_no_line_of_its_own() -> None:
    name = "a\nskipped b\n"
    source = replace(SOURCE, doc_id=name, title=name, issuer=name, path=name)
    report = IndexReport(
        added=0, updated=0, unchanged=0, removed=0, documents=0, passages=0, encoded=0, seconds=0.0,
        skipped=(Skipped(path=name, reason=name),), notes=(Note(path=name, text=name),),
        folded=(Folded(doc_id=name, leader=name),),
    )  # fmt: skip
    record = Record(source=source, facts=FACTS, also=(source,))
    assert len(printed(lambda console: printing.print_report(console, report)).splitlines()) == 5
    assert len(printed(lambda console: printing.print_records(console, [record])).splitlines()) == 2
    assert "\n" not in wording.source_line(source, FACTS)


def test_a_blank_parts_every_name_of_the_status_from_its_value() -> None:
    said = printed(PRINTS["status"])
    assert all(re.match(r"\w+:( +\S.*)?$", line) for line in said.splitlines())


def test_a_trail_shows_each_stage_with_its_score_and_its_rank_where_it_has_one() -> None:
    said = printed(PRINTS["trails"])
    assert "full_text 0.250 (3)" in said
    assert "fused 0.500" in said
    assert "fused 0.500 (" not in said


@given(st.text())
def test_printable_text_keeps_everything_else(text: str) -> None:
    found = printing.printable(text)
    assert FORBIDDEN.findall(found) == []
    assert [c for c in found if c.isalnum()] == [c for c in text if c.isalnum()]


@pytest.mark.parametrize(("support", "words"), [(1.0, "well supported"), (0.6, "supported"), (0.0, "weakly supported")])
def test_support_is_said_in_words(support: float, words: str) -> None:
    assert wording.support_words(support) == words


def test_filters_are_described_as_a_person_would_type_them() -> None:
    filters = Filters(date_from="2023-05", date_to="2023-05", parties=("Japan", "Al Nasri"), kinds=("call",))
    assert wording.describe(filters, Filters(issuers=("Kremlin",))) == (
        'only from:2023-05-01; only to:2023-05-31; only party:Japan; only party:"Al Nasri"; only kind:call; '
        "preferring issuer:Kremlin"
    )
    assert wording.describe(Filters(), Filters()) == ""


def test_a_month_that_was_guessed_ends_with_its_last_day_and_a_day_that_was_typed_stands_as_it_is() -> None:
    december = Filters(date_from="2021-12-01", date_to="2022-01-01")  # a guess reaches a day into the next month
    assert wording.describe(Filters(), december) == "preferring from:2021-12-01; preferring to:2021-12-31"
    assert wording.describe(december, Filters()) == "only from:2021-12-01; only to:2022-01-01"
    one = Filters(date_from="2022-01-01", date_to="2022-01-01")
    assert wording.describe(Filters(), one) == "preferring from:2022-01-01; preferring to:2022-01-01"
    assert wording.describe(Filters(), Filters(date_from="2021-12-01")) == "preferring from:2021-12-01"


@pytest.mark.parametrize(
    ("party", "words"),
    [
        (
            Party(name="Kenji Moriyama", office="Prime Minister", country="Japan"),
            "Kenji Moriyama (Prime Minister, Japan)",
        ),
        (Party(name="Kenji Moriyama"), "Kenji Moriyama"),
        (Party(country="NATO"), "NATO"),
        (Party(), ""),
    ],
)
def test_a_party_stands_on_one_line(party: Party, words: str) -> None:
    assert wording.party_words(party) == words


class TestJson:
    def test_it_is_one_line_that_reads_back_the_same(self, capsys: pytest.CaptureFixture[str]) -> None:
        value = {"text": f"a\nb\t{STEERING}é東京👩‍🚀", "list": [1, 2.5, None, True]}
        printing.print_json(value)
        said = capsys.readouterr().out
        assert said.count("\n") == 1
        assert json.loads(said) == value

    def test_no_character_that_steers_a_terminal_is_printed(self, capsys: pytest.CaptureFixture[str]) -> None:
        printing.print_json(answer().to_dict())
        said = capsys.readouterr().out.rstrip("\n")
        assert FORBIDDEN.findall(said) == []
        assert "\\u009b" in said

    def test_characters_of_all_scripts_stay_readable(self, capsys: pytest.CaptureFixture[str]) -> None:
        printing.print_json({"name": "Élodie 東京"})
        assert "Élodie 東京" in capsys.readouterr().out


def test_colour_is_for_terminals_alone(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    printing.print_hits(printing.out(), [HIT])
    printing.print_hits(printing.notes(), [HIT])
    said = capsys.readouterr()
    assert "\x1b" not in said.out + said.err
    assert "title" in said.out
    assert "title" in said.err


def test_a_whole_readout_tells_where_each_page_begins(capsys: pytest.CaptureFixture[str]) -> None:
    text = "They met.\n\nThey agreed.\n\nThey left."
    document = Document(source=SOURCE, text=text, pages=(0, 11, 16))
    printing.print_readout(printing.out(), Readout(source=SOURCE, facts=Facts(), text=text, passages=split(document)))
    assert capsys.readouterr().out.endswith("[p. 1]\nThey met.\n\n[pp. 2–3]\nThey agreed.\n\nThey left.\n")
