"""What the keys of the other screens shall do: all readouts, past conversations, the index, dialogs, help."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from key_steps import Stage, list_steps, scene, step
from key_steps_reading import option_steps
from textual.containers import VerticalScroll
from textual.widgets import Input
from tui_helpers import until

from assistant.tui.browse import BrowseScreen
from assistant.tui.dialogs import Ask, Confirm, Narrow
from assistant.tui.facets import FacetList
from assistant.tui.helping import HelpScreen
from assistant.tui.history import ConversationList, HistoryScreen
from assistant.tui.indexing import IndexScreen, SkippedList
from assistant.tui.keymap import Part
from assistant.tui.table import RecordTable
from index.datatypes import Skipped

# All readouts


@scene(Part.BROWSE)
@scene(Part.TABLE)
async def _(stage: Stage) -> None:
    await stage.home()
    stage.chat.action_browse()
    await stage.comes(BrowseScreen)
    await until(stage.pilot, lambda: len(stage.front.query_one(RecordTable).places) == 12)
    stage.front.query_one(RecordTable).focus()


@scene(Part.FACETS)
async def _(stage: Stage) -> None:
    await stage.home()
    stage.chat.action_browse()
    await stage.comes(BrowseScreen)
    await until(stage.pilot, lambda: stage.front.query_one(FacetList).values)
    stage.front.action_narrow()  # type: ignore[attr-defined]
    await stage.pilot.pause()


def table(stage: Stage) -> RecordTable:
    return stage.front.query_one(RecordTable)


def browse(stage: Stage) -> Any:
    return stage.front


def _move(stage: Stage, place: int) -> None:
    table(stage).cursor = place


list_steps("table", lambda stage: table(stage).cursor, _move, lambda stage: 11)
option_steps("facets", lambda stage: stage.front.query_one(FacetList))


@step("browse.back")
@step("history.back")
@step("index.back")
@step("dialog.cancel")
@step("help.close")
async def closes(stage: Stage, key: str) -> None:
    await stage.makes(key, lambda: stage.front is stage.chat)


@step("browse.ask")
async def _(stage: Stage, key: str) -> None:
    table(stage).marked = {"doc-2"}
    await stage.makes(key, lambda: stage.chat.scope.doc_ids == ("doc-2",))
    stage.chat.set_scope(type(stage.chat.scope)())


@step("browse.sort")
async def _(stage: Stage, key: str) -> None:
    await stage.makes(key, lambda: browse(stage)._column == 1)


@step("browse.reverse")
async def _(stage: Stage, key: str) -> None:
    before = list(table(stage).places)
    await stage.makes(key, lambda: list(table(stage).places) == before[::-1])


@step("browse.narrow")
async def _(stage: Stage, key: str) -> None:
    facets = stage.front.query_one(FacetList)
    await stage.makes(key, lambda: facets.has_focus and facets.region.area > 0)


@step("browse.filter")
@step("history.search")
async def to_the_line(stage: Stage, key: str) -> None:
    await stage.makes(key, lambda: stage.front.query_one(Input).has_focus)


@step("table.open")
async def _(stage: Stage, key: str) -> None:
    _move(stage, 3)
    wanted = table(stage).doc_id
    await stage.makes(key, lambda: stage.front is stage.chat)
    await until(stage.pilot, lambda: stage.chat.reading.readout and stage.chat.reading.readout.source.doc_id == wanted)


@step("table.mark")
async def _(stage: Stage, key: str) -> None:
    _move(stage, 3)
    await stage.makes(key, lambda: table(stage).marked == {table(stage).shelf.doc_ids[table(stage).places[3]]})  # type: ignore[union-attr]


@step("table.page_down")
async def _(stage: Stage, key: str) -> None:
    await stage.makes(key, lambda: table(stage).cursor > 5)


@step("table.page_up")
async def _(stage: Stage, key: str) -> None:
    _move(stage, 11)
    await stage.makes(key, lambda: table(stage).cursor < 5)


@step("facets.choose")
async def _(stage: Stage, key: str) -> None:
    stage.front.query_one(FacetList).highlighted = 3
    await stage.makes(key, lambda: len(table(stage).places) == 6)


# Past conversations


@scene(Part.HISTORY)
@scene(Part.HISTORY_LIST)
async def _(stage: Stage) -> None:
    await stage.home()
    stage.chat.action_history()
    await stage.comes(HistoryScreen)
    talks = stage.front.query_one(ConversationList)
    await until(stage.pilot, lambda: talks.option_count >= 3)


option_steps("history_list", lambda stage: stage.front.query_one(ConversationList))


@step("history.resume")
async def _(stage: Stage, key: str) -> None:
    talks = stage.front.query_one(ConversationList)
    talks.highlighted = talks.option_count - 1
    stage.chat.asking.talk.id = None
    await stage.makes(key, lambda: stage.chat.asking.talk.id == "old")


@step("history.rename")
@step("history.export")
async def asks(stage: Stage, key: str) -> None:
    await stage.makes(key, lambda: isinstance(stage.front, Ask))


@step("history.delete")
async def _(stage: Stage, key: str) -> None:
    await stage.makes(key, lambda: isinstance(stage.front, Confirm))


# The index


@scene(Part.INDEX)
async def _(stage: Stage) -> None:
    await stage.home()
    stage.chat.action_add()
    await stage.comes(IndexScreen)


@scene(Part.SKIPPED)
async def _(stage: Stage) -> None:
    await stage.home()
    report = replace(
        stage.backend.add(["x"]), skipped=tuple(Skipped(path=f"{n}.bin", reason="It is a binary file.") for n in "123")
    )
    stage.chat.adding.ended(report=report)
    stage.chat.action_add()
    await stage.comes(IndexScreen)
    await until(stage.pilot, lambda: stage.front.query_one(SkippedList).option_count == 3)
    stage.front.query_one(SkippedList).focus()


option_steps("skipped", lambda stage: stage.front.query_one(SkippedList))


@step("index.stop")
async def _(stage: Stage, key: str) -> None:
    stage.backend.gate.clear()
    await stage.pilot.press(*"more", "enter")
    await until(stage.pilot, lambda: stage.chat.adding.progress is not None)
    await stage.makes(key, lambda: stage.chat.adding.stopping)
    stage.backend.gate.set()
    await until(stage.pilot, lambda: not stage.chat.adding.running)


# Dialogs and help


@scene(Part.DIALOG)
async def _(stage: Stage) -> None:
    await stage.home()
    stage.chat.action_filter()
    await stage.comes(Narrow)


@scene(Part.HELP)
async def _(stage: Stage) -> None:
    await stage.home()
    await stage.pilot.press("f1")
    await stage.comes(HelpScreen)


def scrolls(identity: str, start: int, end: int) -> None:
    @step(identity)
    async def _(stage: Stage, key: str) -> None:
        page = stage.front.query_one(".window", VerticalScroll)
        await until(stage.pilot, lambda: page.max_scroll_y > 1)
        page.scroll_to(y=start, animate=False, immediate=True)
        await stage.makes(key, lambda: page.scroll_target_y == end)


scrolls("help.down", 0, 1)
scrolls("help.up", 1, 0)
