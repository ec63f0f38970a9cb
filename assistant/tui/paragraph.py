"""What the reading pane is made of: paragraphs with marks in them, and the box for finding words."""

from __future__ import annotations

import re

from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from assistant.tui import texts
from assistant.tui.keymap import Part, bindings
from index.datatypes import Passage, Span

QUOTE = "bold underline $quote-foreground on $quote-background"
OTHER_QUOTE = "underline $text-accent"
FOUND = "reverse"
FOUND_HERE = "bold underline $quote-background on $quote-foreground"


class Paragraph(Static):
    """One paragraph with what is marked in it."""

    def __init__(self, passage: Passage) -> None:
        super().__init__(markup=False, classes="paragraph")
        self.paragraph = passage.paragraph
        self.plain = texts.plain(passage.text)
        self.quotes: tuple[tuple[Span, str], ...] = ()
        self.found: tuple[tuple[Span, str], ...] = ()

    def on_mount(self) -> None:
        """Show the words."""
        self.update(Content(self.plain))
        self.draw()

    def draw(self) -> None:
        """Show the words with the present marks, which change no line."""
        content = Content(self.plain)
        for span, style in (*self.quotes, *self.found):
            content = content.stylize(style, span.start, span.end)
        self.update(content, layout=False)
        self.set_class(any(style == QUOTE for _, style in self.quotes), "-quoted")

    def line_of(self, offset: int) -> int:
        """The line, at the present width, that contains a code point."""
        end = re.compile(r"\s|\Z").search(self.plain, offset)
        before = self.plain[: end.start() if end else offset]
        return max(0, len(Content(before).wrap(max(1, self.content_size.width))) - 1) if before else 0


class FindBox(Input):
    """Where the words to find are typed."""

    BINDINGS = bindings(Part.FIND)
    PART = Part.FIND

    class Stepped(Message):
        """Go to another place found."""

        def __init__(self, by: int) -> None:
            super().__init__()
            self.by = by

    class Closed(Message):
        """Finding is over."""

    def __init__(self) -> None:
        super().__init__(placeholder="find in this readout", id="find", compact=True)

    def action_next(self) -> None:
        """Go to the next place."""
        self.post_message(self.Stepped(1))

    def action_previous(self) -> None:
        """Go to the place before."""
        self.post_message(self.Stepped(-1))

    def action_close(self) -> None:
        """End finding."""
        self.post_message(self.Closed())
