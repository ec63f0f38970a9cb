"""Help and palette name every key, and neither leaves one out."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
from textual.binding import Binding
from tui_fakes import FakeBackend
from tui_helpers import ask, chat, until

from assistant.tui import app as app_module
from assistant.tui import (
    browse,
    conversation,
    dialogs,
    facets,
    helping,
    history,
    indexing,
    paragraph,
    question,
    reading,
    related_list,
    sources,
    table,
)
from assistant.tui import chat as chat_module
from assistant.tui.app import ReadoutsApp
from assistant.tui.keymap import COMMANDS, Part, commands
from assistant.tui.palette import ActionsProvider

OWNERS: tuple[Any, ...] = (
    app_module.ReadoutsApp,
    chat_module.ChatScreen,
    question.QuestionBox,
    conversation.ConversationView,
    sources.SourcesList,
    reading.ReadingText,
    related_list.RelatedList,
    paragraph.FindBox,
    browse.BrowseScreen,
    table.RecordTable,
    facets.FacetList,
    indexing.IndexScreen,
    indexing.SkippedList,
    history.HistoryScreen,
    history.ConversationList,
    dialogs.Dialog,
    helping.HelpScreen,
)


def test_every_binding_of_every_part_comes_from_the_table() -> None:
    ids = {command.id for command in COMMANDS}
    assert len(ids) == len(COMMANDS)
    for owner in OWNERS:
        for binding in owner.__dict__["BINDINGS"]:
            assert isinstance(binding, Binding)
            assert binding.id is not None
            assert binding.id.rsplit(".", 1)[0] in ids or binding.id in ids, (owner, binding)


def test_every_action_of_the_table_is_a_method_of_its_part() -> None:
    parts = {Part.APP: app_module.ReadoutsApp} | {o.PART: o for o in OWNERS if getattr(o, "PART", None)}
    for command in COMMANDS:
        name = command.action.partition("(")[0]
        owner = parts[command.part]
        if name.startswith("screen."):
            owner = {Part.CONVERSATION: chat_module.ChatScreen, Part.HISTORY_LIST: history.HistoryScreen}[command.part]
        assert inspect.isfunction(getattr(owner, f"action_{name.removeprefix('screen.')}", None)), command


@pytest.mark.parametrize("part", list(Part))
def test_help_on_a_part_names_all_its_commands_and_those_that_work_anywhere(part: Part) -> None:
    listed = {command.id for _, found in helping.help_rows(part) for command in found}
    assert {c.id for c in commands(part)} <= listed
    assert {c.id for c in commands(Part.APP)} <= listed


@pytest.mark.parametrize("part", [Part.QUESTION, Part.CONVERSATION, Part.SOURCES, Part.READING, Part.FIND])
def test_help_on_the_main_screen_names_what_works_on_all_of_it(part: Part) -> None:
    listed = {command.id for _, found in helping.help_rows(part) for command in found}
    assert {c.id for c in commands(Part.CHAT)} <= listed


async def test_the_palette_offers_every_command_of_the_main_screen() -> None:
    async with ReadoutsApp(FakeBackend()).run_test(size=(120, 40)) as pilot:
        screen = await ask(pilot, "filters of the ferry")
        await pilot.press("tab", "1", "slash")
        offered = {name: about for name, about, _ in ActionsProvider(screen).offered()}
        parts = (Part.APP, Part.CHAT, Part.QUESTION, Part.CONVERSATION, Part.SOURCES, Part.READING, Part.FIND)
        for command in COMMANDS:
            if command.part in parts and command.id != "chat.cite_typing":
                assert any(command.help in about for about in offered.values()), command.id


@pytest.mark.parametrize(
    ("key", "parts"),
    [
        ("ctrl+b", (Part.BROWSE, Part.TABLE, Part.FACETS)),
        ("ctrl+r", (Part.HISTORY, Part.HISTORY_LIST)),
    ],
)
async def test_the_palette_offers_every_command_of_the_other_screens(key: str, parts: tuple[Part, ...]) -> None:
    async with ReadoutsApp(FakeBackend()).run_test(size=(120, 40)) as pilot:
        await ask(pilot, "ferry")
        await pilot.press(key)
        await until(pilot, lambda: pilot.app.screen is not chat(pilot))
        await pilot.pause(0.1)
        offered = {about for _, about, _ in ActionsProvider(pilot.app.screen).offered()}
        for command in COMMANDS:
            if command.part in parts:
                assert any(command.help in about for about in offered), command.id


async def test_an_action_chosen_in_the_palette_is_done() -> None:
    async with ReadoutsApp(FakeBackend()).run_test(size=(120, 40)) as pilot:
        screen = await ask(pilot, "ferry")
        await pilot.press("ctrl+p")
        await pilot.pause(0.2)
        await pilot.press(*"new conv")
        await pilot.pause(0.5)
        await pilot.press("enter")
        await until(pilot, lambda: screen.exchange is None)
        assert screen.conversation.exchanges == []
