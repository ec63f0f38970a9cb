"""Adding readouts to the index from the screen, while the conversation continues: one run at a time, and its progress."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

from textual.message_pump import MessagePump

from assistant.errors import ReadoutsError
from assistant.tui import texts
from assistant.tui.backend import Backend
from assistant.tui.messages import Indexed, Indexing
from assistant.tui.workers import in_thread
from index.datatypes import IndexReport, Progress

#: Seconds between two messages about progress; more frequent ones would only keep the screen busy.
_PAUSE = 0.2
_UNITS = {"fetching": "page", "reading": "file", "encoding": "text"}


class StoppedError(ReadoutsError):
    """The person stopped the indexing."""


class Adding:
    """One indexing run at a time.

    Args:
        node: Gets ``Indexing``, ``Indexed`` or ``Failed``.
        backend: What indexes.
    """

    def __init__(self, node: MessagePump, backend: Backend) -> None:
        self._node, self._backend = node, backend
        self._stop = threading.Event()
        self._stage, self._since, self._before = "", 0.0, 0
        self.running = False
        self.path = ""
        self.progress: Progress | None = None
        self.report: IndexReport | None = None
        self.error = ""

    def start(self, path: str) -> None:
        """Begin a run, unless one is in progress."""
        if self.running:
            return
        self._stop.clear()
        self._stage = ""
        self.running, self.path, self.progress, self.report, self.error = True, path, None, None, ""
        what = path if "://" in path else Path(path).expanduser()
        in_thread(self._node, lambda: Indexed(self._backend.add([what], progress=self._listener())), about="add")

    def stop(self) -> None:
        """Stop the run; what was there before stays as it is."""
        self._stop.set()

    @property
    def stopping(self) -> bool:
        """Whether it was asked to stop and has not yet."""
        return self.running and self._stop.is_set()

    def ended(self, *, report: IndexReport | None = None, error: str = "") -> None:
        """The run is over, successful or not."""
        self.running, self.report, self.error = False, report, error

    def _listener(self) -> Callable[[Progress], None]:
        last = 0.0

        def listen(progress: Progress) -> None:
            nonlocal last
            if self._stop.is_set():
                raise StoppedError("Adding was stopped.", mend="What was in the index is there as before.")
            now = time.monotonic()
            if progress.stage != self._stage:
                self._stage, self._since, self._before = progress.stage, now, progress.done
            if now - last >= _PAUSE or progress.done >= progress.total:
                last = now
                self._node.post_message(Indexing(progress))

        return listen

    def words(self, progress: Progress) -> str:
        """Its progress, in few words, for the line at the top."""
        return f"{progress.stage} {progress.done:,} of {progress.total:,}"

    def pace(self, progress: Progress) -> str:
        """Speed and time left of the present stage; empty until they can be estimated."""
        spent = time.monotonic() - self._since
        done = progress.done - self._before
        if progress.stage != self._stage or spent <= 0 or done <= 0 or progress.done >= progress.total:
            return ""
        speed = done / spent
        unit = _UNITS.get(progress.stage, "step")
        left = texts.lasting((progress.total - progress.done) / speed)
        return f"{speed:,.0f} {unit}s a second, {left} left" if speed >= 1 else f"{left} left"


def summary(report: IndexReport) -> str:
    """What a run changed, in one sentence."""
    counts = f"{report.added:,} added, {report.updated:,} updated, {report.unchanged:,} unchanged, {report.removed:,} removed"
    skipped = f", {len(report.skipped):,} skipped" if report.skipped else ""
    holds = f"The index holds {texts.counted(report.documents, 'readout')}."
    return f"{counts}{skipped}, in {texts.lasting(report.seconds)}. {holds}"
