"""Filters typed in a question: ``party:Japan from:2023-05 kind:call issuer:"White House" "exact words"``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.errors import QuestionError
from index.datatypes import Filters

#: A question, or the words of a search, longer than this is a text pasted by mistake; it would be read for minutes.
LONGEST_QUESTION = 2000

_KEYS = {
    "party": "party",
    "person": "party",
    "country": "party",
    "from": "from",
    "to": "to",
    "date": "date",
    "kind": "kind",
    "issuer": "issuer",
    "doc": "doc",
}
_FILTER = re.compile(rf"(?<!\S)({'|'.join(_KEYS)}):(\"[^\"]*\"|“[^”]*”|[^\s\"“]+)", re.IGNORECASE)
_PHRASE = re.compile(r"\"([^\"]+)\"|“([^”]+)”|„([^“”]+)[“”]|«([^»]+)»")
_SPACES = re.compile(r"\s+")
_BEFORE_POINT = re.compile(r"\s+([?.!,;])")


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterWords:
    """A question taken apart.

    Attributes:
        text: What is left to ask; the words of phrases stay in it.
        filters: The typed filters.
        phrases: Quoted words.
        alone: Whether there is nothing but filters; ``text`` then states them in words.
    """

    text: str
    filters: Filters
    phrases: tuple[str, ...]
    alone: bool = False


def refuse_long(question: str) -> None:
    """Refuse a question that is longer than anybody types.

    Raises:
        QuestionError: It has more than ``LONGEST_QUESTION`` characters.
    """
    if len(question) > LONGEST_QUESTION:
        raise QuestionError(
            f"The question has {len(question):,} characters; {LONGEST_QUESTION:,} are the most.",
            mend="Ask it in fewer words.",
        )


def read_filters(question: str) -> FilterWords:
    """Take typed filters and quoted phrases out of a question.

    ``party:``, ``issuer:``, ``kind:`` and ``doc:`` may be repeated; ``from:``, ``to:`` and ``date:`` take 2023, 2023-05 or
    2023-05-18, and the last one counts. A word with a colon that is not a filter stays part of the text.

    Raises:
        FilterError: A date or a kind is invalid, or the range is empty; the message names what can be written.
    """
    given: dict[str, list[str]] = {"party": [], "from": [], "to": [], "kind": [], "issuer": [], "doc": []}

    def take(match: re.Match[str]) -> str:
        key = _KEYS[match[1].lower()]
        value = match[2].strip('"“”') if match[2][0] in '"“' else match[2].rstrip("?!.,;")
        if key == "date":
            given["from"].append(value)
            given["to"].append(value)
        elif value:
            given[key].append(value)
        return " "

    rest = _FILTER.sub(take, question)
    phrases = [next(filter(None, match.groups())).strip() for match in _PHRASE.finditer(rest)]
    rest = _PHRASE.sub(lambda match: next(filter(None, match.groups())), rest)
    filters = Filters(
        date_from=given["from"][-1] if given["from"] else None,
        date_to=given["to"][-1] if given["to"] else None,
        parties=given["party"],
        issuers=given["issuer"],
        kinds=[kind for kinds in given["kind"] for kind in kinds.split(",") if kind],
        doc_ids=given["doc"],
    )
    text = _BEFORE_POINT.sub(r"\1", _SPACES.sub(" ", rest)).strip()
    alone = not any(c.isalnum() for c in text)
    return FilterWords(
        text=" ".join([*filters.parties, *filters.kinds]) if alone else text,
        alone=alone,
        filters=filters,
        phrases=tuple(dict.fromkeys(phrase for phrase in phrases if any(c.isalnum() for c in phrase))),
    )
