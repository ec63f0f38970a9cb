"""Who is meant in a question: people by name or office, countries as parties or topics, and whose words are wanted."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.short_forms import NICKNAMES
from index.facts.countries import Mention, find_countries
from index.facts.directory import Directory, Person, PersonMention
from index.textforms import fold

_OFFICES = {
    "pm": "prime minister",
    "prime minister": "prime minister",
    "premier": "prime minister",
    "president": "president",
    "vice president": "vice president",
    "vp": "vice president",
    "chancellor": "chancellor",
    "foreign minister": "foreign minister",
    "fm": "foreign minister",
    "defense minister": "defense minister",
    "defence minister": "defense minister",
    "finance minister": "finance minister",
    "king": "king",
    "monarch": "king",
    "emir": "amir",
    "amir": "amir",
    "sultan": "sultan",
    "crown prince": "crown prince",
    "taoiseach": "taoiseach",
    "pope": "pope",
    "nsa": "national security advisor",
    "national security advisor": "national security advisor",
    "national security adviser": "national security advisor",
    "secretary of state": "secretary of state",
    "secretary general": "secretary general",
    "secretary-general": "secretary general",
    "ambassador": "ambassador",
}
#: Words for somebody of a country that name no one office.
_PEOPLE_OF = (
    "leader|leaders|counterpart|counterparts|side|officials?|delegation|government|ministers?|opposition|head|chief|envoy|"
    "representatives?|negotiators?|diplomats?|team|first lady|queen|prince|advisors?|advisers?|deputy"
)
_OFFICE = "|".join(sorted((re.escape(word) for word in _OFFICES), key=len, reverse=True))
_BEHIND = re.compile(
    rf"(?:['’]s?)?\s+(?:then[\s-]|new\s+|former\s+|acting\s+|deputy\s+)?(?P<office>{_OFFICE})\b", re.IGNORECASE
)
#: What may stand between a country and the person it sends: "Japanese Prime Minister Kishida".
_BETWEEN = re.compile(
    r"(?:['’]s?)?(?:\s+(?:new|former|acting|deputy|prime|foreign|defen[cs]e|finance|national|security|minister|president|chancellor|king|"
    r"emir|amir|sultan|crown|prince|premier|pm|nsa|fm|advis[eo]r|secretary|counterpart|leader|ambassador|general|chief|first|vice|head|of|"
    r"state|the|monarch|president-elect))*\s+",
    re.IGNORECASE,
)
_BEHIND_LOOSE = re.compile(rf"(?:['’]s?)?\s+(?:{_PEOPLE_OF})\b", re.IGNORECASE)
_IN_FRONT = re.compile(rf"\b(?P<office>{_OFFICE})\s+(?:of|for)\s+(?:the\s+)?\Z", re.IGNORECASE)
_BARE_OFFICE = re.compile(
    r"\b(?:the\s+)?(?P<office>vice[\s-]president|veep|vp|national\s+security\s+advis[oe]r|nsa|secretary\s+of\s+state)\b(?!\s+of\b)",
    re.IGNORECASE,
)
_TOPIC = re.compile(
    r"\b(?:about|on|regarding|over|concerning|in|into|inside|against|toward|towards|for|around|re|across|mention|mentioned|raise|raised|discuss|"
    r"discussed|cover|covered|address|addressed|condemn|condemned)\s+(?:the\s+)?(?:\w+\s+){0,2}?\Z",
    re.IGNORECASE,
)
_PARTY = re.compile(
    r"\b(?:with|between|met|meet|meeting|saw|see|called|call|phoned|phone|tell|told|thank|thanked|ask|asked|urge|urged|visit|visited|hosted|host|"
    r"to|by|from|of|and|received|welcomed|assure|assured|promise|promised|give|gave|offer|offered|congratulate|congratulated|press|pressed|concern|concerning|involve|involving)"
    r"\s+(?:the\s+)?\Z",
    re.IGNORECASE,
)
_NICKNAME = re.compile(rf"\b(?:{'|'.join(NICKNAMES)})\b", re.IGNORECASE)
#: "with the Poles": a people, not a word before a noun.
_THE = re.compile(r"\bthe\s+\Z", re.IGNORECASE)
_NO_NOUN = re.compile(
    r"\s*(?:\Z|[?.!,;)]|(?:and|or|about|on|in|over|at|regarding|during|when|before|after|since|say|want|ask|get|agree|promise)\b)",
    re.IGNORECASE,
)
_IN_A_ROW = re.compile(r"\s*(?:,|and|or|&)\s+")
#: "its border with Chad": with, but not in the room.
_TIES = re.compile(
    r"\b(?:ties?|relations?|relationship|deal|trade|border|war|peace|agreement|cooperation|connection|tensions?|conflict|"
    r"partnership|alliance|treaty)\s+(?:with|between)\s+(?:the\s+)?\Z",
    re.IGNORECASE,
)
_NOW_AND_THEN = r"\s+(?:(?:ever|also|last|first|again|then|recently)\s+)*"
_COMES_UP = re.compile(
    rf"{_NOW_AND_THEN}(?:come|came|comes|coming|get|got|been|being)\s+(?:up|mentioned|raised|discussed|addressed)\b|"
    rf"{_NOW_AND_THEN}(?:feature|figure|arise)d?\b",
    re.IGNORECASE,
)
#: "was Taiwan last raised", and not "has Taiwan raised".
_IS = re.compile(r"\b(?:was|were|is|are)\s+(?:the\s+)?\Z", re.IGNORECASE)
_IS_RAISED = re.compile(
    rf"{_NOW_AND_THEN}(?:mentioned|raised|discussed|addressed|brought\s+up|touched\s+on)\b", re.IGNORECASE
)
_SUBJECT = re.compile(
    r"(?:\A\W*|\b(?:did|does|do|has|have|had|was|were|is|are|will|would|when|how|why|what|that)\s+)(?:the\s+)?\Z",
    re.IGNORECASE,
)
_AUXILIARY = re.compile(
    r"\b(?:did|does|do|has|have|had|was|is|would|will|could|should)(?:n['’]t)?\s+(?:the\s+)?(?:[\w.'’-]+\s+){0,4}?\Z",
    re.IGNORECASE,
)
_JOINED = re.compile(r"\s*(?:,|and\b|&|/|or\b|with\b)", re.IGNORECASE)
_JOINED_BEFORE = re.compile(r"(?:\band|&|,)\s+(?:the\s+)?(?:[A-Z][\w.'’-]*\s+){0,3}\Z")
_SAYS = (
    r"(?:say|said|says|tell|told|tells|raise[ds]?|ask(?:ed|s)?|thank(?:ed|s)?|promise[ds]?|pledge[ds]?|urge[ds]?|stress(?:ed|es)?|emphasi[sz]ed?|"
    r"underscored?|reiterated?|reaffirmed?|express(?:ed)?|note[ds]?|warn(?:ed|s)?|condemn(?:ed|s)?|welcomed?|offer(?:ed|s)?|announced?|commit(?:ted)?|"
    r"request(?:ed)?|call\s+(?:for|on)|called\s+(?:for|on)|propos(?:e|ed)|argue[ds]?|make|made|want|wanted|give|gave|brief(?:ed)?|credit(?:ed)?|"
    r"praise[ds]?|congratulate[ds]?|express|mention(?:ed)?|insist(?:ed)?|demand(?:ed)?|reject(?:ed)?|claim(?:ed)?|explain(?:ed)?|describe[ds]?|"
    r"invite[ds]?|share[ds]?|outline[ds]?|highlight(?:ed)?|voice[ds]?|bring|brought|convey(?:ed)?|press(?:ed)?|support(?:ed)?|affirm(?:ed)?|"
    r"commend(?:ed)?|applaud(?:ed)?|recogni[sz]ed?|acknowledge[ds]?|assure[ds]?|encourage[ds]?|deliver(?:ed)?)"
)
_ACTS = re.compile(rf"\s+(?:also\s+|again\s+|\w+ly\s+|ever\s+|then\s+)?{_SAYS}\b", re.IGNORECASE)
_OWNS = re.compile(
    r"['’]s?\s+(?:\w+\s+)?(?:position|stance|view|views|message|response|reaction|request|demand|promise|pledge|concerns?|answer|argument|words)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A person or a country named in a question.

    Attributes:
        start: Offset of its first code point.
        end: Offset one past its last.
        party: What to search parties by: the key of a person, or a country.
        person: Who it is, as the readouts name them; None for a country.
        country: The country or body, if one is named.
        topic: True for a country that is spoken about rather than one that takes part.
        sure: True for people, and for a country with an office or a person beside it.
    """

    start: int
    end: int
    party: str
    person: Person | None = None
    country: str = ""
    topic: bool = False
    sure: bool = True


