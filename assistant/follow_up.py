"""Signs that a question leans on the one before it: pronouns, openers, words without a sentence around them."""

from __future__ import annotations

import re

_EVENT = (
    r"(?:call|phone\s+call|meeting|conversation|visit|trip|readout|summit|session|talks|exchange|statement|encounter|dinner|lunch|event|"
    r"roundtable|discussion|briefing|leaders|sides|two|pair|delegation|document)"
)
_OPENER = re.compile(
    r"^\W*(?:(?:and|but|or|so|ok|okay|also|then|plus|yes|no|right|thanks)\b[\s,]*)+|^\W*(?:what|how)\s+about\b|^\W*(?:what|who|where|anything|anyone)\s+else\b"
    r"|^\W*(?:same|likewise|really|why|how\s+so|in\s+what\s+way|for\s+instance|such\s+as|which\s+ones?)\W*$|^\W*(?:why|how\s+so)\W*$"
    r"|^\W*(?:anything|something|a\s+word|any\s+word|any\s+mention|mention|more)\s+(?:on|of|about)\b|^\W*(?:on|about|regarding|with|in|at|from|by)\b",
    re.IGNORECASE,
)
_HE = re.compile(r"\b(?:he|she|him|his|hers|himself|herself|her)\b", re.IGNORECASE)
_THEY = re.compile(
    r"\b(?:they|them|their|theirs|themselves|each\s+other|one\s+another|both(?!\s+(?!leaders|sides|men|women)\w+\s+and))\b",
    re.IGNORECASE,
)
_IT = re.compile(r"\b(?:it|its|itself)\b", re.IGNORECASE)
_POINTING = re.compile(
    rf"\b(?:this|that|these|those|such)\s+(?:(?:same|phone|first|last|latest|video|\w+ing)\s+)?(?:{_EVENT}|day|days|week|month|year|time|occasion|"
    r"one|ones|people|person|issue|topic|point|subject|country|countries|place|city)s?\b"
    r"|\b(?:was|is|did|were|about|after|before|for|of|to|like|with|on|say|said|do|does)\s+(?:this|that|those|these)\s*(?:\?|$|\.|,)"
    r"|^\W*(?:was|is|were|did|does|do)\s+(?:this|that|those|these|there)\b|\bwhen\s+(?:was|did|were)\s+(?:that|this)\b"
    r"|\b(?:the\s+same|the\s+other|the\s+latter|the\s+former|that\s+far|at\s+the\s+time|at\s+the\s+end|in\s+response|in\s+return|in\s+turn)\b",
    re.IGNORECASE,
)
_DEFINITE = re.compile(
    rf"\b(?:the|either|neither|both)\s+(?:(?:two|other|first|second|three)\s+)?{_EVENT}s?\b|\b(?:there|then)\b",
    re.IGNORECASE,
)
_ADDING = re.compile(r"\b(?:else|also|too|as\s+well|again|further|instead|otherwise|the\s+rest|more)\b", re.IGNORECASE)
_AGENTLESS = re.compile(
    r"\bwhat\s+(?:was|were|got)\s+(?:said|agreed|discussed|raised|announced|decided|promised|pledged)\b|\bwho\s+(?:was|were)\s+(?:there|present|involved)\b"
    r"|\bdid\s+\w+\s+come\s+up\b|\bwho\s+(?:took\s+part|attended|initiated)\b|\b(?:any|what)\s+(?:mention|follow-up|outcome|results?|next\s+steps)\b",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"\b(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|might|must|tell|give|list|show|say|said|met|meet|find|"
    r"explain|describe|know|name|\w+ed)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w+")
_INNER = re.compile(r"\b[A-Z][\w’'-]+(?:\s+[A-Z][\w’'-]+)*")


def opens(text: str) -> bool:
    """Whether a question begins like a continuation: "and on energy?", "what about Italy?", "why?"."""
    return bool(_OPENER.search(text))


def bare(text: str) -> bool:
    """Whether a few words stand without a sentence: "Hezbollah?"."""
    return len(_WORD.findall(text)) <= 5 and not _VERB.search(text)


def leans(text: str, named_at: tuple[int, ...]) -> bool:
    """Whether something in a question points outside it.

    Args:
        text: The question.
        named_at: Where people and countries that take part are named in it: a pronoun behind one may mean that one.
    """
    single = _HE.search(text)
    if single and not (named_at and named_at[0] < single.start()):
        return True
    several = _THEY.search(text)
    if (
        several
        and sum(place < several.start() for place in named_at) < 2
        and not (named_at and _plural_before(text, several.start()))
    ):
        return True
    if _POINTING.search(text):
        return True
    if named_at:
        return False
    return bool(_IT.search(text) or _DEFINITE.search(text) or _ADDING.search(text) or _AGENTLESS.search(text))


def _plural_before(text: str, place: int) -> bool:
    return bool(
        re.search(
            r"\b(?:leaders|officials|ministers|presidents|countries|sides|people|groups|families|members|advocates)\b",
            text[:place],
            re.IGNORECASE,
        )
    )
