"""Small windows that ask for one thing."""

from __future__ import annotations

from typing import TypeVar

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Static

from assistant.errors import ReadoutsError
from assistant.tui import texts
from assistant.tui.closing import ClosesOnce
from assistant.tui.keybar import KeyBar
from assistant.tui.keymap import Part, bindings
from index.datatypes import KIND_FILTERS, Filters

Result = TypeVar("Result")


class Dialog(ClosesOnce, ModalScreen[Result]):
    """A window over the screen; escape, or a click beside it, closes it."""

    BINDINGS = bindings(Part.DIALOG)
    PART = Part.DIALOG

    def action_cancel(self) -> None:
        """Close without a result."""
        self.dismiss(None)

    def on_click(self, event: events.Click) -> None:
        """A click beside the window closes it."""
        if event.widget is self:
            self.action_cancel()


class Confirm(Dialog[bool]):
    """Asks for confirmation before something that cannot be undone."""

    def __init__(self, question: str, yes: str) -> None:
        super().__init__()
        self._question, self._yes = question, yes

    def compose(self) -> ComposeResult:
        """The question and two answers; the harmless one has the focus."""
        with Vertical(classes="window"):
            yield Static(Content(texts.plain(self._question)), markup=False)
            with Horizontal(classes="buttons"):
                yield Button(Content("Keep"), id="no", compact=True)
                yield Button(Content(self._yes), id="yes", variant="error", compact=True)
        yield KeyBar()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Return the answer."""
        self.dismiss(event.button.id == "yes")


class Ask(Dialog[str]):
    """Asks for one line of text."""

    def __init__(self, title: str, value: str = "") -> None:
        super().__init__()
        self._title, self._value = title, value

    def compose(self) -> ComposeResult:
        """The line."""
        with Vertical(classes="window") as window:
            window.border_title = Content(self._title)
            window.border_subtitle = "enter takes it"
            yield Input(value=texts.line(self._value))
        yield KeyBar()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Return what was typed, if anything."""
        if event.value.strip():
            self.dismiss(event.value.strip())


class Narrow(Dialog[Filters]):
    """Asks which readouts to ask at all."""

    FIELDS = (
        ("from", "From", "2023, 2023-05 or 2023-05-18"),
        ("to", "To", "the same; the day itself counts"),
        ("parties", "Parties", "person, country, body or office; several with commas"),
        ("issuers", "Issuers", ""),
        ("kinds", "Kinds", ", ".join(KIND_FILTERS)),
    )

    def __init__(self, filters: Filters, issuers: tuple[str, ...]) -> None:
        super().__init__()
        self._filters, self._issuers = filters, issuers

    def compose(self) -> ComposeResult:
        """One line for each part of a filter."""
        filters = self._filters
        values = {
            "from": str(filters.date_from or ""),
            "to": str(filters.date_to or ""),
            "parties": ", ".join(filters.parties),
            "issuers": ", ".join(filters.issuers),
            "kinds": ", ".join(filters.kinds),
        }
        with VerticalScroll(classes="window narrow", can_focus=False) as window:
            window.border_title = "Ask only these readouts"
            window.border_subtitle = "tab next   enter asks these"
            for name, label, hint in self.FIELDS:
                with Horizontal(classes="field"):
                    yield Static(label, classes="label", markup=False)
                    hint = hint or ", ".join(texts.line(issuer) for issuer in self._issuers)
                    yield Input(
                        value=texts.line(values[name]), placeholder=Content(hint).plain, id=f"f-{name}", compact=True
                    )
            yield Static(id="complaint", markup=False)
            with Horizontal(classes="buttons"):
                yield Button("Ask these", id="yes", variant="primary", compact=True)
                yield Button("Ask all", id="all", compact=True)
        yield KeyBar()

    def _value(self, name: str) -> str:
        return self.query_one(f"#f-{name}", Input).value.strip()

    def _list(self, name: str) -> tuple[str, ...]:
        return tuple(part.strip() for part in self._value(name).split(",") if part.strip())

    @on(Input.Submitted)
    @on(Button.Pressed, "#yes")
    def take(self) -> None:
        """Return the filters, or say what is wrong with them."""
        try:
            filters = Filters(
                date_from=self._value("from"),
                date_to=self._value("to"),
                parties=self._list("parties"),
                issuers=self._list("issuers"),
                kinds=self._list("kinds"),
                doc_ids=self._filters.doc_ids,
            )
        except ReadoutsError as error:
            self.query_one("#complaint", Static).update(Content.styled(texts.plain(str(error)), "$text-error"))
            return
        self.dismiss(filters)

    @on(Button.Pressed, "#all")
    def take_all(self) -> None:
        """No filters."""
        self.dismiss(Filters())
