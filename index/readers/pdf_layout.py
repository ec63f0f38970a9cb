"""Lines on pages into paragraphs: headers and footers removed, words and paragraphs broken by a line or a page rejoined."""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from index.readers.pdf_lines import HYPHEN, LEADER

#: How near to an edge, as a share of the page's height, headers and footers are, and how many lines they have.
_MARGIN = 0.13
_RUNNING_LINES = 3
#: A gap of more than this, in usual line distances, separates paragraphs; single-spaced letters use 1.5, double-spaced 1.35.
_GAP = 1.25
#: A line that ends this far before the edge, as a share of the column, was not broken for lack of room.
_SHORT = 0.15
#: Letter sizes that differ by less are the same: a bold or italic cut of a typeface is a little higher.
_SAME_SIZE = 0.08
#: A page with this many lines whose dots lead to a number is a table of contents.
_CONTENTS = 3
_ENDED = tuple('.!?:;”"’…。؟।')
_PAGE_NUMBER = re.compile(
    r"(?:page )?[-–—|\[( ]*(?:\d{1,4}|[ivxl]{1,6})(?: ?(?:of|/) ?\d{1,4})?[-–—|\]) ]*", re.IGNORECASE
)
_ITEM = re.compile(r"[•▪●◦‣·-](?: |$)|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)] ")
_LISTED = re.compile(r"\t\d{1,4}\Z")
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page, in points from the lower left corner.

    Attributes:
        text: Its text, with a tab between cells of a table.
        left: Where it begins.
        right: Where it ends.
        base: Its baseline.
        size: Height of its letters, above and below.
        bold: Whether all of it is bold.
        page: Number of its page, from 1.
        runs: Whether it is at the edge of other pages, too.
    """

    text: str
    left: float
    right: float
    base: float
    size: float
    bold: bool
    page: int
    runs: bool = False

    @property
    def is_row(self) -> bool:
        """Whether it has cells of a table."""
        return "\t" in self.text


@dataclass(slots=True)
class Block:
    """A paragraph: the lines of each of its items; prose has one item."""

    items: list[list[Line]]
    is_table: bool = False


def paragraphs(pages: Sequence[tuple[float, Sequence[Line]]]) -> list[Block]:
    """Gather the lines of a document.

    Args:
        pages: Height and lines of each page, in reading order.
    """
    whole = [(height, _rows(_without_contents(lines))) for height, lines in pages]
    lines = [line for kept in _without_running(whole) for line in kept]
    return list(_blocks(lines))


def _without_contents(lines: Sequence[Line]) -> list[Line]:
    """Drop a table of contents: its headings are in the text as well, above what they head."""
    led = [place for place, line in enumerate(lines) if LEADER in line.text]
    if len(led) >= _CONTENTS:
        first, last = led[0], led[-1]
        while first and (
            _LISTED.search(lines[first - 1].text) or lines[first - 1].text.casefold().endswith("contents")
        ):
            first -= 1
        kept = [*lines[:first], *lines[last + 1 :]]
        return [line for line in kept if LEADER not in line.text]
    return [replace(line, text=line.text.replace(LEADER, " … ")) for line in lines]


def _rows(lines: Sequence[Line]) -> list[Line]:
    """Join cells of one row that the file writes one after another, each with all of its lines."""
    rows: list[Line] = []
    for line in lines:
        for back in range(1, min(6, len(rows)) + 1):
            first = rows[-back]
            if abs(first.base - line.base) > 1.5:
                continue
            if line.left >= first.right:
                between = rows[len(rows) - back + 1 :]
                text = " ".join(part.text for part in (first, *between)).replace(f"{HYPHEN} ", "-") + "\t" + line.text
                del rows[len(rows) - back :]
                line = replace(first, text=text, right=line.right)
            break
        rows.append(line)
    return rows


def _without_running(pages: Sequence[tuple[float, Sequence[Line]]]) -> Iterator[list[Line]]:
    """Drop what recurs at the edge of pages, and page numbers; a header in words is kept where it first appears."""
    often: defaultdict[str, int] = defaultdict(int)
    edges = [_edges(height, lines) for height, lines in pages]
    for places in edges:
        for key in set(places.values()):
            often[key] += 1
    enough = 2 if len(pages) < 4 else 3
    seen: set[str] = set()
    for (_, lines), places in zip(pages, edges, strict=True):
        kept = []
        for place, line in enumerate(lines):
            key = places.get(place, "")
            if not key or (often[key] < enough and not _PAGE_NUMBER.fullmatch(line.text.strip())):
                kept.append(line)
            elif key.startswith("head") and key not in seen and not _PAGE_NUMBER.fullmatch(line.text.strip()):
                kept.append(replace(line, runs=True))
            seen.add(key)
        yield kept


def _edges(height: float, lines: Sequence[Line]) -> dict[int, str]:
    """What is at the upper and lower edge of a page, by place, in a form that is the same on every page."""
    bases = sorted({line.base for line in lines})
    found = {}
    for place, line in enumerate(lines):
        key = re.sub(r"\d+", "#", line.text.strip().casefold())
        if line.base > height * (1 - _MARGIN) and line.base in bases[-_RUNNING_LINES:]:
            found[place] = f"head {key}"
        elif line.base < height * _MARGIN and line.base in bases[:_RUNNING_LINES]:
            found[place] = f"foot {key}"
    return found


def _blocks(lines: Sequence[Line]) -> Iterator[Block]:
    leadings, edges = _leadings(lines), _right_edges(lines)
    block: Block | None = None
    before: Line | None = None
    for place, line in enumerate(lines):
        after = lines[place + 1] if place + 1 < len(lines) else None
        is_row = line.is_row and bool((before and before.is_row) or (after and after.is_row))
        if block is None or before is None or is_row != block.is_table:
            parted = True
        elif is_row:
            parted = False
        else:
            parted = _parted(before, line, leadings, edges)
        if parted:
            if block:
                yield block
            block = Block([[line]], is_table=is_row)
        elif block and (is_row or _ITEM.match(line.text)):
            block.items.append([line])
        elif block:
            block.items[-1].append(line)
        before = line
    if block:
        yield block


def _leadings(lines: Sequence[Line]) -> dict[int, float]:
    """The usual line distance, by letter size."""
    counted: defaultdict[int, Counter[float]] = defaultdict(Counter)
    for before, line in itertools.pairwise(lines):
        gap = before.base - line.base
        if before.page == line.page and _same_size(before, line) and 0 < gap < 2.5 * line.size:
            counted[round(line.size)][round(gap * 2) / 2] += 1
    return {size: gaps.most_common(1)[0][0] for size, gaps in counted.items()}


def _right_edges(lines: Sequence[Line]) -> dict[int, float]:
    """Where lines broken for lack of room end, for each page."""
    ends: defaultdict[int, list[float]] = defaultdict(list)
    for line in lines:
        if not line.is_row:
            ends[line.page].append(line.right)
    return {page: sorted(rights)[len(rights) * 9 // 10] for page, rights in ends.items()}


def _same_size(one: Line, other: Line) -> bool:
    return abs(one.size - other.size) <= _SAME_SIZE * max(one.size, other.size)


def _parted(before: Line, line: Line, leadings: dict[int, float], edges: dict[int, float]) -> bool:
    """Whether a paragraph begins with ``line``."""
    edge = edges.get(before.page, before.right)
    ended = before.text.rstrip().endswith(_ENDED)
    is_short = before.right < edge - _SHORT * max(edge - before.left, 1)
    if before.text.endswith(HYPHEN):
        return False
    if not _same_size(before, line) or before.bold != line.bold:
        return True
    gap = before.base - line.base
    if before.page != line.page or gap <= 0:
        # The next page, or the top of the next column: only a sentence that was broken off continues there.
        return ended or bool(_ITEM.match(line.text)) or (is_short and not line.text[:1].islower())
    if gap > _GAP * leadings.get(round(line.size), line.size * 1.1):
        return True
    if line.left - before.left > 0.6 * line.size and ended:
        return True
    return is_short and ended and not _ITEM.match(line.text) and not line.text[:1].islower()


class Hyphens:
    """Whether a hyphen at the end of a line belongs to the word, judged by the other words of the document."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._words: Counter[str] = Counter()
        self._compounds: set[str] = set()
        for line in lines:
            words = line.text.rstrip(HYPHEN).casefold()
            cut = line.text.endswith((HYPHEN, "-"))
            found = _WORD.findall(words)
            self._words.update(found[:-1] if cut else found)
            self._compounds.update(re.findall(r"[^\W\d_]+-[^\W\d_]+", words))

    def join(self, before: str, after: str) -> str:
        """Join two lines, the first ending with a hyphen."""
        stem, first = before.rstrip(HYPHEN + "-\u00ad"), after.casefold()
        last, following = _WORD.findall(stem.casefold())[-1:], _WORD.match(first)
        if not last or not following or not after[:1].islower() or before.endswith("\u00ad"):
            return stem + ("" if before.endswith("\u00ad") else "-") + after
        head, tail = last[0], following.group()
        if self._words[head + tail]:
            return stem + after
        is_compound = f"{head}-{tail}" in self._compounds or (self._words[head] and self._words[tail])
        return stem + ("-" if is_compound else "") + after
