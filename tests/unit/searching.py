"""Asking an index of hashed words, and whose passages came back."""

from __future__ import annotations

from small_index import HashEncoder

from index.datatypes import Hit, Query
from index.fusion import Weights
from index.search import PassageIndex


def search(
    passages: PassageIndex, text: str, *, top_k: int = 10, weights: Weights | None = None, **parts: object
) -> tuple[Hit, ...]:
    vector = HashEncoder().encode([text])[0]
    return passages.search(Query(text=text, **parts), vector, top_k=top_k, weights=weights)  # type: ignore[arg-type]


def ids(hits: tuple[Hit, ...]) -> list[str]:
    return [hit.passage.source.doc_id for hit in hits]
