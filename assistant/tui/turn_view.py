"""One exchange on the screen: the pieces that its state calls for."""

from __future__ import annotations

from collections.abc import Iterator

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget

from assistant.datatypes import LISTING, Status
from assistant.tui import texts
from assistant.tui.exchange import Exchange, State
from assistant.tui.keymap import key_of
from assistant.tui.messages import ChipDropped, PlaceMarked, PlaceOpened, StandaloneWanted, TableWanted
from assistant.tui.places import Chip, Place, chips, of_hit, whole
from assistant.tui.turn import STANDALONE, Chips, Line, Rows, question_rows, quote_rows, standalone_row, table_rows

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
            yield standalone_row(answer.standalone_question, key_of("chat.standalone", self))
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
        below = ""
        parts: list[str | tuple[str, str]] = [(f"{mark} ", f"$text-{color}"), (words, f"bold $text-{color}")]
        if answer.status is Status.ABSTAINED:
            below = "\nNearest passages, which may not answer:" if answer.hits else ""
        elif answer.understanding.intent in LISTING and not self.exchange.records:
            below = "\nNo readouts could be counted for this; the nearest words:"
        elif self.exchange.records:
            records = self.exchange.records
            first, last = records[0], records[-1]
            between = texts.when(first.source, first.facts), texts.when(last.source, last.facts)
            span = between[0] if len(records) == 1 else " to ".join(between)
            parts.append((f"  ·  {texts.counted(len(records), 'readout')}, {span}", "bold"))
        parts += [(f"  {answer.seconds:.2f} s", "$quiet") if answer.seconds else "", below]
        return Line(Content.assemble(*parts), margin=Content("  "), classes="verdict")

    def _table(self) -> Rows:
        exchange = self.exchange
        numbers = {place.source.doc_id: place for place in reversed(exchange.places) if place.cited}
        rows = [numbers.get(r.source.doc_id, whole(r.source, r.facts)) for r in exchange.records[:TABLE_ROWS]]
        return table_rows(rows, more=len(exchange.records) - len(rows))

    def _hint(self, count: int) -> str:
        to_answer, copy, source, why = (
            key_of(name, self) for name in ("question.to_answer", "chat.copy", "chat.source", "chat.why")
        )
        opens = "1" if count == 1 else f"1–{min(count, 9)}"
        first = f"{opens} open · " if count else ""
        return f"{to_answer}, then {first}{copy} copy · {source} source · {why} why\nwhile typing, the same with alt"

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
        elif event.stop_at == STANDALONE:
            self.post_message(StandaloneWanted(self.exchange.ticket))
        else:
            self.post_message(TableWanted(tuple(r.source.doc_id for r in self.exchange.records)))
