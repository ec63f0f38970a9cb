"""Days that a text names; separate from reading them, as every question holds these."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

DateKind = Literal["day", "month", "part", "year", "range", "relative", "since", "after", "before", "until"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DateMention:
    """Days that a text names.

    Attributes:
        start: Offset of the first code point.
        end: Offset one past the last code point.
        first: First day; ``date.min`` if open.
        last: Last day, included; ``date.max`` if open.
        kind: "day", "month", "part" (of a month or year, a season, a quarter), "year", "range", "relative" (read
            against the reference day), or, with an open end, "since", "after", "before", "until".
        has_year: False if the year was not written and the latest past one was assumed.
    """

    start: int
    end: int
    first: dt.date
    last: dt.date
    kind: DateKind
    has_year: bool = True
