"""A follow-up rewritten by rule to stand on its own: who, when and which readout are carried over from the turn before.

What is carried over is appended to the question in brackets, so that a person sees it and can edit it. A question that
stands on its own is left as it is.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from assistant.datatypes import Intent, Status, Turn, Understanding
from assistant.filter_words import read_filters
from assistant.follow_up import bare, leans, opens
from assistant.later import Moved, moved
from assistant.listed import asked_again
from assistant.parties import read_named
from assistant.topics import topic_terms
from assistant.understanding import understand
from index import full_text
from index.datatypes import Facts, Filters, Kind, Party, Side, Source
from index.facts.countries import aliases, country_of, find_countries
from index.facts.dates import find_dates
from index.facts.directory import Directory
from index.textforms import fold

#: How many of the last turns a follow-up may lean on.
LEANED_ON = 1
#: With more parties than this a readout is of a round, whose title says more than its names.
_MOST_PARTIES = 4
_LONGEST_TITLE = 14
_TITLE_OPENER = re.compile(
    r"^(?:joint\s+)?(?:readout|statement|remarks)\s+(?:of|from|by|on)\s+(?:the\s+)?(?:(?:president|vice\s+president)\s+[\w.\s]{0,30}?['’]s?\s+)?",
    re.IGNORECASE,
)
#: Words for another readout of the same parties whose day is not known.
_OTHER = re.compile(
    r"\b(?:first|second|third|other|another|earlier|previous|next|later)\s+(?:one|ones|time|meeting|call|session|visit|round)\b",
    re.IGNORECASE,
)
_WHAT_ABOUT = re.compile(r"^\W*(?:and\s+)?(?:what|how)\s+about\b", re.IGNORECASE)
_BRACKETS = re.compile(r"\(([^()]+)\)\W*\Z")
_WORD = re.compile(r"[\w'’-]+|[^\w\s]")
#: Question words that are not stop words of the search.
_SMALL_WORDS = """
tell describe explain give show find list compare talk discuss know think need want use used using work works
does mean means called come came go went happen happened become became different kind kinds type types way
ways lot example examples good best better first last new old long much many big great main major important
common possible like really actually interesting
"""
_SMALL = frozenset(_SMALL_WORDS.split())
_MOST_PHRASES = 4
_SPOKEN = {Kind.CALL: "call", Kind.VIDEO_CALL: "video call", Kind.MEETING: "meeting", Kind.VISIT: "visit"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """A question that stands on its own.

    Attributes:
        standalone: What to ask; the question itself if it needs nothing.
        carried: What was carried over, as written in the brackets.
        preferred: The readout that is still being discussed, if there is one.
    """

    standalone: str
    carried: tuple[str, ...] = ()
    preferred: Filters = field(default_factory=Filters)

    def onto(self, understanding: Understanding) -> Understanding:
        """``understanding`` with the readout that is still being discussed preferred."""
        if not self.preferred.doc_ids:
            return understanding
        return replace(understanding, preferred=understanding.preferred & self.preferred)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Before:
    """What the turn before was about."""

    own: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    round: str = ""
    day: dt.date | None = None
    kind: str = ""
    doc_id: str = ""
    topic: tuple[str, ...] = ()
    subject: tuple[str, ...] = ()
    text: str = ""

    @property
    def parties(self) -> tuple[str, ...]:
        return self.own + self.others


def resolve(question: str, turns: Sequence[Turn], *, today: dt.date, directory: Directory) -> Resolved:
    """Rewrite a follow-up to stand on its own.

    Args:
        question: As typed.
        turns: The conversation so far, in order; only the last ``LEANED_ON`` count.
        today: Day that "last week" and the like are read against.
        directory: Whom the readouts know.

    Raises:
        FilterError: A typed filter is invalid.
    """
    if not turns:
        return Resolved(standalone=question)
    typed = read_filters(question)
    text = typed.text
    asked = understand(question, today=today, directory=directory)
    named = read_named(text, [(date.start, date.end) for date in find_dates(text, today)], directory, None)
    opened, pointing = opens(text), leans(text, named, dated=_dated(asked))
    # Whoever types "party:Japan steel" has said whom it is about.
    if not (opened or pointing or (bare(text, named) and not typed.filters)):
        return Resolved(standalone=question)
    if turns[-1].answer.documents and (again := asked_again(text, asked, turns[-1])):
        return Resolved(standalone=again, carried=(again,))
    if not pointing and len(asked.people) > 1 and (asked.topic or asked.preferred.kinds):
        return Resolved(standalone=question)  # "and what did A tell B about fish?": another subject
    return _resumed(question, text, asked, turns[-1], directory, opened=opened, pointing=pointing)


def _resumed(
    question: str,
    text: str,
    asked: Understanding,
    turn: Turn,
    directory: Directory,
    *,
    opened: bool,
    pointing: bool,
) -> Resolved:
    """A question that leans on the turn before, with what it takes over from that turn in brackets.

    Args:
        question: As typed.
        text: The question without typed filters.
        asked: How the question is understood by itself.
        turn: The one before.
        directory: Whom the readouts know.
        opened: Whether it opens like a follow-up ("and", "what about").
        pointing: Whether words in it point back ("he", "there", "that call").
    """
    before = _before(turn, directory)
    # "what about fentanyl?", "and Taiwan?": one subject after the other of the same readout.
    series = not pointing and not asked.people and _asked_of_a_subject(turn, text)
    own, others = (before.own, before.others) if series else _kept(asked, before, directory)
    known = _days(own, others, asked, directory)
    move = moved(text, before.day, () if before.round else known) if before.day else None
    met = _also_met(asked, before, directory) if opened and not pointing and not series else ()
    changed = bool(met or set(asked.people) - set(before.parties)) or (
        not series and _new_country(asked, before, directory)
    )
    others = others if not met else tuple(f"with {country}" for country in met)
    carried = [*own, *others]
    if before.round and not changed:
        carried.append(before.round)
    if not carried:
        carried.extend(before.subject)
    if changed and opened and (met or not asked.topic):
        carried.extend(before.topic)
    elsewhere = changed or asked.intent in (Intent.FIRST, Intent.LATEST) or bool(_OTHER.search(text))
    if before.round and move is not None:
        own, others, carried = (), (), [before.round]
    stays = not elsewhere and (move is None or move.same) and not _dated(asked)
    carried.extend(_when(before, move, elsewhere, _dated(asked)))
    fresh = tuple(word for word in dict.fromkeys(carried) if word and fold(word) not in fold(question))
    preferred = Filters(doc_ids=(before.doc_id,)) if stays and before.doc_id else Filters()
    if not fresh:
        return Resolved(standalone=question, preferred=preferred)
    return Resolved(standalone=f"{question.strip()} ({', '.join(fresh)})", carried=fresh, preferred=preferred)


def _before(turn: Turn, directory: Directory) -> _Before:
    answer = turn.answer
    asked = answer.understanding
    named = tuple(asked.people) + tuple(p for p in asked.preferred.parties if country_of(p) and p in asked.countries)
    source, facts, text = _cited(turn)
    if source is None or facts is None:
        first = next((date.first for date in asked.dates if date.kind == "day"), None)
        return _Before(
            others=named if asked.people else (),
            day=first,
            topic=topic_terms(asked),
            subject=_subject(answer.standalone_question),
        )
    sides = {
        side: tuple(filter(None, (_called(p, directory) for p in facts.parties if p.side is side))) for side in Side
    }
    own, others = sides[Side.OWN], sides[Side.COUNTERPART]
    told = {fold(name) for name in own + others} | {fold(party.country) for party in facts.parties}
    if asked.people and not any(fold(name) in told for name in asked.people):
        others, own = named, ()  # the quote is of another event than was asked for: the question counts
    round_ = ""
    if len(own + others) > _MOST_PARTIES or not others:
        round_ = _round(source.title)
        own, others = own[:1], (others[:2] if len(own + others) <= _MOST_PARTIES else ())
    return _Before(
        own=own,
        others=others,
        round=round_,
        day=facts.event_date or source.published,
        kind=_SPOKEN.get(facts.kind, ""),
        doc_id=source.doc_id,
        topic=topic_terms(asked),
        subject=_subject(answer.standalone_question),
        text=text,
    )


def _cited(turn: Turn) -> tuple[Source | None, Facts | None, str]:
    """Source, facts and found passages of the readout that answered the turn before."""
    answer = turn.answer
    if answer.citations:
        first = answer.citations[0]
        found = [hit.passage.text for hit in answer.hits if hit.passage.source.doc_id == first.source.doc_id]
        return first.source, first.facts, "\n".join([first.passage, *found])
    if answer.hits and answer.status is not Status.ABSTAINED:
        hit = answer.hits[0]
        return hit.passage.source, hit.facts, hit.passage.text
    return None, None, ""


def _called(party: Party, directory: Directory) -> str:
    """A party as the directory names it, otherwise by office and country."""
    if party.name:
        found = directory.lookup(party.name)
        return found[0].people[0].name if found and found[0].end - found[0].start >= len(party.name) - 4 else party.name
    return f"{party.country} {party.office}".strip()


def _subject(question: str) -> tuple[str, ...]:
    """What a question is about, phrase by phrase: first what it carried over, then the words between its function words."""
    found = _BRACKETS.search(question)
    carried = [part.strip() for part in found[1].split(",")] if found else []
    phrases: list[str] = []
    phrase: list[str] = []
    for word in [*_WORD.findall(question[: found.start()] if found else question), "."]:
        small = fold(word)
        if small[:1].isalnum() and small not in full_text.STOP_WORDS and small not in _SMALL and "'" not in small:
            phrase.append(word)
        elif phrase:
            phrases.append(" ".join(phrase))
            phrase = []
    return tuple(dict.fromkeys([*carried, *phrases]))[:_MOST_PHRASES]


def _round(title: str) -> str:
    return " ".join(_TITLE_OPENER.sub("", title).split()[:_LONGEST_TITLE])


def _days(own: Sequence[str], others: Sequence[str], asked: Understanding, directory: Directory) -> tuple[dt.date, ...]:
    """Days of readouts with the same parties and those that the question names."""
    names = dict.fromkeys((*own, *others, *asked.people))
    known = {person.name for person in directory.named(names)}
    return directory.days_of(name for name in names if name in known)


def _kept(asked: Understanding, before: _Before, directory: Directory) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Which of the earlier parties still take part, given those whom the question itself names."""
    new = [name for name in asked.people if name not in before.parties]
    home = _countries(before.own, directory)
    ours = [name for name in new if _countries((name,), directory) & home]
    theirs = [name for name in new if name not in ours]
    own = before.own if not ours else ()
    others = before.others if not theirs and not _new_country(asked, before, directory) else ()
    return own, others


