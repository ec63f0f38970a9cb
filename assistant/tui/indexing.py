"""The index: its contents, adding to it, the progress of that, and what was skipped and why."""

from __future__ import annotations

from pathlib import Path

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import Screen
from textual.suggester import Suggester
from textual.widgets import Input, ProgressBar, Static
from textual.widgets.option_list import Option

from assistant.tui import texts
from assistant.tui.adding import Adding, summary
from assistant.tui.closing import ClosesOnce
from assistant.tui.hanging import Hanging
from assistant.tui.keybar import KeyBar
from assistant.tui.keymap import Part, bindings
from assistant.tui.marked_list import MarkedList
from index.datatypes import IndexReport, IndexStatus, Note, Skipped

#: Seconds between two looks at the progress.
_LOOK = 0.25


class Paths(Suggester):
    """Completes the name of a file or folder; the right arrow takes it."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)

    async def get_suggestion(self, value: str) -> str | None:
        """The first name in the folder that begins as typed."""
        head, slash, start = value.rpartition("/")
        try:
            names = sorted(p.name + "/" * p.is_dir() for p in Path(f"{head}{slash}" or ".").expanduser().iterdir())
        except OSError:
            return None
        fitting = (name for name in names if start and name.startswith(start) and name.isprintable())
        found = next(fitting, None)
        return f"{head}{slash}{found}" if found else None


class SkippedList(MarkedList):
    """Files and records that were not taken, each with its reason; below them what to know about those that were."""

    BINDINGS = bindings(Part.SKIPPED)
    PART = Part.SKIPPED

    def __init__(self) -> None:
        super().__init__(id="skipped", markup=False)
        self.shown: tuple[Skipped | Note, ...] = ()

    def show(self, skipped: tuple[Skipped, ...], notes: tuple[Note, ...]) -> None:
        """Show these."""
        if (*skipped, *notes) == self.shown:
            return
        self.shown = (*skipped, *notes)
        counts = (("Skipped", len(skipped)), ("Notes", len(notes)))
        self.border_title = "  ·  ".join(f"{name}  {count:,}" for name, count in counts if count)
        self.clear_options()
        self.add_options([Option(_reason(one)) for one in self.shown])


class IndexScreen(ClosesOnce, Screen[None]):
    """What is in the index and what is being added; leaving this screen stops nothing.

    Args:
        adding: The run in progress, or the last one.
        status: What is in the index, as far as it was read.
    """

    BINDINGS = bindings(Part.INDEX)
    PART = Part.INDEX

    def __init__(self, adding: Adding, status: IndexStatus | None) -> None:
        super().__init__()
        self._adding, self._status = adding, status

    def compose(self) -> ComposeResult:
        """Contents, the line to type a path into, progress, what was skipped."""
        yield Static(Content.styled(" The index", "bold $primary"), id="screen-title", markup=False)
        with Vertical(id="index"):
            yield Static(id="holdings", markup=False)
            yield Static(Content("Add a file, a folder or a web address:"), classes="heading", markup=False)
            yield Input(
                placeholder="~/readouts or https://…   (enter adds, → completes)",
                id="path",
                compact=True,
                suggester=Paths(),
            )
            yield Static(id="progress-words", markup=False)
            yield ProgressBar(id="progress", show_eta=False)
            yield SkippedList()
        yield KeyBar()

    def on_mount(self) -> None:
        """Show the state, now and as it changes."""
        if self._status is not None:
            self.query_one("#holdings", Static).update(holdings(self._status))
        self.query_one("#path", Input).focus()
        self._look()
        self.set_interval(_LOOK, self._look)

    def show_status(self, status: IndexStatus) -> None:
        """The contents of the index were read again."""
        self._status = status
        self.query_one("#holdings", Static).update(holdings(status))

    def _look(self) -> None:
        adding = self._adding
        self.query_one("#progress-words", Static).update(_state(adding))
        bar = self.query_one("#progress", ProgressBar)
        bar.display = adding.running
        progress = adding.progress
        bar.update(total=progress.total if progress else None, progress=progress.done if progress else 0)
        skipped = self.query_one(SkippedList)
        skipped.show(*((adding.report.skipped, adding.report.notes) if adding.report else ((), ())))
        skipped.display = bool(skipped.shown)
        self.refresh_bindings()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Add what was typed."""
        path = event.value.strip()
        if path and not self._adding.running:
            self._adding.start(path)
            self._look()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only a run in progress can be stopped."""
        return action != "stop" or (self._adding.running and not self._adding.stopping)

    def action_stop(self) -> None:
        """Stop it; what was there before stays."""
        self._adding.stop()
        self._look()

    def action_back(self) -> None:
        """Back to the conversation; a run in progress continues."""
        self.dismiss(None)


def holdings(status: IndexStatus) -> Hanging:
    """What is in the index, one thing per line."""
    counts = (
        f"{texts.counted(status.documents, 'readout')} in {texts.counted(status.passages, 'passage')} and "
        f"{texts.counted(status.sentences, 'sentence')}"
    )
    rows = [
        ("holds", counts),
        ("days", texts.days(status.date_from, status.date_to)),
        ("issuers", "; ".join(texts.line(issuer) for issuer in status.issuers)),
        ("model", texts.line(status.model)),
        ("lies in", texts.line(status.path)),
    ]
    return Hanging([(Content.styled(f"{name:<9}", "$quiet"), Content(value)) for name, value in rows if value])


def _state(adding: Adding) -> Content:
    """How far it is, or how it ended."""
    progress = adding.progress
    if adding.running:
        doing = "stopping …" if adding.stopping else f"{texts.line(adding.path)}: "
        far = "looking for files …" if progress is None else f"{adding.words(progress)}"
        pace = adding.pace(progress) if progress is not None and not adding.stopping else ""
        note = f"\n{texts.line(progress.note)}" if progress is not None and progress.note else ""
        return Content.assemble(
            (doing, "bold"), "" if adding.stopping else far, (f"   {pace}" if pace else "", "$quiet"), note
        )
    if adding.error:
        return Content.styled(texts.plain(adding.error), "$text-error")
    return Content(summary(adding.report)) if adding.report is not None else Content("")


def told(report: IndexReport, key: str) -> str:
    """The notice after a run; ``key`` leads to the list of what was skipped and what was noted."""
    names = [name for name, there in (("what was skipped", report.skipped), ("what to know", report.notes)) if there]
    return summary(report) + (f" {key} tells {' and '.join(names)}." if names else "")


def _reason(one: Skipped | Note) -> Content:
    said = one.reason if isinstance(one, Skipped) else f"taken; {one.text}" if one.path else one.text
    where = texts.line(one.path) or "the whole index"
    return Content.assemble((f" {where}", "bold"), "\n", (f"   {texts.line(said)}", "$quiet"))
