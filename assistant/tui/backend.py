"""What the screen needs from an assistant, so that it can be tested with one that loads no model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from assistant.datatypes import Answer, Conversation, Turn
from index.datatypes import Filters, Hit, IndexReport, IndexStatus, Listed, Progress, Readout, Record

if TYPE_CHECKING:
    from index.versions import Version


class Talks(Protocol):
    """The conversations on disk."""

    def start(self) -> str:
        """Begin a conversation; returns its id."""
        ...

    def conversations(self, query: str = "") -> tuple[Conversation, ...]:
        """Conversations without their turns, the newest first; if words are given, only those that contain them."""
        ...

    def conversation(self, conversation: str, /, *, last: int | None = None) -> Conversation:
        """One conversation with all its turns, or with only the last ones."""
        ...

    def turns(self, conversation: str, /, *, last: int | None = None, before: int | None = None) -> tuple[Turn, ...]:
        """Turns in order: at most this many, the last ones with a lower number."""
        ...

    def rename(self, conversation: str, title: str, /) -> None:
        """Give a conversation another title."""
        ...

    def delete(self, conversation: str, /) -> None:
        """Delete a conversation and its turns."""
        ...


class Backend(Protocol):
    """The part of ``Assistant`` that the screen uses; every call blocks, and every call may come from any thread."""

    @property
    def history(self) -> Talks:
        """The conversations on disk."""
        ...

    def warm(self) -> None:
        """Load the model."""
        ...

    def ask(
        self,
        question: str,
        *,
        filters: Filters | None = None,
        conversation: str | None = None,
        ignore: Filters | None = None,
    ) -> Answer:
        """Answer a question; ``ignore`` is what may be understood from its words but is not to count."""
        ...

    def search_text(self, query: str, *, top_k: int = 10, filters: Filters | None = None) -> tuple[Hit, ...]:
        """Passages by full text alone, without the model."""
        ...

    def readout(self, doc_id: str) -> Readout:
        """One readout, whole."""
        ...

    def versions(self, doc_id: str) -> tuple[Version, ...]:
        """Every known wording of a readout, the present one last."""
        ...

    def records(self, filters: Filters | None = None, *, limit: int | None = None) -> tuple[Record, ...]:
        """Readouts without their text, the latest first."""
        ...

    def listed(self, filters: Filters | None = None, *, limit: int | None = None) -> tuple[Listed, ...]:
        """Readouts in plain words, at most this many, the latest first; for long lists."""
        ...

    def status(self) -> IndexStatus:
        """What the index holds."""
        ...

    def add(self, paths: Sequence[str | Path], *, progress: Callable[[Progress], None] | None = None) -> IndexReport:
        """Add or update files and folders."""
        ...
