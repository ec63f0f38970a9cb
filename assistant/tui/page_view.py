"""Pages one below the other, drawn line by line, and a mark on one of their rows."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from textual import events
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from assistant.tui.page import Page, Row
from assistant.tui.pieces import Stop

#: Pages whose lines are kept for painting; more do not fit on a screen.
_DRAWN = 16


class PageView(ScrollView, can_focus=True):
    """Scrolls through pages.

    It draws them itself: with a widget for each piece of a turn every key and every answer took longer with every question
    that had been asked.
    """

    ALLOW_SELECT = False

    #: Whether the last page fills at least the view, so that it can be at its top however it changes.
    last_fills = False

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's own
        super().__init__(id=id)
        #: The pages as they were placed, and the first line of each from the top of all.
        self._placed: tuple[Page, ...] = ()
        self.tops: list[int] = []
        #: The marked row, and its page.
        self.mark_at: tuple[Page, Row] | None = None
        self._drawn: dict[Page, tuple[object, list[Strip]]] = {}

    @property
    def pages(self) -> Sequence[Page]:
        """What is shown, top to bottom."""
        raise NotImplementedError

    @property
    def text(self) -> str:
        """Every word that can be scrolled to."""
        return "\n".join(page.text for page in self.pages)

    def line_of(self, page: Page) -> int:
        """First line of a page, from the top of all."""
        return self.tops[self._placed.index(page)]

    @property
    def marked(self) -> Stop | None:
        """What the mark is on."""
        return self.mark_at[0].stop_at(self.mark_at[1]) if self.mark_at else None

    def stops(self) -> list[tuple[Page, Row]]:
        """Everything that can be pressed, top to bottom."""
        return [(page, row) for page in self.pages for row in page.stops()]

    def redraw(self, page: Page) -> None:
        """Take in that a page has other pieces: a mark on it is removed."""
        self._drawn.pop(page, None)
        if self.mark_at is not None and self.mark_at[0] is page:
            self.mark_at = None

    def on_resize(self, event: events.Resize) -> None:
        """Lay the pages out at the present width."""
        self.lay_out()

    def lay_out(self) -> None:
        """Place the pages anew; what is at the top of the view stays there."""
        room = self.scrollable_content_region.size
        if not room:
            return
        top = self.at(self.scroll_offset.y)
        self._placed, self.tops, end = tuple(self.pages), [], 0
        for page in self._placed:
            self.tops.append(end)
            end += page.height(room.width) + 1
        if self.tops and self.last_fills:
            end = max(end - 1, self.tops[-1] + room.height)
        self.virtual_size = Size(room.width, end)
        if top is not None and top[0] in self._placed:
            y = self.line_of(top[0]) + min(top[1], top[0].height(room.width))
            if y != self.scroll_offset.y:
                self.scroll_to(y=y, animate=False, force=True)
        self.refresh()

    def at(self, line: int) -> tuple[Page, int] | None:
        """The page that covers a line, and the line within it."""
        number = bisect_right(self.tops, line) - 1
        return (self._placed[number], line - self.tops[number]) if number >= 0 else None

    def render_line(self, y: int) -> Strip:
        """A line of the view."""
        found = self.at(self.scroll_offset.y + y)
        if found is not None:
            lines = self._lines(found[0])
            if found[1] < len(lines):
                return lines[found[1]]
        return Strip.blank(self.scrollable_content_region.width, self.rich_style)

    def _lines(self, page: Page) -> list[Strip]:
        marked = self.mark_at[1] if self.mark_at is not None and self.mark_at[0] is page else None
        key = self.scrollable_content_region.width, marked, self._look
        known = self._drawn.get(page)
        if known is None or known[0] != key:
            if len(self._drawn) >= _DRAWN:
                self._drawn.clear()
            known = self._drawn[page] = key, page.strips(self, key[0], marked, self._look)
        return known[1]

    def notify_style_update(self) -> None:
        """Other colours: every line is drawn anew."""
        self._drawn.clear()
        super().notify_style_update()

    @property
    def _look(self) -> str:
        """Colours of the marked row: strong if it has the focus."""
        state = "" if self.has_focus else "blurred-"
        return f"$block-cursor-{state}foreground on $block-cursor-{state}background"

    def on_blur(self) -> None:
        """The mark stays, in quieter colours."""
        self.refresh()
