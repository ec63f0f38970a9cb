"""Whether a readout is about diplomacy or an event at home."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.datatypes import Kind, Party, Side
from index.facts.countries import find_countries
from index.facts.opening import Opening

_HOME = re.compile(
    r"\b(?:governors?|mayors?|senators?|congress(?:ional|man|woman)?|house (?:members|leadership"
    r"|republicans|democrats)|caucus|ceos?|business(?:es)? leaders|labor|union leaders|advocates?"
    r"|advocacy|"
    r"legislators?|legislative|attorneys? general|task force|tribal|tribes|students?|educators?"
    r"|teachers|veterans?|faith leaders|stakeholders?|communit(?:y|ies)|families|parents|workers"
    r"|interagency|"
    r"industry|experts|police|law enforcement|state officials|local|elected officials|government "
    r"members|members of the government|economic issues|supervisory board|council for|"
    r"federal|head of the republic|companies|entrepreneurs|american|fema|cabinet|democrats|republicans"
    r"|lawmakers|diaspora|philanthrop\w+|investors|economists|civil rights|nonprofits?)\b",
    re.IGNORECASE,
)
_ABROAD = re.compile(
    r"\b(?:counterparts?|foreign|ambassadors|allies|bilateral|trilateral|quadrilateral|multilateral"
    r"|head of state|european|transatlantic|western hemisphere|(?:northern )?central america|african|"
    r"pacific islands?|caribbean|asian foreign|indo-pacific|envoy|peace talks|gaza|west bank"
    r"|human rights activists?|hostages?|middle east)\b",
    re.IGNORECASE,
)
#: Offices that nobody holds at home, or that represent many countries.
_FOREIGN_OFFICE = re.compile(
    r"\b(?:King|Queen|Pope|Emir|Amir|Sultan|Prime Minister|Crown Prince|Taoiseach|High Representative"
    r"|Secretary[- ]General|Commissioner[- ]General|Cardinal|Patriarch|(?:of|for) the World"
    r"|International|"
    r"World|European|United Nations|Foreign Minister)\b"
)
#: Countries whose own offices bear such names.
_WITH_PREMIER = frozenset({"Russia", "Ukraine"})


def is_diplomatic(opening: Opening, kind: Kind, parties: Sequence[Party], issuer_country: str) -> bool:
    """True if a party speaks for another country or a body, or if the words of the title point abroad."""
    for party in parties:
        if party.side is Side.COUNTERPART and party.country not in ("", issuer_country):
            return True
        if not party.country and _FOREIGN_OFFICE.search(party.office) and issuer_country not in _WITH_PREMIER:
            return True
        if not party.country and re.search(r"\b(?:World|International|European)\b", party.office):
            return True
    title = re.sub(r"\b\w+[-‑–]American\b", " ", opening.headline)
    if issuer_country in _WITH_PREMIER:
        title = re.sub(r"\b(?:Deputy )?(?:Prime|Foreign) Minister\b", " ", title)
    if kind is Kind.VISIT and any(mention.country != issuer_country for mention in find_countries(title)):
        return True
    if _ABROAD.search(title):
        return not re.search(r"\b(?:american|antisemitism|islamophobia)\b", title, re.IGNORECASE)
    words = re.sub(r"\b\w+[-‑–]American\b", " ", f"{opening.title} {opening.clause}")
    abroad = any(mention.country != issuer_country and mention.form != "capital" for mention in find_countries(words))
    if abroad or _ABROAD.search(words):
        return not _HOME.search(opening.title)
    return not issuer_country and not _HOME.search(words)
