"""Whom a readout is about, and who else took part, joined from its title and its first sentences."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from index.datatypes import Kind, Party, Side
from index.facts.countries import find_countries
from index.facts.opening import Opening, cut_topic, split_sentences
from index.facts.people import Person, find_people
from index.facts.principals import by_name, by_office
from index.textforms import fold

_DIVIDER = re.compile(r"\b(?:with|between|congratulated|called|received|welcomed|hosted(?! by))\b|\bmet\b(?! (?:today|in|at|on)\b)", re.IGNORECASE)
#: How far into a long transcript to look for who was there.
_LONGEST = 12_000
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
_JOINERS = re.compile(
    r",? (?:and )?(?:was |were |who were )?(?:also )?(?:joined|accompanied) by\b|, as well as\b|, along with\b|,? including\b| on the (?:margins|sidelines)\b"
)
_DID = re.compile(
    r"\b(?:led|hosted|convened|opened|joined|delivered|provided|moderated|chaired|participated|attended|welcomed|spoke|kicked|gave|met|highlighted|emphasized|underscored|shared|outlined|discussed|were|headlined)\b"
)
_LED = re.compile(r"\b(?:met|held|hosted|convened|led|chaired|spoke|joined|brought|co-hosted|headlined)\b")
#: A visit's readout names those met sentence by sentence.
_MET = re.compile(r"\b(?:met|meets?|meetings?|consultations|discussions|talks|engagements?|engaged|spoke|conversations?|conferred)\s+(?:\w+ly )?(?:also )?with\b|\b(?:called on|received by|welcomed by|hosted by)\b")
#: The issuer's principal as who acts in a sentence, not as whom an office belongs to.
_THE_HEAD = re.compile(r"(?:^|[,.:] )(?:The|the) (President|Vice President|Secretary|Head of State) (?!of\b|to\b|for\b)[a-z]")
_WORD = re.compile(r"[^\W_]+")
_JUNIOR = frozenset({"jr", "sr", "ii", "iii", "iv", "vi", "viii", "bin", "bint", "al", "el", "ibn", "the", "of"})
_ABROAD = re.compile(r"\b(?:leaders|allies|partners|ministers|counterparts|ambassadors|european|african|central american)\b", re.IGNORECASE)
#: Those who host an event at home for a government, not its guests.
_SENIOR = re.compile(r"\b(?:Advis[eo]r|Secretary|Director|Assistant to the President|Administrator|Coordinator|Counselor|Minister|President|Chair|Deputy|Chief of Staff|Second Gentleman|First Lady|Commissioner)\b")
_MOST_HOSTS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    """A person with what decides the side: whether named before "with", and where."""

    person: Person
    first: bool
    titled: bool


def read_parties(
    opening: Opening, kind: Kind, issuer_country: str, published: dt.date | None, text: str
) -> tuple[Party, ...]:
    """Parties of the event, own side first, each once, in the order in which they are named.

    Args:
        opening: Title and first sentences.
        kind: What sort of event; a visit's readout names parties beyond its first sentence.
        issuer_country: Country or body that publishes; empty where unknown.
        published: Day by which "the President" is known.
        text: The whole text, for full names and countries that the opening leaves out.
    """
    found = [*_candidates(_without_talk(opening.title), titled=True), *_candidates(_before_joiners(opening.clause), titled=False)]
    if kind is Kind.VISIT:
        for sentence in opening.sentences:
            if match := _MET.search(sentence):
                found += [
                    _Candidate(person=person, first=False, titled=False)
                    for person in find_people(cut_topic(sentence[match.end() - 5 :]))
                    if person.name
                ]
    merged: list[_Candidate] = []
    for candidate in found:
        _add(merged, _resolved(candidate, issuer_country, published))
    whole = f"{opening.headline}\n{text[:_LONGEST]}"
    merged = [_completed(candidate, text) for candidate in _without_groups(merged) if _is_person(candidate.person, whole)]
    countries = _title_countries(opening, kind, issuer_country)
    parties = _sided(merged, countries, issuer_country)
    if not any(party.side is Side.COUNTERPART and party.country not in ("", issuer_country) for party in parties):
        parties += _others_present(opening, countries, parties, issuer_country, published, text)
    if issuer_country and not any(party.side is Side.OWN for party in parties):
        parties += _own_side(opening, parties, issuer_country, published, text)
    own = [party for party in parties if party.side is Side.OWN]
    return tuple(_unique([*own, *(party for party in parties if party.side is Side.COUNTERPART)]))


def read_participants(
    text: str, parties: Sequence[Party], issuer_country: str, published: dt.date | None
) -> tuple[Party, ...]:
    """Others who took part: named after "joined by", "participants included", or before "also joined"."""
    others = [
        party
        for party in _present(text, issuer_country, published)
        if not any(_same_name(party.name, other.name) for other in parties if other.name)
    ]
    return tuple(_unique(others))


def _present(text: str, issuer_country: str, published: dt.date | None, pieces: Sequence[str] = ()) -> list[Party]:
    """Everybody named where the text says who was there, ``pieces`` of it first."""
    found: list[_Candidate] = []
    for piece in (*pieces, *_attendance(text[:_LONGEST])):
        for person in find_people(piece):
            if person.name and not person.owner:
                _add(found, _resolved(_Candidate(person=person, first=True, titled=False), issuer_country, published))
    parties = []
    for candidate in found:
        person = candidate.person
        country = person.country or issuer_country
        side = Side.OWN if country and country == issuer_country else Side.COUNTERPART
        parties.append(Party(name=person.name, office=person.office, country=country, side=side))
    return parties


def _attendance(text: str) -> Iterator[str]:
    """Pieces of the text that list who was there; a list below "Participants included:" counts as one piece."""
    for match in _TOOK_PART_AFTER.finditer(text):
        end = text.find("\n\n", match.end())
        paragraph = text[match.end() : end if end >= 0 else len(text)]
        if paragraph.strip(" :*"):
            yield split_sentences(paragraph.lstrip(" :"))[0]
        else:
            yield text[match.end() : match.end() + 1500]
    for match in _TOOK_PART_BEFORE.finditer(text):
        start = max(text.rfind(stop, 0, match.start()) for stop in ("\n", ". ", "! ")) + 1
        yield text[max(start, match.start() - 600) : match.start()]


def _without_talk(title: str) -> str:
    """A headline without what was discussed: "Yermak discussed sanctions with the Ambassador" keeps both people."""
    return re.sub(r"\b(discuss(?:ed|es))\b(?! with\b).*?(?= with\b|$)", r"\1", title)


def _before_joiners(clause: str) -> str:
    """The clause up to who else was there and to the summit on whose margins it was; "officials including A hosted" stays whole."""
    for match in _JOINERS.finditer(clause):
        if "includ" not in match.group() or _DIVIDER.search(clause[: match.start()]) or _LED.search(clause[: match.start()]):
            return clause[: match.start()]
    return clause


def _candidates(text: str, *, titled: bool) -> list[_Candidate]:
    people = find_people(text)
    divider = _divide(text, people)
    return [_Candidate(person=person, first=person.end <= divider, titled=titled) for person in people]


def _divide(text: str, people: Sequence[Person]) -> int:
    """Where the own side ends and the other begins: at "with", or behind an owner ("Biden’s Call")."""
    for match in _DIVIDER.finditer(text):
        if not any(person.start < match.start() < person.end for person in people):
            return match.start()
    return next((person.end for person in people if person.owner), len(text))


def _resolved(candidate: _Candidate, country: str, published: dt.date | None) -> _Candidate:
    """Own principals under the names they are best known by."""
    person = candidate.person
    if person.country and person.country != country:
        return candidate
    if person.name:
        principal = by_name(country, person.name, person.office)
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
        merged[place] = replace(
            other,
            person=replace(
                old, name=name, office=old.office or new.office, country=old.country or new.country, group=old.group and new.group
            ),
            first=other.first if other.titled else candidate.first,
        )
        return
    merged.append(candidate)


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


def _is_person(person: Person, text: str) -> bool:
    """Whether capitalised words without an office are a name: said more than once, and never written small."""
    if not person.name or person.office or person.country:
        return True
    words = person.name.split()
    if text.count(words[-1]) < 2:
        return False
    return not any(re.search(rf"\b{re.escape(word.lower())}s?\b", text) for word in words if word[0].isupper() and len(word) > 2)


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


def _completed(candidate: _Candidate, text: str) -> _Candidate:
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


def _sided(merged: Sequence[_Candidate], countries: Sequence[str], issuer_country: str) -> list[Party]:
    """Candidates as parties: whose country is the issuer's is on its side, at home only those who act before "with"."""
    abroad = any(candidate.person.country not in ("", issuer_country) for candidate in merged)
    open_ones = [candidate for candidate in merged if candidate.person.name and not candidate.person.country and not candidate.first]
    parties = []
    for candidate in merged:
        person, country = candidate.person, candidate.person.country
        if not country and candidate.first:
            country = issuer_country
        elif not country and open_ones == [candidate] and len(countries) == 1 and not abroad:
            country = countries[0]  # "with Israeli activist …": the one country that the title names
        own = bool(country) and country == issuer_country
        own = own and (candidate.first or abroad or by_name(country, person.name, person.office) is not None)
        if person.name or country != issuer_country:
            side = Side.OWN if own else Side.COUNTERPART
            parties.append(Party(name=person.name, office=person.office, country=country, side=side))
    return parties


