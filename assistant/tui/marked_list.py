"""A list whose marked row has a sign before it, not to be shown by colour alone, and whose rows know what they stand for."""

from __future__ import annotations

from typing import Any

from rich.segment import Segment
from textual.strip import Strip
from textual.visual import VisualType
from textual.widgets import OptionList
from textual.widgets.option_list import Option


class Row(Option):
    """A row.

    Args:
        prompt: What it shows.
        value: What it stands for: by the time its choice is told, the list may hold others in its place.
        disabled: Whether it cannot be chosen.
    """

    def __init__(self, prompt: VisualType, value: Any, *, disabled: bool = False) -> None:
        super().__init__(prompt, disabled=disabled)
        self.value = value


class MarkedList(OptionList):
    """Rows begin with an empty cell for the mark."""

    @staticmethod
    def chosen(event: OptionList.OptionSelected) -> Any:
        """What the row stands for that was chosen."""
        return event.option.value if isinstance(event.option, Row) else None

    def render_line(self, y: int) -> Strip:
        """A line of a row; the first line of the marked row has the mark."""
        strip = super().render_line(y)
        line = self.scroll_offset.y + y
        if self.highlighted is None or line >= len(self._lines) or self._lines[line] != (self.highlighted, 0):
            return strip
        empty, *rest = strip.divide([1, max(1, strip.cell_length)])
        style = next((segment.style for segment in empty), None)
        return Strip.join([Strip([Segment("▸", style)]), *rest])
