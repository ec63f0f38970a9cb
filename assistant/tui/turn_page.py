"""One exchange as a page: the pieces that its state calls for."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content
from textual.dom import DOMNode

from assistant.datatypes import LISTING, Status
from assistant.tui import texts
from assistant.tui.exchange import Exchange, State
from assistant.tui.keymap import key_of
from assistant.tui.page import Page
from assistant.tui.pieces import Chips, Piece, line_piece, question_rows, quote_rows, standalone_row, table_rows
from assistant.tui.places import chips, of_hit, whole

#: Rows of a list answer shown in the conversation; the whole table is one key away.
TABLE_ROWS = 12
#: A list answer with more quotes than this shows only its table.
QUOTES_BESIDE_TABLE = 3


class TurnPage(Page):
    """One exchange.

    Args:
        exchange: What it shows.
        node: Where it is shown, for the keys that it names.
    """

    def __init__(self, exchange: Exchange, node: DOMNode) -> None:
        super().__init__()
        self.exchange, self._node = exchange, node
        self.renew()

    def renew(self) -> None:
        """Show the present state of the exchange."""
        self.put(tuple(self._made()))

    def _made(self) -> Iterator[Piece]:
        exchange = self.exchange
        yield question_rows(exchange.question, exchange.asked)
        if exchange.state is State.ANSWERED:
            yield from self._answer()
        elif exchange.state is State.PENDING:
            yield from self._pending()
        else:
            yield line_piece(Content.styled(texts.plain(exchange.note), "$text-error"), "  ! ", above=1, below=1)

    def _pending(self) -> Iterator[Piece]:
        hits = self.exchange.provisional
        if not hits:
            yield line_piece(Content.styled("looking through the readouts …", "$quiet"), above=1, below=1)
            return
        words = "provisional: found by words alone; the answer is on its way …"
        yield line_piece(Content.styled(words, "italic $text-warning"), above=1, below=1)
        yield quote_rows([of_hit(hit) for hit in hits], provisional=True)

    def _answer(self) -> Iterator[Piece]:
        exchange = self.exchange
        answer = exchange.answer
        assert answer is not None
        if texts.line(answer.standalone_question) != texts.line(exchange.question):
            keys = (key_of(name, self._node) for name in ("chat.standalone", "chat.new"))
            yield standalone_row(answer.standalone_question, *keys)
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
            words = Content.assemble(("No passage here mentions: ", "$quiet"), (terms, "bold $text-warning"))
            yield line_piece(words, "  ∅ ", below=1)
        if numbered or exchange.records:
            yield line_piece(Content.styled(self._hint(len(numbered)), "$quiet"))

    def _verdict(self) -> Piece:
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
        return line_piece(Content.assemble(*parts), above=1, below=1)

    def _table(self) -> Piece:
        exchange = self.exchange
        numbers = {place.source.doc_id: place for place in reversed(exchange.places) if place.cited}
        rows = [numbers.get(r.source.doc_id, whole(r.source, r.facts)) for r in exchange.records[:TABLE_ROWS]]
        return table_rows(rows, more=len(exchange.records) - len(rows))

    def _hint(self, count: int) -> str:
        to_answer, copy, source, why = (
            key_of(name, self._node) for name in ("question.to_answer", "chat.copy", "chat.source", "chat.why")
        )
        opens = "1" if count == 1 else f"1–{min(count, 9)}"
        first = f"{opens} open · " if count else ""
        return f"{to_answer}, then {first}{copy} copy · {source} source · {why} why\nwhile typing, the same with alt"
