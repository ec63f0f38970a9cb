"""Whom a readout is about, combined from its title and its first sentences."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.datatypes import Kind, Party, Side
from index.facts.attendance import present, unique
from index.facts.countries import find_countries
from index.facts.joining import (
    Candidate,
    add,
    completed,
    is_person,
    resolved,
    same_name,
    with_neighbours,
    without_groups,
)
from index.facts.opening import Opening, cut_topic, split_sentences
from index.facts.people import Person, find_people
from index.facts.principals import by_name, by_office

_DIVIDER = re.compile(
    r"\b(?:with|between|congratulated|called|received|welcomed|hosted(?! by))\b|\bmet\b(?! (?:today|in|at|on)\b)",
    re.IGNORECASE,
)
_JOINERS = re.compile(
    r",? (?:and )?(?:was |were |who were )?(?:also )?(?:joined|accompanied) by\b|, as well as\b|, "
    r"along with\b|,? including\b"
    r"| on the (?:margins|sidelines)\b"
)
_LED = re.compile(r"\b(?:met|held|hosted|convened|led|chaired|spoke|joined|brought|co-hosted|headlined)\b")
_VERB = re.compile(r"\b(?:[a-z]+ed|met|held|led|spoke|gave|brought|were|was|kicked)\b")
#: A visit's readout names those met sentence by sentence.
_MET = re.compile(
    r"\b(?:met|meets?|meetings?|consultations|discussions|talks|engagements?|engaged|spoke"
    r"|conversations?|conferred)\s+"
    r"(?:\w+ly )?(?:also )?(?=with\b)|\b(?:called on|received by|welcomed by|hosted by)\b"
    r"|\bjoined (?=[A-Z][^.;]{1,240}? (?:in|for) a\b)"
)
#: How many sentences of a visit's readout are read for those met.
_VISIT_SENTENCES = 30
_TRAVELLED = re.compile(r"\b(?:travel(?:s|ed|led)? to|visit(?:s|ed)|trip to|delegation to)\b")
#: "met with A to discuss trade, and with B".
_AND_WITH = re.compile(r"\band (?:then |separately |later |also )?(?=with [A-Z])")
#: What shows a time other than the event's: "Last year, President …", "President … has".
_BEFORE_NOW = re.compile(
    r"^(?:Last|Since|Under|Thanks|As|Before|Through|In (?:\w+ )?20)\b|\b(?:has|have|had|remains?|continues?)\b"
)
#: The issuer's principal as the one who acts in a sentence, not as the owner of an office.
_THE_HEAD = re.compile(
    r"(?:^|[,.:] )(?:The|the) (President|Vice President|Secretary|Head of State) (?!of\b|to\b|for\b)[a-z]"
)
_ABROAD = re.compile(
    r"\b(?:leaders|allies|partners|ministers|counterparts|ambassadors|officials|european|african|central american)\b",
    re.IGNORECASE,
)
#: Who leads an event that is the sentence's own subject: "was discussed at a meeting chaired by President …".
_LED_BY = re.compile(r"\b(?:chaired|led|headed|convened|hosted|held) by ")
#: Those who host an event at home for a government, not its guests.
_HOST = re.compile(
    r"(?:^Vice President$|^Attorney General$|^Surgeon General$"
    r"|\b(?:to the (?:Vice )?President|White House|National (?:Economic|Security|Climate|Cyber)"
    r"|Domestic Policy|Gender Policy|Homeland Security"
    r"|Secretary|Under Secretary|Senior Advisor|Counselor|Second Gentleman|First Lady|Administrator"
    r"|Office of|President’s|Minister"
    r"|Presidential))"
)
_MOST_HOSTS = 5
#: Offices that imply their country.
_OFFICE_OF = {"Pope": "Holy See", "Taoiseach": "Ireland", "Tánaiste": "Ireland"}
_OF_STATE = re.compile(
    r"\b(?:President|Prime Minister|Premier|King|Queen|Emir|Amir|Sultan|Chancellor|Foreign Minister"
    r"|Crown Prince)\b"
)
#: Enough for "Georgia" to be the country and not the American state.
_GEORGIA = re.compile(r"\b(?:Georgian|Tbilisi|Prime Minister|Foreign Minister|Ambassador|Zourabichvili)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What parties are read from.

    Attributes:
        opening: Title and first sentences.
        kind: Kind of event; a visit's readout names parties beyond its first sentence.
        country: Country or body of the issuer; empty if unknown.
        issuer: Name of the issuer.
        day: Day by which "the President" is known.
        text: The whole text, for full names and countries that the opening leaves out.
    """

    opening: Opening
    kind: Kind
    country: str
    issuer: str
    day: dt.date | None
    text: str


