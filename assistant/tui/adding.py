"""Adding readouts to the index from inside, while the conversation goes on."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message_pump import MessagePump
from textual.widgets import Static

from assistant.errors import ReadoutsError
from assistant.tui import texts
from assistant.tui.backend import Backend
from assistant.tui.dialogs import Dialog
from assistant.tui.keybar import KeyBar
from assistant.tui.messages import Indexed, Indexing
from assistant.tui.workers import in_thread
from index.datatypes import IndexReport, Progress

#: Seconds between two messages about progress; more would only keep the screen busy.
_PAUSE = 0.2


class StoppedError(ReadoutsError):
    """The person stopped the indexing."""


class Adding:
    """One run of indexing at a time.

    Args:
        node: Gets ``Indexing``, ``Indexed`` or ``Failed``.
        backend: What indexes.
    """

    def __init__(self, node: MessagePump, backend: Backend) -> None:
        self._node, self._backend = node, backend
        self._stop = threading.Event()
        self.running = False
        self._started = 0.0

    def start(self, path: str) -> None:
        """Begin."""
        self._stop.clear()
        self.running = True
        self._started = time.monotonic()
        folder = Path(path).expanduser()
        in_thread(self._node, lambda: Indexed(self._backend.add([folder], progress=self._listener())), about="add")

    def stop(self) -> None:
        """End before the end; what was there before stays as it is."""
        self._stop.set()

    def _listener(self) -> Callable[[Progress], None]:
        last = 0.0

        def listen(progress: Progress) -> None:
            nonlocal last
            if self._stop.is_set():
                raise StoppedError("Adding was stopped.", mend="What was in the index is there as before.")
            now = time.monotonic()
            if now - last >= _PAUSE or progress.done >= progress.total:
                last = now
                self._node.post_message(Indexing(progress))

        return listen

    def words(self, progress: Progress) -> str:
        """How far it is: stage, share, speed and time left."""
        spent = time.monotonic() - self._started
        speed = progress.done / spent if spent > 0 else 0.0
        left = (
            f", {(progress.total - progress.done) / speed:.0f} s left"
            if speed and progress.total > progress.done
            else ""
        )
        return f"{progress.stage} {progress.done:,} of {progress.total:,}{left}"


class Report(Dialog[None]):
    """What an indexing changed, and what was skipped and why."""

    def __init__(self, report: IndexReport) -> None:
        super().__init__()
        self._report = report

    def compose(self) -> ComposeResult:
        """The counts, then the skipped."""
        r = self._report
        counts = f"{r.added:,} added, {r.updated:,} updated, {r.unchanged:,} unchanged, {len(r.skipped):,} skipped"
        with VerticalScroll(classes="window") as window:
            window.border_title = "Readouts added"
            yield Static(
                Content(f"{counts}, in {r.seconds:.1f} s. The index holds {texts.counted(r.documents, 'readout')}."),
                markup=False,
            )
            for skipped in r.skipped:
                yield Static(
                    Content.assemble((texts.line(skipped.path), "bold"), "\n", texts.line(skipped.reason)),
                    markup=False,
                    classes="skipped",
                )
        yield KeyBar()
