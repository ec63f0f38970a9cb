"""Keys that come faster than the screen: screens closed twice or before they are laid out, rows of lists that have changed."""

from __future__ import annotations

from textual import events
from tui_fakes import FakeBackend
from tui_helpers import ask, chat, said, until

from assistant.tui.app import ReadoutsApp
from assistant.tui.closing import Palette
from assistant.tui.history import ConversationList, HistoryScreen
from assistant.tui.jump import Jump


async def test_a_key_that_follows_at_once_closes_no_second_screen() -> None:
    backend = FakeBackend()
    backend.history.save("old", backend.answer("ferry"))
    async with ReadoutsApp(backend).run_test(size=(80, 24)) as pilot:
        await pilot.press("ctrl+r")
        await until(pilot, lambda: isinstance(pilot.app.screen, HistoryScreen))
        history = pilot.app.screen
        await pilot.press("ctrl+o")
        await until(pilot, lambda: isinstance(pilot.app.screen, Jump))
        jump = pilot.app.screen
        for key in "xyz":
            jump.post_message(events.Key(key, key))
        await until(pilot, lambda: not jump.is_attached)
        assert pilot.app.screen is history
        history.dismiss(None)
        history.dismiss(None)
        await until(pilot, lambda: not history.is_attached)
        await ask(pilot, "ferry")
        assert pilot.app.screen is chat(pilot)


async def test_a_palette_that_is_closed_or_asked_for_a_page_at_any_moment_ends_nothing() -> None:
    async with ReadoutsApp(FakeBackend()).run_test(size=(80, 24)) as pilot:
        for pauses in range(12):
            pilot.app.action_command_palette()
            palette = pilot.app.screen
            assert isinstance(palette, Palette)
            for action in ("page_down", "page_up", "cursor_down"):
                palette._action_command_list(action)
            for _ in range(pauses):
                await pilot.pause(0.001)
            palette._action_escape()
            palette._action_escape()
            await until(pilot, lambda: pilot.app.screen is chat(pilot))
        await ask(pilot, "ferry")


async def test_a_row_that_was_chosen_before_the_list_changed_is_the_one_that_is_opened() -> None:
    backend = FakeBackend()
    for name in ("barge", "ferry"):
        backend.history.save(name, backend.answer(name))
    async with ReadoutsApp(backend).run_test(size=(80, 24)) as pilot:
        await pilot.press("ctrl+r")
        await until(pilot, lambda: isinstance(pilot.app.screen, HistoryScreen))
        listed = pilot.app.screen.query_one(ConversationList)
        await until(pilot, lambda: listed.option_count == 2)
        last = listed.get_option_at_index(1)
        await pilot.press("slash", *"nothing of the kind")
        await until(pilot, lambda: listed.option_count < 2)
        listed.post_message(ConversationList.OptionSelected(listed, last, 1))
        await until(pilot, lambda: chat(pilot).exchange is not None and pilot.app.screen is chat(pilot))
        assert last.value.title in said(chat(pilot))