def read_parties(reading: Reading) -> tuple[Party, ...]:
    """Parties of the event, own side first, each once, in the order in which they are named."""
    merged: list[Candidate] = []
    for candidate in _named(reading):
        add(merged, resolved(candidate, reading.country, reading.day))
    whole = f"{reading.opening.headline}\n{reading.text[:12_000]}"
    merged = [
        candidate for candidate in without_groups(merged) if is_person(candidate.person, whole, acts=candidate.acts)
    ]
    countries = _title_countries(reading)
    parties = _sided(with_neighbours([completed(candidate, reading.text) for candidate in merged]), countries, reading)
    if not any(_foreign(party, reading) for party in parties):
        parties += _others_present(reading, countries, parties)
    if reading.kind is Kind.VISIT:
        parties += _visited(reading, parties)
    if reading.country and not any(party.side is Side.OWN and party.name for party in parties):
        parties += _own_side(reading, parties)
    own = sorted((party for party in parties if party.side is Side.OWN), key=lambda party: not party.name)
    return tuple(unique([*own, *(party for party in parties if party.side is Side.COUNTERPART)]))


def _named(reading: Reading) -> list[Candidate]:
    opening = reading.opening
    found = [*_candidates(_without_talk(opening.title), titled=True), *_candidates(_before_joiners(opening.clause))]
    if reading.kind is Kind.VISIT:
        own = [candidate.person.name for candidate in found if candidate.first and candidate.person.name]
        found += [one for one in _met_on_visit(reading) if not any(same_name(one.person.name, name) for name in own)]
    abroad = any(candidate.person.country not in ("", reading.country) for candidate in found)
    if opening.heading and (not abroad or reading.kind is Kind.STATEMENT):
        found += _candidates(opening.heading)
    return found


def _met_on_visit(reading: Reading) -> list[Candidate]:
    """Those whom a visit's sentences name as met, each sentence's country passed on to those without one."""
    found, country = [], ""
    for sentence in split_sentences(reading.text)[:_VISIT_SENTENCES]:
        match = _MET.search(sentence)
        before = find_countries(sentence[: match.start()] if match else sentence)
        country = next((mention.country for mention in reversed(before) if mention.country != reading.country), country)
        for piece in _AND_WITH.split(sentence[match.end() :]) if match else ():
            for person in find_people(cut_topic(piece)):
                if person.name and person.office:
                    found.append(Candidate(person=replace(person, country=person.country or country), first=False))
    return found


def _visited(reading: Reading, parties: Sequence[Party]) -> list[Party]:
    """Countries that the first sentence names as destinations of a visit, if nobody from there is named."""
    clause = f"{reading.opening.setting} {reading.opening.clause}"
    match = _TRAVELLED.search(clause)
    found = find_countries(clause[match.end() :]) if match else ()
    there = {party.country for party in parties} | {reading.country}
    countries = (mention.country for mention in found if mention.form == "name")
    goals = [country for country in dict.fromkeys(countries) if country not in there]
    unplaced = any(party.name and party.side is Side.COUNTERPART for party in parties)
    return [] if unplaced and len(goals) == 1 else [Party(country=country) for country in goals]


