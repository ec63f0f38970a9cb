"""Who else took part: lists of those present, read from any part of a readout."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence

from index.datatypes import Party, Side
from index.facts.joining import Candidate, add, is_person, resolved, same_name
from index.facts.opening import split_sentences
from index.facts.people import find_people

#: Groups of countries, without officials of their own.
_CLUBS = frozenset({"G7", "G20", "Quad", "AUKUS", "BRICS"})
#: How far into a long transcript to search, and how long a list may be.
_LONGEST, _LONGEST_LIST = 12_000, 1_500
_AFTER = re.compile(
    r"""\b(?:
      joined\ (?:\w+\ ){0,3}by | (?:accompanied|attended|co-?chaired|chaired|hosted|led)\ by
    | in\ attendance\ (?:was|were|included) | (?:participants|attendees)[^.:\n]{0,60}:
    | (?:participants|attendees)\ (?:also\ )?(?:included|were|in\ the\ \w+\ (?:included|were))
    | taking\ part\ in[^.\n]{0,80}\b(?:was|were) | members\ of\ the\ board[^.\n]{0,60}included
    | (?:meeting|event|session|call|attending|discussion|talks|roundtable|conversation|briefing|convening)
      \ (?:\w+\ )?(?:also\ )?(?:included|including|featured|was\ attended\ by|were\ attended\ by)
    | officials\W+(?:\w+\ )?(?:including|included) | heard\ (?:directly\ |remarks\ )?from | remarks\ (?:by|from)
    | were\ welcomed\ by | with\ the\ participation\ of | alongside | together\ with
    | from\ the\ (?:white\ house|administration):
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_BEFORE = re.compile(
    r"""\b(?:
      also\ (?:joined|attended|participated|took\ part|spoke) | joined\ (?:the|for|part|in|them|him|her)\b
    | (?:were|was)\ (?:also\ )?(?:joined|present|in\ attendance)\b(?!\ by)
    | participated\ in | took\ part\ in | attended\ the\b
    )""",
    re.IGNORECASE | re.VERBOSE,
)


def read_participants(
    text: str, parties: Sequence[Party], issuer_country: str, day: dt.date | None
) -> tuple[Party, ...]:
    """Others who took part: named after "joined by", "participants included", or before "also joined"."""
    others = []
    for party in present(text, issuer_country, day):
        if not any(same_name(party.name, other.name) for other in parties if other.name):
            others.append(party)
    return tuple(others)


def present(text: str, issuer_country: str, day: dt.date | None, pieces: Sequence[str] = ()) -> list[Party]:
    """Everybody whom the text names as present, once each, in order.

    Args:
        text: The whole text.
        issuer_country: The country assumed for those without a stated one.
        day: Day by which an issuer's principals are known.
        pieces: Further pieces of text that name those present; these are read first.
    """
    found: list[Candidate] = []
    for piece in (*pieces, *_lists(text[:_LONGEST])):
        for person in find_people(piece):
            if person.name and not person.owner and (person.office or len(person.name.split()) > 1):
                add(found, resolved(Candidate(person=person, first=True), issuer_country, day))
    return [
        Party(name=person.name, office=person.office, country=country, side=side)
        for person in (candidate.person for candidate in found)
        if is_person(person, text)
        for country in (person.country or issuer_country,)
        for side in (Side.OWN if country and country == issuer_country else Side.COUNTERPART,)
    ]


def unique(parties: Sequence[Party]) -> list[Party]:
    """Each party once; one without a name gives way to anybody from its country, and a group to two of its members."""
    named = {party.country for party in parties if party.name}
    abroad = {party.country for party in parties if party.side is Side.COUNTERPART and party.country} - _CLUBS
    kept: list[Party] = []
    for party in parties:
        if not party.name and (party.country in named or (party.country in _CLUBS and len(abroad) > 1)):
            continue
        same = (other for other in kept if other.country == party.country)
        if not any(not party.name or same_name(other.name, party.name) for other in same):
            kept.append(party)
    return kept


def _lists(text: str) -> Iterator[str]:
    """Pieces of the text that list who was there; a list below "Participants included:" counts as one piece."""
    read = 0
    for match in _AFTER.finditer(text):
        if match.start() < read:
            continue
        end = text.find("\n\n", match.end())
        paragraph = text[match.end() : end if end >= 0 else len(text)][:_LONGEST_LIST].lstrip(" :*")
        piece = split_sentences(paragraph)[0] if paragraph else text[match.end() : match.end() + _LONGEST_LIST]
        read = match.end() + len(piece)
        yield piece
    read = 0
    for match in _BEFORE.finditer(text):
        start = max(text.rfind(stop, read, match.start()) for stop in ("\n", ". ", "! ")) + 1
        if match.start() > read:
            yield text[max(start, read, match.start() - 600) : match.start()]
        read = match.end()
