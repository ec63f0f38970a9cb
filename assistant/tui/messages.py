"""What the parts of the screen tell each other."""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message

from assistant.datatypes import Answer, Conversation, Turn
from assistant.tui.places import Chip, Place
from index.datatypes import Hit, IndexReport, IndexStatus, Progress, Readout, Record


@dataclass
class QuestionAsked(Message):
    """The person sent a question."""

    text: str


@dataclass
class Warmed(Message):
    """The model is loaded."""


@dataclass
class StatusRead(Message):
    """The contents of the index are known."""

    status: IndexStatus


@dataclass
class Suggested(Message):
    """Questions to begin with, and the conversation of last time."""

    examples: tuple[str, ...]
    last: Conversation | None


@dataclass
class HitsFound(Message):
    """Passages by full text, ahead of the answer."""

    ticket: int
    hits: tuple[Hit, ...]


@dataclass
class Answered(Message):
    """An answer has come, with the records that it counts."""

    ticket: int
    answer: Answer
    records: tuple[Record, ...]


@dataclass
class Failed(Message):
    """A job in a thread failed."""

    about: str
    ticket: int
    message: str
    mend: str


@dataclass
class ReadoutLoaded(Message):
    """A readout came from the catalogue, with others of the same days and parties, and the history of its text."""

    ticket: int
    readout: Readout
    related: tuple[Record, ...]
    wordings: tuple[tuple[str, str], ...]


@dataclass
class ConversationLoaded(Message):
    """A past conversation is to be shown, from its last turns, with the readouts that their lists count."""

    conversation: Conversation
    records: dict[int, tuple[Record, ...]]


@dataclass
class EarlierWanted(Message):
    """The person scrolled up to the first turn that is shown."""


@dataclass
class EarlierLoaded(Message):
    """Turns before those that are shown, with the readouts that their lists count.

    Attributes:
        ticket: Ticket of the first turn that is shown.
        turns: In order.
        records: The readouts, by number of the turn.
        earlier: Whether there are more before them.
    """

    ticket: int
    turns: tuple[Turn, ...]
    records: dict[int, tuple[Record, ...]]
    earlier: bool


@dataclass
class ExampleChosen(Message):
    """The person chose one of the questions to begin with."""

    question: str


@dataclass
class ResumeWanted(Message):
    """The person wants to continue a past conversation."""

    conversation: str


@dataclass
class ConversationsFound(Message):
    """Past conversations that contain the words searched for."""

    ticket: int
    conversations: tuple[Conversation, ...]


@dataclass
class Indexing(Message):
    """The progress of indexing."""

    progress: Progress


@dataclass
class Indexed(Message):
    """The indexing is done."""

    report: IndexReport


@dataclass
class Told(Message):
    """Something was done, or could not be; the note says how."""

    note: str
    done: bool


@dataclass
class PlaceOpened(Message):
    """The person chose a passage."""

    place: Place


@dataclass
class RecordOpened(Message):
    """The person chose a readout."""

    doc_id: str


@dataclass
class ChipDropped(Message):
    """The person removed a filter; ``ticket`` is that of the turn, 0 for what is asked from now on."""

    ticket: int
    chip: Chip


@dataclass
class StandaloneWanted(Message):
    """The person wants to change the question as it was understood."""

    ticket: int


@dataclass
class TableWanted(Message):
    """The person wants the whole list of an answer."""

    doc_ids: tuple[str, ...]


@dataclass
class PlaceMarked(Message):
    """The mark in the conversation moved to this passage."""

    place: Place
    ticket: int
