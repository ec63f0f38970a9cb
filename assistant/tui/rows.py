"""A single piece as a widget of its own."""

from __future__ import annotations

from textual import events
from textual.app import RenderResult
from textual.message import Message
from textual.widget import Widget

from assistant.tui.pieces import Piece, Stop


class Rows(Widget):
    """Rows that can be pressed with the mouse.

    Args:
        piece: The rows.
    """

    ALLOW_SELECT = False

    class Pressed(Message):
        """A row was pressed."""

        def __init__(self, stop_at: Stop) -> None:
            super().__init__()
            self.stop_at = stop_at

    def __init__(self, piece: Piece, *, classes: str = "") -> None:
        super().__init__(classes=f"rows {classes}")
        self.piece = piece

    @property
    def text(self) -> str:
        """Every word of the rows, margins included."""
        return self.piece.text

    def render(self) -> RenderResult:
        """The rows."""
        return self.piece.visual(None, "")

    def on_click(self, event: events.Click) -> None:
        """Press the row under the mouse."""
        offset = event.get_content_offset(self)
        row = self.piece.row_at(self.content_size.width, offset.y, event.style.meta) if offset is not None else None
        stop = None if row is None else self.piece.stops[row]
        if stop is not None:
            event.stop()
            self.post_message(self.Pressed(stop))
