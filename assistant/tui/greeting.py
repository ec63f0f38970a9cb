"""What stands in the conversation before the first question: what this is, how to go on, questions to begin with."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.message import Message

from assistant.datatypes import Conversation
from assistant.tui import texts
from assistant.tui.hanging import Hanging
from assistant.tui.keymap import key_of
from assistant.tui.places import Resume
from assistant.tui.turn import Rows, Stop

#: Actions that a newcomer wants to know of, and what they are for.
_KEYS = (
    ("chat.browse", "all readouts"),
    ("chat.filter", "ask only some: dates, parties, kinds"),
    ("chat.history", "past conversations"),
    ("chat.add", "add your own readouts"),
    ("app.palette", "any action by its name"),
    ("app.help", "help"),
)

_TITLE = 28


class Greeting(Rows):
    """The examples come as soon as the index has told what it holds; nothing above them moves."""

    class Chosen(Message):
        """An example was chosen."""

        def __init__(self, question: str) -> None:
            super().__init__()
            self.question = question

    def __init__(self) -> None:
        super().__init__([], classes="greeting")

    def on_mount(self) -> None:
        """Show what is known."""
        self.suggest((), None)

    def suggest(self, examples: Sequence[str], last: Conversation | None) -> None:
        """Show questions to begin with, and the conversation to go on with.

        Args:
            examples: Questions that the index answers.
            last: The conversation of last time, if there was one.
        """
        lead, rows, stops = Content("  "), [], []

        def row(margin: Content, body: Content, stop: Stop | None = None) -> None:
            rows.append((margin, body))
            stops.append(stop)

        name = Content.styled("Readouts", "bold $primary")
        row(lead, Content.assemble(name, "  answers with the exact words, each with its source.\n"))
        if last is not None:
            ago = texts.day(last.started_at.astimezone().date())
            about = f"{ago}, {texts.counted(last.count, 'question')}"
            title = Content.assemble(("Go on with ", ""), (f"“{_short(last.title)}”", "underline $text-primary"))
            row(Content("  ↺ "), Content.assemble(title, (f"  {about}\n", "$quiet")), Resume(last.id))
        keys = [(key_of(action, self), what) for action, what in _KEYS]
        width = max(len(key) for key, _ in keys)
        for key, what in keys:
            row(lead, Content.assemble((f"{key:<{width}}  ", "bold $accent"), what))
        there = f" For example ({key_of('question.to_answer', self)} goes there):\n" if examples else ""
        row(lead, Content(f"\nType a question and press {key_of('question.send', self)}.{there}"))
        for example in examples:
            row(Content("  › "), Content.styled(example, "underline $text-primary"), example)
        self.page, self.stops, self.marked = Hanging(rows), tuple(stops), None
        self.refresh(layout=True)

    def press(self, row: int) -> None:
        """Put the example into the question box, or go on with the conversation."""
        stop = self.stops[row]
        if isinstance(stop, str):
            self.post_message(self.Chosen(stop))
        else:
            super().press(row)


def _short(title: str) -> str:
    """The beginning of a title, so that it stays on its line."""
    title = texts.line(title)
    return title if len(title) <= _TITLE else title[:_TITLE].rstrip() + "…"
