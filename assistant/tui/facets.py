"""What readouts can be narrowed by, beside the table: years, kinds, issuers, parties, each with its count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TypeAlias

from textual.content import Content
from textual.message import Message

from assistant.tui import texts
from assistant.tui.hanging import Hanging
from assistant.tui.keymap import Part, bindings
from assistant.tui.marked_list import MarkedList, Row

#: Values of one facet that are listed; those chosen always are.
MOST = 40


class Facet(StrEnum):
    """What readouts can be narrowed by; the value heads its list."""

    YEAR = "Year"
    KIND = "Kind"
    ISSUER = "Issuer"
    PARTY = "Party"


Chosen: TypeAlias = Mapping[Facet, frozenset[str]]
Counts: TypeAlias = Mapping[Facet, Sequence[tuple[str, int]]]


class FacetList(MarkedList):
    """Values under headings; enter chooses one, or unchooses it."""

    BINDINGS = bindings(Part.FACETS)
    PART = Part.FACETS

    class Toggled(Message):
        """A value was chosen, or unchosen."""

        def __init__(self, facet: Facet, value: str) -> None:
            super().__init__()
            self.facet, self.value = facet, value

    def __init__(self) -> None:
        super().__init__(id="facets", markup=False)
        self.values: list[tuple[Facet, str] | None] = []
        self.border_title = "Narrow"

    def show(self, counts: Counts, chosen: Chosen) -> None:
        """Show these values, those chosen with a mark."""
        here = self.values[self.highlighted] if self.highlighted is not None and self.values else None
        options: list[Row] = []
        self.values = []
        for facet in Facet:
            wanted = chosen.get(facet, frozenset())
            listed = list(counts.get(facet, ()))[:MOST]
            listed += [(value, 0) for value in sorted(wanted - {value for value, _ in listed})]
            if not listed:
                continue
            self.values.append(None)
            options.append(Row(Content.styled(facet.value, "bold $quiet"), None, disabled=True))
            for value, count in listed:
                self.values.append((facet, value))
                options.append(Row(_row(value, count, value in wanted), (facet, value)))
        with self.prevent(MarkedList.OptionHighlighted):
            self.clear_options()
            self.add_options(options)
            self.highlighted = self.values.index(here) if here in self.values and here else (1 if options else None)

    def on_option_list_option_selected(self, event: MarkedList.OptionSelected) -> None:
        """Say what was chosen."""
        event.stop()
        value = self.chosen(event)
        if value is not None:
            self.post_message(self.Toggled(*value))


def _row(value: str, count: int, chosen: bool) -> Hanging:
    margin = Content.assemble(
        (" ● " if chosen else " ○ ", "bold $accent" if chosen else "$quiet"), (f"{count:>6,} ", "$quiet")
    )
    return Hanging([(margin, Content.styled(texts.line(value), "bold" if chosen else ""))], crop=True)
