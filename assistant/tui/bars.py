"""The line at the top, and the names of the parts if only one fits on the screen."""

from __future__ import annotations

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.style import Style
from textual.widgets import Static

from assistant.tui import texts
from index.datatypes import IndexStatus


class TopBar(Static):
    """Name and conversation on the left, the state of the index and the model on the right."""

    title = reactive("", layout=False)
    holdings = reactive("", layout=False)
    model = reactive("loading the model …", layout=False)

    def __init__(self) -> None:
        super().__init__(id="top", markup=False)

    def show_status(self, status: IndexStatus) -> None:
        """Say what the index holds."""
        years = ""
        if status.date_from and status.date_to:
            first, last = status.date_from.year, status.date_to.year
            years = f", {first}" if first == last else f", {first}–{last}"
        self.holdings = f"{texts.counted(status.documents, 'readout')}{years}"

    def render(self) -> Content:
        """One line, the left side giving way to the right."""
        right = "  ·  ".join(part for part in (self.holdings, self.model) if part)
        room = max(0, self.size.width - cell_len(right) - 14)
        title = Content(texts.line(self.title)).truncate(room, ellipsis=True) if self.title else Content("")
        left = Content.assemble((" Readouts ", "bold $primary"), (" ", ""), title)
        gap = max(1, self.size.width - left.cell_length - cell_len(right) - 1)
        return Content.assemble(left, " " * gap, (right, "$quiet")).truncate(self.size.width)


class ViewTabs(Static):
    """The parts of the screen by name, if they lie on top of each other."""

    VIEWS = (("conversation", "Conversation"), ("sources", "Sources"), ("reading", "Reading"))
    view = reactive("conversation")
    count = reactive(0)

    class Chosen(Message):
        """A part was clicked."""

        def __init__(self, view: str) -> None:
            super().__init__()
            self.view = view

    def __init__(self) -> None:
        super().__init__(id="tabs", markup=False)

    def render(self) -> Content:
        """The names, the present one in brackets as well as in colour."""
        parts: list[Content] = []
        for view, name in self.VIEWS:
            label = f"{name} ({self.count})" if view == "sources" and self.count else name
            here = view == self.view
            text = Content.styled(f"[{label}]" if here else f" {label} ", "bold $primary" if here else "$quiet")
            parts.append(text.stylize(Style.from_meta({"view": view})))
        return Content("  ").join(parts)

    def on_click(self, event: events.Click) -> None:
        """Show the part that was clicked."""
        view = event.style.meta.get("view")
        if view:
            self.post_message(self.Chosen(str(view)))
