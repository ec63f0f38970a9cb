"""The reading pane and the marks of the conversation."""

from __future__ import annotations

import pytest
from tui_fakes import FakeBackend
from tui_helpers import ask, chat, said, until

from assistant.tui.app import ReadoutsApp
from assistant.tui.greeting import Greeting

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
        from textual.widgets import Static

        from assistant.tui.hanging import Hanging
        from assistant.tui.turn import Rows

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
        greeting = screen.query_one(Greeting)
        row = next(n for n, stop in enumerate(greeting.stops) if stop)
        await pilot.click(".greeting", offset=(10, greeting.line_of(row) + 1))
        await until(pilot, lambda: screen.question.text.startswith("What did Anna Bergström and Karim Haddad discuss"))
        await ask(pilot, "ferry")
        await pilot.click(".quotes", offset=(10, 6))
        await until(pilot, lambda: screen.reading.body.has_focus)
        assert screen.place is not None
        assert screen.place.number == 2
        await pilot.click("#tabs", offset=(18, 0))
        assert screen.sources.has_focus
        await pilot.click("#sources", offset=(8, 6))
        await until(pilot, lambda: screen.place is not None and screen.place.number == 3)
        await pilot.click("#tabs", offset=(3, 0))
        assert screen.question.has_focus
