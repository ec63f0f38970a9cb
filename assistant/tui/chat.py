"""The main screen: the conversation, and beside it (or over it) sources and reading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.screen import Screen

from assistant.datatypes import Turn
from assistant.tui import texts
from assistant.tui.adding import Adding
from assistant.tui.asking import Asking, Talk
from assistant.tui.backend import Backend
from assistant.tui.bars import TopBar, ViewTabs
from assistant.tui.conversation import AT_A_TIME, ConversationView
from assistant.tui.exchange import Exchange
from assistant.tui.housekeeping import Housekeeping
from assistant.tui.keybar import KeyBar
from assistant.tui.keymap import Part, bindings, key_of
from assistant.tui.messages import (
    Answered,
    ChipDropped,
    ConversationLoaded,
    EarlierLoaded,
    EarlierWanted,
    ExampleChosen,
    Failed,
    HitsFound,
    PlaceMarked,
    PlaceOpened,
    QuestionAsked,
    ReadoutLoaded,
    RecordOpened,
    ResumeWanted,
    StandaloneWanted,
    Suggested,
    TableWanted,
)
from assistant.tui.pieces import Chips
from assistant.tui.places import Chip, chips, together, whole, without_words
from assistant.tui.question import QuestionBox
from assistant.tui.reading import ReadingPane
from assistant.tui.related_list import RelatedList
from assistant.tui.rows import Rows
from assistant.tui.sources import SourcesList
from index.datatypes import Filters, Record

#: Seconds after which passages by full text stand in for an answer that has not come.
PATIENCE = 0.25
#: Seconds for which a question waits to be shown with its answer: the two are one picture then, and the first takes no time
#: from the second.
TOGETHER = 0.03


class ChatScreen(Housekeeping, Screen[None]):
    """What a person looks at all day.

    Args:
        backend: What answers.
        conversation: A past conversation to go on with.
        questions: Earlier questions, for the up key.
        arrangement: Name of the layout.
    """

    BINDINGS = bindings(Part.CHAT)
    PART = Part.CHAT

    def __init__(
        self,
        backend: Backend,
        *,
        conversation: str | None = None,
        questions: tuple[str, ...] = (),
        arrangement: str = "beside",
    ) -> None:
        super().__init__()
        self.arrangement = arrangement
        self.backend = backend
        self.cache = {}
        self.asking = Asking(self, backend)
        self.adding = Adding(self, backend)
        self._first = conversation
        self._questions = questions

    def compose(self) -> ComposeResult:
        """All parts; the style sheet decides which fit."""
        yield TopBar()
        yield ViewTabs()
        with Horizontal(id="main"):
            with Vertical(id="left"):
                yield ConversationView()
                yield Vertical(id="scope")
                yield QuestionBox(questions=self._questions)
            with Vertical(id="right"):
                with Vertical(id="lists"):
                    yield SourcesList()
                    yield RelatedList()
                yield ReadingPane()
        yield KeyBar()

    def on_mount(self) -> None:
        """Paint first; then load."""
        self.add_class("view-conversation")
        self.set_class(self.arrangement == "reading", "-reading")
        self.question.focus()
        self.call_after_refresh(self._start)

    def _start(self) -> None:
        self.asking.warm()
        if self._first:
            self.asking.resume(self._first, AT_A_TIME)

    # Asking

    async def on_question_asked(self, event: QuestionAsked) -> None:
        """Ask it."""
        exchange = Exchange(ticket=0, question=event.text, filters=self.scope)
        with self.app.batch_update():  # one picture, not one for each part of it
            self.show_view("conversation")
            await self._ask(exchange, new=True)
        self._remember(event.text)

    def _remember(self, question: str) -> None:
        keep = getattr(self.app, "remember_question", None)
        if keep is not None:
            keep(question)

    async def _ask(self, exchange: Exchange, *, new: bool) -> None:
        left = self.asking.ask(exchange)
        if left is not None:
            self.conversation.put(left)
        ticket = exchange.ticket
        if new:
            self.set_timer(TOGETHER, lambda: self._put(ticket))
        else:
            self.conversation.put(exchange)
        if not self.top.title:
            self.top.title = exchange.question
        self.set_timer(PATIENCE if self.asking.ready else 0.01, lambda: self._look(ticket))

    def _put(self, ticket: int) -> None:
        exchange = self.asking.waits_for(ticket)
        if exchange is not None:
            self.conversation.put(exchange)

    def _look(self, ticket: int) -> None:
        exchange = self.asking.waits_for(ticket)
        if exchange is not None:
            self.asking.look(exchange)

    async def on_hits_found(self, event: HitsFound) -> None:
        """Show them until the answer is there."""
        exchange = self.asking.waits_for(event.ticket)
        if exchange is not None:
            exchange.provisional = event.hits
            self.conversation.put(exchange)

    async def on_answered(self, event: Answered) -> None:
        """Show the answer, unless nobody waits for it any more."""
        exchange = self.asking.waits_for(event.ticket)
        if exchange is None:
            return
        self.asking.pending = None
        self.model_ready()
        exchange.answered(event.answer, event.records)
        with self.app.batch_update():
            self.conversation.put(exchange)
            await self.look_at(exchange)
        if event.answer.unkept:
            words = texts.plain(f"This answer is not kept yet. {event.answer.unkept}")
            self.notify(words, severity="warning", timeout=12, markup=False)
        self.tidy_up()

    async def look_at(self, exchange: Exchange) -> None:
        """Show the sources of an exchange, and its first quote if there is room beside the conversation."""
        if not exchange.places:
            await self.empty_panes()
        self.exchange, self.place = exchange, None
        self.sources.show(exchange.places)
        self.tabs.count = len(exchange.places)
        if exchange.places:
            self.open_behind(exchange.places[0])
        self.refresh_bindings()

    async def on_failed(self, event: Failed) -> None:
        """Say what went wrong and how to mend it."""
        words = texts.plain(f"{event.message} {event.mend}".strip())
        if event.about == "question":
            exchange = self.asking.waits_for(event.ticket)
            if exchange is None:
                return
            self.asking.pending = None
            exchange.fail(words)
            self.conversation.put(exchange)
            await self.empty_panes()
        elif event.about in ("look", "suggestions"):  # extras; what fails here fails in the open elsewhere
            return
        elif event.about == "model":
            self.top.model = "model not loaded"
        elif event.about == "add":
            self.adding.ended(error=words)
            self.show_model()
        self.notify(words, severity="error", timeout=12, markup=False)

    # Conversations

    async def on_conversation_loaded(self, event: ConversationLoaded) -> None:
        """Show a past conversation and continue it."""
        conversation = event.conversation
        await self.clear(Talk(conversation.id))
        self.top.title = conversation.title
        exchanges = self._exchanges(conversation.turns, event.records)
        self.conversation.show(exchanges, earlier=conversation.count > len(exchanges))
        for exchange in exchanges:
            self.question.remember(exchange.question)
        if exchanges:
            await self.look_at(exchanges[-1])

    def _exchanges(self, turns: Sequence[Turn], records: Mapping[int, tuple[Record, ...]]) -> list[Exchange]:
        return [Exchange.of_turn(turn, self.asking.ticket(), records[turn.number]) for turn in turns]

    def on_earlier_wanted(self, event: EarlierWanted) -> None:
        """Fetch the turns before those that are shown."""
        self.asking.fetch_earlier(self.conversation.exchanges, AT_A_TIME)

    def on_earlier_loaded(self, event: EarlierLoaded) -> None:
        """Show them above the others, unless another conversation is now shown."""
        shown = self.conversation.exchanges
        if shown and shown[0].ticket == event.ticket:
            self.conversation.put_before(self._exchanges(event.turns, event.records), earlier=event.earlier)

    async def clear(self, talk: Talk) -> None:
        """Begin with an empty conversation."""
        self.asking.stop()
        self.asking.talk = talk
        self.top.title = ""
        await self.empty_panes()
        self.conversation.show([])
        self.show_view("conversation")

    # What the parts say

    def on_place_opened(self, event: PlaceOpened) -> None:
        """Open a passage and go there."""
        self.open(event.place, focus=True)

    def on_place_marked(self, event: PlaceMarked) -> None:
        """The mark moved to a passage: the other parts follow."""
        view = self.conversation.turn(event.ticket)
        if view is None:
            return
        if view.exchange is not self.exchange:
            self.exchange = view.exchange
            self.sources.show(view.exchange.places)
            self.tabs.count = len(view.exchange.places)
        self.sources.mark(event.place)
        self.open(event.place, focus=False)

    def on_record_opened(self, event: RecordOpened) -> None:
        """Open a readout as a whole."""
        self.open_record(event.doc_id)

    async def on_readout_loaded(self, event: ReadoutLoaded) -> None:
        """Show a readout, unless another was requested since."""
        if event.ticket != self.reading_ticket:
            return
        place = self.place or whole(event.readout.source, event.readout.facts)
        if place.source.doc_id != event.readout.source.doc_id:
            place = whole(event.readout.source, event.readout.facts)
        self.place = place
        places = self.exchange.places if self.exchange else ()
        others = tuple(r for r in event.related if r.source.doc_id != event.readout.source.doc_id)
        self.related.show(others)
        await self.reading.show(event.readout, place, places, others, event.wordings)
        self.refresh_bindings()

    async def on_chip_dropped(self, event: ChipDropped) -> None:
        """Ask again without it, in place."""
        view = self.conversation.turn(event.ticket)
        if view is not None:
            exchange = view.exchange
            exchange.filters -= event.chip.part
            if event.chip.typed:
                exchange.question = without_words(exchange.question, event.chip.part) or exchange.question
            exchange.ignore = together(exchange.ignore, event.chip.part)
            self.conversation.focus(scroll_visible=False)
            await self._ask(exchange, new=False)

    def on_table_wanted(self, event: TableWanted) -> None:
        """Show a whole list."""
        self.browse(event.doc_ids)

    def on_rows_pressed(self, event: Rows.Pressed) -> None:
        """A part of the scope was removed."""
        if isinstance(event.stop_at, Chip):
            self.set_scope(self.scope - event.stop_at.part)

    def on_resume_wanted(self, event: ResumeWanted) -> None:
        """Continue a past conversation."""
        self.asking.resume(event.conversation, AT_A_TIME)

    def on_suggested(self, event: Suggested) -> None:
        """Questions to begin with have come."""
        self.conversation.suggest(event)

    def on_standalone_wanted(self, event: StandaloneWanted) -> None:
        """Put the question as it was understood into the box."""
        view = self.conversation.turn(event.ticket)
        if view is not None:
            self.reword(view.exchange)

    def on_example_chosen(self, event: ExampleChosen) -> None:
        """Put an example into the box, ready to be sent or changed."""
        self.question.fill(event.question)
        self.question.focus()

    def on_question_box_paged(self, event: QuestionBox.Paged) -> None:
        """Scroll the conversation."""
        (self.conversation.scroll_page_down if event.pages > 0 else self.conversation.scroll_page_up)(animate=False)

    def on_question_box_left(self, event: QuestionBox.Left) -> None:
        """Go to the answer."""
        self.conversation.focus(scroll_visible=False)

    def on_question_box_resized(self, event: QuestionBox.Resized) -> None:
        """Keep notices above the box."""
        for rack in self.query("ToastRack"):
            rack.styles.margin = 0, 0, event.height + 2, 0

    def on_view_tabs_chosen(self, event: ViewTabs.Chosen) -> None:
        """Show a part."""
        self.go_to(event.view)

    def set_scope(self, scope: Filters) -> None:
        """Narrow every question from now on."""
        self.scope = scope
        line = self.query_one("#scope")
        line.remove_children()
        if scope:
            note = f"{key_of('chat.filter', self)} changes it"
            line.mount(Rows(Chips(chips(scope, typed=True), lead="asking", note=note), classes="chips"))
        line.display = bool(scope)
        self.refresh_bindings()

    def on_resize(self, event: events.Resize) -> None:
        """Offer the keys anew: with the parts side by side, no part hides another."""
        self.refresh_bindings()
