"""What every key shall do: a scene for each part of the screen, and a step for each of its actions."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from textual.pilot import Pilot
from textual.screen import Screen
from tui_fakes import PARAGRAPHS, FakeBackend, make_readout
from tui_helpers import ask, chat, until

from assistant.tui.chat import ChatScreen
from assistant.tui.keymap import Part


@dataclass
class Stage:
    """An app at some size, and what its programs and clipboard were given."""

    pilot: Pilot[int]
    backend: FakeBackend
    given: list[str] = field(default_factory=list)
    pressed: list[str] = field(default_factory=list)

    @property
    def chat(self) -> ChatScreen:
        return chat(self.pilot)

    @property
    def front(self) -> Screen[object]:
        """The screen in front."""
        return self.pilot.app.screen

    async def makes(self, key: str, condition: Callable[[], object]) -> None:
        """Press the key; what was not so before must be so afterwards."""
        await self.pilot.pause()
        assert not condition(), f"it is so before {key} is pressed"
        await self.pilot.press(key)
        self.pressed.append(key)
        await until(self.pilot, condition)

    async def home(self) -> None:
        """The main screen alone, with an answer of twelve quotes, the question box empty and in focus."""
        while self.front is not self.chat:
            self.pilot.app.pop_screen()
            await self.pilot.pause()
        screen = self.chat
        screen.reading.close_find()
        if screen.exchange is None or not screen.exchange.places:
            await ask(self.pilot, "list of filters")
        screen.question.load_text("")
        screen.go_to("conversation")
        await self.pilot.pause()

    async def comes(self, kind: type[Screen[object]]) -> None:
        """Wait for a screen."""
        await until(self.pilot, lambda: isinstance(self.front, kind))


Step: TypeAlias = Callable[[Stage, str], Awaitable[None]]
Scene: TypeAlias = Callable[[Stage], Awaitable[None]]
STEPS: dict[str, Step] = {}
SCENES: dict[Part, Scene] = {}


def step(identity: str) -> Callable[[Step], Step]:
    """Enter what the keys of an action shall do."""

    def enter(made: Step) -> Step:
        assert identity not in STEPS
        STEPS[identity] = made
        return made

    return enter


def scene(part: Part) -> Callable[[Scene], Scene]:
    """Enter how to come to a part from anywhere."""

    def enter(made: Scene) -> Scene:
        SCENES[part] = made
        return made

    return enter


def list_steps(
    name: str, get: Callable[[Stage], int | None], put: Callable[[Stage, int], None], last: Callable[[Stage], int]
) -> None:
    """The four steps of a list: one down, one up, first, last.

    Args:
        name: Of the list, as in the names of its actions.
        get: Place of its mark.
        put: Moves its mark.
        last: Its last place.
    """

    def going(start: Callable[[Stage], int], end: Callable[[Stage], int]) -> Step:
        async def go(stage: Stage, key: str) -> None:
            put(stage, start(stage))
            await stage.makes(key, lambda: get(stage) == end(stage))

        return go

    first, one = (1, 3) if name == "facets" else (0, 0)  # year and kind have a heading each, and there is one year
    step(f"{name}.down")(going(lambda _: one, lambda _: one + 1))
    step(f"{name}.up")(going(lambda _: one + 1, lambda _: one))
    step(f"{name}.first")(going(last, lambda _: first))
    step(f"{name}.last")(going(lambda _: first, last))


def backend() -> FakeBackend:
    """Twelve readouts too long for any screen, and two conversations of other days."""
    made = FakeBackend([make_readout(n, paragraphs=PARAGRAPHS * 5) for n in range(1, 13)])
    for name in ("old", "older", "oldest"):
        made.history.save(name, made.answer(f"{name} ferry"))
    return made
