"""Past conversations: search, resume, rename, export, delete."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, Static

from assistant.datatypes import Conversation
from assistant.tui import texts
from assistant.tui.backend import Backend
from assistant.tui.closing import ClosesOnce
from assistant.tui.dialogs import Ask, Confirm
from assistant.tui.exporting import ask_and_export
from assistant.tui.hanging import Hanging
from assistant.tui.keybar import KeyBar
from assistant.tui.keymap import Part, bindings
from assistant.tui.marked_list import MarkedList, Row
from assistant.tui.messages import ConversationsFound, Failed, Told
from assistant.tui.workers import in_thread


class ConversationList(MarkedList):
    """Conversations, one per row."""

    BINDINGS = bindings(Part.HISTORY_LIST)
    PART = Part.HISTORY_LIST

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what is there can be resumed."""
        return action != "select" or self.option_count > 0


class HistoryScreen(ClosesOnce, Screen[str]):
    """Chooses a conversation; returns its id, or None."""

    BINDINGS = bindings(Part.HISTORY)
    PART = Part.HISTORY

    def __init__(self, backend: Backend) -> None:
        super().__init__()
        self._backend = backend
        self._found: tuple[Conversation, ...] = ()
        self._ticket = 0

    def compose(self) -> ComposeResult:
        """A search line over the list."""
        yield Static(Content.styled(" Past conversations", "bold $primary"), id="screen-title", markup=False)
        with Vertical():
            yield Input(placeholder="type to search: words said in a conversation", id="search", compact=True)
            yield ConversationList(id="conversations", markup=False)
            yield Static(id="none", markup=False)
        yield KeyBar()

    def on_mount(self) -> None:
        """Fetch them."""
        self.query_one(ConversationList).focus()
        self._fetch()

    def _fetch(self) -> None:
        self._ticket += 1
        ticket, words = self._ticket, self.query_one(Input).value

        def job() -> ConversationsFound:
            return ConversationsFound(ticket, self._backend.history.conversations(words))

        in_thread(self, job, about="conversations", ticket=ticket)

    def on_conversations_found(self, event: ConversationsFound) -> None:
        """Show them, unless other words have been typed meanwhile."""
        if event.ticket != self._ticket:
            return
        self._found = event.conversations
        shown = self.query_one(ConversationList)
        here = shown.highlighted or 0
        shown.clear_options()
        shown.add_options([Row(_row(c), c) for c in self._found])
        if self._found:
            shown.highlighted = min(here, len(self._found) - 1)
        searched = bool(self.query_one(Input).value)
        empty = "No conversation holds these words." if searched else "None yet. They are saved as they happen."
        self.query_one("#none", Static).update(Content("" if self._found else empty))
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what is there can be renamed, exported and deleted."""
        return action not in ("rename", "export", "delete") or self.chosen is not None

    def on_failed(self, event: Failed) -> None:
        """Say what went wrong."""
        self.notify(texts.plain(f"{event.message} {event.mend}"), severity="error", markup=False)

    def on_input_changed(self) -> None:
        """Search as one types."""
        self._fetch()

    def on_input_submitted(self) -> None:
        """Go to what was found."""
        self.query_one(ConversationList).focus()

    def on_option_list_option_selected(self, event: MarkedList.OptionSelected) -> None:
        """Resume."""
        self.dismiss(MarkedList.chosen(event).id)

    @property
    def chosen(self) -> Conversation | None:
        """The one under the mark."""
        place = self.query_one(ConversationList).highlighted
        return self._found[place] if place is not None and place < len(self._found) else None

    def action_back(self) -> None:
        """Empty the search, then leave."""
        search = self.query_one(Input)
        if search.value:
            search.value = ""
        else:
            self.dismiss(None)

    def action_search(self) -> None:
        """Go to the search line."""
        self.query_one(Input).focus()

    def action_rename(self) -> None:
        """Give the conversation another title."""
        chosen = self.chosen
        if chosen is None:
            return

        def take(title: str | None) -> None:
            if title:
                self._change(lambda: self._backend.history.rename(chosen.id, title))

        self.app.push_screen(Ask("Another title", chosen.title), take)

    def action_export(self) -> None:
        """Write the conversation to a file."""
        if self.chosen is not None:
            ask_and_export(self, self._backend, self.chosen.id, self.chosen.title)

    def on_told(self, event: Told) -> None:
        """Say what was done."""
        self.notify(texts.plain(event.note), severity="information" if event.done else "error", markup=False)

    def action_delete(self) -> None:
        """Delete the conversation, after asking."""
        chosen = self.chosen
        if chosen is None:
            return

        def take(sure: bool | None) -> None:
            if sure:
                self._change(lambda: self._backend.history.delete(chosen.id))

        question = f"Delete “{texts.line(chosen.title)}” with its {texts.counted(chosen.count, 'question')}, for good?"
        self.app.push_screen(Confirm(question, "Delete"), take)

    def _change(self, change: Callable[[], None]) -> None:
        self._ticket += 1
        ticket, words = self._ticket, self.query_one(Input).value

        def job() -> ConversationsFound:
            change()
            return ConversationsFound(ticket, self._backend.history.conversations(words))

        in_thread(self, job, about="conversations", ticket=ticket)


def _row(conversation: Conversation) -> Hanging:
    started = conversation.started_at.astimezone()
    count = texts.counted(conversation.count, "question")
    margin = Content.styled(f" {texts.day(started.date()):<11}  {started:%H:%M}  {count:<13}  ", "$quiet")
    return Hanging([(margin, Content.styled(texts.line(conversation.title), "bold"))], crop=True)
