"""The reading pane: a whole readout, with its facts at the top and the quote marked and in view."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from assistant.tui import texts
from assistant.tui.hanging import Hanging
from assistant.tui.keymap import Part, bindings
from assistant.tui.messages import RecordOpened
from assistant.tui.paragraph import FOUND, FOUND_HERE, OTHER_QUOTE, QUOTE, FindBox, Paragraph
from assistant.tui.pieces import Piece
from assistant.tui.places import Place, whole
from assistant.tui.rows import Rows
from index.datatypes import Readout, Record, Span
from index.pages import page_words


class ReadingText(VerticalScroll):
    """The part of the pane that scrolls."""

    BINDINGS = bindings(Part.READING)
    PART = Part.READING

    def __init__(self) -> None:
        super().__init__(id="reading-text")

    def _pane(self) -> ReadingPane:
        assert isinstance(self.parent, ReadingPane)
        return self.parent

    def action_find(self) -> None:
        """Open the box to find in."""
        self._pane().open_find()

    def action_to_quote(self) -> None:
        """Scroll back to the quote."""
        self._pane().to_quote()

    def on_click(self, event: events.Click) -> None:
        """A click takes the focus here."""
        self.focus(scroll_visible=False)


class ReadingPane(Vertical):
    """A readout, or what to do to see one."""

    def __init__(self) -> None:
        super().__init__(id="reading")
        self.readout: Readout | None = None
        self.place: Place | None = None
        self._found: list[tuple[Paragraph, Span]] = []
        self._at = 0
        self.border_title = "Reading"

    def compose(self) -> ComposeResult:
        """Title, text, and the box to find in."""
        yield Static(id="reading-title", markup=False)
        with ReadingText():
            yield _invitation()
        yield FindBox()

    @property
    def body(self) -> ReadingText:
        """What scrolls."""
        return self.query_one(ReadingText)

    @property
    def finding(self) -> bool:
        """Whether words are being looked for."""
        return self.has_class("-finding")

    @property
    def paragraphs(self) -> list[Paragraph]:
        """The paragraphs on the screen."""
        return list(self.query(Paragraph))

    async def show(
        self,
        readout: Readout,
        place: Place,
        places: Sequence[Place],
        related: Iterable[Record] = (),
        wordings: Sequence[tuple[str, str]] = (),
    ) -> None:
        """Show a readout and bring a place of it into view.

        Args:
            readout: The readout.
            place: What was opened.
            places: All places of the answer; those in this readout are marked too.
            related: Other readouts of the same days and parties.
            wordings: The history of its text, as names and values.
        """
        fresh = self.readout is None or self.readout.source.doc_id != readout.source.doc_id
        self.readout, self.place = readout, place
        self.close_find()
        self.add_class("-open")
        self.query_one("#reading-title", Static).update(_title(place))
        cited = sum(p.cited for p in places)
        self.border_title = f"Reading  quote {place.number} of {cited}" if place.cited else "Reading"
        if fresh:
            await self.body.remove_children()
            others = tuple(r for r in related if r.source.doc_id != readout.source.doc_id)
            parts: list[Static | Rows] = [Static(_head(readout, wordings), markup=False, classes="head")]
            parts += _paged(readout)
            parts += [_related(others)] if others else []
            await self.body.mount_all(parts)
        for paragraph in self.paragraphs:
            paragraph.quotes = tuple(
                (p.span, QUOTE if p == place else OTHER_QUOTE)
                for p in sorted(places, key=lambda p: p == place)
                if p.source.doc_id == readout.source.doc_id
                and p.paragraph == paragraph.paragraph
                and (p.cited or p == place)
            )
            paragraph.draw()
        self.call_after_refresh(self.to_quote)

    async def empty(self) -> None:
        """Show no readout."""
        self.close_find()
        self.readout = self.place = None
        self.remove_class("-open")
        self.border_title = "Reading"
        await self.body.remove_children()
        await self.body.mount(_invitation())

    def to_quote(self, tries: int = 20) -> None:
        """Scroll so that the quote is a third down; postponed until the text has been laid out."""
        place = self.place
        if tries and not (self.body.virtual_size.height and all(p.virtual_region.height for p in self.paragraphs)):
            self.call_after_refresh(self.to_quote, tries - 1)
            return
        here = next((p for p in self.paragraphs if place and p.paragraph == place.paragraph), None)
        if place is None or here is None:
            self.body.scroll_home(animate=False)
            return
        self._into_view(here, place.span.start)

    def _into_view(self, paragraph: Paragraph, offset: int) -> None:
        y = paragraph.virtual_region.y + paragraph.line_of(offset)
        third = self.body.scrollable_content_region.height // 3
        self.body.scroll_to(y=max(0, y - third), animate=False, force=True)

    # Finding

    def open_find(self) -> None:
        """Show the box."""
        if self.readout is not None:
            self.add_class("-finding")
            self.query_one(FindBox).focus()

    def close_find(self) -> None:
        """Hide the box and forget what was found."""
        box = self.query_one(FindBox)
        had_focus = box.has_focus
        with self.prevent(Input.Changed):
            box.value = ""
        self.remove_class("-finding")
        self._look("")
        if had_focus:
            self.body.focus(scroll_visible=False)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search for what is typed, from the first place on."""
        event.stop()
        self._look(event.value)
        self._step(0)

    def on_find_box_stepped(self, event: FindBox.Stepped) -> None:
        """Go to another place found."""
        event.stop()
        self._step(event.by)

    def on_find_box_closed(self, event: FindBox.Closed) -> None:
        """End finding."""
        event.stop()
        self.close_find()

    def step(self, by: int) -> None:
        """Go to another place found."""
        self._step(by)

    def _look(self, words: str) -> None:
        term = texts.alike(" ".join(words.split()))
        self._found, self._at = [], 0
        for paragraph in self.paragraphs:
            spans: list[Span] = []
            if term:
                spans = [
                    Span(start=m.start(), end=m.end())
                    for m in re.finditer(re.escape(term), texts.alike(paragraph.plain))
                ]
            self._found += [(paragraph, span) for span in spans]
            if spans or paragraph.found:
                paragraph.found = tuple((span, FOUND) for span in spans)
                paragraph.draw()
        self.border_subtitle = (
            "" if not term else f"{texts.counted(len(self._found), 'place')}" if self._found else "not found"
        )

    def _step(self, by: int) -> None:
        if not self._found:
            return
        self._at = (self._at + by) % len(self._found)
        here, span = self._found[self._at]
        for paragraph in {paragraph for paragraph, _ in self._found}:
            paragraph.found = tuple(
                (s, FOUND_HERE if p is here and s == span else FOUND) for p, s in self._found if p is paragraph
            )
            paragraph.draw()
        self.border_subtitle = f"place {self._at + 1} of {len(self._found)}"
        self._into_view(here, span.start)

    def on_rows_pressed(self, event: Rows.Pressed) -> None:
        """Open another readout."""
        event.stop()
        if isinstance(event.stop_at, Place):
            self.post_message(RecordOpened(event.stop_at.source.doc_id))


