"""Days that a follow-up names relative to the readout before it: "a week later", "that May", "the year before"."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.facts import date_words as words
from index.facts.date_words import COUNT, MONTH, UNIT, Days

_COUNTED = re.compile(
    rf"\b(?:(?P<n>{COUNT})\s+(?P<u>{UNIT})s?|(?<!the )(?P<us>(?:day|week|month|year)s))\s+"
    r"(?P<way>later|after(?:wards?)?|on|earlier|before(?:hand)?|prior|previously)\b(?!\s+(?:the|his|her|their|its|\d|[A-Z]))",
    re.IGNORECASE,
)
_STEP = re.compile(
    r"\b(?:the\s+)?(?P<way>next|following|previous|preceding|prior|same|earlier\s+(?:that|the\s+same)|later\s+(?:that|the\s+same)|that|the\s+very\s+same)"
    r"\s+(?P<u>day|week|month|year|morning|evening|afternoon|night|summer|spring|autumn|fall|winter)\b"
    r"|\bthe\s+(?P<u2>day|week|month|year)\s+(?P<way2>before|after)\b",
    re.IGNORECASE,
)
_MONTH = re.compile(
    r"\b(?P<way>next|following|previous|preceding|last|that\s+same|that|same|in|early|mid|late|during|since|by|the)[\s-]+"
    rf"(?:the\s+)?(?P<m>{MONTH})(?!\s*(?:\d|of\s+\d))"
    r"(?:\s+(?:of\s+)?(?P<year>that|the\s+same|the\s+next|the\s+following|the\s+previous)\s+year)?",
    re.IGNORECASE,
)
_PLANNED = re.compile(
    r"\b(?:plan|plans|planned|planning|expect|expected|agree|agreed|intend|intended|hope|hoped|will|would|going|due|set|"
    r"commit|committed|look|looked|promise|promised|scheduled|want|wanted)\b[^?]*\b(?:next|again|later|follow)",
    re.IGNORECASE,
)
_NEXT = re.compile(
    r"\b(?:next|again|following|subsequent|after\s+that|afterwards|later|then\s+(?:meet|met|call|speak))\b",
    re.IGNORECASE,
)
_PREVIOUS = re.compile(
    r"\b(?:previous|previously|before\s+that|prior|earlier|preceding|last\s+time|the\s+time\s+before)\b", re.IGNORECASE
)
_EVENT = re.compile(
    r"\b(?:call|calls|called|meeting|meetings|met|meet|talk|talks|talked|spoke|speak|conversation|visit|visited|readout|session|saw|see|trip|"
    r"time|that)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """Where a follow-up moves in time.

    Attributes:
        first: First day meant.
        last: Last day meant.
        same: True for the day of the readout before.
        read: True if exactly one day is meant, that of a readout known to be in the range.
    """

    first: dt.date
    last: dt.date
    same: bool = False
    read: bool = False


def moved(text: str, day: dt.date, days: Sequence[dt.date]) -> Moved | None:
    """The days that ``text`` names relative to the day of the readout before it; None if it names none that way.

    Args:
        text: The follow-up.
        day: Day of that readout.
        days: Days on which the same parties have readouts, ascending; one that lies in the range meant is the one meant.
    """
    step = _STEP.search(text)
    if (
        step
        and (step["way"] or "").lower() in {"same", "that", "the very same"}
        and (step["u"] or "").lower() in _OF_A_DAY
    ):
        return Moved(first=day, last=day, same=True)
    month = _MONTH.search(text)
    window = _of_month(month, day, days) if month else _window(text, day, step)
    if window is not None:
        inside = [other for other in days if window[0] <= other <= window[1] and other != day]
        if inside:
            nearest = min(inside, key=lambda other: abs(other - (window[0] + (window[1] - window[0]) / 2)))
            only = len(inside) == 1
            return Moved(first=nearest if only else window[0], last=nearest if only else window[1], read=only)
        return Moved(first=window[0], last=window[1])
    if not _EVENT.search(text):
        return None
    if _PREVIOUS.search(text):
        earlier = [other for other in days if other < day]
        return Moved(first=earlier[-1], last=earlier[-1], read=True) if earlier else None
    if _NEXT.search(text) and not _PLANNED.search(text):
        later = [other for other in days if other > day]
        return Moved(first=later[0], last=later[0], read=True) if later else None
    return None


_OF_A_DAY = {"day", "morning", "evening", "afternoon", "night"}
_BACK = ("earlier", "before", "beforehand", "prior", "previously", "previous", "preceding")


def _window(text: str, day: dt.date, step: re.Match[str] | None) -> Days | None:
    counted = _COUNTED.search(text)
    if counted:
        return _counted(counted, day)
    if step is None:
        return None
    way, unit = (step["way"] or step["way2"]).lower(), (step["u"] or step["u2"]).lower()
    sign = -1 if way.startswith(_BACK[:2] + _BACK[4:]) and "same" not in way and "that" not in way else 1
    if way.startswith(("earlier", "later")):
        whole = _whole(unit, day, 0)
        return (whole[0], day) if way.startswith("earlier") else (day, whole[1])
    if way in {"that", "same", "the very same"}:
        return _whole(unit, day, 0)
    return _whole(unit, day, sign)


def _whole(unit: str, day: dt.date, offset: int) -> Days:
    """The day, week, month, season or year that is ``offset`` units after the one that contains ``day``."""
    if unit in _OF_A_DAY:
        return words.shift(day, offset, "day")
    if unit == "week":
        near = words.shift(day, 7 * offset, "day")[0]
        return words.week_of(near)
    if unit == "month":
        return words.month(day.year, day.month + offset)
    if unit == "year":
        return words.year_days(day.year + offset)
    return words.season(unit, day.year + offset)


def _counted(counted: re.Match[str], day: dt.date) -> Days:
    unit = (counted["u"] or counted["us"]).lower().rstrip("s")
    back = counted["way"].lower().startswith(_BACK)
    said = " ".join((counted["n"] or "some").lower().split())
    number = words.count(said)
    if said in {"some", "several", "a few"}:
        low, high = (1, 7) if unit == "day" else (2, 7)
        near, far = (words.shift(day, number, unit, exact=True)[0] - day for number in (low, high))
        return (day - far, day - near) if back else (day + near, day + far)
    first, last = words.shift(day, -number if back else number, unit)
    if unit == "day" and number > 1:
        return first - dt.timedelta(days=1), last + dt.timedelta(days=1)
    return first, last


def _of_month(found: re.Match[str], day: dt.date, days: Sequence[dt.date]) -> Days:
    """The month meant by a name: of the same year if a readout lies in it, otherwise of an adjacent year."""
    number, way = words.month_number(found["m"]), (found["year"] or found["way"]).lower()
    if found["year"]:
        offset = 1 if way.endswith(("next", "following")) else -1 if way.endswith("previous") else 0
        return words.month(day.year + offset, number)
    same = words.month(day.year, number)
    after = same if same[0] > day else words.month(day.year + 1, number)
    before = same if same[1] < day else words.month(day.year - 1, number)
    if way in {"next", "following"}:
        return after
    if way in {"previous", "preceding", "last"}:
        return before
    if "that" in way or "same" in way:
        return same
    options = [same, before, after]
    return next((option for option in options if any(option[0] <= other <= option[1] for other in days)), same)