def _title_countries(opening: Opening, kind: Kind, issuer_country: str) -> tuple[str, ...]:
    """Countries and bodies that the title sets against the issuer ("G7 Leaders", "the Israeli delegation")."""
    match = re.search(r"\b(?:with|between)\b", opening.title)
    piece = opening.title[match.end() :] if match else opening.title
    found = []
    for mention in find_countries(piece):
        joined = re.match(r"[-‑– ]Americans?\b", piece[mention.end :])
        placed = re.search(r"\b(?:in|to|at|on)\s+(?:the\s+)?$", piece[: mention.start], re.IGNORECASE)
        city = mention.form in ("capital", "seat")
        if mention.country != issuer_country and not joined and not city and (kind is Kind.VISIT or not placed):
            found.append(mention.country)
    return tuple(dict.fromkeys(found))


def _others_present(
    opening: Opening, countries: Sequence[str], parties: Sequence[Party], issuer_country: str, published: dt.date | None, text: str
) -> list[Party]:
    """Counterparts where neither title nor first sentence names one: foreigners who were there, else the title's countries."""
    if any(party.side is Side.COUNTERPART and party.country == "" for party in parties):
        return []
    present = [
        party for party in _present(text, issuer_country, published) if party.side is Side.COUNTERPART and party.country
    ]
    listed = len(present) >= 2 or bool(countries)
    if present and listed and (countries or _ABROAD.search(opening.title)):
        return present
    return [Party(country=country) for country in countries]


