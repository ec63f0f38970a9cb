"""Jump mode: a letter on every part of the screen; press it to go there."""

from __future__ import annotations

from collections.abc import Mapping

from textual import events
from textual.app import ComposeResult
from textual.content import Content
from textual.geometry import Offset
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Static

from assistant.tui.closing import ClosesOnce


class Jump(ClosesOnce, ModalScreen[str]):
    """Letters over the parts.

    Args:
        targets: Letter, and the part it goes to.
    """

    PART = None

    def __init__(self, targets: Mapping[str, Widget]) -> None:
        super().__init__()
        self._targets = targets

    def compose(self) -> ComposeResult:
        """A letter in each part's corner."""
        for letter, widget in self._targets.items():
            label = Static(Content.styled(f" {letter} ", "bold reverse"), markup=False, classes="jump")
            region = widget.region
            label.absolute_offset = Offset(region.x + 1, region.y)
            yield label

    def on_key(self, event: events.Key) -> None:
        """Go, or close on any other key."""
        event.stop()
        self.dismiss(event.key if event.key in self._targets else "")

    def on_click(self) -> None:
        """A click closes."""
        self.dismiss("")
