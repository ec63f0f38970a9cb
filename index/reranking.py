"""Stages for the first passages alone, from their words and the facts of their readouts; pure."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence

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


def stages(query: Query, passages: Sequence[ReadPassage], rarity: Mapping[str, float]) -> dict[str, Scores]:
    """Score each passage by what it holds of the question.

    Args:
        query: The question.
        passages: The passages.
        rarity: Of the terms of the question and of its topic (``terms_of``).

    Returns:
        Scores in [0, 1] by the names of ``fusion.Weights``, in the order of the passages:

        - ``topic``: share of the topic's terms that passage and place of the event hold, by rarity.
        - ``covered``: share of all the question's terms that the passage with its title, place and parties holds.
        - ``beyond_title``: of the terms that title, place and parties do not hold, the share that one sentence does.
        - ``place``: 1 for an event held where the question says.
        - ``opening``: 1 for a readout's first paragraph, where the event itself is asked about.
        - ``number``: 1 for a paragraph with a number, where one is asked for.
    """
    asked = Asked.of(query.text, rarity)
    whole, topic = map(asked.bits, terms_of(query))
    table = np.array([_coverage(asked, whole, topic, one) for one in passages], dtype=np.float64)
    found = dict(zip(("topic", "covered", "beyond_title"), table.T, strict=True))
    if query.places:
        found["place"] = np.array([float(any(is_at(one.facts.place, at) for at in query.places)) for one in passages])
    if Want.EVENT in query.wants:
        found["opening"] = np.array([float(one.passage.paragraph == 0) for one in passages])
    if Want.NUMBER in query.wants:
        found["number"] = np.array([float(has_number(one.passage.text)) for one in passages])
    return found


def terms_of(query: Query) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Terms of the whole question, and of its topic: all of them where it has none."""
    whole = full_text.terms(query.text)
    topic = tuple(dict.fromkeys(term for words in query.topic for term in full_text.terms(words)))
    return whole, topic or whole


@functools.lru_cache(maxsize=PASSAGES_KEPT)
def has_number(text: str) -> bool:
    """Whether a text holds a number, in digits or in words from two on ("one" is mostly no number)."""
    # Small letters and a pattern of these take half the time of a pattern that ignores case.
    return bool(_NUMBER.search(text.lower()))


def _coverage(asked: Asked, whole: Bits, topic: Bits, one: ReadPassage) -> tuple[float, float, float]:
    beyond = whole & ~asked.held(one.head)
    return (
        asked.share(topic, asked.held(one.sentences, one.place)),
        asked.share(whole, asked.held(one.sentences, one.head)),
        asked.best_share(beyond, asked.in_sentences(one.sentences, len(one.passage.sentences))),
    )
