"""The box in which a question is typed."""

from __future__ import annotations

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widgets import TextArea

from assistant.tui.keymap import Part, bindings
from assistant.tui.messages import QuestionAsked


class QuestionBox(TextArea):
    """Enter sends, a pasted text never does; up and down fetch earlier questions."""

    BINDINGS = bindings(Part.QUESTION)
    PART = Part.QUESTION

    class Paged(Message):
        """The conversation is to scroll by pages."""

        def __init__(self, pages: int) -> None:
            super().__init__()
            self.pages = pages

    class Left(Message):
        """The person moves on to the answer."""

    class Resized(Message):
        """The height of the box changed."""

        def __init__(self, height: int) -> None:
            super().__init__()
            self.height = height

    def __init__(self, *, questions: tuple[str, ...] = ()) -> None:
        super().__init__(
            id="question",
            soft_wrap=True,
            tab_behavior="focus",
            highlight_cursor_line=False,
            placeholder=Content("Ask the readouts: who said what, when, where, how often?"),
        )
        self._earlier = list(questions)
        self._place = len(self._earlier)
        self._draft = ""

    async def _on_key(self, event: events.Key) -> None:
        # TextArea would take enter as text. It is handled here, in the queue of this box, and not as a priority
        # binding: that would overtake the letters typed just before it.
        if event.key in ("enter", "shift+enter"):
            bound = self.screen.active_bindings.get(event.key)
            if bound is not None and bound.node is self:
                event.stop()
                event.prevent_default()
                await self.run_action(bound.binding.action)

    def on_resize(self, event: events.Resize) -> None:
        """Have the other parts make room."""
        self.post_message(self.Resized(self.outer_size.height))

    async def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        text = event.text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
        self.insert("".join(c for c in text.strip("\n") if c == "\n" or c.isprintable()))

    def remember(self, question: str) -> None:
        """Add a question to those that the up key fetches."""
        if question in self._earlier:
            self._earlier.remove(question)
        self._earlier.append(question)
        self._place = len(self._earlier)

    def fill(self, text: str) -> None:
        """Put a text into the box, with the cursor after it."""
        self.load_text(text)
        self.move_cursor(self.document.end)

    def action_send(self) -> None:
        """Send what is typed."""
        text = self.text.strip()
        if not text:
            return
        self.remember(text)
        self.load_text("")
        self.post_message(QuestionAsked(text))

    def action_newline(self) -> None:
        """Break the line."""
        self.insert("\n")

    def action_earlier(self) -> None:
        """The previous question, or one line up within a question of several lines."""
        if self.cursor_at_first_line and self._place > 0:
            if self._place == len(self._earlier):
                self._draft = self.text
            self._place -= 1
            self.fill(self._earlier[self._place])
        else:
            self.action_cursor_up()

    def action_later(self) -> None:
        """The next question, or one line down within a question of several lines."""
        if self.cursor_at_last_line and self._place < len(self._earlier):
            self._place += 1
            at_end = self._place == len(self._earlier)
            self.fill(self._draft if at_end else self._earlier[self._place])
        else:
            self.action_cursor_down()

    def action_page(self, pages: int) -> None:
        """Scroll the conversation; the cursor stays here."""
        self.post_message(self.Paged(pages))

    def action_to_answer(self) -> None:
        """Leave for the answer."""
        self.post_message(self.Left())
