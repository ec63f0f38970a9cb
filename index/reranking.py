"""Stages for the first passages only, from their words and the facts of their readouts; pure."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from index import full_text
from index.coverage import PASSAGES_KEPT, Asked, Bits
from index.datatypes import Query, Want
from index.facts.countries import is_at
from index.fusion import Scores
from index.recent import ReadPassage

_NUMBER = re.compile(
    r"\b(?:\d[\d,.]*|two|three|four|five|six|seven|eight|nine|ten|twelve|dozens?|hundreds?|thousands?|[mb]illions?)\b"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Terms of a question and of its topic, to compare passages with.

    Attributes:
        asked: All of them.
        whole: Those of the whole question.
        topic: Those of its topic; all if it has none.
    """

    asked: Asked
    whole: Bits
    topic: Bits
    #: What was found of passages: many are looked at while the question is still encoded.
    _coverage: dict[ReadPassage, tuple[float, float, float]] = field(default_factory=dict)

    @classmethod
    def of(cls, query: Query, rarity: Callable[[Sequence[str]], Mapping[str, float]]) -> Terms:
        """Read them out of a question; ``rarity`` tells of terms how rare each is."""
        whole = full_text.terms(query.text)
        topic = tuple(dict.fromkeys(term for words in query.topic for term in full_text.terms(words))) or whole
        asked = Asked.of(query.text, rarity(tuple(dict.fromkeys((*whole, *topic)))))
        return cls(asked=asked, whole=asked.bits(whole), topic=asked.bits(topic))

    def coverage(self, one: ReadPassage) -> tuple[float, float, float]:
        """``topic``, ``covered`` and ``beyond_title`` of a passage; see ``stages``."""
        found = self._coverage.get(one)
        if found is None:
            asked = self.asked
            beyond = self.whole & ~asked.held(one.head)
            found = self._coverage[one] = (
                asked.share(self.topic, asked.held(one.sentences, one.place)),
                asked.share(self.whole, asked.held(one.sentences, one.head)),
                asked.best_share(beyond, asked.in_sentences(one.sentences, len(one.passage.sentences))),
            )
        return found


def stages(query: Query, passages: Sequence[ReadPassage], terms: Terms) -> dict[str, Scores]:
    """Score each passage by what it holds of the question.

    Args:
        query: The question.
        passages: The passages.
        terms: Of the question.

    Returns:
        Scores in [0, 1] by the names of ``fusion.Weights``, in the order of the passages:

        - ``topic``: share of the topic's terms that passage and place of the event hold, by rarity.
        - ``covered``: share of all the question's terms that the passage with its title, place and parties holds.
        - ``beyond_title``: of the terms that title, place and parties do not hold, the share that one sentence does.
        - ``place``: 1 for an event held where the question says.
        - ``opening``: 1 for a readout's first paragraph, if the event itself is asked about.
        - ``number``: 1 for a paragraph with a number, if one is asked for.
    """
    table = np.array([terms.coverage(one) for one in passages], dtype=np.float64)
    found = dict(zip(("topic", "covered", "beyond_title"), table.T, strict=True))
    if query.places:
        found["place"] = np.array([float(any(is_at(one.facts.place, at) for at in query.places)) for one in passages])
    if Want.EVENT in query.wants:
        found["opening"] = np.array([float(one.passage.paragraph == 0) for one in passages])
    if Want.NUMBER in query.wants:
        found["number"] = np.array([float(has_number(one.passage.text)) for one in passages])
    return found


@functools.lru_cache(maxsize=PASSAGES_KEPT)
def has_number(text: str) -> bool:
    """Whether a text holds a number, in digits or in words from two on ("one" is mostly no number)."""
    # Small letters and a pattern of these take half the time of a pattern that ignores case.
    return bool(_NUMBER.search(text.lower()))
