"""The kind of event that a readout reports, by the words of its title and its first sentences."""

from __future__ import annotations

import re

from index.datatypes import Kind
from index.facts.opening import Opening

_STATEMENT = re.compile(
    r"^joint (?:readout|statement|communiqu|declaration)|\bjoint (?:statement|communiqu[eé]"
    r"|declaration)\b|^statements? (?:by|from|for|on|of)\b"
    r"|\b(?:press|news) (?:conference|statements?)\b|\bstatements? (?:for|to) the (?:press|media)\b",
    re.IGNORECASE,
)
_COMING = re.compile(
    r"\b(?:will|is (?:set|scheduled|expected) to|plans to|are to|is to) (?:also )?(?:host|travel|visit"
    r"|meet|hold|welcome|receive|take place|attend|convene|speak|participate|be)\b",
    re.IGNORECASE,
)
_COMING_TITLE = re.compile(
    r"\b(?:will (?:host|travel|visit|meet|hold|welcome|receive|take)|to (?:travel|visit|host|welcome"
    r"|receive|meet|hold)\b|forthcoming|upcoming)\b|\bannounce(?:s|ment)\b.{0,60}\b(?:visit|travel"
    r"|trip)\b",
    re.IGNORECASE,
)
_VISIT = re.compile(r"\b(?:visits?|visited|travels?|trips?|tour(?:s|ed)?|travel(?:l)?ed)\b", re.IGNORECASE)
_CALL = re.compile(
    r"\b(?:calls?(?! to action| on\b)|called|phone|telephone|conversations?|spoke|speaks?|phoned|talked|talks? by)\b",
    re.IGNORECASE,
)
_VIDEO = re.compile(
    r"\bvideo|\bvirtual(?:ly)?\b|\bonline (?:\w+ )?(?:meetings?|conferences?|consultations?|talks|conversations?|session|summit"
    r"|roundtable|event|format|discussion|briefing|mode)\b|\b(?:met|spoke|held|took place|participated|talked) online\b"
    r"|\bteleconference|\bby zoom\b|\bvia zoom\b|\bremotely\b|\bweb ?(?:cast|inar|conference)",
    re.IGNORECASE,
)
_PHONE = re.compile(r"\b(?:phone|telephone|phoned|by phone)\b", re.IGNORECASE)
_MEETING = re.compile(
    r"\b(?:meet(?:s|ings?)?|met|talks|negotiations|roundtables?|summit|conven(?:ings?|ed|es?)|sessions?"
    r"|briefings?|dialogues?|discussions?|consultations?|dinner|lunch(?:eon)?|breakfast"
    r"|conference|gathering|gathered|audience|launch event|reception|engagements?|workshop|forum|hosted|hosts|received|receives"
    r"|participation|ceremony|celebration|task force|council|working group)\b",
    re.IGNORECASE,
)
_CALL_VERBS = re.compile(
    r"\b(?:spoke|had (?:a |another |his |her |an? \w+ )?(?:phone |telephone )?(?:call|conversation)"
    r"|held (?:an? )?(?:\w+ )?(?:phone |telephone |joint )?(?:call|conversation)|called|(?:phone"
    r"|telephone) (?:call|conversation)s?|by (?:phone|telephone)|on the phone|exchanged.*by phone"
    r"|phoned|joined a call)\b",
    re.IGNORECASE,
)
_MET_IN_ROOM = re.compile(
    r"\b(?:in[- ]person|(?:at|in|to) the (?:White House|Oval Office|Roosevelt Room|Cabinet Room|East Room|State Dining Room"
    r"|Situation Room|Kremlin))\b",
    re.IGNORECASE,
)

#: Somebody who joined a meeting in a room remotely: "Secretary Smith joined virtually".
_BY_SCREEN = re.compile(
    r"\b(?:join(?:s|ed|ing)?|participat(?:ed|ing)|attend(?:ed|ing)|tak(?:ing|en) part|took part)(?: \w+){0,3}?"
    r" (?:virtually|remotely"
    r"|by video\w*)\b",
    re.IGNORECASE,
)
#: What was discussed does not reveal the kind: "discuss grain and the stalled talks".
_SUBJECT = re.compile(r"\bdiscuss(?:es|ed)?\b.*?(?= (?:by|with|at|during)\b|$)", re.IGNORECASE)


