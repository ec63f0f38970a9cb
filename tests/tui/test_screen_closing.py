"""Screens that are closed by several keys at once, faster than they close or before they are laid out."""

from __future__ import annotations

from textual import events
from tui_fakes import FakeBackend
from tui_helpers import ask, chat, until

from assistant.tui.app import ReadoutsApp
from assistant.tui.closing import Palette
from assistant.tui.history import HistoryScreen
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
