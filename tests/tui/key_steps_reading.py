"""What the keys of sources, reading pane and finding shall do."""

from __future__ import annotations

from collections.abc import Callable

from key_steps import Stage, list_steps, scene, step
from textual.widgets import OptionList
from tui_helpers import until

from assistant.tui.keymap import Part
from assistant.tui.paragraph import FindBox


def option_steps(name: str, of: Callable[[Stage], OptionList]) -> None:
    """The steps of a list of options."""

    def put(stage: Stage, place: int) -> None:
        of(stage).highlighted = place

    list_steps(name, lambda stage: of(stage).highlighted, put, lambda stage: of(stage).option_count - 1)


@scene(Part.SOURCES)
async def _(stage: Stage) -> None:
    await stage.home()
    stage.chat.go_to("sources")
    await stage.pilot.pause()


@scene(Part.RELATED)
async def _(stage: Stage) -> None:
    await stage.home()
    await until(stage.pilot, lambda: stage.chat.related.records)
    stage.chat.related.focus()
    await stage.pilot.pause()


@scene(Part.READING)
async def _(stage: Stage) -> None:
    await stage.home()
    await until(stage.pilot, lambda: stage.chat.reading.readout is not None)
    stage.chat.go_to("reading")
    await until(stage.pilot, lambda: stage.chat.reading.body.max_scroll_y > 4)


@scene(Part.FIND)
async def _(stage: Stage) -> None:
    await stage.home()
    await until(stage.pilot, lambda: stage.chat.reading.readout is not None)
    stage.chat.go_to("reading")
    stage.chat.reading.open_find()
    await stage.pilot.press(*"pier")
    await until(stage.pilot, lambda: stage.chat.reading.border_subtitle == "place 1 of 5")


option_steps("sources", lambda stage: stage.chat.sources)
option_steps("related", lambda stage: stage.chat.related)


@step("sources.open")
async def _(stage: Stage, key: str) -> None:
    stage.chat.sources.highlighted = 2
    await stage.makes(key, lambda: stage.chat.reading.body.has_focus)
    assert stage.chat.place == stage.chat.sources.places[2]


@step("related.open")
async def _(stage: Stage, key: str) -> None:
    stage.chat.related.highlighted = 1
    wanted = stage.chat.related.records[1].source.doc_id

    def shown() -> bool:
        readout = stage.chat.reading.readout
        return readout is not None and readout.source.doc_id == wanted

    await stage.makes(key, shown)


def scrolls(identity: str, by: int, *, end: bool = False) -> None:
    """A key that scrolls the readout from its middle."""

    @step(identity)
    async def _(stage: Stage, key: str) -> None:
        body = stage.chat.reading.body
        body.scroll_to(y=body.max_scroll_y // 2, animate=False, immediate=True)
        await stage.pilot.pause()
        start, edge = body.scroll_target_y, body.max_scroll_y if by > 0 else 0
        await stage.makes(key, lambda: body.scroll_target_y == edge if end else (body.scroll_target_y - start) * by > 0)


scrolls("reading.down", 1)
scrolls("reading.up", -1)
scrolls("reading.first", -1, end=True)
scrolls("reading.last", 1, end=True)
scrolls("reading.page_down", 1)
scrolls("reading.page_up", -1)


@step("reading.find")
async def _(stage: Stage, key: str) -> None:
    await stage.makes(key, lambda: stage.chat.reading.query_one(FindBox).has_focus)


@step("reading.quote")
async def _(stage: Stage, key: str) -> None:
    body = stage.chat.reading.body
    stage.chat.reading.to_quote()
    await stage.pilot.pause()
    quote = body.scroll_target_y
    body.scroll_to(y=body.max_scroll_y, animate=False, immediate=True)
    await stage.makes(key, lambda: body.scroll_target_y == quote)


@step("find.next")
async def _(stage: Stage, key: str) -> None:
    await stage.makes(key, lambda: stage.chat.reading.border_subtitle == "place 2 of 5")


@step("find.previous")
async def _(stage: Stage, key: str) -> None:
    await stage.makes(key, lambda: stage.chat.reading.border_subtitle == "place 5 of 5")


@step("find.close")
async def _(stage: Stage, key: str) -> None:
    await stage.makes(key, lambda: not stage.chat.reading.finding)
