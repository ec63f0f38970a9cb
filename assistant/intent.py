"""What a question asks for: a quote, a list, a count, the first or latest, a day, a place; and what kind of event."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.datatypes import MOMENTS, Anchor, Intent
from assistant.world_events import EventMention
from index.datatypes import Want
from index.facts.date_mention import DateMention
from index.textforms import fold

_EVENT = (
    r"(?:(?:phone|telephone|video|virtual|bilateral|trilateral|face-to-face|in-person|direct|official|public|known|recorded|joint)"
    r"[\s-]+)*(?:calls?|phone[\s-]?calls?|conversations?|meetings?|talks|readouts?|visits?|trips?|encounters?|contacts?|exchanges?|"
    r"sessions?|sit-downs?|events?|forums?|gatherings?|convenings?|roundtables?|briefings?|workshops?|statements?|engagements?|times?|occasions?|summits?|consultations?|dialogues?)"
)
_MEET = (
    r"(?:meet|met|see|saw|seen|speak|spoke|spoken|talk|talked|call|called|phone|phoned|ring|rang|visit|visited|host|hosted|"
    r"travel|go)"
)
_MENTION = (
    r"(?:mention(?:ed)?|raised?|discuss(?:ed)?|address(?:ed)?|(?:bring|brought|c[oa]me)\s+up|refer(?:red)?\s+to|"
    r"talk(?:ed)?\s+about|touch(?:ed)?\s+on|condemn(?:ed)?)"
)
_COUNT = re.compile(
    rf"\bhow\s+(?:often|many\s+(?:different\s+|separate\s+)?(?:(?!(?:that|did|the|an?|at|in|of|to|were|was|have|has|\w+ed)\b)[\w-]+\s+){{0,4}}?{_EVENT})\b|\bnumber\s+of\s+{_EVENT}\b|\bcount\s+(?:the\s+|all\s+)?{_EVENT}",
    re.IGNORECASE,
)
_LIST = re.compile(
    rf"^\s*(?:please\s+)?(?:list|show|give|name|find|enumerate)\b.{{0,30}}?\b(?:all|every|each|the)?\s*(?:[\w.’\'-]+\s+){{0,3}}?{_EVENT}\b"
    rf"|^\s*(?:list|enumerate)\b|\b(?:all|every|each)\s+(?:of\s+)?(?:the\s+)?(?:[\w.’\'-]+\s+){{0,3}}?{_EVENT}\b"
    rf"|\b(?:which|what)\s+(?:other\s+)?(?:[\w.’\'-]+\s+){{0,3}}?(?:calls|meetings|readouts|visits|trips|conversations|statements|sessions|events|forums|gatherings|convenings|roundtables|briefings|summits|workshops)\b"
    r"|\b(?:which|what)\s+(?:other\s+)?(?:foreign\s+|world\s+|african\s+|asian\s+|european\s+|arab\s+)?(?:leaders|countries|presidents|"
    rf"prime\s+ministers|foreign\s+ministers|counterparts|officials|heads\s+of\s+state|monarchs)\s+(?:did|has|have|had)\b.*\b{_MEET}\b"
    rf"|\bwho\s+all\b|\bwhen(?:ever)?\s+(?:did|have|has)\s.*\beach\s+time\b|\bon\s+(?:what|which)\s+(?:dates|days|occasions)\b",
    re.IGNORECASE,
)
#: "Calls with Erdogan in 2022", "Biden Xi meetings": no sentence, but the name of a list.
_HEADING = re.compile(
    r"^\W*(?:(?:please|show|me|all|every|any|the|list|of)\s+)*(?:[\w.’'-]+\s+){0,5}?(?:calls|meetings|readouts|visits|trips|conversations|"
    r"statements|summits|talks|contacts|exchanges|encounters|consultations)"
    r"(?=\W*$|\s+(?:with|between|by|of|to|from|in|on|at|about|during|since|before|after|until|regarding|concerning|over|this|last|for)\b)",
    re.IGNORECASE,
)
_SENTENCE = re.compile(
    r"\b(?:what|who|whom|whose|when|where|why|how|which|did|does|do|is|are|was|were|has|have|had|will|would|can|could|should|"
    r"said|says|discussed|agreed|raised|mentioned|told|asked)\b|['’]s\s+(?:the|about)\b",
    re.IGNORECASE,
)
#: "Who did Harris meet after …": all of them, and not who else was in one room.
_WHOM_ALL = re.compile(
    rf"^\W*(?:and\s+|so\s+)?whom?\s+(?:all\s+|else\s+)?(?:did|has|have|had)\b.*\b{_MEET}\b", re.IGNORECASE
)

_FIRST = re.compile(
    rf"\b(?:first(?!\s+(?:lady|gentleman|minister|deputy|vice)\b)|earliest|inaugural|initial)\s+(?:[\w.’\'-]+\s+){{0,3}}?{_EVENT}\b|\b(?:did|have|has|had)\b.*\bfirst\s+{_MEET}\b"
    rf"|\b(?:{_MEET}|{_MENTION})\b.*\bfor\s+the\s+first\s+time\b|\bfirst\s+(?:{_MEET}|{_MENTION})\b|\bthe\s+(?:very\s+)?(?:first|earliest)\s+one\b",
    re.IGNORECASE,
)
_LATEST = re.compile(
    rf"\b(?:latest|last|most\s+recent|newest|final)\s+(?:[\w.’\'-]+\s+){{0,3}}?{_EVENT}\b|\b(?:did|have|has|had)\b.*\b(?:last|most\s+recently)\s+"
    rf"{_MEET}\b|\b(?:most\s+recently|lately)\b|\b(?:last|latest)\s+(?:{_MEET}|{_MENTION})\b|\b(?:{_MEET}|{_MENTION})\b.*\bfor\s+the\s+last\s+time\b|\bthe\s+(?:latest|last|most\s+recent)\s+one\b",
    re.IGNORECASE,
)
_NEXT = re.compile(
    rf"\bnext\s+(?:[\w.’\'-]+\s+){{0,2}}?{_EVENT}\b|\bnext\s+{_MEET}\b|\b{_MEET}\s+(?:again\s+)?next\b", re.IGNORECASE
)
_PREVIOUS = re.compile(
    rf"\b(?:previous|preceding|prior|last|earlier)\s+(?:[\w.’\'-]+\s+){{0,2}}?{_EVENT}\b(?=.*\bbefore\b)|\b(?:previous|preceding)\s+{_EVENT}\b",
    re.IGNORECASE,
)
_WHEN = re.compile(
    r"^\W*(?:and\s+|so\s+)?(?:when|(?:on\s+|at\s+)?(?:what|which)\s+(?:exact\s+)?(?:date|day|month|year))\b",
    re.IGNORECASE,
)
_WHERE = re.compile(
    r"^\W*(?:and\s+|so\s+)?(?:where|(?:in\s+|at\s+)?(?:what|which)\s+(?:city|town|place|venue|location|capital|country)\s+(?:did|was|were|"
    r"hosted|do))\b",
    re.IGNORECASE,
)
_WHO = re.compile(
    r"^\W*(?:and\s+|so\s+)?(?:who|with\s+whom|whom)\b.*\b(?:took\s+part|attend\w*|participat\w*|present|was\s+there|were\s+there|"
    rf"{_MEET}|join\w*|else|on\s+the\s+(?:call|line)|in\s+the\s+room)\b",
    re.IGNORECASE,
)
_WHICH_KIND = re.compile(
    r"\b(?:call|phone|telephone|by\s+phone|virtual\w*|remote\w*)\s+or\s+(?:a\s+|an\s+)?(?:in[\s-]person|meeting|face\s+to\s+face|visit)\b"
    r"|\b(?:in[\s-]person|meeting|meet|face\s+to\s+face)\s+or\s+(?:a\s+|an\s+|by\s+|over\s+the\s+)?(?:call|phone|telephone|virtual\w*)\b",
    re.IGNORECASE,
)
_SIDE = re.compile(
    r"\b(?P<side>before|prior\s+to|preceding|ahead\s+of|after|following|since|in\s+the\s+wake\s+of)\s+(?P<what>[^?.;]{0,60})\Z",
    re.IGNORECASE,
)
_OWN_EVENT = re.compile(rf"\b(?:{_EVENT})\b|\b(?:they|he|she)\s+(?:last\s+)?{_MEET}\b", re.IGNORECASE)

_CALL = re.compile(
    r"\bcall(?:s|ed|ing)?\b(?!\s+(?:for|on|upon|out|to\s+\w+|attention|into|themselves|it|an?\s+end)\b)|\b(?:tele)?phon(?:e|ed|es|ing)\b"
    r"|\brang\b|\bspoke(?:n)?\s+(?:by|on|over|with|to)\b|\bspoke\b|\bvideo\s+link\b|\bvideoconference\b",
    re.IGNORECASE,
)
_VIDEO = re.compile(
    r"\bvideo(?:\s+call|conference|-conference|\s+link)?\b|\bvirtual(?:ly)?\b|\bby\s+video\b|\bover\s+zoom\b",
    re.IGNORECASE,
)
_MEETING = re.compile(
    r"\b(?:met|meet(?:s|ings?)?|sat\s+down|sit(?:ting)?\s+down|in\s+person|face\s+to\s+face|hosted|received|saw|summit|roundtable|dinner|lunch)"
    r"\b(?!\s+(?:the\s+|its\s+|their\s+|his\s+|her\s+)?(?:needs?|commitments?|demands?|obligations?|requirements?|targets?|goals?|challenges?|"
    r"conditions?|criteria|halfway))",
    re.IGNORECASE,
)
_VISIT = re.compile(
    r"\b(?:visit(?:s|ed|ing)?|trips?|travel(?:s|l?ed|l?ing)?|tour(?:ed)?|flew|went\s+to|came\s+to)\b", re.IGNORECASE
)


#: What a question says that it does not want.
_EXCEPT = re.compile(
    r"\b(?:not\s+(?:counting|including)|without|excluding|except(?:\s+for)?|other\s+than|rather\s+than|apart\s+from|leaving\s+out)"
    r"\s+[^,;?]*",
    re.IGNORECASE,
)
#: "The session that came right before the October one".
_RIGHT_BESIDE = re.compile(
    rf"\b{_EVENT}\b.{{0,40}}?\b(?:right|just|immediately|directly|shortly)\s+(?P<side>before|after)\b", re.IGNORECASE
)
#: "How many such readouts are there": the word itself says that readouts are to be counted.
_READOUTS = re.compile(r"\bhow\s+many\b.*\breadouts?\b", re.IGNORECASE)


#: What a question for a number asks with.
_MANY = re.compile(
    r"\bhow (?:many|much|large|big|long|often)\b|\bwh(?:at|ich) (?:sum|amount|share|percentage|number)\b"
)
#: Intents whose answer often stands in a readout's opening: who met whom, when and where.
_OF_THE_EVENT = MOMENTS | {Intent.WHEN, Intent.WHERE, Intent.WHO, Intent.KIND}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a question asks for, the days from which "before" or "after" counts, and which of the two it is."""

    intent: Intent
    anchor: Anchor | None = None
    side: str = ""


