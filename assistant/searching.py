"""A search as scripts see it: the passages with what was asked and how long it took."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from assistant.api import Assistant
from index.datatypes import Filters, Hit


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search found.

    Attributes:
        query: As typed.
        filters: Those typed in the query together with those given beside it.
        hits: Passages, best first.
        seconds: From query to passages.
    """

    query: str
    filters: Filters
    hits: tuple[Hit, ...]
    seconds: float

    def to_dict(self) -> dict[str, Any]:
        """The search as the public JSON has it."""
        hits = [hit.to_dict() for hit in self.hits]
        return {"query": self.query, "filters": self.filters.to_dict(), "hits": hits, "seconds": round(self.seconds, 4)}


def search(assistant: Assistant, query: str, *, filters: Filters, top_k: int) -> Found:
    """Search, and say with which filters and how long it took.

    Args:
        assistant: Searches.
        query: Words, with typed filters.
        filters: Further filters.
        top_k: How many passages at most.

    Raises:
        QuestionError, FilterError: The query is invalid.
    """
    started = time.perf_counter()
    typed = assistant.understand(query).filters & filters
    hits = assistant.search(query, top_k=top_k, filters=filters)
    return Found(query=query, filters=typed, hits=hits, seconds=time.perf_counter() - started)
