"""What the keys of the main screen shall do."""

from __future__ import annotations

from typing import Any

from key_steps import Stage, list_steps, scene, step
from textual.command import CommandPalette
from tui_helpers import ask, until

from assistant.tui.browse import BrowseScreen
from assistant.tui.dialogs import Ask, Narrow
from assistant.tui.helping import HelpScreen
from assistant.tui.history import HistoryScreen
from assistant.tui.indexing import IndexScreen
from assistant.tui.jump import Jump
from assistant.tui.keymap import COMMANDS, Part
from assistant.tui.why import Why

scene(Part.QUESTION)(Stage.home)
_KEYS = {command.id: command.keys.split(",") for command in COMMANDS}


@scene(Part.APP)
@scene(Part.CHAT)
@scene(Part.CONVERSATION)
async def in_the_conversation(stage: Stage) -> None:
    await stage.home()
    stage.chat.conversation.focus()
    await stage.pilot.pause()


def opens(identity: str, kind: type[Any]) -> None:
    """A key that opens a screen, from the conversation; with a modifier also from the question box."""

    @step(identity)
    async def _(stage: Stage, key: str) -> None:
        if "+" in key:
            stage.chat.question.focus()
        await stage.makes(key, lambda: isinstance(stage.front, kind))


for _identity, _kind in (
    ("app.help", HelpScreen),
    ("app.palette", CommandPalette),
    ("app.jump", Jump),
    ("chat.why", Why),
    ("chat.add", IndexScreen),
    ("chat.export", Ask),
    ("chat.history", HistoryScreen),
    ("chat.browse", BrowseScreen),
    ("chat.filter", Narrow),
):
    opens(_identity, _kind)


@step("app.theme")
async def _(stage: Stage, key: str) -> None:
    before = stage.pilot.app.theme
    await stage.makes(key, lambda: stage.pilot.app.theme != before)


@step("app.quit")
async def _(stage: Stage, key: str) -> None:
    await stage.makes(key, lambda: stage.pilot.app._exit)


# On the main screen


@step("chat.back")
async def _(stage: Stage, key: str) -> None:
    await stage.makes(key, lambda: stage.chat.question.has_focus)


@step("chat.cite")
async def _(stage: Stage, key: str) -> None:
    stage.chat.place = None
    await stage.makes(key, lambda: stage.chat.place and stage.chat.place.number == int(key))
    await until(stage.pilot, lambda: stage.chat.reading.body.has_focus)


@step("chat.cite_typing")
async def _(stage: Stage, key: str) -> None:
    stage.chat.question.focus()
    stage.chat.question.fill("draft")
    stage.chat.place = None
    await stage.makes(key, lambda: stage.chat.place and stage.chat.place.number == int(key[-1]))
    assert stage.chat.question.text == "draft"


@step("chat.copy")
@step("chat.source")
@step("chat.pager")
@step("chat.editor")
async def gives(stage: Stage, key: str) -> None:
    """The clipboard, the browser and the programs of the test tell what they got."""
    await until(stage.pilot, lambda: stage.chat.reading.readout is not None)
    stage.given.clear()
    identity = next(name for name, keys in _KEYS.items() if key in keys and name.startswith("chat."))
    await stage.makes(key, lambda: identity in stage.given)


@step("chat.next")
async def _(stage: Stage, key: str) -> None:
    places = stage.chat.exchange.places  # type: ignore[union-attr]
    stage.chat.open(places[1], focus=False)
    await stage.makes(key, lambda: stage.chat.place == places[2])


@step("chat.previous")
async def _(stage: Stage, key: str) -> None:
    places = stage.chat.exchange.places  # type: ignore[union-attr]
    stage.chat.open(places[1], focus=False)
    await stage.makes(key, lambda: stage.chat.place == places[0])


@step("chat.sources")
async def _(stage: Stage, key: str) -> None:
    await stage.makes(key, lambda: stage.chat.sources.has_focus and stage.chat.sources.region.area > 0)


@step("chat.read")
async def _(stage: Stage, key: str) -> None:
    await stage.makes(key, lambda: stage.chat.reading.body.has_focus and stage.chat.reading.region.area > 0)


