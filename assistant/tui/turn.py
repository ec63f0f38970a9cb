"""One question and its answer on the screen, each piece a widget whose rows can be pressed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from textual import events
from textual.app import RenderResult
from textual.content import Content
from textual.message import Message
from textual.style import Style
from textual.widget import Widget

from assistant.tui import texts
from assistant.tui.hanging import Flow, Hanging
from assistant.tui.places import Chip, Place, Resume

Stop: TypeAlias = Place | Chip | Resume | str


class Rows(Widget):
    """Rows of text, some of which can be marked and pressed.

    Args:
        rows: ``(margin, body)`` of each row.
        stops: What each row stands for; None where it is not to be pressed.
    """

    ALLOW_SELECT = False

    class Pressed(Message):
        """A row was pressed."""

        def __init__(self, stop_at: Stop) -> None:
            super().__init__()
            self.stop_at = stop_at

    def __init__(
        self,
        rows: Sequence[tuple[Content, Content]],
        stops: Sequence[Stop | None] = (),
        *,
        gap: int = 0,
        classes: str = "",
    ) -> None:
        super().__init__(classes=f"rows {classes}")
        self.page = Hanging(rows, gap=gap)
        self.stops: tuple[Stop | None, ...] = tuple(stops) or (None,) * len(self.page.rows)
        self.marked: int | None = None

    @property
    def text(self) -> str:
        """Every word of the rows, margins included."""
        return "\n".join(f"{margin.plain}{body.plain}" for margin, body in self.page.rows)

    def render(self) -> RenderResult:
        """The rows, the marked one under the cursor's colours and with a pointer in its margin."""
        if self.marked is None:
            return self.page
        rows = list(self.page.rows)
        margin, body = rows[self.marked]
        rows[self.marked] = (Content("▸") + margin[1:] if margin.cell_length else margin), body
        return Hanging(rows, gap=self.page.gap, marked=self.marked, look=self.look)

    @property
    def look(self) -> str:
        """Colours of the marked row: strong where the keys go to it."""
        parts = self.ancestors
        state = "" if any(part.has_focus for part in parts if isinstance(part, Widget)) else "blurred-"
        return f"$block-cursor-{state}foreground on $block-cursor-{state}background"

    def mark(self, row: int | None) -> None:
        """Mark one row, or none; a mark changes no line."""
        self.marked = row
        self.refresh()

    def line_of(self, row: int) -> int:
        """First line of a row, from the widget's top."""
        return self.page.line_of(self.content_size.width, row)

    def press(self, row: int) -> None:
        """Do what the row stands for."""
        stop = self.stops[row]
        if stop is not None:
            self.post_message(self.Pressed(stop))

    def on_click(self, event: events.Click) -> None:
        """Press the row under the mouse."""
        offset = event.get_content_offset(self)
        row = self.page.row_at(self.content_size.width, offset.y) if offset is not None else None
        if row is not None and self.stops[row] is not None:
            event.stop()
            self.press(row)


class Line(Rows):
    """One text that is not to be pressed."""

    def __init__(self, body: Content, *, margin: Content | None = None, classes: str = "") -> None:
        super().__init__([(margin or Content(""), body)], classes=classes)


def question_rows(question: str, asked: str = "") -> Line:
    """The question as typed; ``asked`` says when, of an earlier conversation."""
    body = Content.styled(texts.plain(question), "bold")
    if asked:
        body += Content.styled(f"  {asked}", "$quiet")
    return Line(body, margin=Content.styled("❯ ", "bold $primary"), classes="question")


#: What the row with the question as it was understood stands for.
STANDALONE = "standalone"


def standalone_row(standalone: str, key: str) -> Rows:
    """The question as it was understood to stand on its own; pressed, it goes into the box to be changed."""
    body = Content.assemble((texts.line(standalone), "italic"), (f"  {key} changes it", "$quiet"))
    return Rows([(Content.styled("  read as  ", "$quiet"), body)], [STANDALONE], classes="standalone")


class Chips(Rows):
    """What was understood to narrow the question, on one line as far as it goes; each part can be dropped."""

    def __init__(self, shown: Sequence[Chip], *, lead: str = "understood", note: str = "") -> None:
        self.chips = tuple(shown)
        self._note = note
        self._lead = Content.styled(f"  {lead}  ", "$quiet")
        super().__init__([], list(shown), classes="chips")

    @property
    def text(self) -> str:
        """Every word of the chips."""
        return self._flow(None).text

    def _flow(self, marked: int | None) -> Flow:
        pieces: list[Content] = []
        for number, chip in enumerate(self.chips):
            first = number == 0 or chip.typed != self.chips[number - 1].typed
            verb = ("only " if chip.typed else "prefers ") if first else ""
            look = self.look if number == marked else "$text-primary on $panel"
            label = Content.styled(f"{'▸' if number == marked else ' '}{chip.label} ✕ ", look)
            label = label.stylize(Style.from_meta({"chip": number}))
            pieces.append(Content.assemble((verb, "$quiet"), label))
        return Flow(self._lead, [*pieces, Content.styled(self._note, "$quiet")] if self._note else pieces)

    def render(self) -> RenderResult:
        """The chips, the marked one under the cursor's colours."""
        return self._flow(self.marked)

    def line_of(self, row: int) -> int:
        """Chips stand on the first line or shortly below it."""
        return 0

    def on_click(self, event: events.Click) -> None:
        """Drop the chip under the mouse."""
        number = event.style.meta.get("chip")
        if number is not None:
            event.stop()
            self.press(number)


def quote_rows(places: Sequence[Place]) -> Rows:
    """Numbered quotes, each followed by where it stands."""
    rows: list[tuple[Content, Content]] = []
    stops: list[Stop | None] = []
    for place in places:
        number = str(place.number) if place.number else "·"
        words = f"“{place.quote}”" if place.cited else place.quote
        below = Content.assemble(
            (texts.origin(place.source, place.facts, place.pages), "$quiet"),
            "\n",
            (texts.line(place.source.title), "italic $quiet"),
        )
        body = Content.assemble(words, "\n", below)
        rows.append((Content.styled(f" {number:>2}  ", "bold $accent"), body))
        stops.append(place)
    return Rows(rows, stops, gap=1, classes="quotes")


def table_rows(places: Sequence[Place], *, more: int) -> Rows:
    """A dated table of readouts; the last row leads to those left out."""
    rows = [
        (
            Content.assemble(
                (f" {place.number or '·':>2}  ", "bold $accent"),
                (f"{texts.when(place.source, place.facts)}  ", "bold"),
            ),
            Content.assemble(texts.line(place.source.title), (f"  {place.facts.kind.value}", "$quiet")),
        )
        for place in places
    ]
    stops: list[Stop | None] = list(places)
    if more:
        words = f"and {texts.counted(more, 'readout')} more: the whole table"
        rows.append((Content("  …  "), Content.styled(words, "underline")))
        stops.append("table")
    return Rows(rows, stops, classes="table")
