"""Whom a readout is about, and who else took part, joined from its title and its first sentences."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from index.datatypes import Party, Side
from index.facts.countries import find_countries
from index.facts.opening import Opening
from index.facts.people import Person, find_people
from index.facts.principals import by_name, by_office
from index.textforms import fold

_DIVIDER = re.compile(r"\b(?:with|between|congratulated|called|received|welcomed|hosted|to)\b|\bmet\b(?! (?:today|in|at|on)\b)", re.IGNORECASE)
_TOOK_PART_AFTER = re.compile(
    r"\b(?:joined (?:\w+ )?(?:\w+ )?(?:\w+ )?by|accompanied by|attended by|participants (?:included|were|in the \w+ (?:included|were))|attendees (?:included|were)|in attendance (?:was|were|included)"
    r"|(?:participants|attendees)[^.:]{0,60}:|taking part in[^.]{0,80}\b(?:was|were)\b|(?:meeting|event|session|call|attending|discussion|talks|roundtable|conversation|briefing) (?:\w+ )?(?:was |were )?(?:also )?(?:included|including|attended by)"
    r"|alongside|together with|led by|with the participation of|members of the board[^.]{0,60}included|co-?chaired by|hosted by|participants:?)\b",
    re.IGNORECASE,
)
_TOOK_PART_BEFORE = re.compile(
    r"\b(?:also (?:joined|attended|participated|took part|spoke)|joined (?:the|for|part|in|them|him|her)\b|(?:were|was) (?:also )?(?:joined|present)\b(?! by)|participated in|took part in|(?:were|was) (?:also )?in attendance|attended the)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+")
_JUNIOR = frozenset({"jr", "sr", "ii", "iii", "iv", "vi", "viii", "bin", "bint", "al", "el", "ibn", "the", "of"})
_SOME_OFFICES = frozenset("president prime minister chancellor secretary king queen foreign advisor adviser speaker representative premier".split())
_NO_PARTY = frozenset({"leader", "member", "chief", "head", "director", "representative", "deputy", "activist", "advisor", "officer", "aide", "assistant", "lawmaker", "executive", "chair"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    """A person with what decides the side: whether named before "with", and where."""

    person: Person
    first: bool
    titled: bool


def read_parties(opening: Opening, issuer_country: str, published: dt.date | None, text: str) -> tuple[Party, ...]:
    """Parties of the event, own side first, each once, in the order in which they are named.

    Args:
        opening: Title and first sentences.
        issuer_country: Country or body that publishes; empty where unknown.
        published: Day by which "the President" is known.
        text: The whole text, for full names and countries that the opening leaves out.
    """
    title_people = _candidates(_without_talk(opening.title), titled=True)
    lead_people = _candidates(_before_joiners(opening.clause), titled=False)
    merged: list[_Candidate] = []
    for candidate in (*title_people, *lead_people):
        _add(merged, _resolved(candidate, issuer_country, published))
    merged = _without_groups(merged)
    merged = [_completed(candidate, text, issuer_country, published) for candidate in merged]
    parties = [_party(candidate, issuer_country) for candidate in merged]
    parties = [party for party in parties if _counts(party, issuer_country)]
    parties += _countries_only(opening, parties, issuer_country)
    if issuer_country and parties and not any(party.side is Side.OWN for party in parties):
        parties.append(_own_head(opening, issuer_country, published))
    own = [party for party in parties if party.side is Side.OWN]
    return tuple(_unique([*own, *(party for party in parties if party.side is Side.COUNTERPART)]))


def read_participants(opening: Opening, parties: Sequence[Party], issuer_country: str, published: dt.date | None) -> tuple[Party, ...]:
    """Others who took part: named after "joined by", "participants included", or before "also joined"."""
    found: list[_Candidate] = []
    for sentence in opening.sentences:
        if match := _TOOK_PART_AFTER.search(sentence):
            piece = sentence[match.end() :]
        elif match := _TOOK_PART_BEFORE.search(sentence):
            piece = sentence[: match.start()]
        else:
            continue
        for person in find_people(piece):
            if person.name:
                _add(found, _resolved(_Candidate(person=person, first=True, titled=False), issuer_country, published))
    others = []
    for candidate in found:
        person = candidate.person
        if not any(_same_name(person.name, party.name) for party in parties):
            country = person.country or issuer_country
            side = Side.OWN if country == issuer_country else Side.COUNTERPART
            others.append(Party(name=person.name, office=person.office, country=country, side=side))
    return tuple(_unique(others))


def _without_talk(title: str) -> str:
    """A headline without what was discussed: "Yermak discussed sanctions with the Ambassador" keeps both people."""
    return re.sub(r"\b(discuss(?:ed|es))\b(?! with\b).*?(?= with\b|$)", r"\1", title)


def _before_joiners(clause: str) -> str:
    match = re.search(r",? (?:and )?(?:was |were )?(?:also )?(?:joined|accompanied) by\b|, as well as\b|, along with\b|, including\b|\bincluding\b", clause)
    return clause[: match.start()] if match else clause


def _candidates(text: str, *, titled: bool) -> list[_Candidate]:
    people = find_people(text)
    divider = _divide(text, people)
    return [_Candidate(person=person, first=person.end <= divider, titled=titled) for person in people]


def _divide(text: str, people: Sequence[Person]) -> int:
    """Where the own side ends and the other begins; an owner ("Biden’s Call") ends the own side as well."""
    owners = [person.end for person in people if person.owner]
    match = _DIVIDER.search(text)
    place = match.start() if match else len(text)
    if match and match.group().lower() == "between":
        return match.start() if not people or people[0].start > match.start() else place
    return max([place, *owners[:1]]) if match and owners and owners[0] > place else (place if match else (owners[0] if owners else len(text)))


def _resolved(candidate: _Candidate, country: str, published: dt.date | None) -> _Candidate:
    """Own principals under the names they are best known by."""
    person = candidate.person
    if person.country and person.country != country:
        return candidate
    if person.name:
        principal = by_name(country, person.name, person.office, published)
        if principal is not None and (candidate.first or person.country == country or len(person.name.split()) > 1):
            return replace(candidate, person=replace(person, name=principal.name, country=country, office=person.office or principal.office))
    elif not person.group and (candidate.first or person.country == country):
        principal = by_office(country, person.office, published)
        if principal is not None:
            return replace(candidate, person=replace(person, name=principal.name, country=country))
    return candidate


def _add(merged: list[_Candidate], candidate: _Candidate) -> None:
    """Join with somebody already there, else append."""
    new = candidate.person
    for place, other in enumerate(merged):
        old = other.person
        if not _same(old, new):
            continue
        name = max((old.name, new.name), key=lambda name: (len(name.split()), len(name)))
        if old.country and by_full(old.name, new.name):
            name = old.name or new.name
        merged[place] = replace(
            other,
            person=replace(
                old, name=name, office=old.office or new.office, country=old.country or new.country, group=old.group and new.group
            ),
            first=other.first if other.titled else candidate.first,
        )
        return
    merged.append(candidate)


def by_full(one: str, other: str) -> bool:
    """Whether the first of two names is one that an issuer's own principal is best known by."""
    return any(one == person.name for person in _known()) and bool(other)


