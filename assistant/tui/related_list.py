"""Other readouts of the same days and parties, beside the one that is read."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from assistant.tui import texts
from assistant.tui.hanging import Hanging
from assistant.tui.keymap import Part, bindings
from assistant.tui.marked_list import MarkedList, Row
from assistant.tui.messages import RecordOpened
from index.datatypes import Record


class RelatedList(MarkedList):
    """Shown if there is room for it and anything to show; otherwise the same is at the foot of the readout."""

    BINDINGS = bindings(Part.RELATED)
    PART = Part.RELATED

    def __init__(self) -> None:
        super().__init__(id="related", markup=False)
        self.records: tuple[Record, ...] = ()

    def show(self, records: Sequence[Record]) -> None:
        """Show these."""
        self.records = tuple(records)
        self.border_title = "Same days and parties"
        self.clear_options()
        self.add_options([Row(_entry(record), record) for record in self.records])
        self.set_class(bool(self.records), "-any")

    def on_option_list_option_selected(self, event: MarkedList.OptionSelected) -> None:
        """Open what was chosen."""
        event.stop()
        self.post_message(RecordOpened(self.chosen(event).source.doc_id))


def _entry(record: Record) -> Hanging:
    margin = Content.styled(f" {texts.when(record.source, record.facts):<11}  ", "bold")
    issuer = texts.line(record.source.issuer)
    body = Content.assemble(texts.line(record.source.title), (f"  {issuer}" if issuer else "", "$quiet"))
    return Hanging([(margin, body)], crop=True)
