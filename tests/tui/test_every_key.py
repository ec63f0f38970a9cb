"""Every key of every part is pressed, on a laptop's screen, a usual one and a wall."""

from __future__ import annotations

import webbrowser
from contextlib import nullcontext

import key_steps_main
import key_steps_other
import key_steps_reading
import pytest
from key_steps import SCENES, STEPS, Stage, backend
from textual.containers import ScrollableContainer
from textual.scroll_view import ScrollView
from textual.widget import Widget
from textual.widgets._footer import FooterKey

from assistant.tui import clipboard, external
from assistant.tui.app import ReadoutsApp
from assistant.tui.keybar import KeyBar
from assistant.tui.keymap import COMMANDS, Part, commands

SIZES = [(80, 24), (120, 40), (200, 50)]
assert all((key_steps_main, key_steps_other, key_steps_reading))  # importing them enters their steps


def test_there_is_a_step_for_every_action_and_a_scene_for_every_part() -> None:
    assert set(STEPS) == {command.id for command in COMMANDS}
    assert set(SCENES) == set(Part)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("part", list(Part))
async def test_every_key_does_what_it_says(part: Part, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    app = ReadoutsApp(made := backend())
    async with app.run_test(size=size) as pilot:
        stage = Stage(pilot, made)
        with_outsiders(stage, monkeypatch)
        await stage.home()
        if part is Part.RELATED and stage.chat.narrow:
            assert not stage.chat.related.region  # the same readouts stand at the foot of the text
            return
        for command in commands(part):
            for key in command.keys.split(","):
                await SCENES[part](stage)
                stage.pressed.clear()
                await STEPS[command.id](stage, key)
                assert key in stage.pressed, command.id


@pytest.mark.parametrize("size", SIZES)
async def test_every_part_fits_on_the_screen_and_none_scrolls_sideways(size: tuple[int, int]) -> None:
    app = ReadoutsApp(made := backend())
    async with app.run_test(size=size) as pilot:
        stage = Stage(pilot, made)
        for part, come in SCENES.items():
            if part is Part.RELATED and stage.chat.narrow:
                continue
            await come(stage)
            await pilot.pause()
            screen = stage.front
            assert screen.focused is not None, part
            assert screen.focused.region.area > 0, part
            scrolling = [w for w in screen.walk_children(Widget) if isinstance(w, (ScrollView, ScrollableContainer))]
            assert not [w for w in scrolling if w.region.area and w.max_scroll_x], part
            for window in (*screen.query(".window"), *screen.query(KeyBar), screen.focused):
                assert screen.region.contains_region(window.region), (part, window)
            assert max(key.region.right for key in screen.query(FooterKey)) <= size[0], part


def with_outsiders(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Clipboard, browser, pager and editor that only note what they were given."""
    made = stage.backend
    readout = next(iter(made.readouts.values()))

    def copied(text: str, osc52: object, *, browser: bool) -> tuple[str, bool]:
        stage.given.append("chat.copy" if "](<https://example.org/r>)" in text else text)
        return "Copied.", True

    def browsed(url: str) -> bool:
        stage.given.append("chat.source" if url == readout.source.url else url)
        return True

    def run(program: list[str], text: str) -> int:
        stage.given.append(program[0] if readout.text in text else text)
        return 0

    monkeypatch.setattr(clipboard, "copy", copied)
    monkeypatch.setattr(webbrowser, "open", browsed)
    monkeypatch.setattr(external, "pager", lambda: ["chat.pager"])
    monkeypatch.setattr(external, "editor", lambda: ["chat.editor"])
    monkeypatch.setattr(external, "run_on_text", run)
    monkeypatch.setattr(ReadoutsApp, "suspend", lambda app: nullcontext())
