"""From a question to its answer: in threads, numbered, and a newer question wins."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from textual.message_pump import MessagePump

from assistant.datatypes import Answer, Turn
from assistant.tui.backend import Backend
from assistant.tui.examples import LOOKED_AT, examples
from assistant.tui.exchange import Exchange, State
from assistant.tui.messages import Answered, ConversationLoaded, EarlierLoaded, HitsFound, StatusRead, Suggested, Warmed
from assistant.tui.workers import in_thread
from index.datatypes import Filters, Record

#: Passages by full text that stand in for an answer until it comes.
PROVISIONAL = 3
#: Turns read back at a time when one of them is looked for.
LOOKED_THROUGH = 16


class Talk:
    """A conversation whose id is made only once, when the first question needs it.

    Args:
        conversation: Its id, if it has one.
    """

    def __init__(self, conversation: str | None = None) -> None:
        self._lock = threading.Lock()
        self.id = conversation

    def started(self, backend: Backend) -> str:
        """The id."""
        with self._lock:
            self.id = self.id or backend.history.start()
            return self.id


class Asking:
    """Asks on behalf of the screen and numbers the requests.

    Args:
        node: Gets what comes back.
        backend: What answers.
    """

    def __init__(self, node: MessagePump, backend: Backend) -> None:
        self._node, self._backend = node, backend
        self._tickets = 0
        self.pending: Exchange | None = None
        self.talk = Talk()
        self.ready = False

    def ticket(self) -> int:
        """A number not given before."""
        self._tickets += 1
        return self._tickets

    def warm(self) -> None:
        """Load the model, and read what is in the index."""

        def job() -> Warmed:
            self._backend.warm()
            return Warmed()

        def suggest() -> Suggested:
            past = self._backend.history.conversations()
            return Suggested(examples(self._backend.records(limit=LOOKED_AT)), past[0] if past else None)

        self.read_status()
        in_thread(self._node, suggest, about="suggestions")
        in_thread(self._node, job, about="model")

    def read_status(self) -> None:
        """Read what is in the index now."""
        in_thread(self._node, lambda: StatusRead(self._backend.status()), about="status")

    def ask(self, exchange: Exchange) -> Exchange | None:
        """Ask; returns the exchange that is no longer waited for, if there was one.

        Every request gets a ticket of its own, to distinguish an answer to a question that was since asked differently from the
        right one.
        """
        left = self.pending if self.pending is not exchange else None
        if left is not None:
            left.state, left.note = State.DROPPED, "Not waited for: another question came first."
        exchange.ticket, exchange.state, exchange.provisional = self.ticket(), State.PENDING, ()
        self.pending = exchange
        ticket, talk = exchange.ticket, self.talk
        in_thread(self._node, lambda: self._answer(exchange, ticket, talk), about="question", ticket=ticket)
        return left

    def _answer(self, exchange: Exchange, ticket: int, talk: Talk) -> Answered:
        conversation = talk.started(self._backend)
        filters = exchange.filters or None
        if exchange.ignore:
            answer = self._backend.ask(
                exchange.question, filters=filters, conversation=conversation, ignore=exchange.ignore
            )
        else:
            answer = self._backend.ask(exchange.question, filters=filters, conversation=conversation)
        return Answered(ticket, answer, self._counted(answer))

    def _counted(self, answer: Answer) -> tuple[Record, ...]:
        return self._backend.records(Filters(doc_ids=answer.documents)) if answer.documents else ()

    def look(self, exchange: Exchange) -> None:
        """Search by full text alone, to have something to show."""
        ticket, filters = exchange.ticket, exchange.filters or None
        in_thread(
            self._node,
            lambda: HitsFound(ticket, self._backend.search_text(exchange.question, top_k=PROVISIONAL, filters=filters)),
            about="look",
            ticket=ticket,
        )

    def waits_for(self, ticket: int) -> Exchange | None:
        """The exchange on its way, if this is its ticket."""
        return self.pending if self.pending is not None and self.pending.ticket == ticket else None

    def stop(self) -> Exchange | None:
        """Wait no longer; returns what was waited for."""
        exchange, self.pending = self.pending, None
        if exchange is not None:
            exchange.state, exchange.note = State.DROPPED, "Not waited for: you went back."
        return exchange

    def resume(self, conversation: str, turns: int) -> None:
        """Fetch the last turns of a past conversation, with the readouts that their lists count."""

        def job() -> ConversationLoaded:
            found = self._backend.history.conversation(conversation, last=turns)
            return ConversationLoaded(found, self._counted_by(found.turns))

        in_thread(self._node, job, about="conversation")

    def fetch_earlier(self, exchanges: Sequence[Exchange], turns: int) -> None:
        """Fetch the turns before these exchanges, with the readouts that their lists count."""
        talk = self.talk.id
        if talk is None or not exchanges:
            return
        first = next((e for e in exchanges if e.answer is not None), None)

        def job() -> EarlierLoaded:
            found = self._backend.history.turns(talk, last=turns, before=self._number(talk, first))
            return EarlierLoaded(
                exchanges[0].ticket, found, self._counted_by(found), bool(found) and found[0].number > 1
            )

        in_thread(self._node, job, about="conversation")

    def _number(self, talk: str, exchange: Exchange | None) -> int | None:
        """Number of an exchange's turn on disk; one that was asked just now is looked for from the end."""
        if exchange is None or exchange.number is not None:
            return None if exchange is None else exchange.number
        number: int | None = None
        while found := self._backend.history.turns(talk, last=LOOKED_THROUGH, before=number):
            for turn in reversed(found):
                if turn.answer == exchange.answer:
                    return turn.number
            number = found[0].number
        return None

    def _counted_by(self, turns: Sequence[Turn]) -> dict[int, tuple[Record, ...]]:
        return {turn.number: self._counted(turn.answer) for turn in turns}
