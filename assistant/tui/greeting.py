"""What the conversation shows before the first question: what this is, how to continue, questions to begin with."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.dom import DOMNode

from assistant.datatypes import Conversation
from assistant.tui import texts
from assistant.tui.keymap import key_of
from assistant.tui.pieces import Piece, Stop
from assistant.tui.places import Resume

#: Actions that a newcomer should know, and what they are for.
_KEYS = (
    ("chat.browse", "all readouts"),
    ("chat.filter", "ask only some: dates, parties, kinds"),
    ("chat.history", "past conversations"),
    ("chat.add", "add your own readouts"),
    ("app.palette", "any action by its name"),
    ("app.help", "help"),
)

_TITLE = 28


def greeting(node: DOMNode, examples: Sequence[str] = (), last: Conversation | None = None) -> Piece:
    """The greeting; its examples appear as soon as the contents of the index are known, and nothing above them moves.

    Args:
        node: Where it is shown, for the keys that it names.
        examples: Questions that the index answers; pressing one posts that question.
        last: The conversation of last time, if there was one, to go on with.
    """
    lead = Content("  ")
    rows: list[tuple[Content, Content]] = []
    stops: list[Stop | None] = []

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
    keys = [(key_of(action, node), what) for action, what in _KEYS]
    width = max(len(key) for key, _ in keys)
    for key, what in keys:
        row(lead, Content.assemble((f"{key:<{width}}  ", "bold $accent"), what))
    there = f" For example ({key_of('question.to_answer', node)} goes there):\n" if examples else ""
    row(lead, Content(f"\nType a question and press {key_of('question.send', node)}.{there}"))
    for example in examples:
        row(Content("  › "), Content.styled(example, "underline $text-primary"), example)
    return Piece(rows, stops, above=1, below=1, left=2)


def _short(title: str) -> str:
    """The beginning of a title, so that it stays on its line."""
    title = texts.line(title)
    return title if len(title) <= _TITLE else title[:_TITLE].rstrip() + "…"
