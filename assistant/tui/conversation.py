"""The conversation: turns one below the other, and a mark that goes through what can be pressed."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.message import Message
from textual.widget import Widget

from assistant.tui.exchange import Exchange
from assistant.tui.greeting import Greeting
from assistant.tui.keymap import Part, bindings
from assistant.tui.messages import PlaceMarked, Suggested
from assistant.tui.places import Place
from assistant.tui.turn import Rows, Stop
from assistant.tui.turn_view import TurnView

#: Turns put on the screen at a time when an old conversation is resumed, and when one scrolls up to earlier ones. With
#: fifteen, the page that fetches them took twice as long as with eight (``python -m benchmarks.screen``).
AT_A_TIME = 8


class ConversationView(VerticalScroll):
    """All turns; the mark goes with j and k, and what is marked is what y, o and w act on."""

    BINDINGS = bindings(Part.CONVERSATION)
    PART = Part.CONVERSATION

    class Clicked(Message):
        """The mouse chose the conversation."""

    def __init__(self) -> None:
        super().__init__(id="conversation")
        self.exchanges: list[Exchange] = []
        self._mounted_from = 0
        self._mark: tuple[Rows, int] | None = None
        self._suggested: Suggested | None = None

    def compose(self) -> ComposeResult:
        """The greeting, until something is asked."""
        yield Greeting()

    def suggest(self, suggested: Suggested) -> None:
        """Show questions to begin with, now and whenever a conversation begins."""
        self._suggested = suggested
        for greeting in self.query(Greeting):
            greeting.suggest(suggested.examples, suggested.last)
            if self._mark is not None and self._mark[0] is greeting:
                self._mark = None
            if self.has_focus:
                self.on_focus()

    # Turns

    @property
    def turns(self) -> list[TurnView]:
        """The turns on the screen."""
        return list(self.query(TurnView))

    def turn(self, ticket: int) -> TurnView | None:
        """The turn of this ticket, where it is on the screen."""
        return next((t for t in reversed(self.turns) if t.exchange.ticket == ticket), None)

    async def append(self, exchange: Exchange) -> None:
        """Put a new turn at the end; it comes to stand at the top of the view, so that its answer moves nothing."""
        await self.query(Greeting).remove()
        self.exchanges.append(exchange)
        for turn in self.query(".-latest"):
            turn.remove_class("-latest")
        view = TurnView(exchange)
        view.add_class("-latest")
        await self.mount(view)
        self.call_after_refresh(self._to_top, view)

    def _to_top(self, view: TurnView, tries: int = 20) -> None:
        """Scroll so that a turn stands at the top; put off as long as it has not been laid out."""
        if not view.is_attached:
            return
        if view.virtual_region.height == 0 or self.max_scroll_y < view.virtual_region.y:
            if tries:
                self.call_after_refresh(self._to_top, view, tries - 1)
            return
        self.scroll_to(y=view.virtual_region.y, animate=False, force=True, immediate=True)

    async def refresh_turn(self, ticket: int) -> None:
        """Show the present state of an exchange, in place."""
        view = self.turn(ticket)
        if view is not None:
            if self._mark is not None and self._mark[0] in view.query(Rows):
                self._mark = None
            await view.recompose()

    async def show(self, exchanges: list[Exchange]) -> None:
        """Show another conversation; of a long one the end, the rest as one scrolls up."""
        self._mark = None
        await self.remove_children()
        self.exchanges = list(exchanges)
        self._mounted_from = max(0, len(exchanges) - AT_A_TIME)
        views: list[Widget] = [TurnView(exchange) for exchange in exchanges[self._mounted_from :]]
        if views:
            views[-1].add_class("-latest")
        await self.mount_all(views or [Greeting()])
        if not views and self._suggested is not None:
            self.call_after_refresh(self.suggest, self._suggested)
        if views:
            self.call_after_refresh(self._to_top, views[-1])

    async def _more(self) -> None:
        if self._mounted_from == 0:
            return
        first = self.turns[0]
        start = max(0, self._mounted_from - AT_A_TIME)
        views = [TurnView(exchange) for exchange in self.exchanges[start : self._mounted_from]]
        self._mounted_from = start
        await self.mount_all(views, before=first)
        self.call_after_refresh(self._to_top, first)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Fetch earlier turns when the top is reached."""
        super().watch_scroll_y(old_value, new_value)
        if new_value <= 0 < old_value and self._mounted_from:
            self.call_later(self._more)

    # The mark

    @property
    def marked(self) -> Stop | None:
        """What the mark stands on."""
        return self._mark[0].stops[self._mark[1]] if self._mark else None

    def _stops(self) -> list[tuple[Rows, int]]:
        greeting = [(rows, n) for rows in self.query(Greeting) for n, stop in enumerate(rows.stops) if stop is not None]
        return [*greeting, *(stop for turn in self.turns for stop in turn.stops())]

    def mark(self, rows: Rows, number: int) -> None:
        """Move the mark and bring it into view."""
        if self._mark is not None:
            self._mark[0].mark(None)
        self._mark = (rows, number)
        rows.mark(number)
        y = rows.virtual_region.y + rows.line_of(number)
        turn = rows.parent
        if isinstance(turn, TurnView):
            y += turn.virtual_region.y
            stop = rows.stops[number]
            if isinstance(stop, Place):
                self.post_message(PlaceMarked(stop, turn.exchange.ticket))
        top, height = self.scroll_offset.y, self.scrollable_content_region.height
        if y < top:
            self.scroll_to(y=max(0, y - 1), animate=False)
        elif y + 3 > top + height:
            self.scroll_to(y=y + 4 - height, animate=False)

    def mark_place(self, place: Place, ticket: int) -> None:
        """Put the mark on a passage that was chosen elsewhere; nothing is posted."""
        if self.marked == place and self._mark is not None and self._mark[0].is_attached:
            return
        view = self.turn(ticket)
        for rows, number in view.stops() if view else ():
            if rows.stops[number] == place:
                if self._mark is not None:
                    self._mark[0].mark(None)
                self._mark = rows, number
                rows.mark(number)
                return

    def on_focus(self) -> None:
        """Coming here, the mark stands where it stood, else on the first quote of the latest turn, else on an example."""
        if self._mark is not None and not self._mark[0].is_attached:
            self._mark = None
        if self._mark is None and not self.turns:
            for rows, number in self._stops()[:1]:
                self.mark(rows, number)
        elif self._mark is None:
            latest = list(self.turns[-1].stops())
            quotes = [(rows, n) for rows, n in latest if isinstance(rows.stops[n], Place) or rows.stops[n] == "table"]
            for rows, number in (quotes or latest)[:1]:
                self.mark(rows, number)
        elif self._mark is not None:
            self._mark[0].mark(self._mark[1])

    def on_blur(self) -> None:
        """The mark stays, in quieter colours."""
        if self._mark is not None:
            self._mark[0].mark(self._mark[1])

    def _step(self, by: int) -> None:
        stops = self._stops()
        if not stops:
            (self.scroll_down if by > 0 else self.scroll_up)(animate=False)
            return
        here = stops.index(self._mark) if self._mark in stops else (len(stops) if by < 0 else -1)
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

    async def action_first(self) -> None:
        """Mark the very first."""
        self.scroll_home(animate=False)
        stops = self._stops()
        if stops:
            self.mark(*stops[0])

    def action_last(self) -> None:
        """Mark the very last."""
        self.scroll_end(animate=False)
        stops = self._stops()
        if stops:
            self.mark(*stops[-1])

    def action_press(self) -> None:
        """Do what the marked row stands for."""
        if self._mark is not None:
            self._mark[0].press(self._mark[1])

    def on_click(self, event: events.Click) -> None:
        """A click beside the rows takes the focus here."""
        self.focus(scroll_visible=False)
