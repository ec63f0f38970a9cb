"""Where an event took place, by the words of its first sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.datatypes import Kind
from index.facts.countries import find_countries
from index.facts.opening import Opening

_CAPITAL = r"[A-ZÀ-Þ][\w’'ʻ‑-]*"
_JOIN = r"(?:,? (?:of the |of |the |and the |and |de |del |du |la |al-|el-)?)"
_NAME = rf"(?:the )?(?:(?:[A-Z]\.){{2,}}|St\. {_CAPITAL}|{_CAPITAL})(?:{_JOIN}(?:(?:[A-Z]\.){{2,}}|{_CAPITAL}))*"
_AT = re.compile(rf"\b(?P<how>in|at|aboard|on the (?:margins|sidelines) of|at the (?:margins|sidelines) of|the sidelines of) (?P<place>{_NAME})")
_TO = re.compile(rf"\b(?:visit(?:s|ed)?|travel(?:s|ed|led)?|trip|arrived|arrival|tour)(?:\s(?:today|yesterday))?(?: (?:to|in)| (?=[A-Z]))\s*(?P<place>{_NAME})")
_BUILDINGS = re.compile(
    r"\b(?:White House|Oval Office|Roosevelt Room|State Dining Room|Situation Room|East Room|West Wing|Eisenhower Executive Office Building|Camp David|Blair House|Kremlin|Bocharov Ruchei"
    r"|Novo-Ogaryovo|Mariinsky? Palace|State Department|Department of State|Pentagon|Capitol|Naval Observatory|Vice President’s Residence|United Nations|Blue House|Élysée(?: Palace)?|Downing Street|"
    r"Chancellery|[A-Z]\w+ (?:Palace|Airport|Castle|Hall|House|Residence|Base|Center|Centre|University|Hotel))\b"
)
_NOT_PLACES = frozenset(
    "january february march april may june july august september october november december monday tuesday wednesday thursday friday "
    "saturday sunday english french russian today yesterday congress government parliament president his her their person defense defence "
    "ukrainian addition light order advance support coordination partnership turn part accordance response q1 q2 q3 q4 covid covid-19".split()
)
_TRIM = re.compile(
    r"(?:,? (?:and|of|the|and the|of the|today|yesterday|on|de|la|,))+$|,? (?:(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|(?:President|Prime Minister|Secretary|Vice President|National Security|Foreign Minister|Head of|Deputy|Minister|Ambassador|Mr|Ms|Dr)\b).*$"
)
_EVENT_IN = re.compile(rf"^[^.;]{{0,120}}?\bin (?P<place>{_NAME})")
_PERIOD_IN_NAME = re.compile(r"\b(?:Affairs|Mission|Delegation|Embassy|Ambassador|Representative|Office|Situation|Coordinator|Director|Charg[eé] d[’']Affaires|war|interests?|crisis|conflict|situation|peace|security|elections?|invested|believe|stability) $")


def read_place(opening: Opening, kind: Kind) -> str:
    """City, building or country as written; empty for calls and where the text does not say."""
    if kind in (Kind.CALL, Kind.VIDEO_CALL):
        return ""
    before = opening.setting, opening.clause
    if kind is Kind.VISIT:
        for text in (opening.headline, *before, *opening.sentences[:2]):
            for match in _TO.finditer(text):
                if place := _clean(match["place"]):
                    return place
    candidates = list(_candidates(opening))
    for place, sure in candidates:
        if sure or not _is_country(place):
            return place
    return opening.dateline.split(",")[0].title() if opening.dateline and not candidates else ""


def _candidates(opening: Opening) -> Iterator[tuple[str, bool]]:
    """Places in the order in which they are trusted, each with whether it may be a whole country."""
    first = opening.sentences[0] if opening.sentences else ""
    for text in (opening.clause, opening.setting, first[len(opening.setting) :], opening.headline):
        whole = text is opening.clause or text is opening.setting
        for match in _AT.finditer(text):
            if _PERIOD_IN_NAME.search(text[: match.start()]):
                continue
            place = _clean(match["place"])
            if "of" in match["how"]:
                inside = _EVENT_IN.match(text[match.end() :])
                if inside and (city := _clean(inside["place"])):
                    yield city, True
                yield place, False
            elif place and (whole or _BUILDINGS.search(place) or (_is_city(place) and text is not opening.headline) or text.endswith(place)):
                yield place, False
        if whole:
            for match in _TO.finditer(text):
                if place := _clean(match["place"]):
                    yield place, True
    for sentence in opening.sentences[1:3]:
        for match in _AT.finditer(sentence):
            place = _clean(match["place"])
            if place and _BUILDINGS.fullmatch(place.removeprefix("the ")) and re.search(r"\b(?:met|meeting|talks|held|took place|hosted)\b", sentence):
                yield place, False


def _clean(place: str) -> str:
    """The name without dates and people behind it; empty where it is no place."""
    place = _TRIM.sub("", place).strip(" ,.") if not re.search(r"[A-Z]\.$", place) else place
    if not place or place.split()[0].lower() in _NOT_PLACES or (place.lower().startswith("the ") and not _the_place(place)):
        return ""
    return place.removeprefix("the ")


def _the_place(place: str) -> bool:
    return bool(_BUILDINGS.search(place) or find_countries(place) or "Summit" in place or "Conference" in place or "Hague" in place or "Assembly" in place or "Forum" in place)


def _is_country(place: str) -> bool:
    mentions = find_countries(place)
    return len(mentions) == 1 and mentions[0].form in ("name", "acronym", "demonym", "body") and len(place) - (mentions[0].end - mentions[0].start) < 5


def _is_city(place: str) -> bool:
    return any(mention.form in ("capital", "seat") for mention in find_countries(place)) or ", " in place
