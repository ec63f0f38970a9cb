"""What the panes hold and what lies over them: nothing of an answer that is gone, no notice over the question box."""

from __future__ import annotations

import pytest
from tui_fakes import FakeBackend
from tui_helpers import ask, chat, said, until

from assistant.tui.app import ReadoutsApp
from assistant.tui.browse import BrowseScreen
from assistant.tui.facets import FacetList
from assistant.tui.history import ConversationList
from assistant.tui.marked_list import MarkedList
from assistant.tui.paragraph import Paragraph

SIZES = [(80, 24), (120, 40), (200, 50)]


def is_empty(pilot) -> bool:  # type: ignore[no-untyped-def]
    screen = chat(pilot)
    return not (screen.sources.places or screen.related.records or screen.query(Paragraph) or screen.reading.readout)


@pytest.mark.parametrize("size", SIZES)
async def test_after_a_question_that_failed_no_pane_holds_the_answer_before(size: tuple[int, int]) -> None:
    async with ReadoutsApp(FakeBackend()).run_test(size=size) as pilot:
        screen = await ask(pilot, "ferry")
        await until(pilot, lambda: screen.query(Paragraph))
        screen.question.fill("fail")
        await pilot.press("enter")
        await until(pilot, lambda: is_empty(pilot))
        assert "The catalogue is on holiday." in said(screen)
        assert screen.tabs.count == 0
        assert screen.check_action("cite", (1,)) is False
        await pilot.press("tab", "g", "enter")  # the earlier turn still stands in the conversation
        await until(pilot, lambda: screen.reading.readout is not None)


@pytest.mark.parametrize("size", SIZES)
async def test_a_new_conversation_begins_with_empty_panes(size: tuple[int, int]) -> None:
    async with ReadoutsApp(FakeBackend()).run_test(size=size) as pilot:
        screen = await ask(pilot, "ferry")
        await until(pilot, lambda: screen.query(Paragraph))
        await pilot.press("ctrl+n")
        await until(pilot, lambda: is_empty(pilot))
        assert "Open a quote to read it" in str(screen.query_one(".empty").render())


async def test_a_readout_that_comes_after_its_answer_is_gone_is_not_shown() -> None:
    async with ReadoutsApp(FakeBackend()).run_test(size=(120, 40)) as pilot:
        screen = await ask(pilot, "ferry")
        screen.open(screen.exchange.places[2], focus=False)  # type: ignore[union-attr]
        await screen.empty_panes()
        await pilot.pause(0.2)
        assert is_empty(pilot)


@pytest.mark.parametrize("size", SIZES)
async def test_notices_cover_neither_the_question_box_nor_the_footer(size: tuple[int, int]) -> None:
    async with ReadoutsApp(FakeBackend()).run_test(size=size, notifications=True) as pilot:
        screen = await ask(pilot, "ferry")
        for text in ("short", "one\ntwo\nthree\nfour\nfive"):
            screen.question.fill(text)
            await until(pilot, lambda text=text: screen.question.size.height == 1 + text.count("\n"))  # type: ignore[misc]
            screen.notify("A notice as long as the name of a file in a folder of folders may be. " * 3)
            await until(pilot, lambda: screen.query("Toast"))
            await pilot.pause()
            assert all(toast.region.bottom <= screen.question.region.y for toast in screen.query("Toast"))
            pilot.app.clear_notifications()


@pytest.mark.parametrize("size", SIZES)
async def test_the_marked_row_of_every_list_has_a_sign_before_it(size: tuple[int, int]) -> None:
    backend = FakeBackend()
    async with ReadoutsApp(backend).run_test(size=size) as pilot:

        def marked(rows: MarkedList) -> list[int]:
            return [y for y in range(rows.scrollable_content_region.height) if rows.render_line(y).text[:1] == "▸"]

        screen = await ask(pilot, "ferry")
        await pilot.press("tab", "s", "j")
        await until(pilot, lambda: marked(screen.sources) == [2])
        await pilot.press("ctrl+r")
        await until(pilot, lambda: pilot.app.screen.query(ConversationList))
        talks = pilot.app.screen.query_one(ConversationList)
        await until(pilot, lambda: marked(talks) == [0])
        await pilot.press("escape", "ctrl+b")
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowseScreen))
        await until(pilot, lambda: pilot.app.screen.query_one(FacetList).values)
        await pilot.press("ctrl+f", "j")
        await until(pilot, lambda: marked(pilot.app.screen.query_one(FacetList)) == [3])
