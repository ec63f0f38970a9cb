"""Facts that a file states itself, read leniently: a value that means nothing is left to the rules."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from typing import Any

from index.datatypes import Kind, Party, Side
from index.facts.countries import country_of
from index.facts.dates import find_dates
from index.facts.people import find_people
from index.textforms import fold

_TRUE = frozenset({"true", "yes", "1", "diplomatic", "foreign"})
_FALSE = frozenset({"false", "no", "0", "domestic"})
_KINDS = {
    "phone call": Kind.CALL, "telephone call": Kind.CALL, "telephone conversation": Kind.CALL, "video": Kind.VIDEO_CALL,
    "videoconference": Kind.VIDEO_CALL, "virtual meeting": Kind.VIDEO_CALL, "video conference": Kind.VIDEO_CALL,
    "joint statement": Kind.STATEMENT, "travel": Kind.VISIT, "trip": Kind.VISIT, "talks": Kind.MEETING,
}  # fmt: skip


def given_day(value: Any) -> dt.date | None:
    """A date, or the one in a text ("2023-02-28", "28 February 2023"); None for anything else."""
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    if not isinstance(value, str):
        return None
    try:
        return dt.date.fromisoformat(value.strip()[:10])
    except ValueError:
        days = [
            mention for mention in find_dates(value[:80], dt.date.today()) if mention.kind == "day" and mention.has_year
        ]
        return days[0].first if days else None


def given_kind(value: Any) -> Kind | None:
    """A kind by its name or a common word for it."""
    if not isinstance(value, str):
        return None
    word = " ".join(re.split(r"[\s_-]+", value.strip().lower()))
    try:
        return Kind(word)
    except ValueError:
        return _KINDS.get(word)


def given_flag(value: Any) -> bool | None:
    """True or False, also as words."""
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower() if isinstance(value, str | int) else ""
    return True if word in _TRUE else False if word in _FALSE else None


def given_text(value: Any) -> str | None:
    """A single line of text; None for anything else, including an empty one."""
    return " ".join(value.split()) or None if isinstance(value, str) else None


def given_parties(value: Any, issuer_country: str) -> tuple[Party, ...] | None:
    """Parties as a list of names or mappings, one mapping, or names separated by semicolons; None if there are none."""
    if isinstance(value, str):
        value = [piece for piece in re.split(r"\s*;\s*|\n", value) if piece.strip()]
    elif isinstance(value, Mapping):
        value = [value]
    if not isinstance(value, list | tuple):
        return None
    parties = [party for item in value if (party := _party(item, issuer_country)) is not None]
    return tuple(_own_first(parties)) if parties else None


def _own_first(parties: Iterable[Party]) -> list[Party]:
    return sorted(parties, key=lambda party: party.side is not Side.OWN)


def _party(item: Any, issuer_country: str) -> Party | None:
    if isinstance(item, str):
        return _written(item.strip(), issuer_country)
    if not isinstance(item, Mapping):
        return None
    name, office = given_text(item.get("name")) or "", given_text(item.get("office")) or ""
    country = next((text for key in ("country", "body") if (text := given_text(item.get(key)))), "")
    if not (name or office or country):
        return None
    country = country_of(country) or country
    return Party(name=name, office=office, country=country, side=_side(item.get("side"), country, issuer_country))


def _written(text: str, issuer_country: str) -> Party | None:
    """One party in words: "Japan", "Prime Minister Kishida of Japan", "Fumio Kishida (Japan)"."""
    if not text:
        return None
    if (country := country_of(text)) is not None:
        return Party(country=country, side=_side(None, country, issuer_country))
    match = re.fullmatch(r"(?P<name>[^()]+?)\s*\((?P<more>[^()]+)\)", text)
    if match and (country := country_of(match["more"])) is not None:
        inner = _written(match["name"], issuer_country)
        name, office = (inner.name, inner.office) if inner else (match["name"], "")
        return Party(name=name, office=office, country=country, side=_side(None, country, issuer_country))
    people = [person for person in find_people(text) if person.name]
    if len(people) == 1:
        person = people[0]
        side = _side(None, person.country, issuer_country)
        return Party(name=person.name, office=person.office, country=person.country, side=side)
    return Party(name=text, side=Side.COUNTERPART)


def _side(value: Any, country: str, issuer_country: str) -> Side:
    if isinstance(value, str) and fold(value.strip()) in ("own", "issuer", "ours"):
        return Side.OWN
    if isinstance(value, str) and fold(value.strip()) in ("counterpart", "other", "theirs"):
        return Side.COUNTERPART
    return Side.OWN if country and country == issuer_country else Side.COUNTERPART
