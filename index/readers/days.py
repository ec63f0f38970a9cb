"""Days, as written in files."""

from __future__ import annotations

import datetime as dt
import re

from index.textforms import MONTHS

#: ``March``, ``Mar``, ``Sept``: any prefix of at least three letters.
_NAME = r"(?P<month>[A-Za-z]{3,9})\.?"
_REST = r"(?:[,T ].*)?"
_FORMS = tuple(
    re.compile(form, re.DOTALL)
    for form in (
        rf"(?P<year>\d{{4}})-(?P<number>\d{{1,2}})-(?P<day>\d{{1,2}}){_REST}",
        rf"(?P<year>\d{{4}})[/.](?P<number>\d{{1,2}})[/.](?P<day>\d{{1,2}}){_REST}",
        r"(?P<year>\d{4})(?P<number>\d{2})(?P<day>\d{2})(?:T.*)?",
        rf"(?:[A-Za-z]+,? +)?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[ -](?:of +)?{_NAME},?[ -](?P<year>\d{{4}}){_REST}",
        rf"(?:[A-Za-z]+,? +)?{_NAME} +(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? +(?P<year>\d{{4}}){_REST}",
        rf"(?P<day>\d{{1,2}})\.(?P<number>\d{{1,2}})\.(?P<year>\d{{4}}){_REST}",
    )
)
_SLASHED = re.compile(rf"(\d{{1,2}})/(\d{{1,2}})/(\d{{4}}){_REST}")


def parse_day(value: object) -> dt.date | None:
    """The calendar day that a field names, as written: a time zone does not move it.

    Args:
        value: A date, a moment, or words ("2022-08-02 17:59:06-04:00", "1 March 2023", "March 1, 2023", "18.05.2023").

    Returns:
        The day; None for None and for empty words.

    Raises:
        ValueError: The value names no day, or could name two ("05/06/2023").
    """
    if value is None:
        return None
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    words = " ".join(str(value)[:100].split())
    if not words:
        return None
    try:
        for form in _FORMS:
            if match := form.fullmatch(words):
                parts = match.groupdict()
                month = int(parts["number"]) if parts.get("number") else _month(parts["month"])
                return dt.date(int(parts["year"]), month, int(parts["day"]))
        if match := _SLASHED.fullmatch(words):
            first, second, year = (int(part) for part in match.groups())
            if first == second or max(first, second) > 12:
                return dt.date(year, min(first, second), max(first, second))
    except ValueError:
        pass
    raise ValueError(f"“{words}” is not a day")


def _month(name: str) -> int:
    for number, month in enumerate(MONTHS, start=1):
        if month.lower().startswith(name.lower()) or (number == 9 and name.lower() == "sept"):
            return number
    raise ValueError(name)
