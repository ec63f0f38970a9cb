"""Questions to begin with, made from what is in the index, so that each has an answer; pure."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence

from assistant.tui import texts
from index.datatypes import Record, Side

#: The latest readouts, among which the examples are looked for.
LOOKED_AT = 400


def examples(records: Sequence[Record]) -> tuple[str, ...]:
    """Up to three questions: what was said, how often, and one with filters.

    Args:
        records: The latest readouts, the latest first.
    """
    met = [(record, pair) for record in records if (pair := _pair(record)) and _day(record)]
    made: list[str] = []
    if met:
        record, (own, other) = met[0]
        day = _day(record)
        assert day is not None
        made.append(f"What did {own} and {other} discuss in {day:%B %Y}?")
        often = Counter((pair, day.year) for r, pair in met if (day := _day(r)))
        ((own, other), year), _ = often.most_common(1)[0]
        made.append(f"How many times did {own} and {other} speak in {year}?")
    countries = Counter(
        (party.country, day.year)
        for record in records
        for party in record.facts.parties
        if party.side is Side.COUNTERPART and party.country and (day := _day(record))
    )
    if countries:
        (country, year), _ = countries.most_common(1)[0]
        name = f'"{country}"' if " " in country else country
        made.append(f"party:{name} from:{year} security")
    return tuple(map(texts.line, made))


def _pair(record: Record) -> tuple[str, str] | None:
    """Who met whom, if both have a name."""
    names = {side: next((p.name for p in record.facts.parties if p.side is side and p.name), "") for side in Side}
    own, other = names[Side.OWN], names[Side.COUNTERPART]
    return (own, other) if own and other else None


def _day(record: Record) -> dt.date | None:
    return record.facts.event_date or record.source.published