def _paged(readout: Readout) -> Iterator[Static]:
    """The paragraphs, with a heading where each page begins."""
    shown = 0
    for passage in readout.passages:
        pages = passage.page_range()
        if pages and pages[0] > shown:
            yield Static(Content.styled(page_words(*pages), "$quiet"), markup=False, classes="page")
            shown = pages[1]
        yield Paragraph(passage)


def _invitation() -> Static:
    words = "Open a quote to read it where it stands: its number, enter, or a click."
    return Static(Content.styled(words, "$quiet"), markup=False, classes="empty")


def _title(place: Place) -> Content:
    return Content.assemble(
        (texts.line(place.source.title), "bold $text-primary"),
        "\n",
        (texts.origin(place.source, place.facts, place.pages), "$quiet"),
    )


def _head(readout: Readout, wordings: Sequence[tuple[str, str]]) -> Hanging:
    """The facts, one per line; what the text does not say is left out."""
    facts, source = readout.facts, readout.source
    rows = [
        ("when", texts.when(source, facts)),
        ("kind", facts.kind.value),
        ("where", texts.line(facts.place)),
        ("parties", "; ".join(texts.party(p) for p in facts.parties)),
        ("also", "; ".join(texts.party(p) for p in facts.participants)),
        ("issuer", texts.line(source.issuer)),
        ("published", texts.day(source.published) if source.published else ""),
        ("source", texts.line(source.url)),
        ("note", texts.line(readout.note)),
        *wordings,
    ]
    return Hanging([(Content.styled(f"{name:<11}", "$quiet"), Content(value)) for name, value in rows if value])


def _related(records: Sequence[Record]) -> Rows:
    rows = [(Content("  "), Content.styled("Also of these days and parties:", "bold $quiet"))]
    for record in records:
        body = Content.assemble(
            (f"{texts.when(record.source, record.facts)}  ", "bold"),
            texts.line(record.source.title),
            (f"  {texts.line(record.source.issuer)}", "$quiet"),
        )
        rows.append((Content("  › "), body))
    return Rows(Piece(rows, [None, *(whole(r.source, r.facts) for r in records)]), classes="related")
