"""What was chosen in the table of all readouts, expressed as filters if filters can say the same."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.errors import ReadoutsError
from assistant.tui.backend import Backend
from assistant.tui.facets import Chosen, Facet
from index.datatypes import Filters


def scope_of(backend: Backend, chosen: Chosen, ids: Sequence[str]) -> Filters:
    """Filters that leave just these readouts: by date, kind, issuer and party if these do, otherwise by their ids.

    "2022, calls" takes two words, is found as fast as anything, and applies to readouts that are added later; many
    ids have none of these advantages.

    Args:
        backend: Says which readouts filters leave; it is asked, as a facet and a filter of the same name may differ.
        chosen: Values of facets by which the table was narrowed; empty if it was narrowed by words or marks as well.
        ids: The readouts.
    """
    said = filters_of(chosen)
    if said and {row.doc_id for row in backend.listed(said)} == set(ids):
        return said
    return Filters(doc_ids=tuple(ids))


def filters_of(chosen: Chosen) -> Filters:
    """The values of facets as filters; none if filters cannot express them: years with a gap, one party or another."""
    years = sorted(chosen.get(Facet.YEAR, ()))
    parties = sorted(chosen.get(Facet.PARTY, ()))
    gap = bool(years) and int(years[-1]) - int(years[0]) != len(years) - 1
    if gap or len(parties) > 1:
        return Filters()
    try:
        return Filters(
            date_from=years[0] if years else None,
            date_to=years[-1] if years else None,
            parties=tuple(parties),
            issuers=tuple(sorted(chosen.get(Facet.ISSUER, ()))),
            kinds=tuple(sorted(chosen.get(Facet.KIND, ()))),
        )
    except ReadoutsError:  # a year or a kind that no filter has
        return Filters()