def _known() -> Iterable[object]:
    return ()


def _same(old: Person, new: Person) -> bool:
    if old.country and new.country and old.country != new.country:
        return False
    if old.name and new.name:
        return _same_name(old.name, new.name)
    if old.group or new.group:
        return False
    unnamed, named = (old, new) if not old.name else (new, old)
    if unnamed.country:
        return unnamed.country == named.country and (not unnamed.office or not named.office or _same_rank(unnamed.office, named.office))
    return _same_rank(unnamed.office, named.office)


def _same_rank(one: str, other: str) -> bool:
    first, second = set(fold(one).split()), set(fold(other).split())
    return bool((first & second) - {"of", "the", "for", "and", "affairs", "deputy"}) and ("vice" in first) == ("vice" in second)


def _same_name(one: str, other: str) -> bool:
    first, second = _parts(one), _parts(other)
    if not first or not second:
        return False
    if set(first) <= set(second) or set(second) <= set(first):
        return True
    if "".join(first) == "".join(second):
        return True
    shared = first[-1] in second or second[-1] in first
    return shared and first[0][:1] == second[0][:1]


def _parts(name: str) -> list[str]:
    words = [word for word in _WORD.findall(fold(name)) if len(word) > 1]
    return [word for word in words if word not in _JUNIOR] or words


