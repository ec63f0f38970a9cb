"""From words to a query: typed filters; dates, people, countries and kinds mentioned; the sort of answer wanted.

What was typed as a filter excludes; what was guessed raises and excludes nothing, so that a wrong guess costs little.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence

from assistant.datatypes import Intent, Understanding
from assistant.filter_words import read_filters
from assistant.intent import Asked, read_intent, read_kinds, read_wants, without_asking
from assistant.parties import Named, party_names, read_named, speaker_of
from assistant.short_forms import second_spellings
from assistant.world_events import EventMention, find_world_events
from index import full_text
from index.datatypes import Filters, Query, Span
from index.facts.countries import aliases, find_countries
from index.facts.date_mention import DateMention
from index.facts.date_words import COUNT, UNIT, count, shift
from index.facts.dates import find_dates
from index.facts.directory import Directory
from index.textforms import fold

_WORD = re.compile(r"[^\W\d_]+")
#: What, right behind a date, makes it the date of something spoken about and not of the readout.
_DATED_THING = re.compile(
    r"(?:['’]s)?\s+(?:\w+\s+){0,2}?(?:agreement|accords?|elections?|invasion|attacks?|deal|declaration|treaty|ceasefire|coup|war|massacre|"
    r"earthquake|resolution|referendum|constitution|protocol|memorandum|statement\s+of|annexation|uprising|revolution|budget|deadline)\b",
    re.IGNORECASE,
)
_OFFSET = re.compile(
    rf"\b(?:(?P<n>{COUNT})\s+(?P<u>{UNIT})s?|the\s+(?P<u1>day|week|month)|(?P<some>days|weeks))\s+(?P<way>after|before|following)\s+"
    r"(?:the\s+)?(?:\w+\s+){0,2}\Z",
    re.IGNORECASE,
)
#: "in the week after": all of it, not the day a week later.
_WITHIN = re.compile(r"\b(?:in|during|within|over)\s+\Z", re.IGNORECASE)
_SIDE = re.compile(
    r"\b(?P<way>after|since|following|before|prior\s+to|ahead\s+of)\s+(?:the\s+)?(?:\w+\s+){0,2}?\Z", re.IGNORECASE
)
#: Verbs and nouns of asking and conversing, which say nothing about the topic.
_ASKING_WORDS = """
discuss discussed talk talked raise raised see seen give given list show find come came up attended speak spoke bring
brought agree agreed officials leader leaders president prime minister chancellor pm counterpart side question
"""
_ASKING = frozenset(_ASKING_WORDS.split())
#: What stands in brackets behind a question, where days carried over from the conversation are written; they win.
_CARRIED = re.compile(r"\([^()]*\b(?:19|20)\d\d\b[^()]*\)\W*\Z")
_OPEN = ("since", "after", "before", "until")
_WHERE = re.compile(r"\b(?:in|at)\s+(?:the\s+)?(?P<where>[^\W\d_][\w'’-]*(?:\s+[^\W\d_][\w'’-]*)?)", re.IGNORECASE)
#: Too common in these texts to be worth searching for under other words.
_EVERYWHERE = frozenset({"United States"})


def understand(question: str, *, today: dt.date, directory: Directory) -> Understanding:
    """Read filters, dates, parties, kinds and intent from a question that stands on its own.

    Args:
        question: As typed, or as rewritten to stand on its own.
        today: Day that "last week" and the like are read against.
        directory: Whom the readouts know.

    Raises:
        FilterError: A typed filter is invalid.
    """
    typed = read_filters(question)
    text, mended = _mended(typed.text, directory)
    dates = find_dates(text, today)
    events = _events(text, dates)
    dates = tuple(date for date in dates if not _inside(date, events))
    day = _day_of(dates)
    spans = [*((date.start, date.end) for date in dates), *((event.start, event.end) for event in events)]
    named = read_named(text, spans, directory, day)
    dates = _in_known_years(text, dates, named, today, directory)
    asked = read_intent(text, dates, events)
    first, last = _days(text, dates, events, asked)
    preferred = Filters(date_from=first, date_to=last, parties=party_names(named), kinds=read_kinds(text))
    before = [(event, text[: event.start]) for event in events]
    aside = tuple(Span(start=e.start, end=e.end) for e, front in before if _SIDE.search(front) or _OFFSET.search(front))
    return Understanding(
        text=text,
        filters=typed.filters,
        preferred=preferred,
        phrases=typed.phrases,
        expansions=_expansions(text, named),
        intent=asked.intent,
        speaker=speaker_of(text, named),
        people=_unique(one.person.name for one in named if one.person),
        countries=_unique(one.country for one in named if one.country),
        dates=dates,
        aside=aside,
        anchor=asked.anchor,
        topic=_topic(text, named, [*dates, *aside]),
        places=_places(text, [*dates, *aside]),
        mended=mended,
    )


def _mended(text: str, directory: Directory) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The question with misspelt names corrected, and the corrections."""
    slips: list[tuple[str, str]] = []
    countries = find_countries(text)

    def mend(match: re.Match[str]) -> str:
        if any(country.start <= match.start() < country.end for country in countries):
            return match.group()
        meant = directory.nearest(match.group())
        if meant is None:
            return match.group()
        slips.append((match.group(), meant))
        return meant

    return _WORD.sub(mend, text), tuple(slips)


