"""The words that dates are written with, and the days they mean; ``dates`` combines them."""

from __future__ import annotations

import calendar
import datetime as dt
import re

from index.textforms import MONTHS

MONTH_STEMS = tuple(name[:3].lower() for name in MONTHS)
WEEKDAYS = tuple("monday tuesday wednesday thursday friday saturday sunday".split())

_FULL = "|".join(MONTHS)
MONTH = rf"(?:(?:{_FULL})\b|(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?)"
DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
YEAR = r"(?:19|20)\d\d"
WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
COUNT = (
    r"(?:\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|a\s+couple\s+of|a\s+few|"
    r"several|some)"
)
UNIT = r"(?:day|week|fortnight|month|year)"

_NUMBERS = {
    word: number
    for number, word in enumerate(
        ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
    )
}
_VAGUE = {"a": 1, "an": 1, "several": 4, "some": 3}
_UNIT_DAYS = {"day": 1, "week": 7, "fortnight": 14, "month": 30, "year": 365}
#: How far a count of units may be off: "a month later" is rarely thirty days to the day.
_SLACK = {"day": 0, "week": 2, "fortnight": 3, "month": 10, "year": 31}

_SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "fall": (9, 11), "winter": (12, 14)}
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": 4}

Days = tuple[dt.date, dt.date]


def month_number(word: str) -> int:
    """1 to 12 for "Oct.", "october" or "Sept"."""
    return MONTH_STEMS.index(word[:3].lower()) + 1


def month(year: int, number: int) -> Days:
    """First and last day of a month; ``number`` may run past 12 into the next year."""
    year, number = year + (number - 1) // 12, (number - 1) % 12 + 1
    return dt.date(year, number, 1), dt.date(year, number, calendar.monthrange(year, number)[1])


def months(year: int, first: int, last: int) -> Days:
    """First day of one month to last day of another."""
    return month(year, first)[0], month(year, last)[1]


def year_days(year: int) -> Days:
    """All of a year."""
    return dt.date(year, 1, 1), dt.date(year, 12, 31)


def day_number(word: str) -> int:
    """3 for "3rd"."""
    found = re.match(r"\d+", word)
    return int(found.group()) if found else 0


def season(word: str, year: int) -> Days:
    """The three months of a season; winter begins in the year before."""
    first, last = _SEASONS[word.lower()]
    return months(year - 1 if first == 12 else year, first, last)


def quarter(word: str, year: int) -> Days:
    """A quarter by "first", "3rd" or "3"."""
    number = _ORDINALS.get(word.lower()) or int(word[0])
    return months(year, 3 * number - 2, 3 * number)


def part(word: str, days: Days) -> Days:
    """The early, middle or late third of a range of days, or its first or second half."""
    first, last = days
    length = (last - first).days + 1
    word = " ".join(word.lower().split())
    if "half" in word:
        middle = first + dt.timedelta(days=length // 2)
        if length > 300:
            middle = dt.date(first.year, 7, 1)
        return (first, middle - dt.timedelta(days=1)) if word.startswith(("first", "the first")) else (middle, last)
    third = dt.timedelta(days=length // 3)
    if "early" in word or "beginning" in word or "start" in word:
        return first, first + third
    if "mid" in word:
        return first + third, last - third
    return last - third, last


def count(words: str) -> int:
    """3 for "three", 1 for "a", 2 for "a couple of"."""
    words = " ".join(words.lower().split())
    if words.isdigit():
        return int(words)
    if words.startswith("a couple"):
        return 2
    return _NUMBERS.get(words) or _VAGUE.get(words, 3)


def shift(day: dt.date, number: int, unit: str, *, exact: bool = False) -> Days:
    """``number`` units from ``day``, backwards if negative; a range of days, as such counts are rough.

    Args:
        day: Where to count from.
        number: How many units.
        unit: "day", "week", "fortnight", "month" or "year", in any case, plural or not.
        exact: One day, without slack.
    """
    unit = unit.lower().rstrip("s")
    if unit in {"month", "year"}:
        total = day.year * 12 + day.month - 1 + number * (12 if unit == "year" else 1)
        year = min(max(total // 12, 1), 9998)
        last = calendar.monthrange(year, total % 12 + 1)[1]
        middle = dt.date(year, total % 12 + 1, min(day.day, last))
    else:
        middle = _plus(day, number * _UNIT_DAYS[unit])
    slack = 0 if exact else _SLACK[unit]
    return _plus(middle, -slack), _plus(middle, slack)


def _plus(day: dt.date, days: int) -> dt.date:
    try:
        return day + dt.timedelta(days=days)
    except OverflowError:
        return dt.date.min if days < 0 else dt.date.max


def week_of(day: dt.date, offset: int = 0) -> Days:
    """Monday to Sunday of the week ``offset`` weeks from the one that contains ``day``."""
    monday = _plus(day, -day.weekday() + 7 * offset)
    return monday, _plus(monday, 6)