def read_named(
    text: str, taken: Sequence[tuple[int, int]], directory: Directory, day: dt.date | None
) -> tuple[Named, ...]:
    """People, office holders and countries that a question names, in order.

    Args:
        text: The question.
        taken: Spans of dates and events: a name inside one ("May", "the invasion of Ukraine") takes no part.
        directory: Whom the readouts know.
        day: The day the question is about, to know who held an office then; None for any.
    """
    countries = find_countries(text)
    people = [person for person in directory.lookup(text) if _counts(person, countries, taken)]
    named = [_person(person, countries, text, day) for person in people]
    named.extend(_by_nickname(text, named, directory))
    for country in countries:
        if not any(_overlap(country, other) for other in people):
            inside = any(start <= country.start < end for start, end in taken)
            found = _country(text, country, people, directory, day)
            named.extend(replace(one, topic=True) for one in found[:1]) if inside else named.extend(found)
    for match in _BARE_OFFICE.finditer(text):
        if not any(other.start < match.end() and match.start() < other.end for other in named):
            named.extend(_holder(match, people, directory, day))
    home = set(directory.home)
    return tuple(_settled(text, sorted(named, key=lambda one: one.start), home))


def _by_nickname(text: str, named: Sequence[Named], directory: Directory) -> Iterator[Named]:
    """People under names that no readout uses: "AMLO", "Bibi"."""
    for match in _NICKNAME.finditer(text):
        if any(one.start < match.end() and match.start() < one.end for one in named):
            continue
        known = directory.lookup(NICKNAMES[match.group().lower()])
        if known:
            person = known[0].people[0]
            yield Named(start=match.start(), end=match.end(), party=person.key, person=person)