def read_intent(text: str, dates: Sequence[DateMention], events: Sequence[EventMention]) -> Asked:
    """What the question asks for.

    Args:
        text: The question.
        dates: Days named in it.
        events: World events named in it.
    """
    anchor, before = read_anchor(text, dates, events)
    side = ("before" if before else "after") if anchor else ""
    if _COUNT.search(text) or _READOUTS.search(text):
        return Asked(intent=Intent.COUNT, anchor=anchor, side=side)
    if _WHICH_KIND.search(text) and not _LIST.search(text):
        return Asked(intent=Intent.KIND, anchor=anchor, side=side)
    beside = _RIGHT_BESIDE.search(text)
    if anchor and beside:
        side = beside["side"].lower()
        return Asked(intent=Intent.BEFORE if side == "before" else Intent.AFTER, anchor=anchor, side=side)
    if anchor and not before and (_NEXT.search(text) or _FIRST.search(text)):
        return Asked(intent=Intent.AFTER, anchor=anchor, side=side)
    if anchor and before and (_PREVIOUS.search(text) or _LATEST.search(text)):
        return Asked(intent=Intent.BEFORE, anchor=anchor, side=side)
    if _HEADING.search(text) and not _SENTENCE.search(text) and not (_FIRST.search(text) or _LATEST.search(text)):
        return Asked(intent=Intent.LIST, anchor=anchor, side=side)
    if anchor and _WHOM_ALL.search(text):
        return Asked(intent=Intent.LIST, anchor=anchor, side=side)
    simple = (
        (_FIRST, Intent.FIRST),
        (_LATEST, Intent.LATEST),
        (_LIST, Intent.LIST),
        (_WHEN, Intent.WHEN),
        (_WHERE, Intent.WHERE),
        (_WHO, Intent.WHO),
    )
    return Asked(
        intent=next((intent for pattern, intent in simple if pattern.search(text)), Intent.QUOTE), anchor=anchor
    )


