"""A table of readouts that draws only the rows in view, so that a hundred thousand cost no more than ten."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Protocol

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from assistant.tui.keymap import Part, bindings

#: Cells before the first column: the cursor and the mark.
_MARGIN = 2
#: Columns and their widths; the title takes the rest. On a narrow screen the issuer is dropped first, then the parties.
COLUMNS = ("Date", "Kind", "Issuer", "Parties", "Title")


class Shelved(Protocol):
    """Readouts by their place."""

    @property
    def doc_ids(self) -> Sequence[str]:
        """Their ids."""
        ...

    @property
    def cells(self) -> Sequence[Sequence[str]]:
        """Their rows, column by column."""
        ...


class RecordTable(ScrollView, can_focus=True):
    """Readouts, one per row, under headings that sort."""

    BINDINGS = bindings(Part.TABLE)
    PART = Part.TABLE
    COMPONENT_CLASSES: ClassVar = {"table--cursor", "table--heading", "table--muted", "table--row"}

    cursor = reactive(0, repaint=True)

    class Opened(Message):
        """A row was chosen."""

        def __init__(self, doc_id: str) -> None:
            super().__init__()
            self.doc_id = doc_id

    class Marked(Message):
        """A row was marked, or its mark removed."""

    class HeadingPressed(Message):
        """A heading was clicked."""

        def __init__(self, column: int) -> None:
            super().__init__()
            self.column = column

    def __init__(self) -> None:
        super().__init__(id="table")
        self.shelf: Shelved | None = None
        self.places: Sequence[int] = ()
        self.marked: set[str] = set()

    def show(self, shelf: Shelved, places: Sequence[int], *, column: int, backwards: bool) -> None:
        """Show the readouts at these places, with the cursor on the first."""
        self.shelf, self.places = shelf, places
        self._sorted = column, backwards
        self.virtual_size = Size(0, len(places) + 1)
        self.cursor = 0
        self.scroll_to(y=0, animate=False, force=True)
        self.refresh()

    _sorted: tuple[int, bool] = (0, True)

    @property
    def widths(self) -> tuple[int, ...]:
        """Cells of each column at the present width; 0 for one that is left out."""
        room = self.scrollable_content_region.width - 3
        issuer = 24 if room >= 130 else 16 if room >= 90 else 0
        parties = 40 if room >= 130 else 26 if room >= 70 else 0
        fixed = 11, 12, issuer, parties
        used = sum(width + 2 for width in fixed if width)
        return (*fixed, max(10, room - used))

    def render_line(self, y: int) -> Strip:
        """The heading on the first line of the view, then rows."""
        width = self.size.width
        if y == 0:
            style = self.get_component_rich_style("table--heading")
            column, backwards = self._sorted
            arrow = "▼" if backwards else "▲"
            names = [f"{name} {arrow}" if n == column else name for n, name in enumerate(COLUMNS)]
            return Strip([Segment(self._row(names), style)]).adjust_cell_length(width, style)
        place = y - 1 + self.scroll_offset.y
        if self.shelf is None or place >= len(self.places):
            return Strip.blank(width, self.rich_style)
        here = place == self.cursor
        style = self.get_component_rich_style("table--cursor" if here and self.has_focus else "table--row")
        at = self.places[place]
        text = self._row(self.shelf.cells[at])
        mark = "✓" if self.shelf.doc_ids[at] in self.marked else " "
        text = ("▸" if here else " ") + mark + text[2:]
        return Strip([Segment(text, style)]).adjust_cell_length(width, style)

    def _row(self, values: Sequence[str]) -> str:
        return "  " + "  ".join(_fit(value, width) for value, width in zip(values, self.widths, strict=True) if width)

    def watch_cursor(self, place: int) -> None:
        """Keep the mark in view."""
        top, rows = self.scroll_offset.y, max(1, self.size.height - 1)
        if place < top:
            self.scroll_to(y=place, animate=False, force=True)
        elif place >= top + rows:
            self.scroll_to(y=place - rows + 1, animate=False, force=True)

    def validate_cursor(self, place: int) -> int:
        """Keep the cursor within the rows."""
        return max(0, min(place, len(self.places) - 1))

    @property
    def doc_id(self) -> str | None:
        """The readout under the cursor."""
        return self.shelf.doc_ids[self.places[self.cursor]] if self.shelf is not None and len(self.places) else None

    def go_to(self, doc_id: str | None) -> None:
        """Put the cursor on a readout, if it is listed."""
        if self.shelf is not None and doc_id is not None:
            ids = self.shelf.doc_ids
            self.cursor = next((n for n, place in enumerate(self.places) if ids[place] == doc_id), 0)

    def listed(self) -> tuple[str, ...]:
        """The listed readouts; if some are marked, only these."""
        if self.shelf is None:
            return ()
        ids = [self.shelf.doc_ids[place] for place in self.places]
        return tuple(doc_id for doc_id in ids if doc_id in self.marked) if self.marked else tuple(ids)

    def action_cursor_down(self) -> None:
        """One down."""
        self.cursor += 1

    def action_cursor_up(self) -> None:
        """One up."""
        self.cursor -= 1

    def action_first(self) -> None:
        """To the first."""
        self.cursor = 0

    def action_last(self) -> None:
        """To the last."""
        self.cursor = len(self.places) - 1

    def action_page(self, pages: int) -> None:
        """By pages."""
        self.cursor += pages * max(1, self.size.height - 2)

    def action_open(self) -> None:
        """Choose the row under the mark."""
        if self.doc_id is not None:
            self.post_message(self.Opened(self.doc_id))

    def action_mark(self) -> None:
        """Mark the row under the cursor, or remove its mark, and move on."""
        if self.doc_id is not None:
            self.marked ^= {self.doc_id}
            self.refresh()
            self.cursor += 1
            self.post_message(self.Marked())

    def on_click(self, event: events.Click) -> None:
        """A heading sorts; a click brings the cursor to a row, a second one opens it; one on its margin marks it."""
        self.focus(scroll_visible=False)
        if event.y == 0:
            self.post_message(self.HeadingPressed(self._column_at(event.x)))
            return
        place = event.y - 1 + self.scroll_offset.y
        if place < len(self.places):
            if event.x < _MARGIN:
                self.cursor = place
                self.action_mark()
                return
            if place == self.cursor:
                self.action_open()
            self.cursor = place

    def _column_at(self, x: int) -> int:
        end = 2
        for number, width in enumerate(self.widths):
            end += width + 2 if width else 0
            if width and x < end:
                return number
        return len(COLUMNS) - 1


def _fit(text: str, width: int) -> str:
    if cell_len(text) <= width:
        return set_cell_size(text, width)
    return set_cell_size(set_cell_size(text, width - 1).rstrip() + "…", width)
