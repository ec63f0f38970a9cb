"""The history of a text, for the top of the reading pane: where else it was posted, and when it was reworded."""

from __future__ import annotations

from assistant.errors import ReadoutsError
from assistant.tui import texts
from assistant.tui.backend import Backend
from index.datatypes import Filters

#: How many other postings are named.
_MOST = 3


def wordings(backend: Backend, doc_id: str) -> tuple[tuple[str, str], ...]:
    """Names and values of these facts; none for a text that was posted once and never reworded."""
    try:
        records = backend.records(Filters(doc_ids=(doc_id,)), limit=1)
        versions = backend.versions(doc_id)
    except ReadoutsError:  # an extra beside the readout, which is there
        return ()
    rows = []
    also = records[0].also if records else ()
    if also:
        named = [f"{one.doc_id} ({texts.day(one.published)})" if one.published else one.doc_id for one in also[:_MOST]]
        more = f", and {len(also) - _MOST} more" if len(also) > _MOST else ""
        rows.append(("posted", texts.line(f"also as {', '.join(named)}{more}")))
    if len(versions) > 1 and versions[-2].superseded:
        day = texts.day(versions[-2].superseded.date())
        rows.append(("reworded", texts.line(f"on {day}; what: readouts show {doc_id} --diff")))
    return tuple(rows)
