"""Signs that a question leans on the one before it: pronouns, openers, a few words that are not a sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.parties import Named
from index import full_text

_EVENT = (
    r"(?:call|phone\s+call|meeting|conversation|visit|trip|readout|summit|session|talks|exchange|statement|encounter|dinner|"
    r"lunch|event|roundtable|discussion|briefing|leaders|sides|two|pair|delegation|document)"
)
_THING = (
    r"(?:day|week|month|year|time|occasion|one|people|person|issue|topic|point|subject|country|countries|place|city)s?"
)
_OPENER = re.compile(
    r"^\W*(?:(?:and|but|or|so|ok|okay|also|then|plus|yes|no|right|thanks)\b[\s,]*)+|^\W*(?:what|how)\s+about\b"
    r"|^\W*(?:what|who|where|anything|anyone)\s+else\b|^\W*(?:why|how\s+so|same|likewise|really|which\s+ones?)\W*$"
    r"|^\W*(?:anything|something|a\s+word|any\s+word|any\s+mention|mention|more)\s+(?:on|of|about)\b",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(r"^\W*(?:on|about|regarding|with|in|at|from|by)\b", re.IGNORECASE)
_HE = re.compile(r"\b(?:he|she|him|his|hers|himself|herself|her)\b", re.IGNORECASE)
_THEY = re.compile(r"\b(?:they|them|their|theirs|themselves|each\s+other|one\s+another|both(?=\W*$))\b", re.IGNORECASE)
_IT = re.compile(r"\b(?:it|its|itself)\b", re.IGNORECASE)
#: Somebody without a name, whom a pronoun behind may mean; and several.
_SOMEBODY = re.compile(
    r"\b(?:leader|president|minister|premier|king|queen|chief|head|advis[eo]r|chancellor|envoy|official|governor|mayor|"
    r"president-elect|ambassador|secretary)\b",
    re.IGNORECASE,
)
_SOME = re.compile(
    r"\b(?:leaders|officials|ministers|presidents|countries|sides|people|groups|families|members|advocates|companies|"
    r"governors|mayors|executives|students|workers|allies|partners|heads)\b",
    re.IGNORECASE,
)
_POINTING = re.compile(
    rf"\b(?:this|that|these|those|such)\s+(?:(?:same|phone|first|last|latest|video|\w+ing)\s+)?(?:{_EVENT}s?|{_THING})\b"
    r"|\b(?:was|is|did|were|about|after|before|for|of|to|like|with|on|say|said|do|does)\s+(?:this|that|those|these)\s*(?:\?|$|\.|,)"
    r"|\b(?:to|of|for|in|at|on|from|with|about|by)\s+(?:that|this|those|these)\s+[a-z]+"
    r"|\b(?:since|until)\s+then\b|\bthe\s+(?:first|second|third|other|next|last)\s+one\b"
    r"|\b(?:did|was|were|is|are|does|do|has|had|would|will|can|could|should)\s+(?:this|that|these|those)\b|^\W*(?:was|is|were)\s+there\b"
    r"|\b(?:the\s+same|the\s+latter|the\s+former|at\s+the\s+time|in\s+response|in\s+return|in\s+turn)\b",
    re.IGNORECASE,
)
_DEFINITE = re.compile(rf"\b(?:the|either|neither|both)\s+(?:[\w-]+\s+){{0,2}}?{_EVENT}s?\b|\bthere\W*$", re.IGNORECASE)
_ADDING = re.compile(r"\b(?:else|also|too|as\s+well|again|instead|otherwise)\b", re.IGNORECASE)
_AGENTLESS = re.compile(
    r"\bwhat\s+(?:was|were|got)\s+(?:said|agreed|discussed|raised|announced|decided|promised|pledged)\b"
    r"|\bwho\s+(?:was|were)\s+(?:there|present|involved)\b|\bdid\s+\w+\s+come\s+up\b|\bwho\s+(?:took\s+part|attended|initiated)\b"
    r"|\b(?:any|what)\s+(?:mention|follow-up|outcome|results?|next\s+steps)\b",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"\b(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|might|must|tell|give|list|show|say|said|met|"
    r"meet|find|explain|describe|know|name|\w+ed)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w+")
#: "the outcome", "the chief obstacle": known already, where nothing behind says which.
_KNOWN = re.compile(r"\bthe\s+(?:\w+\s+)?\w+\W*$", re.IGNORECASE)
_NAME = re.compile(r"(?<=[\w,’'] )[A-Z]")
_FEW, _SHORT = 5, 8


def opens(text: str) -> bool:
    """Whether a question begins like a continuation: "and on energy?", "what about Italy?", "why?"."""
    return bool(_OPENER.search(text)) or (bool(_PREPOSITION.search(text)) and _sentenceless(text))


def bare(text: str, named: Sequence[Named]) -> bool:
    """Whether the text is a few words without a sentence and without anybody who takes part: "Hezbollah?"."""
    return _sentenceless(text) and not any(one.person for one in named)


def leans(text: str, named: Sequence[Named], *, dated: bool) -> bool:
    """Whether something in a question refers to something outside it.

    Args:
        text: The question.
        named: Who is named in it; a pronoun may mean one of these.
        dated: Whether it names a day of its own, with the year; "the meeting" then refers to nothing else.
    """
    if _he(text, named) or _they(text, named) or _POINTING.search(text):
        return True
    if any(not one.topic for one in named):
        return False
    if _it(text) or (not dated and any(sign.search(text) for sign in (_DEFINITE, _ADDING, _AGENTLESS))):
        return True
    return not dated and bool(_KNOWN.search(text)) and not _NAME.search(text) and len(_WORD.findall(text)) <= _SHORT


def _sentenceless(text: str) -> bool:
    return len(_WORD.findall(text)) <= _FEW and not _VERB.search(text)


def _he(text: str, named: Sequence[Named]) -> bool:
    found = _HE.search(text)
    if found is None or any(one.person and one.start < found.start() for one in named):
        return False
    return not _SOMEBODY.search(text[: found.start()])


def _they(text: str, named: Sequence[Named]) -> bool:
    found = _THEY.search(text)
    if found is None or len({one.party for one in named if not one.topic}) > 1:
        return False
    before = text[: found.start()]
    return sum(one.start < found.start() for one in named) < 2 and not _SOME.search(before)


def _it(text: str) -> bool:
    """Whether "it" refers to nothing in an earlier sentence of the same question."""
    found = _IT.search(text)
    if found is None:
        return False
    sentence = re.search(r"^(.*)[.!?;]\s", text[: found.start()], re.DOTALL)
    return sentence is None or len(full_text.terms(sentence[1])) < 3
