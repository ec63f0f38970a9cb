"""The main screen's parts by name, and which of them are shown."""

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
from assistant.tui.related_list import RelatedList
from assistant.tui.sources import SourcesList
from index.datatypes import Filters, IndexStatus, Readout, Record

if TYPE_CHECKING:
    from textual.screen import Screen

    _Base = Screen[None]
else:
    _Base = object


_TABS = [(0, "-narrow")]
_BESIDE = [(0, "-narrow"), (100, "-wide"), (170, "-wall")]
#: Layouts by name, in the order in which one key goes through them: the class from each width on, and the layout's label.
LAYOUTS: dict[str, tuple[list[tuple[int, str]], str]] = {
    "beside": (_BESIDE, "side by side, where there is room"),
    "reading": (_BESIDE, "side by side, more room for reading"),
    "tabs": (_TABS, "one part at a time"),
}

#: A readout, others of the same days and parties, and the history of its text.
Fetched = tuple[Readout, tuple[Record, ...], tuple[tuple[str, str], ...]]


#: Number of readouts kept to be shown again at once.
CACHED = 32


class ChatParts(_Base):
    """The parts of the main screen."""

    arrangement: str = "beside"

    #: Readouts already fetched from the index as it is now, by id.
    cache: dict[str, Fetched]
    backend: Backend
    asking: Asking
    adding: Adding
    exchange: Exchange | None = None
    place: Place | None = None
    scope: Filters = Filters()
    status: IndexStatus | None = None
    reading_ticket: int = 0
    _opened_from: str = "conversation"

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
    def related(self) -> RelatedList:
        """Other readouts of the same days and parties."""
        return self.query_one(RelatedList)

    @property
    def reading(self) -> ReadingPane:
        """The reading pane."""
        return self.query_one(ReadingPane)

    @property
    def narrow(self) -> bool:
        """Whether only one part fits."""
        return self.has_class("-narrow")

    @property
    def HORIZONTAL_BREAKPOINTS(self) -> list[tuple[int, str]]:  # type: ignore[override]  # noqa: N802 - Textual's own
        """The class of the screen from each width on."""
        return LAYOUTS[self.arrangement][0]

    def lay_out(self, name: str) -> None:
        """Lay the parts out in another way."""
        self.arrangement = name
        here = max((width, kind) for width, kind in LAYOUTS[name][0] if width <= self.app.size.width)[1]
        for _, kind in _BESIDE:
            self.set_class(kind == here, kind)
        self.set_class(name == "reading", "-reading")
        self.refresh_bindings()

    def show_view(self, view: str) -> None:
        """Show one part if only one fits."""
        for name, _ in ViewTabs.VIEWS:
            self.set_class(name == view, f"view-{name}")
        self.tabs.view = view

    def go_to(self, view: str) -> None:
        """Show a part and go there."""
        self.show_view(view)
        target = {"conversation": self.question, "sources": self.sources, "reading": self.reading.body}[view]
        target.focus(scroll_visible=False)
