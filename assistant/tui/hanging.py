"""A text with something in its margin: a number, a mark; wrapped lines hang behind it."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.css.styles import RulesMap
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual


class Hanging(Visual):
    """Rows of ``(margin, body)``, one below the other; all margins are as wide as the widest.

    Args:
        rows: Margin and body of each row.
        gap: Empty lines between two rows.
        marked: A row to be filled to the right edge, if any.
        look: Style of that row.
        crop: Cut the lines of a body at the right edge instead of wrapping them.
    """

    def __init__(
        self,
        rows: Sequence[tuple[Content, Content]],
        *,
        gap: int = 0,
        marked: int | None = None,
        look: str = "",
        crop: bool = False,
    ) -> None:
        self.rows = tuple(rows)
        self.gap, self.marked, self.look, self.crop = gap, marked, look, crop
        self.margin = max((margin.cell_length for margin, _ in self.rows), default=0)

    @property
    def text(self) -> str:
        """All bodies, one per line."""
        return "\n".join(body.plain for _, body in self.rows)

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        """As wide as the longest line."""
        return self.margin + max((body.get_optimal_width(rules, container_width) for _, body in self.rows), default=0)

    def get_height(self, rules: RulesMap, width: int) -> int:
        """How many lines there are at this width."""
        return sum(self._heights(width)) + self.gap * max(0, len(self.rows) - 1)

    def row_at(self, width: int, y: int) -> int | None:
        """Number of the row that covers line ``y``, or None between two rows and below the last."""
        for number, height in enumerate(self._heights(width)):
            if 0 <= y < height:
                return number
            y -= height + self.gap
        return None

    def line_of(self, width: int, row: int) -> int:
        """First line of a row."""
        return sum(self._heights(width)[:row]) + self.gap * row

    def _heights(self, width: int) -> list[int]:
        if self.crop:
            return [body.plain.count("\n") + 1 for _, body in self.rows]
        return [body.get_height({}, self._room(width)) for _, body in self.rows]

    def render_strips(self, width: int, height: int | None, style: Style, options: RenderOptions) -> list[Strip]:
        """The lines themselves."""
        strips: list[Strip] = []
        for number, (margin, body) in enumerate(self.rows):
            if number:
                strips += [Strip.blank(width, style.rich_style)] * self.gap
            strips += self._row(margin, body, number == self.marked, width, style, options)
        return strips if height is None else strips[:height]

    def _row(
        self, margin: Content, body: Content, marked: bool, width: int, style: Style, options: RenderOptions
    ) -> list[Strip]:
        room = self._room(width)
        if marked:
            margin, body = (
                margin.pad_right(self.margin - margin.cell_length).stylize(self.look),
                body.stylize(self.look),
            )
            style = style + options.get_style(self.look)
        if self.crop:
            body = Content("\n").join(line.truncate(room, ellipsis=True) for line in body.split("\n"))
        strips = []
        for line, strip in enumerate(body.render_strips(room, None, style, options)):
            lead = margin if line == 0 else Content("")
            lead = lead.pad_right(self.margin - lead.cell_length)
            ahead = lead.render_strips(self.margin, 1, style, options) if self.margin else []
            strips.append(Strip.join([*ahead, strip]).extend_cell_length(width, style.rich_style))
        return strips

    def _room(self, width: int) -> int:
        return max(1, width - self.margin)


class Flow(Visual):
    """Pieces one after another; one that does not fit begins the next line, and none is broken.

    Args:
        lead: Precedes the first piece; further lines are indented by its width.
        pieces: What flows.
    """

    def __init__(self, lead: Content, pieces: Sequence[Content]) -> None:
        self.lead, self.pieces = lead, tuple(pieces)

    @property
    def text(self) -> str:
        """All pieces on one line."""
        return self.lead.plain + " ".join(piece.plain for piece in self.pieces)

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        """As wide as the longest line."""
        return self.lead.cell_length + sum(piece.cell_length + 1 for piece in self.pieces)

    def get_height(self, rules: RulesMap, width: int) -> int:
        """How many lines there are at this width."""
        return len(self._lines(width))

    def _lines(self, width: int) -> list[Content]:
        lines = [self.lead]
        for piece in self.pieces:
            if lines[-1].cell_length + piece.cell_length > width and lines[-1].cell_length > self.lead.cell_length:
                lines.append(Content(" " * self.lead.cell_length))
            lines[-1] = Content.assemble(lines[-1], piece, " ")
        return [line.truncate(width, ellipsis=True) for line in lines]

    def render_strips(self, width: int, height: int | None, style: Style, options: RenderOptions) -> list[Strip]:
        """The lines themselves."""
        strips = [strip for line in self._lines(width) for strip in line.render_strips(width, 1, style, options)]
        return strips if height is None else strips[:height]
