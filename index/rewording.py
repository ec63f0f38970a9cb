"""What was reworded between two texts, word by word. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

_PARAGRAPH = re.compile(r".+?(?:\n\s*\n|\Z)", re.DOTALL)
_WORD = re.compile(r"\s*\S+(?:\s+\Z)?|\s+")


class Kind(StrEnum):
    """What happened to some words."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Words that stayed, were removed or were added, with the white space before them.

    Attributes:
        kind: Which of the three.
        text: The words, verbatim.
    """

    kind: Kind
    text: str


def reworded(before: str, after: str) -> tuple[Part, ...]:
    """The changes from one text to the other, in reading order.

    Paragraphs are compared first, then the words of those that differ, by the longest common runs (Ratcliff and Obershelp),
    which reads better than the smallest number of changes.

    Returns:
        Parts, no two neighbours of the same kind: what stayed and went is ``before``, what stayed and came ``after``.
    """
    ours, theirs = _PARAGRAPH.findall(before), _PARAGRAPH.findall(after)
    parts: list[Part] = []
    for what, a, b, c, d in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if what == "equal":
            parts.append(Part(kind=Kind.SAME, text="".join(ours[a:b])))
        else:
            parts += _words("".join(ours[a:b]), "".join(theirs[c:d]))
    return tuple(_joined(parts))


def changed(parts: Sequence[Part]) -> bool:
    """Whether anything was removed or added."""
    return any(part.kind is not Kind.SAME for part in parts)


def _words(before: str, after: str) -> Iterator[Part]:
    ours, theirs = _WORD.findall(before), _WORD.findall(after)
    for what, a, b, c, d in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if what == "equal":
            yield Part(kind=Kind.SAME, text="".join(ours[a:b]))
        else:
            yield Part(kind=Kind.GONE, text="".join(ours[a:b]))
            yield Part(kind=Kind.NEW, text="".join(theirs[c:d]))


def _joined(parts: Sequence[Part]) -> Iterator[Part]:
    """Merge neighbours of the same kind; what was removed comes before what was added, and no part is empty."""
    waiting = {Kind.GONE: "", Kind.NEW: "", Kind.SAME: ""}
    for part in parts:
        if not part.text:
            continue
        if part.kind is Kind.SAME:
            yield from _flushed(waiting, (Kind.GONE, Kind.NEW))
        else:
            yield from _flushed(waiting, (Kind.SAME,))
        waiting[part.kind] += part.text
    yield from _flushed(waiting, tuple(Kind))


def _flushed(waiting: dict[Kind, str], kinds: Sequence[Kind]) -> Iterator[Part]:
    for kind in kinds:
        if waiting[kind]:
            yield Part(kind=kind, text=waiting[kind])
            waiting[kind] = ""