def _without_groups(merged: list[_Candidate]) -> list[_Candidate]:
    """Without unnamed groups and offices that a named person stands for ("Ukrainian counterparts" where Yermak is named)."""
    named = {candidate.person.country for candidate in merged if candidate.person.name}
    kept = []
    for candidate in merged:
        person = candidate.person
        if not person.name and (not person.country or person.country in named):
            continue
        kept.append(candidate)
    return kept


def _completed(candidate: _Candidate, text: str, issuer_country: str, published: dt.date | None) -> _Candidate:
    """A bare surname or a missing country looked up in the rest of the text."""
    person = candidate.person
    if not person.name or (person.country and len(person.name.split()) > 1) or (candidate.first and not person.office):
        return candidate
    surname = person.name.split()[-1]
    if text.count(surname) < 1:
        return candidate
    for other in _others(text[:3000], surname):
        if other.name and _same_name(other.name, person.name) and not (person.country and other.country and other.country != person.country):
            name = other.name if len(other.name.split()) > len(person.name.split()) else person.name
            person = replace(person, name=name, country=person.country or other.country, office=person.office or other.office)
    return replace(candidate, person=person)


def _others(text: str, surname: str) -> Iterable[Person]:
    for match in re.finditer(re.escape(surname), text):
        start = max(0, match.start() - 120)
        yield from find_people(text[text.find(" ", start) + 1 if start else 0 : match.end() + 60])


def _party(candidate: _Candidate, issuer_country: str) -> Party:
    person = candidate.person
    country = person.country or (issuer_country if candidate.first else "")
    own = bool(issuer_country) and country == issuer_country and (candidate.first or bool(by_name(issuer_country, person.name, person.office, None)))
    return Party(name=person.name, office=person.office, country=country, side=Side.OWN if own else Side.COUNTERPART)


def _counts(party: Party, issuer_country: str) -> bool:
    return bool(party.name or (party.country and party.country != issuer_country))


def _countries_only(opening: Opening, parties: Sequence[Party], issuer_country: str) -> list[Party]:
    """Countries and bodies of the title that no party stands for ("G7 Leaders", "the Israeli delegation")."""
    title = opening.title
    if any(party.side is Side.COUNTERPART and party.country for party in parties):
        return []
    match = re.search(r"\b(?:with|between)\b", title)
    piece = title[match.end() :] if match else title
    found = []
    for mention in find_countries(piece):
        if mention.form in ("capital", "seat") or mention.country == issuer_country:
            continue
        if re.match(r"[-‑–]\w", piece[mention.end : mention.end + 2]) and not re.match(r"[-‑–][A-Z]", piece[mention.end : mention.end + 2]):
            continue
        if re.search(r"\b(?:in|to|at|on)\s+(?:the\s+)?$", piece[: mention.start]):
            continue
        found.append(Party(country=mention.country))
    return found


def _own_head(opening: Opening, issuer_country: str, published: dt.date | None) -> Party:
    """The own side where the text names none: the head of state if the issuer speaks for one, else the country."""
    lead = " ".join((opening.clause, *opening.sentences[:2]))
    match = re.search(r"\b(?:The|the) (President|Vice President|Secretary)\b", lead)
    principal = by_office(issuer_country, match.group(1), published) if match else None
    if principal is None:
        return Party(country=issuer_country, side=Side.OWN)
    return Party(name=principal.name, office=principal.office, country=issuer_country, side=Side.OWN)


def _unique(parties: Iterable[Party]) -> list[Party]:
    kept: list[Party] = []
    for party in parties:
        same = (other for other in kept if other.country == party.country and (_same_name(other.name, party.name) if party.name else True))
        if next(same, None) is None:
            kept.append(party)
    return kept
