"""Whether a readout tells of diplomacy or of an event at home."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.datatypes import Party, Side
from index.facts.countries import find_countries
from index.facts.opening import Opening

_HOME = re.compile(
    r"\b(?:governors?|mayors?|senators?|congress(?:ional|man|woman)?|house (?:members|leadership|republicans|democrats)|caucus|ceos?|business(?:es)? leaders|labor|union leaders|advocates?|advocacy|"
    r"legislators?|legislative|attorneys? general|task force|tribal|tribes|students?|educators?|teachers|veterans?|faith leaders|stakeholders?|communit(?:y|ies)|families|parents|workers|interagency|"
    r"roundtable|industry|experts|police|law enforcement|state officials|local|elected officials|government members|members of the government|economic issues|supervisory board|council for|"
    r"federal|head of the republic|companies|entrepreneurs|american|fema|cabinet|democrats|republicans|lawmakers|philanthrop\w+|investors|economists|civil rights|nonprofits?|women leaders)\b",
    re.IGNORECASE,
)
_ABROAD = re.compile(
    r"\b(?:counterparts?|foreign|ambassadors?|allies|bilateral|trilateral|quadrilateral|multilateral|prime minister|head of state|european|transatlantic|western hemisphere|central american?|african|"
    r"pacific islands?|caribbean|asian foreign|indo-pacific|envoy|leaders[’']? summit|diaspora|overseas|peace talks|geneva|global|international)\b",
    re.IGNORECASE,
)


def is_diplomatic(opening: Opening, parties: Sequence[Party], issuer_country: str) -> bool:
    """True where a party speaks for another country or a body, or where the words of the title point abroad."""
    foreign = [party for party in parties if party.side is Side.COUNTERPART and party.country and party.country != issuer_country]
    if foreign:
        return True
    words = f"{opening.title} {opening.clause}"
    abroad = [
        mention for mention in find_countries(words)
        if mention.country != issuer_country and mention.form != "capital"
    ]  # fmt: skip
    if abroad or _ABROAD.search(words):
        return not _HOME.search(opening.title)
    if not issuer_country:
        return not _HOME.search(words)
    return False