def _settled(text: str, named: Sequence[Named], home: set[str]) -> Iterator[Named]:
    """A country that only probably takes part does not if a surer counterpart is named, or if it stands beside a topic."""
    sure = [one for one in named if one.sure and not one.topic]
    sides = {country for one in sure for country in (one.person.countries[:1] if one.person else (one.country,))}
    before: Named | None = None
    for one in named:
        if not one.sure and not one.topic:
            beside = before and before.topic and _IN_A_ROW.fullmatch(text[before.end : one.start])
            covered = bool(sides - home) or (bool(sides) and one.country in home)
            one = replace(one, topic=bool(beside) or covered)
        before = one
        yield one


def party_names(named: Sequence[Named]) -> tuple[str, ...]:
    """Names to prefer readouts by: people, and countries that take part."""
    parties = [one.party for one in named if not one.topic]
    return tuple(dict.fromkeys(parties))


def speaker_of(text: str, named: Sequence[Named]) -> str:
    """Whose words are wanted, as written; empty if no single person's ("did Biden and Xi discuss")."""
    for place, one in enumerate(named):
        before, after = text[: one.start], text[one.end :]
        joined = place + 1 < len(named) and _JOINED.match(after) and named[place + 1].start - one.end < 30
        if one.topic or joined or (place and _JOINED_BEFORE.search(before) and one.start - named[place - 1].end < 30):
            continue
        owns, acts = _OWNS.match(after), _ACTS.match(after)
        if owns or (acts and (_AUXILIARY.search(before) or not _PARTY.search(before))):
            return text[one.start : one.end]
    return ""


