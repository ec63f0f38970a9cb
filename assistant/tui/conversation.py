"""The conversation: turns one below the other, and a mark that goes through what can be pressed."""

from __future__ import annotations

from collections.abc import Iterator

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from assistant.datatypes import Status
from assistant.tui import texts
from assistant.tui.exchange import Exchange, State
from assistant.tui.keymap import Part, bindings
from assistant.tui.messages import ChipDropped, PlaceMarked, PlaceOpened, TableWanted
from assistant.tui.places import Chip, Place, chips, of_hit, whole
from assistant.tui.turn import Chips, Line, Rows, question_rows, quote_rows, standalone_row, table_rows

#: Turns put on the screen at a time when an old conversation is resumed, and when one scrolls up to earlier ones.
AT_A_TIME = 15
#: Rows of a list answer that stand in the conversation; the whole table is one key away.
TABLE_ROWS = 12
#: A list answer with more quotes than this shows its table alone.
QUOTES_BESIDE_TABLE = 3


class TurnView(Vertical):
    """One exchange; composed anew whenever its state changes."""

    def __init__(self, exchange: Exchange) -> None:
        super().__init__(classes="turn")
        self.exchange = exchange

    def compose(self) -> ComposeResult:
        """The pieces that the exchange's state calls for."""
        exchange = self.exchange
        yield question_rows(exchange.question, exchange.asked)
        if exchange.state is State.ANSWERED:
            yield from self._answer()
        elif exchange.state is State.PENDING:
            yield from self._pending()
        else:
            yield Line(
                Content.styled(texts.plain(exchange.note), "$text-error"), margin=Content("  ! "), classes="note"
            )

    def _pending(self) -> Iterator[Widget]:
        hits = self.exchange.provisional
        if not hits:
            yield Line(Content.styled("looking through the readouts …", "$quiet"), margin=Content("  "), classes="wait")
            return
        yield Line(
            Content.styled("provisional: found by words alone; the answer is on its way …", "italic $text-warning"),
            margin=Content("  "),
            classes="wait",
        )
        yield quote_rows([of_hit(hit) for hit in hits]).add_class("-provisional")

    def _answer(self) -> Iterator[Widget]:
        exchange = self.exchange
        answer = exchange.answer
        assert answer is not None
        if texts.line(answer.standalone_question) != texts.line(exchange.question):
            yield standalone_row(answer.standalone_question)
        understood = answer.understanding
        shown = [*chips(understood.filters, typed=True), *chips(understood.preferred, typed=False)]
        if shown:
            yield Chips(shown)
        yield self._verdict()
        if exchange.records:
            yield self._table()
        numbered = [place for place in exchange.places if place.number]
        if numbered and (not exchange.records or len(numbered) <= QUOTES_BESIDE_TABLE):
            yield quote_rows(numbered)
        if answer.missing:
            terms = ", ".join(texts.line(term) for term in answer.missing)
            yield Line(
                Content.assemble(("No passage here mentions: ", "$quiet"), (terms, "bold $text-warning")),
                margin=Content("  ∅ "),
                classes="missing",
            )
        if numbered or exchange.records:
            yield Line(Content.styled(self._hint(len(numbered)), "$quiet"), margin=Content("  "), classes="hint")

    def _verdict(self) -> Line:
        answer = self.exchange.answer
        assert answer is not None
        mark, words, color = texts.support_mark(answer)
        parts: list[str | tuple[str, str]] = [(f"{mark} ", f"$text-{color}"), (words, f"bold $text-{color}")]
        if answer.status is Status.ABSTAINED:
            parts.append(". Nearest passages, which may not answer:" if answer.hits else ".")
        elif self.exchange.records:
            records = self.exchange.records
            first, last = records[0], records[-1]
            between = texts.when(first.source, first.facts), texts.when(last.source, last.facts)
            span = between[0] if len(records) == 1 else " to ".join(between)
            parts.append((f"  ·  {texts.counted(len(records), 'readout')}, {span}", "bold"))
        parts.append((f"  {answer.seconds:.2f} s", "$quiet") if answer.seconds else "")
        return Line(Content.assemble(*parts), margin=Content("  "), classes="verdict")

    def _table(self) -> Rows:
        exchange = self.exchange
        numbers = {place.source.doc_id: place for place in reversed(exchange.places) if place.cited}
        rows = [numbers.get(r.source.doc_id, whole(r.source, r.facts)) for r in exchange.records[:TABLE_ROWS]]
        return table_rows(rows, more=len(exchange.records) - len(rows))

    def _hint(self, count: int) -> str:
        opens = "1" if count == 1 else f"1–{min(count, 9)}"
        return f"tab, then {opens} open · y copy · o source · w why · n next\nwhile typing, the same with alt"

    def stops(self) -> Iterator[tuple[Rows, int]]:
        """Everything that can be pressed, top to bottom."""
        for rows in self.query(Rows):
            for number, stop in enumerate(rows.stops):
                if stop is not None:
                    yield rows, number

    def on_rows_pressed(self, event: Rows.Pressed) -> None:
        """Say what was pressed in the words of the whole screen."""
        event.stop()
        if isinstance(event.stop_at, Place):
            self.post_message(PlaceMarked(event.stop_at, self.exchange.ticket))
            self.post_message(PlaceOpened(event.stop_at))
        elif isinstance(event.stop_at, Chip):
            self.post_message(ChipDropped(self.exchange.ticket, event.stop_at))
        else:
            self.post_message(TableWanted(tuple(r.source.doc_id for r in self.exchange.records)))


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

    def compose(self) -> ComposeResult:
        """The greeting, until something is asked."""
        yield Greeting()

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

    def _to_top(self, view: TurnView) -> None:
        if view.is_attached:
            self.scroll_to_widget(view, top=True, animate=False, force=True, immediate=True)

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
    def marked(self) -> Place | Chip | str | None:
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
        view = self.turn(ticket)
        for rows, number in view.stops() if view else ():
            if rows.stops[number] == place:
                if self._mark is not None:
                    self._mark[0].mark(None)
                self._mark = rows, number
                rows.mark(number)
                return

    def on_focus(self) -> None:
        """Coming here, the mark stands on the first quote of the latest turn, unless it stood somewhere before."""
        if self._mark is None and self.turns:
            latest = list(self.turns[-1].stops())
            quotes = [(rows, n) for rows, n in latest if not isinstance(rows.stops[n], Chip)]
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