def _events(text: str, dates: Sequence[DateMention]) -> tuple[EventMention, ...]:
    """World events, except those that the question dates itself; a year in an event's name dates nothing else."""
    found: list[EventMention] = []
    for event in find_world_events(text):
        beside = [date for date in dates if not _inside(date, [event])]
        dated = any(date.start < event.end + 25 and event.start - 25 < date.end and date.has_year for date in beside)
        if not dated and not any(event.start < other.end and other.start < event.end for other in found):
            found.append(event)
    return tuple(found)


def _inside(date: DateMention, events: Sequence[EventMention]) -> bool:
    """Whether a date is part of an event's name: "before the 2024 election"."""
    return any(event.start < date.end <= event.end for event in events)


def _day_of(dates: Sequence[DateMention]) -> dt.date | None:
    for date in dates:
        if date.has_year and date.kind in ("day", "month", "part", "range", "relative") and date.first > dt.date.min:
            return date.first
    return None


def _in_known_years(
    text: str, dates: tuple[DateMention, ...], named: Sequence[Named], today: dt.date, directory: Directory
) -> tuple[DateMention, ...]:
    """Dates without a year, put in the latest year in which those named have a readout then, otherwise in the latest of all."""
    span = directory.span
    if span is None or all(date.has_year for date in dates):
        return dates
    parties = [one.person.name if one.person else one.party for one in named if not one.topic]
    days = directory.days_of(parties) if parties else ()
    latest = min(today, span[1])
    years = range(latest.year, span[0].year - 1, -1)
    readings = {year: find_dates(text, min(latest, dt.date(year, 12, 31))) for year in years}
    chosen = []
    for place, date in enumerate(dates):
        options = [reading[place] for reading in readings.values() if len(reading) == len(dates)]
        if not date.has_year and options:
            date = next((o for o in options if any(o.first <= day <= o.last for day in days)), options[0])
        chosen.append(date)
    return tuple(chosen)


def _days(
    text: str, dates: Sequence[DateMention], events: Sequence[EventMention], asked: Asked
) -> tuple[dt.date | None, dt.date | None]:
    """First and last day of the readouts that the question seems to want; None for an open end."""
    if asked.anchor and asked.intent is Intent.AFTER:
        return asked.anchor.first, None
    if asked.anchor and asked.intent is Intent.BEFORE:
        return None, asked.anchor.last
    counted = any(_OFFSET.search(text[: event.start]) for event in events)
    if (
        asked.anchor
        and asked.side
        and not (counted or any(date.kind in _OPEN for date in dates) or _CARRIED.search(text))
    ):
        anchor = asked.anchor
        before = anchor.last if anchor.own else anchor.first - dt.timedelta(days=1)
        return (None, before) if asked.side == "before" else (anchor.first, None)
    told = _CARRIED.search(text)
    carried = [date for date in dates if told and date.start >= told.start()]
    ranges = [_open(date) for date in carried or dates if not _of_a_thing(text, date)]
    if not ranges:
        ranges = [_around(text, event) for event in events]
    if not ranges:
        return None, None
    starts, ends = [first for first, _ in ranges], [last for _, last in ranges]
    first = None if None in starts else min(start for start in starts if start)
    last = None if None in ends else max(end for end in ends if end)
    return first, last


