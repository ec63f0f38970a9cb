"""Date expressions that are complete on their own: "10 October 2023", "early March", "Q3 2023", "last week"."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from index.facts import date_words as words
from index.facts.date_mention import DateKind
from index.facts.date_words import COUNT, DAY, MONTH, UNIT, WEEKDAY, YEAR, Days


@dataclass(frozen=True, slots=True, kw_only=True)
class Atom:
    """One expression; ``spread`` gives its days for a year, and ``year`` is None if none was written."""

    start: int
    end: int
    kind: DateKind
    spread: Callable[[int], Days]
    year: int | None
    weak: bool = False  # "may", "march": a date only in the company of words that call for one


_FLAGS = re.IGNORECASE
_YEAR_TAIL = rf"(?:,?\s+(?:of\s+|in\s+)?(?P<y>{YEAR})(?![\d-]))?"
_TO = (
    r"(?:\s*(?:-|–|—|\bto\b|\bthrough\b|\buntil\b)\s*"
    rf"|\s+(?:and|&)\s+(?=\d\d?(?:st|nd|rd|th)?(?:,?\s+{YEAR}|\s+(?:of\s+)?{MONTH}|[,.;]|\s*\Z)))"
)
_PART = r"(?P<part>early|mid|late|(?:the\s+)?(?:beginning|start|middle|end|first\s+half|second\s+half)\s+of)"
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern, _FLAGS))
    for name, pattern in (
        ("iso", rf"(?<![\w-])(?P<y>{YEAR})[-/](?P<m>0[1-9]|1[0-2])(?:[-/](?P<d1>0[1-9]|[12]\d|3[01]))?(?![\w-])"),
        ("numeric", rf"(?<![\w.])(?P<a>\d\d?)(?P<sep>[/.])(?P<b>\d\d?)(?P=sep)(?P<y>{YEAR})(?!\w)"),
        (
            "day",
            rf"\b(?:{WEEKDAY},?\s+)?(?P<m>{MONTH})\s+(?:the\s+)?(?P<d1>{DAY})(?![\d:])"
            rf"(?:{_TO}(?P<d2>{DAY})(?![\d:])(?!\s+(?:{MONTH})))?{_YEAR_TAIL}",
        ),
        (
            "day",
            rf"(?<![\w.,:])(?:{WEEKDAY},?\s+)?(?:the\s+)?(?P<d1>{DAY})(?:{_TO}(?P<d2>{DAY}))?"
            rf"\s+(?:of\s+)?(?P<m>{MONTH}){_YEAR_TAIL}",
        ),
        (
            "part",
            rf"\b{_PART}[\s-]+(?:in\s+)?(?P<m>{MONTH}){_YEAR_TAIL}",
        ),
        ("part", rf"\b{_PART}[\s-]+(?:in\s+)?(?P<y>{YEAR})\b"),
        ("month", rf"\b(?P<m>{MONTH})(?:,?\s+(?:of\s+|in\s+)?|[-/])(?P<y>{YEAR})\b"),
        ("month", rf"\b(?P<m>{MONTH})(?!\w)"),
        ("season", rf"\b(?P<s>spring|summer|autumn|fall|winter)(?:\s+(?:of|in))?,?\s+(?P<y>{YEAR})\b"),
        ("quarter", rf"\b(?P<q>first|second|third|fourth|last|[1-4](?:st|nd|rd|th))\s+quarter\s+of\s+(?P<y>{YEAR})\b"),
        ("quarter", rf"\bq(?P<q>[1-4])[\s,]*(?P<y>{YEAR})\b"),
        ("years", rf"(?<![\w-])(?P<y>{YEAR})[-–](?P<y2>{YEAR}|\d\d)(?![\w-])"),
        ("year", rf"(?<![\w$€£.,#-])(?P<y>{YEAR})(?!\w|[.,]\d|-\w|%)"),
    )
)
_RELATIVE = re.compile(
    rf"""\b(?:
      (?P<before_yesterday>the\s+day\s+before\s+yesterday)|(?P<yesterday>yesterday(?:\s+(?:morning|afternoon|evening))?|last\s+night)
     |(?P<today>(?:earlier\s+|later\s+)?today|tonight|this\s+(?:morning|afternoon|evening))|(?P<tomorrow>tomorrow)
     |(?P<ago>(?P<ago_n>{COUNT})\s+(?P<ago_u>{UNIT})s?\s+ago)
     |(?P<past>(?:(?:in|over|during|within|for)\s+)?the\s+(?:last|past)\s+(?:(?P<past_n>{COUNT})\s+)?(?P<past_u>{UNIT})s?)
     |(?P<weekend>(?:over|on|this|this\s+past|last)\s+(?:the\s+)?(?:past\s+|last\s+)?weekend)
     |(?P<which>(?:(?:early|late|earlier|later)\s+)?(?:this|last|next|this\s+past|previous))\s+
      (?:(?P<unit>week|month|year)|(?P<season>spring|summer|autumn|fall|winter)|(?P<weekday>{WEEKDAY})|(?P<month>{MONTH})(?!\s+\d))
     |(?P<on_weekday>(?:on\s+)?{WEEKDAY})
    )\b""",
    _FLAGS | re.VERBOSE,
)
_NOT_A_YEAR = re.compile(
    r"\b(?:agenda|vision|resolutions?|unscr|no\.?|number|nearly|some|over|than|approximately|target\s+of)\s+\Z", _FLAGS
)
_COUNTED = re.compile(
    r"\s+(?:more\s+)?(?:people|troops|doses|million|billion|tons?|tonnes|megawatts|mw|km|kilomet|miles|soldiers|jobs|students|"
    r"hostages|prisoners|agenda)",
    _FLAGS,
)


def find_atoms(text: str, reference: dt.date) -> Iterator[Atom]:
    """Every expression of every pattern, in no order and with overlaps."""
    small = text.lower()
    months, digits = any(stem in small for stem in words.MONTH_STEMS), "20" in text or "19" in text
    for name, pattern in _PATTERNS:
        if not (months if "(?P<m>" in pattern.pattern and name != "iso" else digits):
            continue
        for match in pattern.finditer(text):
            try:
                atom = _READERS[name](match)
                if atom is not None:
                    atom.spread(atom.year or 2024)
                    yield atom
            except ValueError:
                continue
    for match in _RELATIVE.finditer(text):
        try:
            days = _relative(match, reference)
        except (ValueError, OverflowError):
            continue
        yield Atom(start=match.start(), end=match.end(), kind="relative", spread=_fixed(days), year=reference.year)


def _atom(match: re.Match[str], kind: DateKind, spread: Callable[[int], Days], *, weak: bool = False) -> Atom:
    year = match.groupdict().get("y")
    return Atom(
        start=match.start(), end=match.end(), kind=kind, spread=spread, year=int(year) if year else None, weak=weak
    )


def _fixed(days: Days) -> Callable[[int], Days]:
    return lambda year: days


def _read_iso(match: re.Match[str]) -> Atom:
    number, day = int(match["m"]), match["d1"]
    if day is None:
        return _atom(match, "month", lambda year: words.month(year, number))
    return _atom(match, "day", lambda year: (dt.date(year, number, int(day)),) * 2)


def _read_numeric(match: re.Match[str]) -> Atom:
    first, second = int(match["a"]), int(match["b"])
    day, number = (second, first) if match["sep"] == "/" and first <= 12 else (first, second)
    return _atom(match, "day", lambda year: (dt.date(year, number, day),) * 2)


def _read_day(match: re.Match[str]) -> Atom | None:
    number = words.month_number(match["m"])
    first = words.day_number(match["d1"])
    last = words.day_number(match["d2"]) if match["d2"] else first
    if last < first:
        return None
    kind: DateKind = "range" if last > first else "day"
    # "12 may attend": the day in front of a small "may" needs company, the day behind it ("may 12") does not
    weak = match["m"].islower() and _ambiguous(match["m"]) and not match["y"] and match.start("d1") < match.start("m")
    return _atom(match, kind, lambda year: (_day(year, number, first), _day(year, number, last)), weak=weak)


def _day(year: int, number: int, day: int) -> dt.date:
    """The day; 29 February of a year without one is the 28th, as the year was a guess."""
    if (number, day) == (2, 29):
        return words.month(year, 2)[1]
    return dt.date(year, number, day)


def _read_part(match: re.Match[str]) -> Atom:
    if "m" in match.groupdict():
        number = words.month_number(match["m"])
        return _atom(match, "part", lambda year: words.part(match["part"], words.month(year, number)))
    return _atom(match, "part", lambda year: words.part(match["part"], words.year_days(year)))


def _read_month(match: re.Match[str]) -> Atom:
    number = words.month_number(match["m"])
    short = len(match["m"].rstrip(".")) < 4 and not match["m"].endswith(".")
    weak = not match.groupdict().get("y") and (short or _ambiguous(match["m"]))
    return _atom(match, "month", lambda year: words.month(year, number), weak=weak)


def _ambiguous(month: str) -> bool:
    return month.lower().rstrip(".") in {"may", "march", "mar"}


def _read_years(match: re.Match[str]) -> Atom | None:
    first, last = int(match["y"]), int(match["y2"])
    last = last if last > 99 else first // 100 * 100 + last
    if not first < last:
        return None
    return _atom(match, "range", _fixed((dt.date(first, 1, 1), dt.date(last, 12, 31))))


def _read_year(match: re.Match[str]) -> Atom | None:
    text = match.string
    if _NOT_A_YEAR.search(text[max(0, match.start() - 20) : match.start()]) or _COUNTED.match(text, match.end()):
        return None
    return _atom(match, "year", words.year_days)


_READERS: dict[str, Callable[[re.Match[str]], Atom | None]] = {
    "iso": _read_iso,
    "numeric": _read_numeric,
    "day": _read_day,
    "part": _read_part,
    "month": _read_month,
    "season": lambda match: _atom(match, "part", lambda year: words.season(match["s"], year)),
    "quarter": lambda match: _atom(match, "part", lambda year: words.quarter(match["q"], year)),
    "years": _read_years,
    "year": _read_year,
}


def _relative(match: re.Match[str], today: dt.date) -> Days:
    found = {name: value for name, value in match.groupdict().items() if value}
    if "today" in found:
        return today, today
    for name, days in (("yesterday", -1), ("before_yesterday", -2), ("tomorrow", 1)):
        if name in found:
            return words.shift(today, days, "day")
    if "ago" in found:
        return words.shift(today, -words.count(found["ago_n"]), found["ago_u"])
    if "past" in found:
        number = words.count(found.get("past_n", "1"))
        return words.shift(today, -number, found["past_u"], exact=True)[0], today
    if "weekend" in found:
        saturday = today - dt.timedelta(days=(today.weekday() - 5) % 7)
        return saturday, saturday + dt.timedelta(days=1)
    if "on_weekday" in found:
        return _weekday(found["on_weekday"].split()[-1], today, 0)
    return _which(found, today)


def _which(found: dict[str, str], today: dt.date) -> Days:
    """ "last week", "this month", "next Tuesday", "last March"."""
    which = found["which"].lower()
    step = -1 if which.endswith(("last", "previous")) else 1 if which.endswith("next") else 0
    days = _unit(found, today, step)
    if which.startswith("early"):
        return words.part("early", days)
    return words.part("late", days) if which.startswith("late ") else days


def _unit(found: dict[str, str], today: dt.date, step: int) -> Days:
    if "weekday" in found:
        return _weekday(found["weekday"], today, step)
    if "month" in found:
        days = words.month(today.year, words.month_number(found["month"]))
        return words.month(today.year + _years_off(days, today, step), days[0].month)
    if "season" in found:
        days = words.season(found["season"], today.year)
        return words.season(found["season"], today.year + _years_off(days, today, step))
    unit = found["unit"].lower()
    if unit == "week":
        return words.week_of(today, step)
    if unit == "month":
        return words.month(today.year, today.month + step)
    return words.year_days(today.year + step)


def _years_off(days: Days, today: dt.date, step: int) -> int:
    """The year of "last March" or "next spring": the nearest one in that direction that is not in progress."""
    if step < 0:
        return 0 if days[1] < today else -1
    return 1 if step > 0 and days[0] <= today else 0


def _weekday(name: str, today: dt.date, step: int) -> Days:
    back = (today.weekday() - words.WEEKDAYS.index(name.lower())) % 7
    if step < 0:
        back = back or 7
    day = today - dt.timedelta(days=back if step <= 0 else back - 7)
    return day, day