def _without_talk(title: str) -> str:
    """A headline without what was discussed: "Yermak discussed sanctions with the Ambassador" keeps both people."""
    return re.sub(r"\b(discuss(?:ed|es)?)\b(?! with\b).*?(?= with\b|$)", r"\1", title)


def _before_joiners(clause: str) -> str:
    """The clause up to who else was there or the summit around it; "officials including A hosted" stays whole."""
    for match in _JOINERS.finditer(clause):
        before = clause[: match.start()]
        if "includ" not in match.group() or _DIVIDER.search(before) or _LED.search(before):
            return before
    return clause


def _candidates(text: str, *, titled: bool = False) -> list[Candidate]:
    people = find_people(text)
    divider, verb = _divide(text, people), _VERB.search(text)
    acting = verb.start() if verb and not titled else 0
    return [
        Candidate(person=person, first=person.end <= divider, titled=titled, acts=person.end <= acting)
        for person in people
    ]


def _divide(text: str, people: Sequence[Person]) -> int:
    """Where the own side ends and the other begins: at "with", or after a possessive ("Biden’s Call")."""
    for match in _DIVIDER.finditer(text):
        if any(person.start < match.start() < person.end for person in people):
            continue
        if match.group().lower() == "between" and (not people or match.start() < people[0].start):
            return max(text.rfind(" and "), match.start())
        return match.start()
    return next((person.end for person in people if person.owner), len(text))


def _foreign(party: Party, reading: Reading) -> bool:
    return party.side is Side.COUNTERPART and party.country not in ("", reading.country)


def _sided(merged: Sequence[Candidate], countries: Sequence[str], reading: Reading) -> list[Party]:
    """Candidates as parties: those of the issuer's country are on its side, at home only those who act before "with"."""
    abroad = any(candidate.person.country not in ("", reading.country) for candidate in merged)
    guests = [candidate for candidate in merged if not candidate.first and candidate.person.name]
    parties = []
    for candidate in merged:
        person = candidate.person
        country = person.country or (
            reading.country if candidate.first else _guessed(candidate, guests, countries, reading)
        )
        if country == "Georgia" and not _is_georgia(reading):
            country = reading.country
        own = bool(country) and country == reading.country
        own = own and (candidate.first or abroad or by_name(country, person.name, person.office) is not None)
        if person.name or country != reading.country:
            side = Side.OWN if own else Side.COUNTERPART
            parties.append(Party(name=person.name, office=person.office, country=country, side=side))
    return parties


def _guessed(candidate: Candidate, guests: Sequence[Candidate], countries: Sequence[str], reading: Reading) -> str:
    """The country of a counterpart without a stated one; empty if nothing suggests one."""
    office = candidate.person.office
    if office in _OFFICE_OF:
        return _OFFICE_OF[office]
    if office.startswith("European "):
        return "European Union"
    known = {guest.person.country for guest in guests if guest.person.country}
    if len(countries) == 1 and known <= set(countries):
        return countries[0]  # "with Israeli activist …", "Travel to Jordan": the one country that the title names
    if (
        not known
        and (_OF_STATE.search(office) or not office)
        and not (office and reading.country in ("Russia", "Ukraine"))
    ):
        return _most_named(reading)
    return ""


def _most_named(reading: Reading) -> str:
    """The country, other than the issuer's, that title and first sentences mention most; empty if there is none."""
    words = " ".join((reading.opening.headline, *reading.opening.sentences))
    counts = Counter(
        mention.country
        for mention in find_countries(words)
        if mention.country != reading.country and mention.form in ("name", "demonym", "capital")
    )
    top = counts.most_common(2)
    if not top or top[0][1] < 2 or (len(top) > 1 and top[0][1] == top[1][1]):
        return ""
    return top[0][0]


def _is_georgia(reading: Reading) -> bool:
    return reading.country != "United States" or _GEORGIA.search(reading.text) is not None