def _countries(names: Sequence[str], directory: Directory) -> set[str]:
    return {country for person in directory.named(names) for country in person.countries[:1]}


def _new_country(asked: Understanding, before: _Before, directory: Directory) -> bool:
    """Whether the question names a country that takes part and belongs to none of the earlier parties."""
    old = _countries(before.parties, directory) | set(before.parties)
    parties = {party for party in asked.preferred.parties if country_of(party) == party}
    return any(party not in old and fold(party) not in fold(before.text) for party in parties)


def _asked_of_a_subject(turn: Turn, text: str) -> bool:
    """Whether the question before was about a subject, so that a bare "and Taiwan?" names another subject.

    "What about Taiwan?" does so only if the question before had that form too.
    """
    asked = turn.answer.understanding
    spoken_of = [country for country in asked.countries if country not in asked.preferred.parties]
    subject = bool(topic_terms(asked)) and not set(asked.countries) - set(spoken_of)
    return (subject or bool(spoken_of)) and (opens(turn.answer.question) or not _WHAT_ABOUT.match(text))


def _also_met(asked: Understanding, before: _Before, directory: Directory) -> tuple[str, ...]:
    """The country that "what about Italy?" asks about, if the readout before is with another one and does not mention it."""
    if asked.people or not before.others or len(asked.countries) != 1:
        return ()
    country = asked.countries[0]
    if set(asked.topic) - set(full_text.words(" ".join((country, *aliases(country))))):
        return ()
    told = any(mention.country == country for mention in find_countries(before.text))
    return () if told or country in _countries(before.parties, directory) else (country,)


def _dated(asked: Understanding) -> bool:
    return any(date.has_year and date.kind != "relative" for date in asked.dates)


def _when(before: _Before, move: Moved | None, changed: bool, dated: bool) -> list[str]:
    """The day or days meant, in words that can be parsed again."""
    if dated or before.day is None:
        return []
    if move is None:
        return [] if changed else [f"{before.kind} of {_words(before.day)}".removeprefix(" of ")]
    if move.first == move.last:
        return [_words(move.first)]
    return [f"between {_words(move.first)} and {_words(move.last)}"]


def _words(day: dt.date) -> str:
    return f"{day.day} {day:%B %Y}"
