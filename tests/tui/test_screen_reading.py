"""The reading pane and the marks of the conversation."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from textual.widgets import Static
from tui_fakes import FakeBackend, make_readout
from tui_helpers import ask, chat, click, said, until

from assistant.tui.app import ReadoutsApp
from assistant.tui.backend import Backend
from assistant.tui.hanging import Hanging
from assistant.tui.late import LateBackend
from assistant.tui.rows import Rows
from index.versions import Version

SIZES = [(80, 24), (120, 40), (200, 50)]


async def test_slash_finds_without_accents_and_enter_goes_through_the_places() -> None:
    async with ReadoutsApp(FakeBackend()).run_test(size=(120, 40)) as pilot:
        screen = await ask(pilot, "ferry")
        await pilot.press("tab", "1")
        await until(pilot, lambda: screen.reading.body.has_focus)
        await pilot.press("slash", *"BERGSTROM")
        await until(pilot, lambda: screen.reading.border_subtitle == "place 1 of 2")
        await pilot.press("enter")
        assert screen.reading.border_subtitle == "place 2 of 2"
        await pilot.press("up")
        assert screen.reading.border_subtitle == "place 1 of 2"
        await pilot.press("escape")
        assert not screen.reading.finding
        assert screen.reading.body.has_focus


async def test_vim_keys_scroll_the_reading_pane_and_q_comes_back_to_the_quote() -> None:
    async with ReadoutsApp(FakeBackend()).run_test(size=(80, 14)) as pilot:
        screen = await ask(pilot, "ferry")
        await pilot.press("tab", "1")
        await until(pilot, lambda: screen.reading.body.has_focus and screen.reading.body.scroll_offset.y > 0)
        home = screen.reading.body.scroll_offset.y
        for key, way in (("G", 1), ("g", -1), ("space", 1), ("b", -1), ("j", 1), ("k", -1)):
            before = screen.reading.body.scroll_target_y
            await pilot.press(key)
            for _ in range(100):
                await pilot.pause(0.01)
                if (screen.reading.body.scroll_target_y - before) * way > 0:
                    break
            assert (screen.reading.body.scroll_target_y - before) * way > 0, key
        await pilot.press("G", "q")
        await until(pilot, lambda: screen.reading.body.scroll_offset.y == home)


async def test_facts_note_and_related_readouts_stand_with_the_text() -> None:
    async with ReadoutsApp(FakeBackend()).run_test(size=(200, 50)) as pilot:
        screen = await ask(pilot, "ferry")
        await until(pilot, lambda: screen.reading.query(".related"))
        head = screen.reading.query_one(".head", Static).content
        assert isinstance(head, Hanging)
        for word in (
            "2 May 2023",
            "meeting",
            "Port Sael",
            "Karim Haddad (Minister, Qasr)",
            "https://example.org/r",
            "summary in our own",
        ):
            assert word in head.text
        assert "3 May 2023  Readout 2" in screen.reading.query_one(".related", Rows).text


async def test_other_postings_and_the_last_rewording_of_a_text_stand_at_its_head() -> None:
    backend = FakeBackend()
    backend.also["doc-1"] = tuple(make_readout(n).source for n in (2, 3))
    seen, then = dt.datetime(2024, 1, 2, tzinfo=dt.UTC), dt.datetime(2024, 3, 4, 12, tzinfo=dt.UTC)
    first = Version(number=1, title="Then", text="Then.", seen=seen, superseded=then)
    backend.wordings["doc-1"] = first, replace(first, number=2, seen=then, superseded=None)
    async with ReadoutsApp(backend).run_test(size=(120, 40)) as pilot:
        screen = await ask(pilot, "ferry")

        async def head(doc_id: str) -> str:
            screen.open_record(doc_id)
            await until(pilot, lambda: screen.reading.readout and screen.reading.readout.source.doc_id == doc_id)
            content = screen.reading.query_one(".head", Static).content
            assert isinstance(content, Hanging)
            return " ".join(content.text.split())

        for _ in range(2):  # the second time from what was kept
            said = await head("doc-1")
            assert "also as doc-2 (4 May 2023), doc-3 (5 May 2023)" in said
            assert "on 4 Mar 2024; what: readouts show doc-1 --diff" in said
            assert "--diff" not in await head("doc-2")


@pytest.mark.parametrize("size", SIZES)
async def test_m_goes_to_readouts_of_the_same_days_and_parties_beside_the_text_or_at_its_foot(
    size: tuple[int, int],
) -> None:
    async with ReadoutsApp(FakeBackend()).run_test(size=size) as pilot:
        screen = await ask(pilot, "ferry")
        await until(pilot, lambda: screen.related.records)
        await pilot.press("tab", "1")
        await until(pilot, lambda: screen.reading.body.has_focus)
        before = screen.place.source.doc_id if screen.place else ""
        await pilot.press("m")
        if size[0] < 100:
            await until(pilot, lambda: screen.reading.body.scroll_offset.y == screen.reading.body.max_scroll_y)
            assert screen.reading.query_one(".related").display
            return
        assert screen.related.has_focus
        assert not screen.reading.query_one(".related").display
        await pilot.press("j", "k", "G", "g", "enter")
        await until(pilot, lambda: screen.place is not None and screen.place.source.doc_id != before)


async def test_vim_keys_go_through_all_that_can_be_pressed() -> None:
    async with ReadoutsApp(FakeBackend()).run_test(size=(120, 40)) as pilot:
        screen = await ask(pilot, "filters")
        await pilot.press("tab")
        assert screen.conversation.marked == screen.exchange.places[0]  # type: ignore[union-attr]
        await pilot.press("k")
        assert getattr(screen.conversation.marked, "label", "") == "Qasr"
        await pilot.press("G")
        assert getattr(screen.conversation.marked, "number", 0) == 3
        await pilot.press("g")
        assert getattr(screen.conversation.marked, "label", "") == "May 2023"
        await pilot.press("j", "j", "j", "enter")
        await until(pilot, lambda: screen.reading.body.has_focus)
        assert screen.place is not None
        assert screen.place.number == 2


async def test_a_click_opens_a_quote_a_source_a_tab_and_an_example() -> None:
    async with ReadoutsApp(FakeBackend()).run_test(size=(80, 24)) as pilot:
        screen = chat(pilot)
        await until(pilot, lambda: "speak in 2023?" in said(screen))
        await click(pilot, "What did Anna Bergström")
        await until(pilot, lambda: screen.question.text.startswith("What did Anna Bergström and Karim Haddad discuss"))
        await ask(pilot, "ferry")
        await click(pilot, " 2  “The two")
        await until(pilot, lambda: screen.reading.body.has_focus)
        assert screen.place is not None
        assert screen.place.number == 2
        await pilot.click("#tabs", offset=(18, 0))
        assert screen.sources.has_focus
        await pilot.click("#sources", offset=(8, 6))
        await until(pilot, lambda: screen.place is not None and screen.place.number == 3)
        await pilot.click("#tabs", offset=(3, 0))
        assert screen.question.has_focus


def test_the_assistant_made_behind_the_first_picture_passes_every_call_of_the_screen_on() -> None:
    wanted = {name for name in vars(Backend) if not name.startswith("_")}
    assert "versions" in wanted
    assert wanted <= set(vars(LateBackend))
