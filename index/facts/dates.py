"""Dates as texts and people write them: days, months, seasons, ranges, and words relative to a day.

Reading has three steps: expressions that are complete on their own are found (``date_atoms``); two of them joined by "to" or
"between … and" become a range; "since", "before", "after" and counts of days ("three days after …") open or move what
follows them.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.facts import date_words as words
from index.facts.date_atoms import Atom, find_atoms
from index.facts.date_mention import DateMention
from index.facts.date_words import COUNT, UNIT

_FLAGS = re.IGNORECASE


#: Words that turn a bare "may" or "march" into a month.
_CALLS_FOR_DATE = re.compile(
    r"\b(?:in|of|during|since|until|till|by|before|after|through|throughout|last|next|early|mid|late|from|between)"
    r"[\s-]+(?:the\s+)?\Z",
    _FLAGS,
)
_JOIN = re.compile(r"\s*(?:-|–|—|\bto\b|\bthrough\b|\buntil\b|\band\b|\bor\b)\s*\Z", _FLAGS)
_BETWEEN = re.compile(r"\b(?:(?P<between>between)|from)\s+(?:the\s+)?\Z", _FLAGS)
_JOIN_TO = re.compile(r"\s*(?:-|–|—|,?\s*\b(?:to|through|until|till|up\s+to)\b)\s*(?:the\s+)?\Z", _FLAGS)
_JOIN_AND = re.compile(r"\s+(?:and|or|&)\s+(?:the\s+)?\Z", _FLAGS)
_OPENERS = re.compile(
    r"\b(?:(?P<since>since|starting(?:\s+(?:from|in|on))?)|(?P<after>after|following|later\s+than)|(?P<before>before|prior\s+to|"
    r"earlier\s+than)|(?P<until>until|till|up\s+to|through|by|no\s+later\s+than))\s+(?:the\s+)?(?:end\s+of\s+)?\Z",
    _FLAGS,
)
_FROM = re.compile(r"\bfrom\s+\Z", _FLAGS)
_THING = re.compile(r"\s+(?!(?:and|or|but|what|did|with|in|on|at|who|when|where|how|about)\b)[a-z]", _FLAGS)
_ONWARDS = re.compile(r"\s+(?:on|onwards?|forward)\b(?!\s+\w+ing)", _FLAGS)
_OFFSET = re.compile(
    rf"\b(?:(?P<n>{COUNT})\s+(?P<u>{UNIT})s?|the\s+(?P<u1>day|week|month|year))\s+(?P<way>after|before|following|prior\s+to)\s+"
    r"(?P<what>(?:[^\s.,;?!]+\s+){0,7})\Z",
    _FLAGS,
)


def find_dates(text: str, reference: dt.date) -> tuple[DateMention, ...]:
    """Days that ``text`` names, in order and without overlap.

    Args:
        text: Any text.
        reference: The day that "today", "on Wednesday", "last week" and dates without a year are read against: such a
            date is the latest that is not after it.

    Returns:
        Mentions; spans cover the words that were read ("three days after the attack of 7 October 2023" is one mention).
    """
    atoms = _pick(_company(list(find_atoms(text, reference)), text))
    return tuple(_joined(text, atoms, reference))


def _company(atoms: Sequence[Atom], text: str) -> list[Atom]:
    """Without bare "may" and "march" that nothing marks as a month."""
    ends: set[int] = set()
    kept = []
    for atom in sorted(atoms, key=lambda atom: atom.start):
        before = text[max(0, atom.start - 24) : atom.start]
        if atom.weak and not _CALLS_FOR_DATE.search(before):
            joined = _JOIN.search(before)
            if not (joined and atom.start - len(joined.group()) in ends):
                continue
        kept.append(atom)
        ends.add(atom.end)
    return kept


def _pick(atoms: Sequence[Atom]) -> list[Atom]:
    """The longest of overlapping ones, in order of place."""
    picked: list[Atom] = []
    for atom in sorted(atoms, key=lambda atom: (atom.start - atom.end, atom.start)):
        if all(atom.end <= other.start or other.end <= atom.start for other in picked):
            picked.append(atom)
    return sorted(picked, key=lambda atom: atom.start)


def _joined(text: str, atoms: list[Atom], reference: dt.date) -> Iterator[DateMention]:
    place, behind = 0, 0
    while place < len(atoms):
        atom = atoms[place]
        mention = None
        if place + 1 < len(atoms):
            mention = _range(text, atom, atoms[place + 1], reference, behind)
            if atom.year is None and _JOIN_AND.match(text[atom.end : atoms[place + 1].start]):
                atom = replace(atom, year=atoms[place + 1].year)  # "June and July 2022"
        place += 2 if mention else 1
        mention = mention or _opened(text, _single(atom, reference), reference, behind)
        yield mention
        behind = mention.end


def _single(atom: Atom, reference: dt.date) -> DateMention:
    first, last = atom.spread(_year(atom, reference))
    return DateMention(
        start=atom.start, end=atom.end, first=first, last=last, kind=atom.kind, has_year=atom.year is not None
    )


def _year(atom: Atom, reference: dt.date) -> int:
    """The year written, otherwise the latest in which the expression has begun by the reference day."""
    if atom.year is not None:
        return atom.year
    return reference.year if atom.spread(reference.year)[0] <= reference else max(reference.year - 1, 1)


def _range(text: str, left: Atom, right: Atom, reference: dt.date, behind: int) -> DateMention | None:
    before = text[max(behind, left.start - 16) : left.start]
    between, gap = _BETWEEN.search(before), text[left.end : right.start]
    if not (_JOIN_TO.match(gap) or (between and between["between"] and _JOIN_AND.match(gap))):
        return None
    left_year, right_year = _years(left, right, reference)
    first, last = left.spread(left_year)[0], right.spread(right_year)[1]
    if first > last:
        return None
    return DateMention(
        start=left.start - len(between.group()) if between else left.start,
        end=right.end,
        first=first,
        last=last,
        kind="range",
        has_year=left.year is not None or right.year is not None,
    )


def _years(left: Atom, right: Atom, reference: dt.date) -> tuple[int, int]:
    """ "between November and March 2023": the year written once serves both ends, in order."""
    if left.year is not None:
        start = left.spread(left.year)[0]
        return left.year, right.year or (left.year if right.spread(left.year)[1] >= start else left.year + 1)
    right_year = _year(right, reference)
    return (right_year if left.spread(right_year)[0] <= right.spread(right_year)[1] else right_year - 1), right_year


def _opened(text: str, mention: DateMention, reference: dt.date, behind: int) -> DateMention:
    """A date as changed by the words before it: "since January", "before June", "three days after the attack of …"."""
    before = text[max(behind, mention.start - 90) : mention.start]
    offset = _OFFSET.search(before)
    if offset:
        return _moved(mention, offset)
    onwards = _ONWARDS.match(text, mention.end)
    opener = _OPENERS.search(before)
    if onwards and not opener and (origin := _FROM.search(before)):
        start = mention.start - len(origin.group())
        return replace(mention, start=start, kind="since", last=max(reference, mention.first), end=onwards.end())
    if opener is None:
        return mention
    start = mention.start - len(opener.group())
    if opener["since"]:
        return replace(mention, start=start, kind="since", last=max(reference, mention.first))
    if opener["after"]:
        # "after the June 2021 landslide": the event was somewhere in those days
        begins = mention.first if _THING.match(text, mention.end) and mention.kind != "day" else _next(mention.last, 1)
        return replace(mention, start=start, kind="after", first=begins, last=dt.date.max)
    if opener["before"]:
        return replace(mention, start=start, kind="before", first=dt.date.min, last=_next(mention.first, -1))
    return replace(mention, start=start, kind="until", first=dt.date.min)


def _moved(mention: DateMention, offset: re.Match[str]) -> DateMention:
    number = words.count(offset["n"] or "1")
    unit = offset["u"] or offset["u1"]
    back = offset["way"].lower().startswith(("before", "prior"))
    number = -number if back else number
    first, last = words.shift(mention.first, number, unit)[0], words.shift(mention.last, number, unit)[1]
    start = mention.start - len(offset.group())
    return replace(mention, start=start, first=first, last=last, kind="relative")


def _next(day: dt.date, step: int) -> dt.date:
    return words.shift(day, step, "day")[0]
