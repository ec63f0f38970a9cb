"""Pieces one below the other, as the conversation shows them: their height, the place of a row, and their look."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence

from textual.strip import Strip
from textual.visual import Visual
from textual.widget import Widget

from assistant.tui.pieces import Piece, Stop

#: A row of a page: number of its piece, and of the row within.
Row = tuple[int, int]

#: Empty cells to the right of every piece.
_RIGHT = 1


class Page:
    """A column of pieces; it is not a widget, so that a long conversation costs the screen nothing.

    Args:
        pieces: From top to bottom.
    """

    def __init__(self, pieces: Sequence[Piece] = ()) -> None:
        self.pieces = tuple(pieces)
        self._width = -1
        self._tops: tuple[int, ...] = ()
        self._height = 0

    def put(self, pieces: Sequence[Piece]) -> None:
        """Replace the pieces."""
        self.pieces = tuple(pieces)
        self._width = -1

    @property
    def text(self) -> str:
        """Every word."""
        return "\n".join(piece.text for piece in self.pieces)

    def stops(self) -> Iterator[Row]:
        """Every row that can be pressed, top to bottom."""
        for number, piece in enumerate(self.pieces):
            yield from ((number, row) for row, stop in enumerate(piece.stops) if stop is not None)

    def stop_at(self, row: Row) -> Stop | None:
        """What a row is for."""
        return self.pieces[row[0]].stops[row[1]]

    def height(self, width: int) -> int:
        """How many lines there are at this width."""
        self._lay_out(width)
        return self._height

    def line_of(self, width: int, row: Row) -> int:
        """First line of a row."""
        self._lay_out(width)
        piece = self.pieces[row[0]]
        return self._tops[row[0]] + piece.line_of(_room(piece, width), row[1])

    def row_at(self, width: int, y: int, meta: Mapping[str, object]) -> Row | None:
        """The row at a line, if it can be pressed; ``meta`` is that of the cell under the mouse."""
        self._lay_out(width)
        number = bisect_right(self._tops, y) - 1
        if number < 0:
            return None
        piece = self.pieces[number]
        row = piece.row_at(_room(piece, width), y - self._tops[number], meta)
        return None if row is None else (number, row)

    def strips(self, widget: Widget, width: int, marked: Row | None, look: str) -> list[Strip]:
        """The lines, each filling the width.

        Args:
            widget: The widget they are drawn on, for its colours.
            width: In cells.
            marked: The row under the mark.
            look: Style of that row.
        """
        self._lay_out(width)
        style = widget.visual_style.rich_style
        blank = Strip.blank(width, style)
        lines: list[Strip] = []
        for number, piece in enumerate(self.pieces):
            lines += [blank] * (self._tops[number] - len(lines))
            here = marked[1] if marked is not None and marked[0] == number else None
            drawn = Visual.to_strips(widget, piece.visual(here, look), _room(piece, width), None, widget.visual_style)
            left = Strip.blank(piece.left, style)
            lines += [Strip.join([left, line]).adjust_cell_length(width, style) for line in drawn]
        return lines

    def _lay_out(self, width: int) -> None:
        if width == self._width:
            return
        tops, y, below = [], 0, 0
        for number, piece in enumerate(self.pieces):
            y += max(below, piece.above) if number else piece.above
            tops.append(y)
            y += piece.height(_room(piece, width))
            below = piece.below
        self._width, self._tops, self._height = width, tuple(tops), y + below


def _room(piece: Piece, width: int) -> int:
    return max(1, width - piece.left - _RIGHT)
