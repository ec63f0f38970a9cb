"""All readouts in a table: filter as you type, sort, open one, or ask about what is listed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from textual.app import ComposeResult
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, Sparkline, Static

from assistant.tui import texts
from assistant.tui.backend import Backend
from assistant.tui.keybar import KeyBar
from assistant.tui.keymap import Part, bindings
from assistant.tui.messages import Failed, RecordsLoaded
from assistant.tui.table import COLUMNS, RecordTable, cells
from assistant.tui.workers import in_thread
from index.datatypes import Filters, Record
from index.textforms import fold

#: More readouts than this are not asked about by their ids.
MOST_ASKED = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a person chose here: one readout to read, or several to ask."""

    doc_id: str = ""
    only: tuple[str, ...] = ()


class BrowseScreen(Screen[Choice]):
    """All readouts, or those of one list answer."""

    BINDINGS = bindings(Part.BROWSE)
    PART = Part.BROWSE

    def __init__(self, backend: Backend, *, doc_ids: tuple[str, ...] = ()) -> None:
        super().__init__()
        self._backend = backend
        self._doc_ids = doc_ids
        self._all: tuple[Record, ...] = ()
        self._folded: list[str] = []
        self._column, self._backwards = 0, True
        self._loaded = False

    def compose(self) -> ComposeResult:
        """The filter line over the table."""
        title = " Readouts of this answer" if self._doc_ids else " All readouts"
        yield Static(Content.styled(title, "bold $primary"), id="screen-title", markup=False)
        yield Input(placeholder="filter: words of a row, such as  2023-05 call japan", id="filter", compact=True)
        yield Sparkline([], id="spark")
        yield Static(Content(" reading …"), id="count", markup=False)
        yield RecordTable()
        yield KeyBar()

    def on_mount(self) -> None:
        """Fetch them."""
        self.query_one("#filter", Input).focus()
        filters = Filters(doc_ids=self._doc_ids) if self._doc_ids else None
        in_thread(self, lambda: self._load(filters), about="records")

    def _load(self, filters: Filters | None) -> RecordsLoaded:
        records = self._backend.records(filters)
        self._folded = [fold(" ".join(cells(record))) for record in records]
        return RecordsLoaded(0, records)

    def on_records_loaded(self, event: RecordsLoaded) -> None:
        """Show them."""
        self._all, self._loaded = event.records, True
        self._show()

    def on_failed(self, event: Failed) -> None:
        """Say what went wrong."""
        self.query_one("#count", Static).update(Content(texts.plain(f" {event.message} {event.mend}")))

    def _listed(self) -> list[Record]:
        words = fold(self.query_one("#filter", Input).value).split()
        if not words:
            return list(self._all)
        return [r for r, row in zip(self._all, self._folded, strict=True) if all(word in row for word in words)]

    def _show(self) -> None:
        listed = self._listed()
        column = self._column
        if column == 0:  # they come by date, the latest first
            listed = listed if self._backwards else listed[::-1]
        else:
            listed.sort(key=lambda r: fold(cells(r)[column]), reverse=self._backwards)
        self.query_one(RecordTable).show(listed, column=column, backwards=self._backwards)
        self.query_one(Sparkline).data = months(listed)
        count = f" {len(listed):,} of {texts.counted(len(self._all), 'readout')}"
        about = f"  ·  by {COLUMNS[column].lower()}" + (f"  ·  {_between(listed)}" if listed else "")
        self.query_one("#count", Static).update(Content.assemble(count, (about, "$quiet")))
        self.refresh_bindings()

    def on_input_changed(self) -> None:
        """Filter as one types."""
        if self._loaded:
            self._show()

    def on_input_submitted(self) -> None:
        """Go to the rows."""
        self.query_one(RecordTable).focus()

    def on_record_table_opened(self, event: RecordTable.Opened) -> None:
        """Read one."""
        self.dismiss(Choice(doc_id=event.record.source.doc_id))

    def on_record_table_heading_pressed(self, event: RecordTable.HeadingPressed) -> None:
        """Sort by it; pressed again, the other way round."""
        if event.column == self._column:
            self._backwards = not self._backwards
        else:
            self._column, self._backwards = event.column, event.column == 0
        self._show()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Rows can be asked about when they are a choice."""
        if action == "ask" and self._loaded:
            return 0 < len(self.query_one(RecordTable).records) <= MOST_ASKED
        return True

    def action_ask(self) -> None:
        """Ask only what is listed."""
        listed = self.query_one(RecordTable).records
        if len(listed) == len(self._all) and not self._doc_ids:
            self.dismiss(None)
        else:
            self.dismiss(Choice(only=tuple(r.source.doc_id for r in listed)))

    def action_sort(self) -> None:
        """By the next column."""
        self._column = (self._column + 1) % len(COLUMNS)
        self._backwards = self._column == 0
        self._show()

    def action_reverse(self) -> None:
        """The other way round."""
        self._backwards = not self._backwards
        self._show()

    def action_filter(self) -> None:
        """Go to the filter line."""
        self.query_one("#filter", Input).focus()

    def action_back(self) -> None:
        """Empty the filter, then leave."""
        line = self.query_one("#filter", Input)
        if line.value:
            line.value = ""
        else:
            self.dismiss(None)


def months(records: Sequence[Record]) -> list[float]:
    """Readouts a month, from the first month to the last."""
    dates = [r.facts.event_date or r.source.published for r in records]
    counts = Counter(date.year * 12 + date.month for date in dates if date)
    return [float(counts[month]) for month in range(min(counts), max(counts) + 1)] if counts else []


def _between(records: Sequence[Record]) -> str:
    dates = [date for r in records if (date := r.facts.event_date or r.source.published)]
    return texts.days(min(dates), max(dates)) if dates else "undated"
