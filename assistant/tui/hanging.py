"""A text with something in its margin: a number, a mark; wrapped lines hang behind it."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.css.styles import RulesMap
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual


class Hanging(Visual):
    """Rows of ``(margin, body)``, one below the other; every margin is as wide as the widest.

    Args:
        rows: Margin and body of each row.
    """

    def __init__(self, rows: Sequence[tuple[Content, Content]]) -> None:
        self.rows = tuple(rows)
        self.margin = max((margin.cell_length for margin, _ in self.rows), default=0)

    @property
    def text(self) -> str:
        """All bodies, one a line."""
        return "\n".join(body.plain for _, body in self.rows)

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        return self.margin + max((body.get_optimal_width(rules, container_width) for _, body in self.rows), default=0)

    def get_height(self, rules: RulesMap, width: int) -> int:
        return sum(body.get_height(rules, self._room(width)) for _, body in self.rows)

    def row_at(self, width: int, y: int) -> int | None:
        """Number of the row that covers line ``y``, or None below the last."""
        for number, (_, body) in enumerate(self.rows):
            y -= body.get_height({}, self._room(width))
            if y < 0:
                return number
        return None

    def line_of(self, width: int, row: int) -> int:
        """First line of a row."""
        return sum(body.get_height({}, self._room(width)) for _, body in self.rows[:row])

    def render_strips(self, width: int, height: int | None, style: Style, options: RenderOptions) -> list[Strip]:
        strips: list[Strip] = []
        room = self._room(width)
        for margin, body in self.rows:
            first = True
            for strip in body.render_strips(room, None, style, options):
                lead = margin if first else Content("")
                blank = lead.pad_right(self.margin - lead.cell_length)
                ahead = blank.render_strips(self.margin, 1, style, options) if self.margin else []
                strips.append(Strip.join([*ahead, strip]))
                first = False
        return strips if height is None else strips[:height]

    def _room(self, width: int) -> int:
        return max(1, width - self.margin)
