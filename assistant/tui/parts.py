"""The main screen's parts by name, and which of them shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.tui.adding import Adding
from assistant.tui.asking import Asking
from assistant.tui.backend import Backend
from assistant.tui.bars import TopBar, ViewTabs
from assistant.tui.conversation import ConversationView
from assistant.tui.exchange import Exchange
from assistant.tui.places import Place
from assistant.tui.question import QuestionBox
from assistant.tui.reading import ReadingPane
from assistant.tui.sources import SourcesList
from index.datatypes import Filters, Readout, Record

if TYPE_CHECKING:
    from textual.screen import Screen

    _Base = Screen[None]
else:
    _Base = object


class ChatParts(_Base):
    """What the main screen holds."""

    backend: Backend
    asking: Asking
    adding: Adding
    exchange: Exchange | None = None
    place: Place | None = None
    scope: Filters = Filters()
    issuers: tuple[str, ...] = ()
    reading_ticket: int = 0
    _opened_from: str = "conversation"

    @property
    def cache(self) -> dict[str, tuple[Readout, tuple[Record, ...]]]:
        """Readouts fetched before."""
        if not hasattr(self, "_cache"):
            self._cache: dict[str, tuple[Readout, tuple[Record, ...]]] = {}
        return self._cache

    # The parts

    @property
    def top(self) -> TopBar:
        """The line at the top."""
        return self.query_one(TopBar)

    @property
    def tabs(self) -> ViewTabs:
        """The names of the parts."""
        return self.query_one(ViewTabs)

    @property
    def conversation(self) -> ConversationView:
        """The conversation."""
        return self.query_one(ConversationView)

    @property
    def question(self) -> QuestionBox:
        """The question box."""
        return self.query_one(QuestionBox)

    @property
    def sources(self) -> SourcesList:
        """The list of sources."""
        return self.query_one(SourcesList)

    @property
    def reading(self) -> ReadingPane:
        """The reading pane."""
        return self.query_one(ReadingPane)

    @property
    def narrow(self) -> bool:
        """Whether only one part fits."""
        return self.has_class("-narrow")

    def show_view(self, view: str) -> None:
        """Show one part where only one fits."""
        for name, _ in ViewTabs.VIEWS:
            self.set_class(name == view, f"view-{name}")
        self.tabs.view = view

    def go_to(self, view: str) -> None:
        """Show a part and go there."""
        self.show_view(view)
        target = {"conversation": self.question, "sources": self.sources, "reading": self.reading.body}[view]
        target.focus(scroll_visible=False)
