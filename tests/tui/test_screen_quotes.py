"""Quotes are opened, copied, explained and gone through."""

from __future__ import annotations

import webbrowser
from contextlib import nullcontext
from dataclasses import fields, replace

import pytest
from tui_fakes import FakeBackend, make_readout
from tui_helpers import ask, chat, until

from assistant.tui import (
    clipboard,
    external,
)
from assistant.tui.app import ReadoutsApp
from assistant.tui.why import STAGES
from index.fusion import Weights

SIZES = [(80, 24), (120, 40), (200, 50)]


@pytest.mark.parametrize("size", SIZES)
async def test_digits_open_quotes_and_escape_backs_out_to_the_question(size: tuple[int, int]) -> None:
    async with ReadoutsApp(FakeBackend()).run_test(size=size) as pilot:
        screen = await ask(pilot, "ferry")
        await pilot.press("tab", "3")
        await until(pilot, lambda: screen.reading.readout and screen.reading.readout.source.doc_id == "doc-3")
        assert screen.reading.body.has_focus
        assert screen.reading.region.area > 0
        for _ in range(3):
            await pilot.press("escape")
        assert screen.question.has_focus
        assert screen.conversation.region.area > 0


async def test_alt_and_a_digit_open_a_quote_while_typing_and_a_digit_alone_is_text() -> None:
    async with ReadoutsApp(FakeBackend()).run_test(size=(120, 40)) as pilot:
        screen = await ask(pilot, "ferry")
        await pilot.press("2")
        assert screen.question.text == "2"
        await pilot.press("alt+2")
        await until(pilot, lambda: screen.reading.readout and screen.reading.readout.source.doc_id == "doc-2")
        assert screen.question.text == "2"


@pytest.mark.parametrize("size", SIZES)
async def test_n_and_p_go_through_the_passages_of_the_answer(size: tuple[int, int]) -> None:
    async with ReadoutsApp(FakeBackend()).run_test(size=size) as pilot:
        screen = await ask(pilot, "ferry")
        await pilot.press("tab", "1", "n")
        await until(pilot, lambda: screen.reading.place and screen.reading.place.number == 2)
        await pilot.press("n", "n")
        await until(pilot, lambda: screen.reading.place and screen.reading.place.number == 0)
        await pilot.press("p", "p")
        await until(pilot, lambda: screen.reading.place and screen.reading.place.number == 2)


async def test_y_copies_unwrapped_markdown_and_says_how(monkeypatch: pytest.MonkeyPatch) -> None:
    copied: list[str] = []

    def pigeon(text: str, osc52: object, *, browser: bool) -> tuple[str, bool]:
        copied.append(text)
        return "Copied with a pigeon.", True

    monkeypatch.setattr(clipboard, "copy", pigeon)
    async with ReadoutsApp(FakeBackend()).run_test(size=(120, 40)) as pilot:
        await ask(pilot, "ferry")
        await pilot.press("tab", "y")
        await until(pilot, lambda: any("pigeon" in n.message for n in pilot.app._notifications))
    assert copied == [
        "> The two ministers agreed to reopen the Sael ferry line before the end of the summer.\n\n"
        "— Foreign Ministry (Nordland), [Readout 1: Bergström meets Haddad in Port Sael](<https://example.org/r>), "
        "meeting of 2 May 2023, published 3 May 2023\n"
    ]


@pytest.mark.parametrize(
    ("works", "word"), [(True, "Opened https://example.org/r"), (False, "No browser could be started")]
)
async def test_o_opens_the_source_or_says_that_it_cannot(
    monkeypatch: pytest.MonkeyPatch, works: bool, word: str
) -> None:
    monkeypatch.setattr(webbrowser, "open", lambda url: works)
    async with ReadoutsApp(FakeBackend()).run_test(size=(120, 40)) as pilot:
        await ask(pilot, "ferry")
        await pilot.press("tab", "o")
        await until(pilot, lambda: any(word in n.message for n in pilot.app._notifications))


async def test_w_explains_the_passage_by_stages_and_matched_words() -> None:
    async with ReadoutsApp(FakeBackend()).run_test(size=(120, 40)) as pilot:
        await ask(pilot, "ferry")
        await pilot.press("tab", "w")
        await until(pilot, lambda: type(pilot.app.screen).__name__ == "Why")
        words = str(pilot.app.screen.query_one(".stages").render())
        assert "words it shares with the question" in words
        assert "0.500  ▇▇▇▇▇▇▇       no. 2" in words
        assert "Words of the question in it: ferry" in words
        await pilot.press("escape")
        assert pilot.app.screen is chat(pilot)


def test_every_stage_of_the_ranking_has_words_for_a_reader() -> None:
    assert set(STAGES) == {field.name for field in fields(Weights)} | {"fused"}


@pytest.mark.parametrize(("key", "program"), [("f3", "pager"), ("f4", "editor")])
async def test_pager_and_editor_are_told_missing_by_the_variable_that_names_them(
    monkeypatch: pytest.MonkeyPatch, key: str, program: str
) -> None:
    monkeypatch.setattr(external, program, lambda: None)
    async with ReadoutsApp(FakeBackend()).run_test(size=(120, 40)) as pilot:
        await ask(pilot, "ferry")
        await pilot.press(key)
        await until(pilot, lambda: any(f"No {program} was found" in n.message for n in pilot.app._notifications))


async def test_of_a_readout_within_an_archive_the_editor_gets_the_text_and_that_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    readout = make_readout(1, url="")
    source = replace(readout.source, path="/tmp/talks.zip!/may/a.md")
    backend = FakeBackend(
        [replace(readout, source=source, passages=tuple(replace(p, source=source) for p in readout.passages))]
    )
    got: list[str] = []
    monkeypatch.setattr(external, "editor", lambda: ["the editor"])
    monkeypatch.setattr(external, "run_on_text", lambda program, text: got.append(text) or 0)
    monkeypatch.setattr(ReadoutsApp, "suspend", lambda app: nullcontext())
    async with ReadoutsApp(backend).run_test(size=(120, 40)) as pilot:
        screen = await ask(pilot, "ferry")
        await until(pilot, lambda: screen.reading.readout is not None)
        await pilot.press("f4")

        def told(words: str) -> bool:
            return any(words in notice.message for notice in pilot.app._notifications)

        await until(pilot, lambda: told("It lies within /tmp/talks.zip. The editor had a copy"))
        assert readout.text in got[0]
        await pilot.press("tab", "o")
        await until(pilot, lambda: told("no web address. It was read from /tmp/talks.zip!/may/a.md"))


async def test_s_and_r_go_to_sources_and_reading_and_enter_opens_a_source() -> None:
    async with ReadoutsApp(FakeBackend()).run_test(size=(80, 24)) as pilot:
        screen = await ask(pilot, "ferry")
        await pilot.press("tab", "s")
        assert screen.sources.has_focus
        assert screen.sources.region.area > 0
        await pilot.press("j", "j", "enter")
        await until(pilot, lambda: screen.reading.readout and screen.reading.readout.source.doc_id == "doc-3")
        await pilot.press("escape")
        assert screen.sources.has_focus
        await pilot.press("G", "g", "k", "r")
        assert screen.reading.body.has_focus
