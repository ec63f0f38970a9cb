"""Pages of a document that has them: where each begins, and which one a quote is on; pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """The pages of a stretch of text.

    Attributes:
        first: Number of the page on which it begins, counted from 1 as viewers count them.
        breaks: Offsets in the stretch at which each further page begins; a page without text has that of the next one.
    """

    first: int
    breaks: tuple[int, ...] = ()

    def at(self, offset: int) -> int:
        """The page that the character at an offset is on."""
        return self.first + bisect_right(self.breaks, offset)

    def of(self, start: int, end: int) -> tuple[int, int]:
        """First and last page of a span within the stretch."""
        return self.at(start), self.at(max(end - 1, start))


def pages_of(starts: Sequence[int], start: int, end: int) -> Pages | None:
    """The pages of a span of a document.

    Args:
        starts: Offsets at which the pages of the document begin, ascending; empty if it has no pages.
        start: Of the span.
        end: Of the span.
    """
    if not starts:
        return None
    before = bisect_right(starts, start)
    breaks = [offset - start for offset in starts[before : bisect_right(starts, max(end - 1, start))]]
    return Pages(first=max(before, 1), breaks=tuple(breaks))


def page_fields(pages: tuple[int, int] | None) -> dict[str, int | None]:
    """First and last page as the public JSON has them; null where there are no pages."""
    first, last = pages or (None, None)
    return {"page": first, "page_end": last}


def page_words(first: int, last: int) -> str:
    """ "p. 12" or "pp. 12–13"."""
    return f"p. {first}" if first == last else f"pp. {first}–{last}"