def _counts(person: PersonMention, countries: Sequence[Mention], taken: Sequence[tuple[int, int]]) -> bool:
    if any(start < person.end and person.start < end for start, end in taken):
        return False
    covering = [country for country in countries if _overlap(country, person)]
    return all(country.end - country.start < person.end - person.start for country in covering)


def _overlap(one: Mention, other: PersonMention) -> bool:
    return one.start < other.end and other.start < one.end


def _person(mention: PersonMention, countries: Sequence[Mention], text: str, day: dt.date | None) -> Named:
    """The most likely person with a name: of the country named beside it, in office around that day."""
    beside = {
        c.country
        for c in countries
        if (c.end <= mention.start and _BETWEEN.fullmatch(text[c.end : mention.start]))
        or 0 <= c.start - mention.end <= 6
    }

    def fits(person: Person) -> tuple[bool, bool, int]:
        then = not (day and person.first and person.last) or (
            person.first - dt.timedelta(days=100) <= day <= person.last + dt.timedelta(days=100)
        )
        return bool(beside & set(person.countries)), then, person.count

    person = max(mention.people, key=fits)
    return Named(start=mention.start, end=mention.end, party=person.key, person=person)


def _country(
    text: str, country: Mention, people: Sequence[PersonMention], directory: Directory, day: dt.date | None
) -> list[Named]:
    before, after = text[: country.start], text[country.end :]
    follows = any(
        _BETWEEN.fullmatch(text[country.end : person.start]) for person in people if person.start > country.end
    )
    office = _BEHIND.match(after) or _IN_FRONT.search(before)
    one = Named(start=country.start, end=country.end, party=country.country, country=country.country)
    if office:
        return _with_office(one, office, follows, directory, day)
    if _BEHIND_LOOSE.match(after) or follows:
        return [one]
    possessive = bool(re.match(r"['’]s?\s", after))
    named = country.form != "demonym" or bool(_THE.search(before) and _NO_NOUN.match(after))
    takes_part = not possessive and bool(_PARTY.search(before) or _SUBJECT.search(before)) and named
    raised = bool(_COMES_UP.match(after) or (_IS.search(before) and _IS_RAISED.match(after)))
    about = bool(raised or _TIES.search(before)) or (
        bool(_TOPIC.search(before))
        and not re.search(r"\b(?:with|met|meet|between)\s+(?:the\s+)?\Z", before, re.IGNORECASE)
    )
    return [replace(one, topic=about or not takes_part, sure=False)]


def _with_office(
    one: Named, office: re.Match[str], follows: bool, directory: Directory, day: dt.date | None
) -> list[Named]:
    """ "the German chancellor", "president of Brazil": the country, and the holder if the readouts know exactly one."""
    behind = office.re is _BEHIND
    start, end = (one.start, one.end + office.end()) if behind else (office.start(), one.end)
    one = replace(one, start=start, end=end)
    holders = directory.holders(_OFFICES[" ".join(office["office"].lower().split())], one.country, day)
    if follows or len(holders) != 1:
        return [one]
    return [one, replace(one, party=holders[0].key, person=holders[0])]


def _holder(
    match: re.Match[str], people: Sequence[PersonMention], directory: Directory, day: dt.date | None
) -> list[Named]:
    """Who "the vice president" is if no country is named beside it: the holder in most readouts."""
    if any(0 <= person.start - match.end() <= 2 for person in people):
        return []
    office = fold(" ".join(match["office"].replace("-", " ").split()))
    office = _OFFICES.get(office, "vice president")
    holders = directory.holders(office, directory.home[0], day) if directory.home else ()
    if not holders:
        return []
    return [Named(start=match.start(), end=match.end(), party=holders[0].key, person=holders[0])]