def _own_side(
    opening: Opening, parties: Sequence[Party], issuer_country: str, published: dt.date | None, text: str
) -> list[Party]:
    """The own side where title and first sentence name nobody: who acts as "the President", else hosts named later."""
    for sentence in (opening.clause, *opening.sentences[:2]):
        if match := _THE_HEAD.search(sentence):
            principal = by_office(issuer_country, match.group(1), published)
            if principal is not None:
                return [Party(name=principal.name, office=principal.office, country=issuer_country, side=Side.OWN)]
    if parties:
        return [Party(country=issuer_country, side=Side.OWN)]
    acting = [piece for sentence in opening.sentences if (piece := _subject(sentence))]
    present = _present(text, issuer_country, published, acting)
    return [party for party in present if party.side is Side.OWN and _SENIOR.search(party.office)][:_MOST_HOSTS]


def _subject(sentence: str) -> str:
    """People at the head of a sentence, up to what they did at the event; empty where it tells of something else."""
    match = _DID.search(sentence)
    return sentence[: match.start()] if match and find_people(sentence[:40])[:1] else ""


def _unique(parties: Iterable[Party]) -> list[Party]:
    kept: list[Party] = []
    for party in parties:
        same = (other for other in kept if other.country == party.country and (_same_name(other.name, party.name) if party.name else True))
        if next(same, None) is None:
            kept.append(party)
    return kept