def read_anchor(text: str, dates: Sequence[DateMention], events: Sequence[EventMention]) -> tuple[Anchor | None, bool]:
    """The days that "before …" or "after …" names, and whether it is "before"; the first such phrase counts."""
    day = dt.timedelta(days=1)
    for date in dates:
        # The days of such a date are already those that lie before or after what it names.
        if date.kind in ("after", "since"):
            return Anchor(first=date.first - day, last=date.first - day), False
        if date.kind in ("before", "until"):
            return Anchor(first=date.last + day, last=date.last + day), True
    # Of an event of one day, people speak on that same day: it comes after the event, but before nothing.
    marks = [(d.start, d.first, d.last, False) for d in dates]
    marks += [(e.start, e.first, e.last if e.last > e.first else e.first - day, True) for e in events]
    for start, first, last, world in sorted(marks):
        side = _SIDE.search(text[:start])
        if side:
            own = not world and bool(_OWN_EVENT.search(text[side.start("what") : start + 40]))
            return Anchor(first=first, last=last, own=own), side["side"].lower().startswith(
                ("before", "prior", "prec", "ahead")
            )
    return None, False


def read_wants(text: str, intent: Intent) -> frozenset[Want]:
    """Whether the event itself is asked about (who met whom, when, where), or a number."""
    found = {Want.EVENT} if intent in _OF_THE_EVENT else set()
    return frozenset(found | {Want.NUMBER} if _MANY.search(fold(text)) else found)


def read_kinds(text: str) -> tuple[str, ...]:
    """Kinds of event mentioned in the question; empty for none and for a choice between them."""
    if _WHICH_KIND.search(text):
        return ()
    text = _EXCEPT.sub("", text)
    found = []
    if _VIDEO.search(text):
        return ("video call",)
    if _CALL.search(text):
        found.append("call")
    if _MEETING.search(text):
        found.append("meeting")
    if _VISIT.search(text):
        found.append("visit")
    return tuple(found)


def without_asking(text: str) -> str:
    """The question with its question words blanked out: "first call", "how many meetings"."""
    for pattern in (_COUNT, _FIRST, _LATEST, _NEXT, _PREVIOUS, _WHEN, _CALL, _MEETING, _VISIT, _VIDEO):
        text = pattern.sub(lambda match: " " * len(match.group()), text)
    return re.sub(rf"\b{_EVENT}\b", lambda match: " " * len(match.group()), text, flags=re.IGNORECASE)
