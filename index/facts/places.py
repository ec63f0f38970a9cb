"""Where an event took place, by the words of its title and first sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.datatypes import Kind
from index.facts.countries import country_of, find_countries
from index.facts.opening import Opening
from index.facts.people import find_people

_CAPITAL = r"[A-ZÀ-Þ][\w’'ʻ‑-]*"
_ONE = rf"(?:(?:[A-Z]\.){{2,}}|St\. {_CAPITAL}|{_CAPITAL})"
_JOIN = r"(?:,? (?:of the |of |the |and the |and |de |del |du |la |es |al-|el-)?)"
_NAME = rf"(?:the )?{_ONE}(?:{_JOIN}{_ONE})*"
_AT = re.compile(rf"\b(?:in|at|aboard|on(?= Capitol Hill)) (?P<place>{_NAME})(?!\w| \d{{4}})")
#: "today in Tel Aviv", "on July 18, 2023, in Seoul": the day of the event beside its place.
_DATED = re.compile(
    r"\b(?:[Tt]oday|[Yy]esterday|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:January|February|March|April|May|June|July|August"
    rf"|September|October|November|December) \d{{1,2}}(?:, \d{{4}})?|\d{{1,2}} \w+ \d{{4}}),?"
    rf" (?:in|at) (?P<place>{_NAME})(?!\w| \d{{4}})"
)
#: "During the meeting in Kyiv", "The event at the White House", "following the negotiations with Olaf Scholz in Kyiv".
_EVENT_AT = re.compile(
    r"(?:^(?:During |At |After |In )?(?:[Tt]he|[Tt]his|[Tt]heir|[Tt]oday’s|[Yy]esterday’s) (?:\w+ ){0,2}?"
    r"|\bfollowing the )(?:meetings?|events?"
    r"|talks|negotiations|discussions?|sessions?|convenings?|roundtable|conversation|dinner|ceremony)(?: with [^.;]{1,60}?)?"
    rf"(?: which)?(?: (?:was|were))?(?: (?:also )?(?:held|hosted|took place|taking place))?(?: today| yesterday)?"
    rf" (?:in|at) (?P<place>{_NAME})(?!\w| \d{{4}})"
)
#: "who is in Kyiv on a working visit", "made a brief working visit to Moscow".
_GUEST = re.compile(
    rf"\bwho (?:is|was|are|were) (?:currently )?in (?P<here>{_NAME}) on\b"
    rf"|\b(?:made|paid|paying|making) (?:an? )?(?:\w+ ){{0,3}}visit to (?P<place>{_NAME})"
)
#: Lines above a transcript that say where: "Rzeszow, Poland".
_PLACE_LINE = re.compile(r"[A-ZÀ-Þ][\w.’' -]+, (?P<country>[A-Z][\w.’' -]+)")
_MARGINS = re.compile(rf"\b(?:margins|sidelines) of\b[^.;]{{0,140}}?\bin (?P<place>{_NAME})")
_TO = re.compile(
    r"\b(?i:visit(?:s|ed)?|travel(?:s|ed|led)?|trip|arrived|tour|delegation)(?:\s(?:today|yesterday))?"
    rf"(?: (?:to|in)| (?=[A-Z]))\s*(?P<place>{_NAME})"
)
_ON_VISIT = re.compile(
    r"\b(?:on (?:an? |his |her |their )?(?:\w+ )?visit|came|arrived|welcomed|received|hosted)\b"
    rf"[^.;]{{0,200}}? (?:to|in|at) (?P<place>{_NAME})"
)
_BUILDING = re.compile(
    r"(?:White House|Oval Office|State Dining Room|Camp David|Kremlin|Bocharov Ruchei|Novo-Ogaryovo"
    r"|State Department|Department of State|Pentagon|United Nations|Capitol(?: Hill)?|Élysée"
    r"|(?:.*\b)?(?:Room|Palace|Airport|Castle|Hall|House|Residence|Base|Building|Hotel|Observatory"
    r"|Center|Centre|University|Museum|Cosmodrome|Chancellery|Headquarters|Embassy|Institute|School"
    r"|Theatre))"
)
_TITLED = re.compile(
    rf"\b(?:met|meets|meeting|talks|negotiations|visit)\b[^-–—:]*\bin (?P<place>{_NAME})$|^In (?P<first>{_NAME}),"
)
_WORDS = """
january february march april may june july august september october november december monday tuesday wednesday thursday
friday saturday sunday today yesterday english french russian congress government parliament cabinet senate europe eu
nato president his her their person defense defence addition light order advance support coordination partnership turn
part accordance response covid covid-19 prime minister secretary vice national head deputy ambassador mr ms dr following
ahead action travel visit trip g7 g20
"""
#: Words that do not begin a place: "in March", "in Congress", "in addition".
_NOT_PLACES = frozenset(_WORDS.split())
_DAYS = re.compile(
    r",? (?:on |and |this )?(?:January|February|March|April|May|June|July|August|September|October"
    r"|November|December|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|Today"
    r"|Yesterday)\b.*$"
)
_PEOPLE = re.compile(
    r", (?:and )?(?:the )?(?:President|Prime Minister|Secretary|Vice President|National Security|Foreign "
    r"Minister|Head of|Deputy|Minister|Ambassador|Mr|Ms|Dr)\b.*$"
)
#: "the Kremlin President of the Republic of Finland": a building, and whom it received.
_OFFICE_BEHIND = re.compile(
    r"(?P<place>.+?) (?:President|Prime Minister|Minister|Chairman|Head|Secretary|Chancellor|King|Emir) of\b"
)
_TRAILING = re.compile(r"(?:,| and| of| the| de| la)+$")
#: Words before "in" that make the place somebody's field or fate.
_NOT_THERE = re.compile(
    r"\b(?:Affairs|Mission|Delegation|Embassy|Ambassador|Representative|Office|Coordinator|Director"
    r"|Affaires|war|wars|interests?|crisis|conflict|situation|peace|security|elections?|stability"
    r"|living|based|headed|"
    r"detained|hostages|casualties|aggression|attacks?|violence|efforts?|progress|operations|events"
    r"|developments|people|reforms?|invest\w*|embassies|society|role|investment"
    r"|(?:hostages|captives|prisoners|people|citizens|americans|being|those|still) held|(?-i:hostages|detained|captive"
    r"|situation|war)(?-i: [a-z][^\s,.;]*){0,4}) $",
    re.IGNORECASE,
)


def read_place(opening: Opening, kind: Kind) -> str:
    """City, building or country as written; empty for calls and if the text does not say.

    A whole country counts only if nothing more specific is named.
    """
    if kind in (Kind.CALL, Kind.VIDEO_CALL):
        return ""
    country = ""
    for place in _candidates(opening, kind):
        if not _is_country(place):
            return place
        country = country or place
    city = next((place for place in _found(_AT, opening.headline) if _is_city(place)), "") if country else ""
    return city or _above(opening) or country


def _above(opening: Opening) -> str:
    """The place of a dateline or of a line above the text; empty if there is none."""
    for line in opening.heading.split("; "):
        match = _PLACE_LINE.fullmatch(line)
        if match and country_of(match["country"]):
            return line
    return opening.dateline.split(",")[0].title() if any(c.isdigit() for c in opening.dateline) else ""


def _candidates(opening: Opening, kind: Kind) -> Iterator[str]:
    """Places, the most trusted first."""
    first = opening.sentences[0] if opening.sentences else ""
    setting = (
        "" if re.match(r"(?:following|after|ahead of|before)\b", opening.setting, re.IGNORECASE) else opening.setting
    )
    for text in (opening.clause, setting):
        if kind is Kind.VISIT or text is setting:
            yield from _found(_TO, text)
        yield from _found(_AT, text)
        yield from _found(_MARGINS, text)
    yield from _found(_MARGINS, first)
    if kind is Kind.VISIT:
        for text in (opening.headline, *opening.sentences[:3]):
            yield from _found(_TO, text)
    yield from _found(_DATED, first)
    yield from (place for place in _found(_AT, first) if _BUILDING.fullmatch(place))
    yield from (place for place in _guest(first) if _is_city(place))
    yield from (place for place in _found(_ON_VISIT, first) if _BUILDING.fullmatch(place) or _is_city(place))
    for match in _TITLED.finditer(opening.headline):
        if not _NOT_THERE.search(opening.headline[: max(match.start("place") - 3, 0)]):
            yield from filter(None, [_clean(match["place"] or match["first"])])
    for sentence in opening.sentences[1:3]:
        if re.search(r"\b(?:met|meeting|talks|held|took place|hosted|convened)\b", sentence):
            yield from (place for place in _found(_AT, sentence) if _BUILDING.fullmatch(place))
    for sentence in opening.sentences[1:]:
        yield from (place for place in _found(_EVENT_AT, sentence) if _near(place))


def _guest(sentence: str) -> Iterator[str]:
    for match in _GUEST.finditer(sentence):
        yield _clean(match["here"] or match["place"])


def _near(place: str) -> bool:
    """Whether a place is a building or a city: one in a country, or a capital."""
    return bool(_BUILDING.fullmatch(place)) or _is_city(place)


def _found(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    matches = [match for match in pattern.finditer(text) if not _NOT_THERE.search(text[: match.start()])]
    spans = [(person.start, person.end) for person in find_people(text)] if matches else []
    for match in matches:
        inside = any(start <= match.start() and match.start("place") < end for start, end in spans)
        if not inside and (place := _clean(match["place"])):
            yield place


def _clean(place: str) -> str:
    """The name without dates and people after it; empty if it is not a place."""
    place = re.sub(r"(?<=D\.C\.) .*$", "", place)
    host = _OFFICE_BEHIND.match(place)
    if host and _BUILDING.fullmatch(host["place"].removeprefix("the ")):
        place = host["place"]
    place = _TRAILING.sub("", _PEOPLE.sub("", _DAYS.sub("", place))).strip(" ,").removesuffix("’s")
    bare = place.removeprefix("the ").strip()
    if not bare or (bare.split()[0].lower().strip(",’s") in _NOT_PLACES and not _BUILDING.fullmatch(bare)):
        return ""
    if place != bare and not (
        _BUILDING.fullmatch(bare) or find_countries(bare) or "Hague" in bare or bare == "West Bank"
    ):
        return ""
    return bare


def _is_country(place: str) -> bool:
    if place in ("West Bank", "Gaza"):
        return True
    mentions = find_countries(place)
    whole = len(mentions) == 1 and len(place) - (mentions[0].end - mentions[0].start) < 5
    return whole and mentions[0].form in ("name", "acronym", "demonym", "body")


def _is_city(place: str) -> bool:
    return any(mention.form in ("capital", "seat") for mention in find_countries(place)) or ", " in place
