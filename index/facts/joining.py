"""Joining two mentions of one person, in title and text: "President Cortizo" and "Laurentino Cortizo Cohen"."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from index.facts.names import PARTICLES, name_words, same_given
from index.facts.people import Person, find_people
from index.facts.principals import by_name, by_office
from index.textforms import fold

#: How far into the text to search for a full name.
_NAMED_WITHIN = 3_000
_WORD = re.compile(r"[^\W\d_]+")
_COMMON = frozenset({"of", "the", "for", "and", "affairs", "deputy", "to"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A person who may become a party.

    Attributes:
        person: As named so far.
        first: Named before "with": on the side that acts.
        titled: Named in the title.
        acts: Named before the first verb of the sentence.
    """

    person: Person
    first: bool
    titled: bool = False
    acts: bool = False


def add(merged: list[Candidate], candidate: Candidate) -> None:
    """Join with somebody already there, keeping the fuller name, or append."""
    new = candidate.person
    for place, other in enumerate(merged):
        old = other.person
        twice = other.titled and candidate.titled and old.name and new.name and other.first != candidate.first
        if twice or not _same(old, new):
            continue  # one title names two people of one surname
        name = max((old.name, new.name), key=lambda name: (len(name.split()), len(name)))
        country = old.country or new.country
        person = replace(
            old, name=name, office=old.office or new.office, country=country, group=old.group and new.group
        )
        merged[place] = replace(other, person=person, first=other.first if other.titled else candidate.first)
        return
    merged.append(candidate)


def resolved(candidate: Candidate, country: str, day: dt.date | None) -> Candidate:
    """An issuer's own principal under the name he or she is best known by; anybody else unchanged."""
    person = candidate.person
    if person.country and person.country != country:
        return candidate
    ours = candidate.first or person.country == country
    if person.name:
        principal = by_name(country, person.name, person.office)
        if principal is not None and (ours or len(person.name.split()) > 1):
            office = person.office or principal.office
            return replace(candidate, person=replace(person, name=principal.name, country=country, office=office))
    elif not person.group and ours:
        principal = by_office(country, person.office, day)
        if principal is not None:
            return replace(candidate, person=replace(person, name=principal.name, country=country))
    return candidate


def completed(candidate: Candidate, text: str) -> Candidate:
    """Complete a bare surname, an office or a missing country from where the text names the same person again."""
    person = candidate.person
    if not person.name or (person.country and len(person.name.split()) > 1) or (candidate.first and not person.office):
        return candidate
    for other in _named_again(text[:_NAMED_WITHIN], person.name.split()[-1]):
        differs = person.country and other.country and other.country != person.country
        if other.name and same_name(other.name, person.name) and not differs:
            name = other.name if len(other.name.split()) > len(person.name.split()) else person.name
            country, office = person.country or other.country, person.office or other.office
            person = replace(person, name=name, country=country, office=office)
    return replace(candidate, person=person)


def _named_again(text: str, surname: str) -> Iterable[Person]:
    for match in re.finditer(rf"\b{re.escape(surname)}\b", text):
        start = max(0, match.start() - 120)
        yield from find_people(text[text.find(" ", start) + 1 if start else 0 : match.end() + 60])


def same_name(one: str, other: str) -> bool:
    """Whether two names can be the same person's: all words shared, or the surname and a given name that begins alike."""
    first, second = _words(one), _words(other)
    if not first or not second:
        return fold(one) == fold(other)
    if set(first) <= set(second) or set(second) <= set(first) or "".join(first) == "".join(second):
        return True
    shared = first[-1] in second or second[-1] in first
    return shared and (same_given(first[0], second[0]) or first[0][0] == second[0][0])


def _words(name: str) -> tuple[str, ...]:
    words = [word for word in _WORD.findall(name) if fold(word) not in PARTICLES]
    return name_words(" ".join(words)) or name_words(name)


def _same(old: Person, new: Person) -> bool:
    if old.country and new.country and old.country != new.country:
        return False
    if old.name and new.name:
        return same_name(old.name, new.name)
    if old.group or new.group:
        return False
    unnamed, named = (old, new) if not old.name else (new, old)
    if unnamed.country:
        unsaid = not unnamed.office or not named.office
        return unnamed.country == named.country and (unsaid or _same_rank(unnamed.office, named.office))
    return _same_rank(unnamed.office, named.office)


def _same_rank(one: str, other: str) -> bool:
    first, second = set(fold(one).split()), set(fold(other).split())
    return bool((first & second) - _COMMON) and ("vice" in first) == ("vice" in second)


def without_groups(merged: Sequence[Candidate]) -> list[Candidate]:
    """Without unnamed offices and groups that named people stand for ("Irish counterparts" where Martin is named)."""
    named = {candidate.person.country for candidate in merged if candidate.person.name}
    return [
        candidate
        for candidate in merged
        if candidate.person.name or (candidate.person.country and candidate.person.country not in named)
    ]


def with_neighbours(merged: Sequence[Candidate]) -> list[Candidate]:
    """Countries passed on within a list: "Panamanian President Cortizo and Foreign Minister Mouynes" share theirs."""
    result = list(merged)
    for order in (1, -1):
        country = ""
        for place in range(len(result))[::order]:
            candidate = result[place]
            if candidate.first or not candidate.person.office:
                country = ""
            elif candidate.person.country:
                country = candidate.person.country
            elif country and candidate.person.name:
                result[place] = replace(candidate, person=replace(candidate.person, country=country))
    return result


def is_person(person: Person, text: str, *, acts: bool = False) -> bool:
    """Whether capitalised words are a name: never in small letters, and, if there is no office, said more than once.

    Args:
        person: As named.
        text: Title and text.
        acts: Whether the words are the subject of the first sentence; then once is enough.
    """
    if not person.name or person.country or person.addressed:
        return True
    words = person.name.split()
    if len(words) == 1 and person.office:
        return not words[0].isupper() and not _written_small(words[0], text)
    if person.office:
        return True
    return (acts or text.count(words[-1]) > 1) and not any(_written_small(word, text) for word in words)


def _written_small(word: str, text: str) -> bool:
    return len(word) > 2 and word[0].isupper() and re.search(rf"\b{re.escape(word.lower())}s?\b", text) is not None
