"""What a person can do on the main screen besides reading: ask, narrow, change the layout, go to other screens."""

from __future__ import annotations

from assistant.tui.asking import Talk
from assistant.tui.browse import BrowseScreen, Choice
from assistant.tui.conversation import AT_A_TIME
from assistant.tui.dialogs import Narrow
from assistant.tui.exchange import Exchange
from assistant.tui.exporting import ask_and_export
from assistant.tui.history import HistoryScreen
from assistant.tui.indexing import IndexScreen
from assistant.tui.messages import ChipDropped
from assistant.tui.parts import LAYOUTS
from assistant.tui.places import Chip, chips
from assistant.tui.reading_actions import ReadingActions
from index.datatypes import Filters


class ChatActions(ReadingActions):
    """Mixed into the main screen, which handles the messages."""

    # Asking

    def _chips(self) -> tuple[Chip, ...]:
        answer = self.exchange.answer if self.exchange else None
        if answer is None:
            return ()
        understood = answer.understanding
        return (*chips(understood.filters, typed=True), *chips(understood.preferred, typed=False))

    def action_drop_filter(self) -> None:
        """Remove the marked filter, otherwise the last one."""
        understood, marked = self._chips(), self.conversation.marked
        if self.exchange is not None and understood:
            chip = marked if isinstance(marked, Chip) and marked in understood else understood[-1]
            self.post_message(ChipDropped(self.exchange.ticket, chip))

    def action_standalone(self) -> None:
        """Put the question as understood into the box, to change it."""
        if self.exchange is not None:
            self.reword(self.exchange)

    def reword(self, exchange: Exchange) -> None:
        """Put an exchange's question as understood into the box."""
        if exchange.answer is not None:
            self.question.fill(exchange.answer.standalone_question)
            self.go_to("conversation")

    @property
    def at_home(self) -> bool:
        """Whether there is nothing to go back from."""
        return self.question.has_focus and not self.question.text and self.asking.pending is None

    def action_back(self) -> None:
        """One step back, nearest first."""
        if self.reading.finding:
            self.reading.close_find()
        elif self.narrow and not self.has_class("view-conversation"):
            back = self._opened_from if self.has_class("view-reading") else "conversation"
            self._opened_from = "conversation"
            self.show_view(back)
            (self.sources if back == "sources" else self.conversation).focus(scroll_visible=False)
        elif not self.question.has_focus:
            self.go_to("conversation")
        elif self.asking.pending is not None:
            self._stop_waiting()
        elif self.question.text:
            self.question.remember(self.question.text.strip() or self.question.text)
            self.question.load_text("")

    def _stop_waiting(self) -> None:
        exchange = self.asking.stop()
        if exchange is not None:
            if not self.question.text:
                self.question.fill(exchange.question)
            self.conversation.put(exchange)

    def action_filter(self) -> None:
        """Ask which readouts to ask."""

        def take(filters: Filters | None) -> None:
            if filters is not None:
                self.set_scope(filters)
                self.go_to("conversation")

        self.app.push_screen(Narrow(self.scope, self.status.issuers if self.status else ()), take)

    def set_scope(self, scope: Filters) -> None:
        """Narrow every question from now on."""
        raise NotImplementedError

    def action_layout(self) -> None:
        """The next layout; it is remembered."""
        names = list(LAYOUTS)
        name = names[(names.index(self.arrangement) + 1) % len(names)]
        self.lay_out(name)
        keep = getattr(self.app, "remember_layout", None)
        if keep is not None:
            keep(name)
        self.notify(f"Layout: {LAYOUTS[name][1]}", timeout=3, markup=False)

    # Other screens

    async def action_new(self) -> None:
        """Begin a new conversation."""
        await self.clear(Talk())
        self.question.focus()

    async def clear(self, talk: Talk) -> None:
        """Begin with an empty conversation."""
        raise NotImplementedError

    def action_history(self) -> None:
        """Choose a past conversation."""

        def take(conversation: str | None) -> None:
            if conversation:
                self.asking.resume(conversation, AT_A_TIME)

        self.app.push_screen(HistoryScreen(self.backend), take)

    def action_export(self) -> None:
        """Write this conversation to a file."""
        talk = self.asking.talk.id
        if talk is not None:
            ask_and_export(self, self.backend, talk, self.top.title)

    def action_browse(self) -> None:
        """All readouts."""
        self.browse()

    def browse(self, doc_ids: tuple[str, ...] = ()) -> None:
        """Readouts in a table; all, or these."""

        def take(choice: Choice | None) -> None:
            if choice is None:
                return
            if choice.doc_id:
                self.open_record(choice.doc_id)
            else:
                self.set_scope(choice.scope)
                self.go_to("conversation")

        self.app.push_screen(BrowseScreen(self.backend, doc_ids=doc_ids), take)

    def action_add(self) -> None:
        """The index: its contents, adding to it, and the progress of that."""
        self.app.push_screen(IndexScreen(self.adding, self.status))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Whether an action can be done now; one that cannot is not offered."""
        if action == "export":
            return self.conversation.earlier or any(exchange.answer for exchange in self.conversation.exchanges)
        if action == "drop_filter":
            return bool(self._chips())
        if action == "standalone":
            return bool(self.exchange and self.exchange.answer)
        return self.readable(action, parameters)
