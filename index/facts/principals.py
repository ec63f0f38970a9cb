"""Issuers' own principals: who "the President" and "the Secretary" are, and how their names are best known."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from index.facts.countries import country_of
from index.textforms import fold


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Somebody in an office of an issuer's own side.

    Attributes:
        name: As best known ("Joe Biden").
        names: Folded ways to write it, that one among them.
        office: As it is written out.
        short: Folded words for the office.
        since: First day in office.
        until: First day out of it, or None.
    """

    name: str
    names: tuple[str, ...]
    office: str
    short: tuple[str, ...]
    since: dt.date
    until: dt.date | None

    def serves(self, day: dt.date | None) -> bool:
        """Whether they held the office on ``day``; a month after leaving counts too, for late publications."""
        if day is None:
            return self.until is None
        return self.since <= day and (self.until is None or day < self.until)


@cache
def principals(country: str) -> tuple[Principal, ...]:
    """Principals of a country, latest first; empty for a country without any in the table."""
    with (Path(__file__).parent / "principals.toml").open("rb") as file:
        table = tomllib.load(file)
    rows = [row for code, group in table.items() if country_of(_STATES.get(code, code)) == country for row in group]
    people = [
        Principal(
            name=row["name"],
            names=tuple(fold(name) for name in (row["name"], *row.get("also", ()))),
            office=row["office"],
            short=tuple(fold(word) for word in (row["office"], *row.get("short", ()))),
            since=row["since"],
            until=row.get("until"),
        )
        for row in rows
    ]
    return tuple(sorted(people, key=lambda person: person.since, reverse=True))


_STATES = {"US": "United States", "RU": "Russia", "UA": "Ukraine"}


def by_name(country: str, name: str, office: str) -> Principal | None:
    """The principal whom ``name`` means: the surname, and no other first name; an office of another rank excludes."""
    words = fold(name).replace(".", "").replace(",", "").split()
    words = [word for word in words if word not in ("jr", "sr")]
    if not words:
        return None
    for person in principals(country):
        if words[-1] not in {full.split()[-1] for full in person.names}:
            continue
        firsts = {full.split()[0] for full in person.names}
        if len(words) > 1 and words[0] not in firsts:
            continue
        if len(words) == 1 and office and not _same_office(person, office):
            continue
        return person
    return None


def by_office(country: str, office: str, day: dt.date | None) -> Principal | None:
    """The principal who held ``office`` on that day."""
    wanted = fold(office)
    for person in principals(country):
        if person.serves(day) and wanted in person.short:
            return person
    return None


def _same_office(person: Principal, office: str) -> bool:
    """Whether a bare surname under this office can be that principal ("Secretary Blinken", not "Senator Harris")."""
    wanted = set(fold(office).replace("adviser", "advisor").split())
    return any(wanted & set(short.split()) for short in person.short) and not ("vice" in wanted) ^ any(
        "vice" in short.split() for short in person.short
    )