#: What the press was told after the event: "He said this in a statement to the media following talks".
_TOLD_THE_PRESS = re.compile(
    r"\b(?:said|made) (?:this|it|the statement|this statement)\b[^.]{0,40}\b(?:statement|briefing|media|journalists|press"
    r"|reporters)\b",
    re.IGNORECASE,
)
_AFTER_TALKS = re.compile(r"\b(?:after|following) (?:the |his |her )?(?:meeting|talks|negotiations)\b", re.IGNORECASE)
_SPEECH = re.compile(r"\b(?:speech|address) (?:by|of) (?:the )?[A-Z]")
#: An event whose title names no kind of meeting.
_EVENT = re.compile(r"\b(?:launch|event|ceremony|celebration|forum|day|gathering)\b", re.IGNORECASE)
_HELD_ONLINE = re.compile(r"\bheld (?:an? )?(?:\w+ ){0,2}(?:online|virtual|video)\b", re.IGNORECASE)


def read_kind(opening: Opening) -> Kind:
    """The kind of event.

    The title decides; the first sentences decide between a call and a video call, and everything if the title is silent
    ("Ihor Zhovkva discussed energy with the Estonian ambassador").
    """
    head, tail = opening.headline, opening.title
    lead = " ".join((opening.setting, opening.clause))
    first = opening.sentences[0] if opening.sentences else ""
    if _COMING_TITLE.search(tail) or (_COMING.search(lead) and not _MEETING.search(_past(lead))):
        return Kind.ANNOUNCEMENT
    if _STATEMENT.search(head):
        return Kind.STATEMENT
    if _SPEECH.search(head):
        return Kind.OTHER
    if _AFTER_TALKS.search(head) and any(map(_TOLD_THE_PRESS.search, opening.sentences[:3])):
        return Kind.STATEMENT
    if _MET_IN_ROOM.search(lead):
        lead, first = _BY_SCREEN.sub(" ", lead), _BY_SCREEN.sub(" ", first)
    by_title = _kind_of(_SUBJECT.sub("", tail))
    by_lead = _kind_of_lead(lead, first)
    kind = by_title or by_lead or _kind_of(_VISIT.sub(" ", head)) or _of_event(opening)
    if kind is Kind.MEETING and by_lead is Kind.VIDEO_CALL:
        return Kind.VIDEO_CALL
    if kind is Kind.CALL and by_lead is Kind.VIDEO_CALL and not _PHONE.search(head):
        return Kind.VIDEO_CALL
    return kind


def _of_event(opening: Opening) -> Kind:
    return Kind.MEETING if _EVENT.search(opening.headline) else Kind.OTHER


def _past(lead: str) -> str:
    """The clause without what "will" governs."""
    return _COMING.sub(" ", lead)


def _kind_of(title: str) -> Kind | None:
    video, call = _VIDEO.search(title), _CALL.search(title)
    if video:
        return Kind.VIDEO_CALL
    meeting, visit = _MEETING.search(title), _VISIT.search(title)
    if call and not (meeting and meeting.start() < call.start()):
        return Kind.CALL
    if visit and not (
        meeting
        and (
            meeting.start() < visit.start() or re.search(r"\b(?:during|on|as part of) \w+ (?:\w+ )?visit", title, re.I)
        )
    ):
        return Kind.VISIT
    return Kind.MEETING if meeting else None


def _kind_of_lead(lead: str, first: str) -> Kind | None:
    if (
        _VIDEO.search(lead)
        or _HELD_ONLINE.search(first)
        or re.search(r"\b(?:via|by|through|over) (?:secure )?video", first, re.IGNORECASE)
    ):
        return Kind.VIDEO_CALL
    if _CALL_VERBS.search(lead):
        return Kind.CALL
    if re.search(r"\b(?:traveled|travelled|visited)\b", lead) and not re.search(r"\b(?:met|meeting)\b", lead):
        return Kind.VISIT
    if _MEETING.search(lead):
        return Kind.MEETING
    return Kind.MEETING if re.search(r"\bdiscuss(?:ed|es)\b", first) else None
