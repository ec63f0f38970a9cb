"""Other readouts of the same event, judged by days and parties."""

from __future__ import annotations

import datetime as dt

from assistant.errors import ReadoutsError
from assistant.tui.backend import Backend
from index.datatypes import Filters, Readout, Record, Side

#: One event may have two dates across time zones, and its readouts are published within days.
_DAYS = dt.timedelta(days=3)
_MOST = 6


def related(backend: Backend, readout: Readout) -> tuple[Record, ...]:
    """Readouts within three days that share a counterpart, the nearest day first; none if neither is known."""
    facts = readout.facts
    date = facts.event_date or readout.source.published
    names = [p.country or p.name for p in facts.parties if p.side is Side.COUNTERPART]
    if date is None:
        return ()
    found: dict[str, Record] = {}
    for name in dict.fromkeys(name for name in names[:2] if name):
        try:
            near = backend.records(
                Filters(date_from=date - _DAYS, date_to=date + _DAYS, parties=(name,)), limit=_MOST + 1
            )
        except ReadoutsError:  # an extra beside the readout, which is there
            continue
        found |= {r.source.doc_id: r for r in near if r.source.doc_id != readout.source.doc_id}

    def far(record: Record) -> tuple[int, str]:
        day = record.facts.event_date or record.source.published or date
        return abs((day - date).days), record.source.doc_id

    return tuple(sorted(found.values(), key=far)[:_MOST])
