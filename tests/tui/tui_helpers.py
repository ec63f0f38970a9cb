"""What the tests of the screen share: asking, waiting, reading what is said."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.pilot import Pilot

from assistant.tui.chat import ChatScreen
from assistant.tui.page import Page


async def until(pilot: Pilot[int], condition: Callable[[], object]) -> None:
    """Wait for threads to come back; fails where they do not."""
    for _ in range(400):
        await pilot.pause(0.01)
        if condition():
            await pilot.pause()
            return
    pytest.fail("The screen did not come to the state that was waited for.")


def chat(pilot: Pilot[int]) -> ChatScreen:
    """The main screen, whatever lies over it."""
    screen = pilot.app.screen_stack[0]
    assert isinstance(screen, ChatScreen)
    return screen


async def ask(pilot: Pilot[int], question: str) -> ChatScreen:
    """Ask a question and wait for its answer and the readout beside it."""
    screen = chat(pilot)
    screen.question.focus()
    screen.question.fill(question)
    await pilot.press("enter")
    await until(
        pilot, lambda: screen.asking.pending is None and screen.exchange and screen.exchange.question == question
    )
    if screen.exchange and screen.exchange.places:
        await until(pilot, lambda: screen.reading.readout is not None)
    return screen


def line_of(screen: ChatScreen, page: Page) -> int:
    """Line of the view on which a page of the conversation begins."""
    return screen.conversation.line_of(page) - screen.conversation.scroll_offset.y


def lines(screen: ChatScreen) -> list[str]:
    """The lines of the conversation that are in view."""
    view = screen.conversation
    return [view.render_line(y).text for y in range(view.size.height)]


async def click(pilot: Pilot[int], words: str) -> None:
    """Click on words of the conversation."""
    screen = chat(pilot)
    found = [(line.find(words), y) for y, line in enumerate(lines(screen)) if words in line]
    assert found, f"“{words}” is not in view"
    await pilot.click(screen.conversation, offset=found[0])


def said(screen: ChatScreen) -> str:
    """All words of the conversation."""
    return screen.conversation.text.replace("\u00a0", " ")
