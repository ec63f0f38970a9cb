"""The list of what the present answer points at."""

from __future__ import annotations

from textual.content import Content

from assistant.tui import texts
from assistant.tui.hanging import Hanging
from assistant.tui.keymap import Part, bindings
from assistant.tui.marked_list import MarkedList, Row
from assistant.tui.messages import PlaceOpened
from assistant.tui.places import Place


class SourcesList(MarkedList):
    """Quotes with their numbers first, then what else was found."""

    BINDINGS = bindings(Part.SOURCES)
    PART = Part.SOURCES

    def __init__(self) -> None:
        super().__init__(id="sources", markup=False)
        self.places: tuple[Place, ...] = ()
        self.border_title = "Sources"

    def show(self, places: tuple[Place, ...]) -> None:
        """Show these, the first one marked."""
        self.places = places
        self.clear_options()
        self.add_options([Row(_entry(place), place) for place in places])
        cited = sum(place.cited for place in places)
        more = len(places) - cited
        found = (
            f"{cited} quoted" + (f", {more} more found" if more else "") if cited else f"{more} nearest, none quoted"
        )
        self.border_title = f"Sources  {found}" if places else "Sources"
        if places:
            self.highlighted = 0

    def mark(self, place: Place) -> None:
        """Put the mark on a passage that was chosen elsewhere."""
        if place in self.places:
            self.highlighted = self.places.index(place)

    def on_option_list_option_selected(self, event: MarkedList.OptionSelected) -> None:
        """Open what was chosen."""
        event.stop()
        self.post_message(PlaceOpened(self.chosen(event)))


def _entry(place: Place) -> Hanging:
    number = f" {place.number or '·':>2} "
    below = (
        texts.origin(place.source, place.facts, place.pages)
        if place.cited
        else f"{texts.when(place.source, place.facts)} · {place.quote}"
    )
    body = Content.assemble(
        (texts.line(place.source.title), "bold" if place.cited else ""), "\n", (texts.line(below), "$quiet")
    )
    return Hanging([(Content.styled(number, "bold $accent" if place.cited else "$quiet"), body)], crop=True)
