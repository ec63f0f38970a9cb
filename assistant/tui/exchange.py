"""One question and its state so far: what a turn on the screen shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from assistant.datatypes import Answer, Turn
from assistant.tui import places, texts
from assistant.tui.places import Place
from index.datatypes import Filters, Hit, Record


class State(StrEnum):
    """The state of a question."""

    PENDING = "pending"
    ANSWERED = "answered"
    FAILED = "failed"
    DROPPED = "dropped"


@dataclass(slots=True, kw_only=True)
class Exchange:
    """A question, answered or waiting for its answer.

    Attributes:
        ticket: Distinguishes it from every other question of this run.
        question: As typed.
        filters: What the person narrowed all questions to when it was asked.
        ignore: What was understood and then removed.
        state: Its state.
        provisional: Passages by full text, until the answer comes.
        answer: The answer.
        records: The readouts that a list answer counts, in order of date.
        note: Why there is no answer.
        asked: When it was asked, for a turn of an earlier day.
        number: Number of its turn in the conversation on disk; None for one that was asked just now.
        places: What can be opened.
    """

    ticket: int
    question: str
    filters: Filters = field(default_factory=Filters)
    ignore: Filters = field(default_factory=Filters)
    state: State = State.PENDING
    provisional: tuple[Hit, ...] = ()
    answer: Answer | None = None
    records: tuple[Record, ...] = ()
    note: str = ""
    asked: str = ""
    number: int | None = None
    places: tuple[Place, ...] = ()

    def answered(self, answer: Answer, records: tuple[Record, ...]) -> None:
        """Take the answer in."""
        order = {doc_id: n for n, doc_id in enumerate(answer.documents)}
        self.answer = answer
        self.records = tuple(sorted(records, key=lambda r: order.get(r.source.doc_id, len(order))))
        self.places = places.of_answer(answer)
        self.state = State.ANSWERED
        self.provisional = ()

    def fail(self, note: str) -> None:
        """There will be no answer; the note says why."""
        self.state, self.note, self.provisional = State.FAILED, note, ()

    @classmethod
    def of_turn(cls, turn: Turn, ticket: int, records: tuple[Record, ...]) -> Exchange:
        """A turn of a past conversation."""
        exchange = cls(
            ticket=ticket,
            question=turn.answer.question,
            asked=texts.day(turn.asked_at.astimezone().date()),
            number=turn.number,
        )
        exchange.answered(turn.answer, records)
        return exchange
