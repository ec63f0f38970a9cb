"""Follow-ups to a list: how many it has, and the same list for other days."""

from __future__ import annotations

import re

from assistant.datatypes import Turn, Understanding
from assistant.topics import topic_terms

#: "how many were there?" after a list.
_HOW_MANY = re.compile(
    r"^\W*(?:(?:and|so)\s+)?how\s+many(?:\s+(?:of\s+(?:them|those|these)|in\s+(?:all|total)|altogether))?"
    r"(?:\s+(?:are|were|was|is|have)\s+(?:there|they|that|those|these))?(?:\s+(?:in\s+(?:all|total)|altogether))?\W*$",
    re.IGNORECASE,
)


def asked_again(text: str, asked: Understanding, turn: Turn) -> str:
    """The question that a follow-up to a list really asks; empty if it asks something else.

    Args:
        text: The follow-up.
        asked: What was read from it.
        turn: The turn before, answered with a list.
    """
    if _HOW_MANY.match(text):
        return turn.answer.standalone_question  # its answer states the number
    return _at_other_days(text, asked, turn)


def _at_other_days(text: str, asked: Understanding, turn: Turn) -> str:
    """The list's question with other days, for "and in 2023?"; empty for a follow-up that says anything else."""
    before = turn.answer.understanding
    if len(asked.dates) != 1 or asked.people or asked.countries or topic_terms(asked) or asked.preferred.kinds:
        return ""
    if asked.dates[0].kind == "relative" or not asked.dates[0].has_year:
        return ""
    said = text[asked.dates[0].start : asked.dates[0].end]
    listed = before.text
    if not before.dates:
        return f"{listed.rstrip(' ?.!')} in {said}?"
    for date in reversed(before.dates[1:]):
        listed = listed[: date.start] + listed[date.end :]
    return listed[: before.dates[0].start] + said + listed[before.dates[0].end :]
