"""What a readout says about its own event, read by rule: when, who, where, what kind."""

from __future__ import annotations

import re

from index.datatypes import Document, Facts
from index.facts.attendance import read_participants
from index.facts.countries import country_of, find_countries
from index.facts.events import read_days
from index.facts.given import given_day, given_flag, given_kind, given_parties, given_text
from index.facts.kinds import read_kind
from index.facts.opening import read_opening
from index.facts.parties import Reading, at_home, read_parties
from index.facts.places import read_place
from index.facts.scope import is_diplomatic

__all__ = ["FACTS_VERSION", "issuer_country", "read_facts"]

#: Raise it when the rules change, so that facts of unchanged documents are read again.
FACTS_VERSION = 5


def read_facts(document: Document) -> Facts:
    """Read the facts of one readout; what the file states itself wins over the rules.

    A stated value that means nothing ("kind: whatever") is skipped. No text makes this fail.
    """
    given, source = document.given, document.source
    opening, country = read_opening(document), issuer_country(source.issuer)
    kind = given_kind(given.get("kind")) or read_kind(opening)
    published = source.published
    day, end = read_days(opening, kind, published)
    stated = given_day(given.get("event_date"))
    if stated is not None:
        day, end = stated, None
    stated_end = given_day(given.get("event_end"))
    if stated_end is not None and (day is None or stated_end > day):
        end = stated_end
    parties = given_parties(given.get("parties"), country)
    if parties is None:
        reading = Reading(
            opening=opening, kind=kind, country=country, issuer=source.issuer, day=day or published, text=document.text
        )
        parties = read_parties(reading)
    participants = given_parties(given.get("participants"), country)
    if participants is None:
        participants = read_participants(document.text, parties, country, day or published)
    diplomatic = given_flag(given.get("diplomatic"))
    if diplomatic is None:
        diplomatic = is_diplomatic(opening, kind, parties, country)
    if not diplomatic and "parties" not in given:
        parties = at_home(parties, country)
    place = given_text(given.get("place"))
    return Facts(
        event_date=day,
        event_end=end,
        kind=kind,
        diplomatic=diplomatic,
        place=read_place(opening, kind) if place is None else place,
        parties=parties,
        participants=participants,
    )


def issuer_country(issuer: str) -> str:
    """Country or body that an issuer speaks for ("Kremlin (President of Russia)" gives Russia); empty if unknown."""
    whole = country_of(re.sub(r"\s*\(.*", "", issuer).strip())
    mentions = find_countries(issuer)
    if whole is not None or not mentions:
        return whole or ""
    names = [mention for mention in mentions if mention.form in ("name", "acronym", "body")] or list(mentions)
    return names[-1].country