class Greeting(Rows):
    """What stands here before the first question."""

    EXAMPLES = (
        "What did Bayramov and Lavrov agree on the November 2020 peace agreement?",
        "How many times did Biden and Zelenskyy speak in 2022?",
        "party:China from:2023 kind:call fentanyl",
    )

    def __init__(self) -> None:
        lead = Content("  ")
        rows = [
            (lead, Content.assemble(("Readouts", "bold $primary"), "  answers with the exact words, each with its source.\n")),
            (lead, Content("Type a question and press enter. For example:\n")),
            *((Content("  › "), Content.styled(f"{example}", "underline $text-primary")) for example in self.EXAMPLES),
            (lead, Content("")),
            (lead, Content.assemble(("ctrl+p", "bold $accent"), " finds anything by its name   ", ("f1", "bold $accent"), " help   ",
                                    ("ctrl+b", "bold $accent"), " all readouts   ", ("ctrl+r", "bold $accent"), " past conversations")),
        ]  # fmt: skip
        super().__init__(rows, [None, None, *self.EXAMPLES, None, None], classes="greeting")

    class Chosen(Message):
        """An example was chosen."""

        def __init__(self, question: str) -> None:
            super().__init__()
            self.question = question

    def press(self, row: int) -> None:
        """Put the example into the question box."""
        stop = self.stops[row]
        if isinstance(stop, str):
            self.post_message(self.Chosen(stop))
