"""A list whose marked row has a sign before it, so that it is not shown by colour alone."""

from __future__ import annotations

from rich.segment import Segment
from textual.strip import Strip
from textual.widgets import OptionList


class MarkedList(OptionList):
    """Rows begin with an empty cell for the mark."""

    def render_line(self, y: int) -> Strip:
        """A line of a row; the first line of the marked row has the mark."""
        strip = super().render_line(y)
        line = self.scroll_offset.y + y
        if self.highlighted is None or line >= len(self._lines) or self._lines[line] != (self.highlighted, 0):
            return strip
        empty, *rest = strip.divide([1, max(1, strip.cell_length)])
        style = next((segment.style for segment in empty), None)
        return Strip.join([Strip([Segment("▸", style)]), *rest])
