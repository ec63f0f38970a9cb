"""An assistant that is made when first needed, in the thread that needs it, so that nothing waits for its imports."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Protocol

from assistant.datatypes import Answer
from assistant.tui.backend import Backend, Talks
from index.datatypes import Filters, Hit, IndexReport, IndexStatus, Listed, Progress, Readout, Record

if TYPE_CHECKING:
    from index.versions import Version


class Closable(Backend, Protocol):
    """A backend that holds files open."""

    def close(self) -> None:
        """Close them."""
        ...


class LateBackend:
    """Passes every call on to the assistant, which the first call makes.

    Args:
        make: Makes the assistant; called once.
    """

    def __init__(self, make: Callable[[], Closable]) -> None:
        self._make = make
        self._made: Closable | None = None
        self._lock = threading.Lock()

    def __enter__(self) -> LateBackend:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        made = self._made
        if made is not None:
            made.close()

    def _there(self) -> Closable:
        with self._lock:
            if self._made is None:
                self._made = self._make()
            return self._made

    @property
    def history(self) -> Talks:
        """The conversations on disk."""
        return self._there().history

    def warm(self) -> None:
        """Load the model."""
        self._there().warm()

    def ask(
        self,
        question: str,
        *,
        filters: Filters | None = None,
        conversation: str | None = None,
        ignore: Filters | None = None,
    ) -> Answer:
        """Answer a question."""
        return self._there().ask(question, filters=filters, conversation=conversation, ignore=ignore)

    def search_text(self, query: str, *, top_k: int = 10, filters: Filters | None = None) -> tuple[Hit, ...]:
        """Passages by full text alone, without the model."""
        return self._there().search_text(query, top_k=top_k, filters=filters)

    def readout(self, doc_id: str) -> Readout:
        """One readout, whole."""
        return self._there().readout(doc_id)

    def versions(self, doc_id: str) -> tuple[Version, ...]:
        """Every known wording of a readout, the present one last."""
        return self._there().versions(doc_id)

    def records(self, filters: Filters | None = None, *, limit: int | None = None) -> tuple[Record, ...]:
        """Readouts without their text, the latest first."""
        return self._there().records(filters, limit=limit)

    def listed(self, filters: Filters | None = None, *, limit: int | None = None) -> tuple[Listed, ...]:
        """Readouts in plain words, at most this many, the latest first; for long lists."""
        return self._there().listed(filters, limit=limit)

    def status(self) -> IndexStatus:
        """What the index holds."""
        return self._there().status()

    def add(self, paths: Sequence[str | Path], *, progress: Callable[[Progress], None] | None = None) -> IndexReport:
        """Add or update files and folders."""
        return self._there().add(paths, progress=progress)
