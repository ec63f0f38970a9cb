"""Numbers for quotes; pure."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.datatypes import Citation
from index.datatypes import Hit, Span


def number(quotes: Sequence[tuple[Hit, Span, float]]) -> tuple[Citation, ...]:
    """Make citations of quotes, numbered from 1 in the order given; each stretch of a passage is cited once.

    Args:
        quotes: The hit a quote is from, where it is in the hit's passage, and how well it answers.
    """
    citations: list[Citation] = []
    seen: set[tuple[str, int, Span]] = set()
    for hit, span, score in quotes:
        passage = hit.passage
        key = (passage.source.doc_id, passage.paragraph, span)
        if key in seen:
            continue
        seen.add(key)
        citations.append(
            Citation(
                number=len(citations) + 1,
                source=passage.source,
                facts=hit.facts,
                paragraph=passage.paragraph,
                passage=passage.text,
                span=span,
                score=score,
                also=hit.also,
                pages=passage.page_range(span.start, span.end),
            )
        )
    return tuple(citations)