def _of_a_thing(text: str, date: DateMention) -> bool:
    if date.kind in _OPEN or not date.has_year:
        return False
    if re.search(r"\b(?:for|fiscal|fy)\s+(?:year\s+)?\Z", text[: date.start], re.IGNORECASE):
        return True
    return bool(_DATED_THING.match(text, date.end)) and not text[date.start : date.end].lower().count("after")


def _open(date: DateMention) -> tuple[dt.date | None, dt.date | None]:
    first = None if date.first == dt.date.min else date.first
    last = None if date.last == dt.date.max else date.last
    if last and date.kind in ("month", "part"):
        last += dt.timedelta(days=1)  # what happened on the last day is told on the next
    return first, last


def _around(text: str, event: EventMention) -> tuple[dt.date | None, dt.date | None]:
    """Days that a question names by an event: at it, before it, after it, or some days away."""
    before = text[: event.start]
    offset = _OFFSET.search(before)
    if offset:
        back = offset["way"].lower() == "before"
        if offset["some"]:
            reach = 10 if offset["some"].lower() == "days" else 45
            return shift(event.last, -reach, "day")[0] if back else event.first, (
                event.last if back else shift(event.last, reach, "day")[0]
            )
        number = count(offset["n"] or "1")
        if not back and _WITHIN.search(before[: offset.start()]):
            return event.last, shift(event.last, number, offset["u"] or offset["u1"], exact=True)[0]
        return shift(event.last, -number if back else number, offset["u"] or offset["u1"])
    side = _SIDE.search(before)
    if side is None:
        return event.first - dt.timedelta(days=1), event.last + dt.timedelta(days=1)
    if side["way"].lower() in {"after", "since", "following"}:
        return event.first, None
    return None, event.first - dt.timedelta(days=1)


def _expansions(text: str, named: Sequence[Named]) -> tuple[str, ...]:
    """Other words for the question's countries, offices and short forms, except those it already has."""
    words: list[str] = []
    for country in find_countries(text):
        if country.country not in _EVERYWHERE:
            words += [country.country, *aliases(country.country)]
    for one in named:
        if one.person and fold(one.person.name.split()[-1]) not in fold(text):
            words.append(one.person.key)
    words += second_spellings(text)
    asked = set(full_text.words(text))
    return tuple(word for word in _unique(words) if not set(full_text.words(word)) <= asked)


def _topic(text: str, named: Sequence[Named], spans: Sequence[DateMention | Span]) -> tuple[str, ...]:
    letters = list(text)
    for start, end in [*((one.start, one.end) for one in named if not one.topic), *((d.start, d.end) for d in spans)]:
        letters[start:end] = " " * (end - start)
    rest = without_asking("".join(letters))
    stop = full_text.STOP_WORDS | full_text.READOUT_WORDS | _ASKING
    return tuple(dict.fromkeys(word for word in full_text.words(rest) if word not in stop and len(word) > 1))


def _places(text: str, spans: Sequence[DateMention | Span]) -> tuple[str, ...]:
    """One or two words after each "in" or "at" that names no day; whether they are a place is for the readouts to say."""
    letters = list(text)
    for span in spans:
        letters[span.start : span.end] = "." * (span.end - span.start)
    found = [match["where"] for match in _WHERE.finditer("".join(letters))]
    pairs = [(where, *where.split(maxsplit=1)) for where in found]
    kept = [where if rest and fold(rest[0]) not in full_text.STOP_WORDS else first for where, first, *rest in pairs]
    return _unique(name for where in kept for name in (where, where.split()[0]))


def _unique(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in words if word))


def to_query(understood: Understanding, filters: Filters | None = None) -> Query:
    """What is sent to the index for a question, with further filters where there are any."""
    return Query(
        text=understood.text,
        expansions=understood.expansions,
        phrases=understood.phrases,
        filters=understood.filters & filters if filters is not None else understood.filters,
        preferred=understood.preferred,
        topic=understood.topic,
        places=understood.places,
        wants=read_wants(understood.text, understood.intent),
    )
