"""The pieces that a page of the conversation is made of: rows of text, some of which can be pressed; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from textual.content import Content
from textual.style import Style
from textual.visual import Visual

from assistant.tui import texts
from assistant.tui.hanging import Flow, Hanging
from assistant.tui.places import Chip, Place, Resume

Stop: TypeAlias = Place | Chip | Resume | str


class Piece:
    """Rows of text, some of which can be marked and pressed.

    Args:
        rows: ``(margin, body)`` of each row.
        stops: What each row is for; None if it cannot be pressed.
        gap: Empty lines between two rows.
        above: Empty lines before it; between two pieces the larger distance counts.
        below: Empty lines after it.
        left: Empty cells to its left.
    """

    def __init__(
        self,
        rows: Sequence[tuple[Content, Content]],
        stops: Sequence[Stop | None] = (),
        *,
        gap: int = 0,
        above: int = 0,
        below: int = 0,
        left: int = 1,
    ) -> None:
        self.page = Hanging(rows, gap=gap)
        self.stops: tuple[Stop | None, ...] = tuple(stops) or (None,) * len(self.page.rows)
        self.above, self.below, self.left = above, below, left

    @property
    def text(self) -> str:
        """Every word of the rows, margins included."""
        return "\n".join(f"{margin.plain}{body.plain}" for margin, body in self.page.rows)

    def visual(self, marked: int | None, look: str) -> Visual:
        """The rows, the marked one in the cursor's colours and with a pointer in its margin."""
        if marked is None:
            return self.page
        rows = list(self.page.rows)
        margin, body = rows[marked]
        rows[marked] = (Content("▸") + margin[1:] if margin.cell_length else margin), body
        return Hanging(rows, gap=self.page.gap, marked=marked, look=look)

    def height(self, width: int) -> int:
        """How many lines there are at this width; a mark changes none."""
        return self.visual(None, "").get_height({}, width)

    def line_of(self, width: int, row: int) -> int:
        """First line of a row."""
        return self.page.line_of(width, row)

    def row_at(self, width: int, y: int, meta: Mapping[str, object]) -> int | None:
        """The row under the mouse that can be pressed; ``meta`` is that of the cell."""
        row = self.page.row_at(width, y)
        return row if row is not None and self.stops[row] is not None else None


def line_piece(body: Content, margin: str = "  ", *, above: int = 0, below: int = 0) -> Piece:
    """One text that cannot be pressed."""
    return Piece([(Content(margin), body)], above=above, below=below)


def question_rows(question: str, asked: str = "") -> Piece:
    """The question as typed; ``asked`` says when, in an earlier conversation."""
    body = Content.styled(texts.plain(question), "bold")
    if asked:
        body += Content.styled(f"  {asked}", "$quiet")
    return Piece([(Content.styled("❯ ", "bold $primary"), body)], above=1, below=1)


#: What the row with the question as understood is for.
STANDALONE = "standalone"


def standalone_row(standalone: str, key: str, afresh: str) -> Piece:
    """The question as understood, worded to stand on its own; when pressed, it goes into the box to be changed."""
    hint = f"  {key} changes it, {afresh} begins afresh"
    body = Content.assemble((texts.line(standalone), "italic"), (hint, "$quiet"))
    return Piece([(Content.styled("  read as  ", "$quiet"), body)], [STANDALONE])


class Chips(Piece):
    """The understood filters of a question, on one line as far as they fit; each part can be removed."""

    def __init__(self, shown: Sequence[Chip], *, lead: str = "understood", note: str = "") -> None:
        self.chips = tuple(shown)
        self._note = note
        self._lead = Content.styled(f"  {lead}  ", "$quiet")
        super().__init__([], list(shown))

    @property
    def text(self) -> str:
        """Every word of the chips."""
        return self._flow(None, "").text

    def _flow(self, marked: int | None, look: str) -> Flow:
        pieces: list[Content] = []
        for number, chip in enumerate(self.chips):
            first = number == 0 or chip.typed != self.chips[number - 1].typed
            verb = ("only " if chip.typed else "prefers ") if first else ""
            label = Content.styled(
                f"{'▸' if number == marked else ' '}{chip.label} ✕ ",
                look if number == marked else "$text-primary on $panel",
            )
            label = label.stylize(Style.from_meta({"chip": number}))
            pieces.append(Content.assemble((verb, "$quiet"), label))
        return Flow(self._lead, [*pieces, Content.styled(self._note, "$quiet")] if self._note else pieces)

    def visual(self, marked: int | None, look: str) -> Visual:
        """The chips, the marked one in the cursor's colours."""
        return self._flow(marked, look)

    def line_of(self, width: int, row: int) -> int:
        """The line of the chips: the first, or shortly below it."""
        return 0

    def row_at(self, width: int, y: int, meta: Mapping[str, object]) -> int | None:
        """The chip under the mouse."""
        number = meta.get("chip")
        return number if isinstance(number, int) else None


def quote_rows(places: Sequence[Place], *, provisional: bool = False) -> Piece:
    """Numbered quotes, each followed by its source; those that only stand in for an answer are dimmer."""
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
        body = Content.assemble((words, "$quiet" if provisional else ""), "\n", below)
        rows.append((Content.styled(f" {number:>2}  ", "bold $accent"), body))
        stops.append(place)
    return Piece(rows, stops, gap=1, below=1)


def table_rows(places: Sequence[Place], *, more: int) -> Piece:
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
    return Piece(rows, stops, below=1)
