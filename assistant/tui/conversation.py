"""The conversation: turns one below the other, and a mark that moves through what can be pressed."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events

from assistant.tui.exchange import Exchange
from assistant.tui.greeting import greeting
from assistant.tui.keymap import Part, bindings
from assistant.tui.messages import (
    ChipDropped,
    EarlierWanted,
    ExampleChosen,
    PlaceMarked,
    PlaceOpened,
    ResumeWanted,
    StandaloneWanted,
    Suggested,
    TableWanted,
)
from assistant.tui.page import Page, Row
from assistant.tui.page_view import PageView
from assistant.tui.pieces import STANDALONE
from assistant.tui.places import Chip, Place, Resume
from assistant.tui.turn_page import TurnPage

#: Turns shown when an old conversation is resumed, and fetched when one scrolls up to earlier ones.
AT_A_TIME = 8
#: Turns kept when a new question comes; earlier ones are read back from disk when one scrolls up to them. An answer
#: takes about 60 kB, so a conversation of any length takes a few megabytes.
KEPT = 40


class ConversationView(PageView):
    """All turns; j and k move the mark, and y, o and w act on what is marked."""

    BINDINGS = bindings(Part.CONVERSATION)
    PART = Part.CONVERSATION

    def __init__(self) -> None:
        super().__init__(id="conversation")
        self.turns: list[TurnPage] = []
        #: Whether there are turns before the first one on disk.
        self.earlier = False
        self._fetching = False
        self._greeting = Page()

    def on_mount(self) -> None:
        """The greeting, until something is asked."""
        self._greeting.put([greeting(self)])
        self.lay_out()

    def suggest(self, suggested: Suggested) -> None:
        """Show questions to begin with, now and whenever a conversation begins."""
        self._greeting.put([greeting(self, suggested.examples, suggested.last)])
        self.redraw(self._greeting)
        self.lay_out()
        if self.has_focus:
            self.on_focus()

    # Turns

    @property
    def pages(self) -> Sequence[Page]:
        """What is shown, top to bottom."""
        return self.turns or (self._greeting,)

    @property
    def last_fills(self) -> bool:  # type: ignore[override]
        """Whether the latest turn is at the top of the view."""
        return bool(self.turns)

    @property
    def exchanges(self) -> list[Exchange]:
        """What the turns show."""
        return [turn.exchange for turn in self.turns]

    def turn(self, ticket: int) -> TurnPage | None:
        """The turn with this ticket, if it is shown."""
        return next((t for t in reversed(self.turns) if t.exchange.ticket == ticket), None)

    def put(self, exchange: Exchange) -> None:
        """Show the present state of an exchange: in place, or at the end if it is new."""
        turn = self.turn(exchange.ticket)
        if turn is None:
            self._append(exchange)
            return
        turn.renew()
        self.redraw(turn)
        self.lay_out()

    def _append(self, exchange: Exchange) -> None:
        """Bring a new turn to the top of the view, so that its answer moves nothing."""
        self.turns.append(TurnPage(exchange, self))
        if len(self.turns) > KEPT:
            del self.turns[:-KEPT]
            self.earlier = True
        self.lay_out()
        self._to_last()

    def show(self, exchanges: Sequence[Exchange], *, earlier: bool = False) -> None:
        """Show another conversation, from its end; ``earlier`` says whether there is more on disk."""
        self.mark_at, self._fetching = None, False
        self.turns, self.earlier = [TurnPage(exchange, self) for exchange in exchanges], earlier
        self.lay_out()
        self._to_last()

    def put_before(self, exchanges: Sequence[Exchange], *, earlier: bool) -> None:
        """Show earlier turns above the others, which stay where they are."""
        self._fetching, self.earlier = False, earlier
        self.turns[:0] = [TurnPage(exchange, self) for exchange in exchanges]
        self.lay_out()

    def _to_last(self) -> None:
        if self.turns and self.tops:
            self.scroll_to(y=self.tops[-1], animate=False, force=True)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Fetch earlier turns when the top is reached."""
        super().watch_scroll_y(old_value, new_value)
        if new_value <= 0 < old_value and self.earlier and not self._fetching:
            self._fetching = True
            self.post_message(EarlierWanted())

    # The mark

    def mark(self, page: Page, row: Row) -> None:
        """Move the mark and bring it into view."""
        self.mark_at = page, row
        self.refresh()
        stop = page.stop_at(row)
        if isinstance(page, TurnPage) and isinstance(stop, Place):
            self.post_message(PlaceMarked(stop, page.exchange.ticket))
        room = self.scrollable_content_region.size
        y = self.line_of(page) + page.line_of(room.width, row)
        top = self.scroll_offset.y
        if y < top:
            self.scroll_to(y=max(0, y - 1), animate=False)
        elif y + 3 > top + room.height:
            self.scroll_to(y=y + 4 - room.height, animate=False)

    def mark_place(self, place: Place, ticket: int) -> None:
        """Put the mark on a passage that was chosen elsewhere; nothing is posted."""
        turn = self.turn(ticket)
        if turn is None or (self.marked == place and self.mark_at is not None and self.mark_at[0] in self.turns):
            return
        for row in turn.stops():
            if turn.stop_at(row) == place:
                self.mark_at = turn, row
                self.refresh()
                return

    def on_focus(self) -> None:
        """Put the mark where it was, otherwise on the first quote of the latest turn, otherwise on an example."""
        if self.mark_at is not None and self.mark_at[0] not in self.pages:
            self.mark_at = None
        if self.mark_at is None:
            page = self.pages[-1]
            rows = list(page.stops())
            quotes = [row for row in rows if isinstance(page.stop_at(row), Place) or page.stop_at(row) == "table"]
            for row in (quotes or rows)[:1]:
                self.mark(page, row)
        self.refresh()

    def _step(self, by: int) -> None:
        stops = self.stops()
        if not stops:
            (self.scroll_down if by > 0 else self.scroll_up)(animate=False)
            return
        here = stops.index(self.mark_at) if self.mark_at in stops else (len(stops) if by < 0 else -1)
        there = here + by
        if 0 <= there < len(stops):
            self.mark(*stops[there])
        else:
            (self.scroll_end if by > 0 else self.scroll_home)(animate=False)

    def action_cursor_down(self) -> None:
        """Mark the next."""
        self._step(1)

    def action_cursor_up(self) -> None:
        """Mark the one before."""
        self._step(-1)

    def action_first(self) -> None:
        """Mark the very first."""
        self.scroll_home(animate=False)
        for page, row in self.stops()[:1]:
            self.mark(page, row)

    def action_last(self) -> None:
        """Mark the very last."""
        self.scroll_end(animate=False)
        for page, row in self.stops()[-1:]:
            self.mark(page, row)

    def action_press(self) -> None:
        """Do what the marked row is for."""
        if self.mark_at is not None:
            self._press(*self.mark_at)

    def _press(self, page: Page, row: Row) -> None:
        """Report what was pressed, in messages of the whole screen."""
        stop = page.stop_at(row)
        if not isinstance(page, TurnPage):
            self.post_message(ResumeWanted(stop.conversation) if isinstance(stop, Resume) else ExampleChosen(str(stop)))
        elif isinstance(stop, Place):
            self.post_message(PlaceMarked(stop, page.exchange.ticket))
            self.post_message(PlaceOpened(stop))
        elif isinstance(stop, Chip):
            self.post_message(ChipDropped(page.exchange.ticket, stop))
        elif stop == STANDALONE:
            self.post_message(StandaloneWanted(page.exchange.ticket))
        else:
            self.post_message(TableWanted(tuple(r.source.doc_id for r in page.exchange.records)))

    def on_click(self, event: events.Click) -> None:
        """Press the row under the mouse; a click beside the rows moves the focus here."""
        offset = event.get_content_offset(self)
        found = self.at(offset.y + self.scroll_offset.y) if offset is not None else None
        row = found[0].row_at(self.scrollable_content_region.width, found[1], event.style.meta) if found else None
        if found is not None and row is not None:
            self._press(found[0], row)
        else:
            self.focus(scroll_visible=False)