@step("chat.related")
async def _(stage: Stage, key: str) -> None:
    screen, body = stage.chat, stage.chat.reading.body
    await until(stage.pilot, lambda: screen.related.records)
    if screen.narrow:
        body.scroll_home(animate=False, immediate=True)
        await stage.makes(key, lambda: body.has_focus and body.scroll_offset.y == body.max_scroll_y > 0)
    else:
        await stage.makes(key, lambda: screen.related.has_focus)


@step("chat.drop_filter")
async def _(stage: Stage, key: str) -> None:
    before = len(stage.backend.asked)
    await stage.makes(key, lambda: len(stage.backend.asked) > before and stage.chat.asking.pending is None)
    assert stage.backend.asked[-1]["ignore"]


@step("chat.standalone")
async def _(stage: Stage, key: str) -> None:
    await stage.makes(key, lambda: stage.chat.question.has_focus and stage.chat.question.text == "list of filters")


@step("chat.layout")
async def _(stage: Stage, key: str) -> None:
    for name in ("reading", "tabs", "beside"):
        await stage.makes(key, lambda name=name: stage.chat.arrangement == name)  # type: ignore[misc]


@step("chat.new")
async def _(stage: Stage, key: str) -> None:
    await stage.makes(key, lambda: not stage.chat.conversation.exchanges)


# The question box


@step("question.send")
async def _(stage: Stage, key: str) -> None:
    stage.chat.question.fill("ferry")
    await stage.makes(key, lambda: stage.backend.asked[-1]["question"] == "ferry")
    await until(stage.pilot, lambda: stage.chat.asking.pending is None)


@step("question.newline")
async def _(stage: Stage, key: str) -> None:
    stage.chat.question.fill("one")
    await stage.makes(key, lambda: stage.chat.question.text == "one\n")


@step("question.up")
async def _(stage: Stage, key: str) -> None:
    stage.chat.question.remember("earlier")
    await stage.makes(key, lambda: stage.chat.question.text == "earlier")


@step("question.down")
async def _(stage: Stage, key: str) -> None:
    stage.chat.question.remember("earlier")
    stage.chat.question.fill("draft")
    stage.chat.question.action_earlier()
    await stage.makes(key, lambda: stage.chat.question.text == "draft")


async def pages(stage: Stage, key: str, by: int) -> None:
    """A page of the conversation, from the middle of two turns."""
    view = stage.chat.conversation
    if len(view.turns) < 2:
        await ask(stage.pilot, "list of filters")
    if stage.chat.focused is not stage.chat.question:
        view.focus()
    await until(stage.pilot, lambda: view.max_scroll_y > 2)
    view.scroll_to(y=view.max_scroll_y // 2, animate=False, immediate=True)
    await stage.pilot.pause()
    start = view.scroll_target_y
    await stage.makes(key, lambda: (view.scroll_target_y - start) * by > 0)


@step("question.page_up")
@step("conversation.page_up")
async def _(stage: Stage, key: str) -> None:
    await pages(stage, key, -1)


@step("question.page_down")
@step("conversation.page_down")
async def _(stage: Stage, key: str) -> None:
    await pages(stage, key, 1)


@step("question.to_answer")
async def _(stage: Stage, key: str) -> None:
    await stage.makes(key, lambda: stage.chat.conversation.has_focus)


# The conversation


def _marked(stage: Stage) -> int | None:
    view = stage.chat.conversation
    return view.stops().index(view.mark_at) if view.mark_at else None


list_steps(
    "conversation",
    _marked,
    lambda stage, place: stage.chat.conversation.mark(*stage.chat.conversation.stops()[place]),
    lambda stage: len(stage.chat.conversation.stops()) - 1,
)


@step("conversation.press")
async def _(stage: Stage, key: str) -> None:
    stage.chat.conversation.action_last()
    await stage.makes(key, lambda: stage.chat.reading.body.has_focus)


@step("conversation.type")
async def _(stage: Stage, key: str) -> None:
    await stage.makes(key, lambda: stage.chat.question.has_focus)
