"""The day of the event itself, distinguished from the days of other events that a readout mentions."""

from __future__ import annotations

import datetime as dt
import re

from index.datatypes import Kind
from index.facts.date_mention import DateMention
from index.facts.dates import find_dates
from index.facts.opening import Opening

_READ = frozenset({"day", "relative", "range", "part"})
_WIDEST = 31
#: Days between event and publication beyond which a day is another event's; an announced one may lie farther ahead.
_OLDEST, _FARTHEST = 45, 200
#: What opens a sentence and sets a time other than the event's.
_ANOTHER_TIME = re.compile(
    r"(?:following|ahead of|after|before|since|in advance of|prior to|in light of|building on)\b", re.IGNORECASE
)
#: A later sentence counts if it begins with the day or says when the event itself took place.
_TELLS_WHEN = re.compile(
    r"(?:On|Today|Yesterday|Earlier|Last|This)\b|The (?:\w+ ){0,3}(?:meeting|call|conversation|event"
    r"|session|visit|convening|roundtable|talks|group|delegation|forum|summit)s?\b"
    r"(?: \w+){0,8} (?:on|took|was|were|met|today|yesterday)\b",
)
#: What precedes the day of another event: "following the attack of", "since their call on", "the September 20".
_OTHER_EVENT = re.compile(
    r"(?:\b(?:following|since|after|before|until|till|ahead of|in advance of|prior to|preparations? "
    r"for|anniversary of|of|by|from|until|through|the|their|its|his|our|ahead of the|latest|last"
    r"|previous|upcoming|next)\s*"
    r"|\b(?:after|since|following|ahead of|in advance of|before|upcoming|forthcoming|scheduled|planned"
    r"|expected|elections?|attacks?|born|signed|effective|beginning|starting|agreement|agreed"
    r"|statement|launched|issued|announced|released|established|takes? effect|passed)\b[^.]{0,70})$",
    re.IGNORECASE,
)
#: A day that qualifies a noun of its own: "the July 9, 2021 Executive Order", "the April 2 call".
_OTHERS_NOUN = re.compile(
    r"^(?:,? \d{4})?(?:[’']s)?\s+(?!at\b|in\b|with\b|to\b|and\b|the\b|on\b|for\b|by\b)(?:(?!call"
    r"|meeting|convening|session)[a-z]+ )?(?:elections?|attacks?|agreement|order|act|anniversary"
    r"|ceasefire|massacre|deadline|summit|joint statement|executive|referendum|proposal|announcement"
    r"|statement)",
    re.IGNORECASE,
)
_EVENT_VERB = re.compile(
    r"\b(?:met|meets?|meeting|spoke|called|held|hosted|convened|visited|traveled|travelled|joined"
    r"|discussed|call|talks|conversation|took place|received|hosts|convenes|participated|led|visit"
    r"|travel|co-?hosted|gathered|attended|conven\w+|briefed|briefing|launched|chaired|delivered"
    r"|welcomed|announced|brought|kicked)\b",
    re.IGNORECASE,
)
#: "during his visit to Kyiv on Thursday", "welcomed their meeting on 2 May".
_ANOTHERS = re.compile(
    r"\b(?:(?:his|her|their|its|our)|\w+[’']s) (?:\w+ ){0,2}(?:visits?|trips?|calls?|meetings?|talks"
    r"|travel|remarks|speech|statement)\b",
    re.IGNORECASE,
)
_TODAY = re.compile(r"\b(?:today|this (?:morning|afternoon|evening)|tonight)\b", re.IGNORECASE)


def read_days(opening: Opening, kind: Kind, published: dt.date | None) -> tuple[dt.date | None, dt.date | None]:
    """First and last day of the event; the last is None for an event of one day.

    If the text gives no day, it is the day of publication.
    """
    if published is None:
        published = _written_day(opening.dateline)
        if published is None:
            return None, None
    coming = kind is Kind.ANNOUNCEMENT
    reference = published
    for text, trusted in _texts(opening):
        if (mention := _event_mention(text, reference, trusted, coming)) is not None:
            return _days(mention, coming, published)
    if (dated := _written_day(opening.dateline, published)) is not None and dated <= published:
        return dated, None
    return published, None


def _texts(opening: Opening) -> tuple[tuple[str, bool], ...]:
    """Where to search, in order, and whether a day there needs no verb beside it."""
    first = opening.sentences[0] if opening.sentences else ""
    later = tuple((sentence, False) for sentence in opening.sentences[1:3] if _TELLS_WHEN.match(sentence))
    setting = "" if _ANOTHER_TIME.match(opening.setting) else opening.setting
    return ((setting, True), (opening.clause, True), (first, False), (opening.title, True), *later)


def _event_mention(text: str, reference: dt.date, trusted: bool, coming: bool) -> DateMention | None:
    for mention in find_dates(text, reference):
        if mention.kind not in _READ or (mention.last - mention.first).days > _WIDEST:
            continue
        if mention.kind in ("part",) or (mention.kind == "relative" and (mention.last - mention.first).days > 3):
            continue  # "this week", "early in March" give no day
        ahead = (mention.first - reference).days
        if ahead > (_FARTHEST if coming else 1) or (-ahead > _OLDEST and mention.has_year):
            continue
        before, after = text[: mention.start], text[mention.end :]
        words = text[mention.start : mention.end]
        if not _TODAY.search(words) and (_OTHER_EVENT.search(before) or _OTHERS_NOUN.match(after)):
            continue
        if not trusted and not _EVENT_VERB.search(before + after[:80]):
            continue
        if not trusted and _ANOTHERS.search(before):
            continue
        return mention
    return None


def _days(mention: DateMention, coming: bool, published: dt.date) -> tuple[dt.date, dt.date | None]:
    first, last = mention.first, mention.last
    if not mention.has_year and mention.kind != "relative":
        # A day without its year is read as the latest past one; an announced one is in the future
        ahead = _next_year(first)
        if (coming and first < published) or abs((ahead - published).days) < min(15, abs((first - published).days)):
            first, last = ahead, _next_year(last)
    return first, (last if last > first else None)


def _next_year(day: dt.date) -> dt.date:
    return day.replace(year=day.year + 1, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year + 1)


def _written_day(line: str, published: dt.date | None = None) -> dt.date | None:
    """The day of a dateline ("Baku, 1 March 2023"), if it is one."""
    for mention in find_dates(line, published or dt.date.max.replace(year=9000)):
        if mention.kind == "day" and mention.first == mention.last and (mention.has_year or published):
            return mention.first
    return None