def _title_countries(reading: Reading) -> tuple[str, ...]:
    """Countries and bodies that the title sets against the issuer ("G7 Leaders", "the Israeli delegation")."""
    title = reading.opening.title
    match = re.search(r"\b(?:with|between)\b", title)
    piece = title[match.end() :] if match else title
    found = []
    for mention in find_countries(piece):
        at_home = (
            re.match(r"[-‑– ](?:Day |\w+ )?(?:Americans?|Diaspora|Heritage|Community)\b", piece[mention.end :])
            or mention.country == reading.country
        )
        at_home = at_home or (mention.country == "Georgia" and not _is_georgia(reading))
        placed = re.search(r"\b(?:in|to|at|on)\s+(?:the\s+)?$", piece[: mention.start], re.IGNORECASE)
        if not at_home and mention.form not in ("capital", "seat") and (reading.kind is Kind.VISIT or not placed):
            found.append(mention.country)
    return tuple(dict.fromkeys(found))


def _others_present(reading: Reading, countries: Sequence[str], parties: Sequence[Party]) -> list[Party]:
    """Counterparts that neither title nor first sentence names: foreigners present, otherwise the title's countries."""
    if any(party.side is Side.COUNTERPART for party in parties):
        return []
    there = present(reading.text, reading.country, reading.day)
    foreign = [party for party in there if _foreign(party, reading)]
    if foreign and (countries or (len(foreign) > 1 and _ABROAD.search(reading.opening.title))):
        return foreign
    return [Party(country=country) for country in countries]


def _own_side(reading: Reading, parties: Sequence[Party]) -> list[Party]:
    """The own side if title and first sentence name nobody: who acts as "the President", otherwise hosts named later."""
    opening = reading.opening
    for sentence in (opening.clause, *opening.sentences[:2]):
        if match := _THE_HEAD.search(sentence):
            principal = by_office(reading.country, match.group(1), reading.day)
            if principal is not None:
                return [Party(name=principal.name, office=principal.office, country=reading.country, side=Side.OWN)]
    if parties:
        return _issuing(reading) or [Party(country=reading.country, side=Side.OWN)]
    if leading := _leading(reading):
        return leading
    acting = [piece for sentence in opening.sentences if (piece := _subject(sentence))]
    there = present(reading.text, reading.country, reading.day, acting)
    return [party for party in there if party.side is Side.OWN and _HOST.search(party.office)][:_MOST_HOSTS]


def _leading(reading: Reading) -> list[Party]:
    """Those who, according to the first sentences, chaired, led or hosted the event."""
    for sentence in reading.opening.sentences[:2]:
        if match := _LED_BY.search(sentence):
            behind = sentence[match.end() :]
            people = [one for one in find_people(_subject(behind) or behind) if one.name and one.office]
            ours = [
                resolved(Candidate(person=one, first=True), reading.country, reading.day)
                for one in people
                if one.country in ("", reading.country)
            ]
            if ours:
                return _sided(ours, (), reading)
    return []


def _issuing(reading: Reading) -> list[Party]:
    """The holder of the office that publishes ("Kremlin (President of Russia)"), if the text names them early on."""
    match = re.search(r"\b(?:President|Prime Minister|Foreign Minister)\b", reading.issuer)
    principal = by_office(reading.country, match.group(), reading.day) if match else None
    if principal is None or principal.name.split()[-1] not in reading.text[:1_500]:
        return []
    return [Party(name=principal.name, office=principal.office, country=reading.country, side=Side.OWN)]


def _subject(sentence: str) -> str:
    """People at the start of a sentence, up to what they did at the event; empty if it is about something else."""
    match = _VERB.search(sentence)
    piece = sentence[: match.start()] if match else ""
    return piece if piece and not _BEFORE_NOW.search(piece) and find_people(sentence[:60]) else ""


def at_home(parties: Sequence[Party], country: str) -> tuple[Party, ...]:
    """Parties of a domestic event: office-holders without a country are the issuer's countrymen."""
    return tuple(replace(party, country=country) if party.office and not party.country else party for party in parties)
