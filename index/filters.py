"""Which readouts count: kinds, ranges of days, and ``Filters`` made of them."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from index.errors import FilterError


class Kind(StrEnum):
    """The kind of event a readout reports."""

    CALL = "call"
    VIDEO_CALL = "video call"
    MEETING = "meeting"
    VISIT = "visit"
    STATEMENT = "statement"
    ANNOUNCEMENT = "announcement"
    OTHER = "other"


#: What ``--kind`` takes, and the kinds each word stands for.
KIND_FILTERS: Mapping[str, frozenset[Kind]] = {
    "call": frozenset({Kind.CALL, Kind.VIDEO_CALL}),
    "video call": frozenset({Kind.VIDEO_CALL}),
    "meeting": frozenset({Kind.MEETING}),
    "visit": frozenset({Kind.VISIT}),
    "statement": frozenset({Kind.STATEMENT}),
    "announcement": frozenset({Kind.ANNOUNCEMENT}),
    "other": frozenset({Kind.OTHER}),
}


def iso(day: dt.date | None) -> str | None:
    """``2023-05-18``, or None."""
    return day.isoformat() if day else None


#: Most names in a filter, and most characters of one: more than anybody types, and as much as SQLite takes in one statement.
MOST_NAMES, LONGEST_NAME = 300, 1000
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?\Z")


def parse_bound(value: str | dt.date | None, *, last: bool) -> dt.date | None:
    """Read one end of a range of days.

    Args:
        value: A date, or ``2023``, ``2023-05``, ``2023-05-18``; None or empty for an open end.
        last: True for the end of the range: ``2023-05`` then means 31 May.

    Raises:
        FilterError: The text is not such a date.
    """
    if value is None or isinstance(value, dt.date):
        return value
    text = value.strip()
    if not text:
        return None
    match = _DATE.match(text)
    try:
        if match is None:
            raise ValueError
        year, month, day = (int(part) if part else None for part in match.groups())
        assert year is not None
        month = (12 if last else 1) if month is None else month
        if day is None:
            day = calendar.monthrange(year, month)[1] if last else 1
        return dt.date(year, month, day)
    except (ValueError, calendar.IllegalMonthError):
        raise FilterError(f"“{value}” is not a date.", mend="Write 2023, 2023-05 or 2023-05-18.") from None


@dataclass(frozen=True, slots=True, init=False)
class Filters:
    """Which readouts a query may find; or, used as a preference, which ones it should favour.

    A readout fits if every part that is not empty fits: its event date (otherwise its date of publication) lies in the range,
    ends included; every name in ``parties`` is one of its parties or participants (person, country, body or office); its
    issuer is one of ``issuers``; its kind is one of ``kinds``; its id is one of ``doc_ids``.

    Args:
        date_from: First day; a date or ``2023``, ``2023-05``, ``2023-05-18``.
        date_to: Last day, the same.
        parties: Names; all must fit.
        issuers: Issuers; one must fit. Part of the name will do ("White House", "Kremlin").
        kinds: Any of ``call``, ``video call``, ``meeting``, ``visit``, ``statement``, ``announcement``, ``other``.
        doc_ids: Only these readouts.
        copies: Show every posting of a text that was posted more than once, not only the leading one.

    Raises:
        FilterError: A date or a kind is invalid, the range is empty, or there are too many names or one is too long.
    """

    date_from: dt.date | None
    date_to: dt.date | None
    parties: tuple[str, ...]
    issuers: tuple[str, ...]
    kinds: tuple[str, ...]
    doc_ids: tuple[str, ...]
    copies: bool

    def __init__(
        self,
        *,
        date_from: str | dt.date | None = None,
        date_to: str | dt.date | None = None,
        parties: tuple[str, ...] | list[str] = (),
        issuers: tuple[str, ...] | list[str] = (),
        kinds: tuple[str, ...] | list[str] = (),
        doc_ids: tuple[str, ...] | list[str] = (),
        copies: bool = False,
    ) -> None:
        first, last = parse_bound(date_from, last=False), parse_bound(date_to, last=True)
        if first and last and first > last:
            raise FilterError(f"The range from {first} to {last} is empty.", mend="Swap the two dates.")
        names = tuple(str(kind).lower().strip() for kind in kinds)
        for name in names:
            if name not in KIND_FILTERS:
                raise FilterError(
                    f"“{name}” is not a kind of readout.", mend=f"Choose from: {', '.join(KIND_FILTERS)}."
                )
        _check_names("parties", parties)
        _check_names("issuers", issuers)
        object.__setattr__(self, "date_from", first)
        object.__setattr__(self, "date_to", last)
        object.__setattr__(self, "parties", tuple(parties))
        object.__setattr__(self, "issuers", tuple(issuers))
        object.__setattr__(self, "kinds", names)
        object.__setattr__(self, "doc_ids", tuple(doc_ids))
        object.__setattr__(self, "copies", copies)

    def __bool__(self) -> bool:
        return bool(self.date_from or self.date_to or self.parties or self.issuers or self.kinds or self.doc_ids)

    def __and__(self, other: Filters) -> Filters:
        """Both combined: the narrower range, all parties; issuers, kinds and ids that both name, or of the one that names any.

        Raises:
            FilterError: The two ranges of dates do not overlap, or both name issuers (kinds, ids) and have none in common.
        """
        starts = [day for day in (self.date_from, other.date_from) if day]
        ends = [day for day in (self.date_to, other.date_to) if day]
        return Filters(
            date_from=max(starts, default=None),
            date_to=min(ends, default=None),
            parties=tuple(dict.fromkeys(self.parties + other.parties)),
            issuers=_narrower("issuer", self.issuers, other.issuers),
            kinds=_narrower("kind", self.kinds, other.kinds),
            doc_ids=_narrower("id", self.doc_ids, other.doc_ids),
            copies=self.copies or other.copies,
        )

    def __sub__(self, other: Filters) -> Filters:
        """These without the parts that the other has too; a date is dropped if the other names the same one."""
        return Filters(
            date_from=None if self.date_from == other.date_from else self.date_from,
            date_to=None if self.date_to == other.date_to else self.date_to,
            parties=_without(self.parties, other.parties),
            issuers=_without(self.issuers, other.issuers),
            kinds=_without(self.kinds, other.kinds),
            doc_ids=_without(self.doc_ids, other.doc_ids),
            copies=self.copies,
        )

    def to_dict(self) -> dict[str, Any]:
        """The filters as the public JSON has them."""
        return {
            "from": iso(self.date_from),
            "to": iso(self.date_to),
            "parties": list(self.parties),
            "issuers": list(self.issuers),
            "kinds": list(self.kinds),
        }


def _check_names(what: str, names: Sequence[str]) -> None:
    if len(names) > MOST_NAMES:
        raise FilterError(
            f"A filter names {len(names):,} {what}; {MOST_NAMES} are the most.", mend="Ask with fewer at a time."
        )
    longest = max(map(len, names), default=0)
    if longest > LONGEST_NAME:
        raise FilterError(
            f"A name in a filter has {longest:,} characters; {LONGEST_NAME:,} are the most.",
            mend="Write part of the name; not all its words are needed.",
        )


def _without(ours: tuple[str, ...], theirs: tuple[str, ...]) -> tuple[str, ...]:
    away = frozenset(theirs)  # ids may be as many as the index holds
    return tuple(name for name in ours if name not in away)


def _narrower(what: str, ours: tuple[str, ...], theirs: tuple[str, ...]) -> tuple[str, ...]:
    if not (ours and theirs):
        return ours or theirs
    common = frozenset(ours) & frozenset(theirs)
    both = tuple(name for name in ours if name in common)
    if not both:
        raise FilterError(
            f"No readout has the {what} {' or '.join(ours)} and the {what} {' or '.join(theirs)}.",
            mend="Leave one of them out.",
        )
    return both
