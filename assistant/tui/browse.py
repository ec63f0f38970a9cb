"""All readouts in a table: filter as you type, narrow, sort, open one, or ask about what is listed."""

from __future__ import annotations

import importlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Input, Sparkline, Static

from assistant.tui import texts
from assistant.tui.backend import Backend
from assistant.tui.closing import ClosesOnce
from assistant.tui.facets import Facet, FacetList
from assistant.tui.keybar import KeyBar
from assistant.tui.keymap import Part, bindings
from assistant.tui.messages import Failed
from assistant.tui.scope import scope_of
from assistant.tui.table import COLUMNS, RecordTable
from assistant.tui.workers import in_thread
from index.datatypes import Filters

if TYPE_CHECKING:
    from assistant.tui.shelf import Shelf


@dataclass
class ShelfLoaded(Message):
    """Readouts, ready to be listed.

    Attributes:
        shelf: The readouts.
        whole: Whether these are all, or only the latest, with the others still being read.
    """

    shelf: Shelf
    whole: bool = True


@dataclass
class Sorted(Message):
    """The orders of all columns are known, so that sorting need not wait."""

    orders: list[object]


@dataclass
class Scoped(Message):
    """The readouts to ask are known."""

    scope: Filters


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a person chose here: one readout to read, or several to ask."""

    doc_id: str = ""
    scope: Filters = field(default_factory=Filters)


#: This many of the latest readouts are shown until all are read, which takes two seconds for 100,000.
FIRST = 200


class BrowseScreen(ClosesOnce, Screen[Choice]):
    """All readouts, or those of one list answer.

    Args:
        backend: What lists them.
        doc_ids: Only these; all if empty.
    """

    BINDINGS = bindings(Part.BROWSE)
    PART = Part.BROWSE
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - Textual's own

    def __init__(self, backend: Backend, *, doc_ids: tuple[str, ...] = ()) -> None:
        super().__init__()
        self._backend = backend
        self._doc_ids = doc_ids
        self._shelf: Shelf | None = None
        self._whole = False
        self._chosen: dict[Facet, frozenset[str]] = {}
        self._column, self._backwards = 0, False

    def compose(self) -> ComposeResult:
        """The filter line above the table, with what narrows it at its side."""
        title = " Readouts of this answer" if self._doc_ids else " All readouts"
        yield Static(Content.styled(title, "bold $primary"), id="screen-title", markup=False)
        yield Input(
            placeholder="type to filter, such as  2023-05 call japan   (enter goes to the rows)",
            id="filter",
            compact=True,
        )
        yield Sparkline([], id="spark")
        yield Static(Content(" reading …"), id="count", markup=False)
        with Horizontal(id="shelf"):
            yield FacetList()
            with Vertical(id="rows"):
                yield RecordTable()
        yield KeyBar()

    def on_mount(self) -> None:
        """Fetch them."""
        self.query_one("#filter", Input).focus()
        filters = Filters(doc_ids=self._doc_ids) if self._doc_ids else None
        in_thread(self, lambda: self._load(filters), about="records")

    def _load(self, filters: Filters | None) -> ShelfLoaded:
        # The shelf computes with NumPy, which the first display of the chat does not wait for.
        shelf = importlib.import_module("assistant.tui.shelf")
        first = self._backend.listed(filters, limit=FIRST)
        if len(first) < FIRST:
            return ShelfLoaded(shelf.Shelf(first))
        self.post_message(ShelfLoaded(shelf.Shelf(first), whole=False))
        return ShelfLoaded(shelf.Shelf(self._backend.listed(filters)))

    def on_shelf_loaded(self, event: ShelfLoaded) -> None:
        """Show them; if the latest were already shown, the cursor stays on its row."""
        here = self.table.doc_id
        self._shelf, self._whole = event.shelf, event.whole
        self._show()
        if not event.whole:
            return
        self.table.go_to(here)
        shelf = event.shelf
        in_thread(self, lambda: Sorted([shelf.order(column) for column in range(len(COLUMNS))]), about="orders")

    def on_failed(self, event: Failed) -> None:
        """Say what went wrong."""
        self.query_one("#count", Static).update(Content(texts.plain(f" {event.message} {event.mend}")))

    @property
    def table(self) -> RecordTable:
        """The table."""
        return self.query_one(RecordTable)

    def _show(self) -> None:
        shelf = self._shelf
        if shelf is None:
            return
        words = self.query_one("#filter", Input).value
        places, counts = shelf.find(words, self._chosen, column=self._column, backwards=self._backwards)
        self.table.show(shelf, places.tolist(), column=self._column, backwards=self._backwards != (self._column == 0))
        self.query_one(FacetList).show(counts, self._chosen)
        self.query_one(Sparkline).data = shelf.months(places)
        self._tell(f"by {COLUMNS[self._column].lower()}  ·  {shelf.between(places)}" if len(places) else "")

    def _tell(self, about: str | None = None) -> None:
        shelf, table = self._shelf, self.table
        if shelf is None:
            return
        if about is not None:
            self._about = about
        of = texts.counted(len(shelf), "readout") if self._whole else f"the latest {len(shelf):,}, reading all …"
        count = f" {len(table.places):,} of {of}"
        marked = f"  ·  {len(table.marked):,} marked ✓" if table.marked else ""
        narrowed = "".join(
            f"  ·  {', '.join(sorted(values))}" for facet, values in self._chosen.items() if values and facet
        )
        parts = ((marked + narrowed, "bold $text-accent"), (f"  ·  {self._about}" if self._about else "", "$quiet"))
        self.query_one("#count", Static).update(Content.assemble(count, *parts))
        self.refresh_bindings()

    _about = ""

    def on_input_changed(self) -> None:
        """Filter as one types."""
        self._show()

    def on_input_submitted(self) -> None:
        """Go to the rows."""
        self.table.focus()

    def on_facet_list_toggled(self, event: FacetList.Toggled) -> None:
        """Narrow, or widen again."""
        self._chosen[event.facet] = self._chosen.get(event.facet, frozenset()) ^ {event.value}
        self._show()

    def on_record_table_opened(self, event: RecordTable.Opened) -> None:
        """Read one."""
        self.dismiss(Choice(doc_id=event.doc_id))

    def on_record_table_marked(self) -> None:
        """Count the marked."""
        self._tell()

    def on_record_table_heading_pressed(self, event: RecordTable.HeadingPressed) -> None:
        """Sort by it; pressed again, the other way round."""
        if event.column == self._column:
            self._backwards = not self._backwards
        else:
            self._column, self._backwards = event.column, False
        self._show()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what is there can be asked."""
        if action == "ask":
            return self._whole and len(self.table.marked or self.table.places) > 0
        return True

    def action_ask(self) -> None:
        """Ask only what is marked or listed."""
        listed = self.table.listed()
        if self._shelf is not None and len(listed) == len(self._shelf) and not self._doc_ids:
            self.dismiss(None)
        else:
            narrowed = not (self.table.marked or self.query_one("#filter", Input).value.strip() or self._doc_ids)
            chosen = dict(self._chosen) if narrowed else {}
            in_thread(self, lambda: Scoped(scope_of(self._backend, chosen, listed)), about="scope")

    def on_scoped(self, event: Scoped) -> None:
        """Ask it."""
        self.dismiss(Choice(scope=event.scope))

    def action_sort(self) -> None:
        """By the next column."""
        self._column = (self._column + 1) % len(COLUMNS)
        self._backwards = False
        self._show()

    def action_reverse(self) -> None:
        """The other way round."""
        self._backwards = not self._backwards
        self._show()

    def action_filter(self) -> None:
        """Go to the filter line."""
        self.query_one("#filter", Input).focus()

    def action_narrow(self) -> None:
        """Go to what narrows the table; on a narrow screen it replaces the table."""
        self.add_class("-narrowing")
        self.query_one(FacetList).focus()

    def action_back(self) -> None:
        """One step back, nearest first."""
        line = self.query_one("#filter", Input)
        if self.query_one(FacetList).has_focus:
            self.remove_class("-narrowing")
            self.table.focus()
        elif line.value:
            line.value = ""
        elif any(self._chosen.values()):
            self._chosen = {}
            self._show()
        else:
            self.dismiss(None)
