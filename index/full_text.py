"""Words of a query: what full-text search is asked for, and which of its terms a text holds."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from index.datatypes import Query
from index.stems import searchable, stem_all
from index.stems import stem as stem
from index.textforms import SIGNS, fold

# Words that carry no content in a question. Leaving them out of the query makes SQLite's full text six times as fast and
# ranks a little better (+0.01 mean reciprocal rank).
STOP_WORDS = frozenset(
    """a about above after again all also am an and any anybody anyone anything are as at be because been before being below
    between both but by can could did do does doing done down during each else ever for from further get gets getting got had
    has have having he her here hers him his how i if in into is it its itself just know let like made make makes many may me
    might more most much must my no nor not of off on once one only or other our out over own please s same say said saying
    says shall she should show so some such t tell than that the their theirs them then there these they thing things this
    those through to told too under until up upon us very was we were what whatever when where whether which while who whom
    whose why will with within without would you your yours d ll m re ve don didn doesn isn wasn weren""".split()
)
#: Words about readouts themselves: every passage here is one, so they tell nothing apart.
READOUT_WORDS = frozenset("readout readouts document documents text texts mention mentions mentioned".split())

#: Raised when what is a word changes, so that the full text of an older index is made again.
WORDS_VERSION = 2

_WORD = re.compile(r"[^\W_]+(?:['.][^\W_]+)*")
_LETTERS = rf"[^\W_](?:[^\W_]|[{SIGNS}])*"
_ANY_WORD = re.compile(rf"{_LETTERS}(?:['.]{_LETTERS})*")
#: Han and kana: Chinese and Japanese are written without spaces.
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3005\U00020000-\U0003ffff]+")


def words(text: str) -> list[str]:
    """Folded words in order, without possessive endings and full stops inside acronyms (``U.S.`` is ``us``).

    In Chinese and Japanese, which have no spaces between words, every two adjacent characters are a word.
    """
    folded = fold(text)
    pattern = _WORD if folded.isascii() else _ANY_WORD
    found = [_bare(word) if "'" in word or "." in word else word for word in pattern.findall(folded)]
    if folded.isascii() or not _UNSPACED.search(folded):
        return found
    return [pair for word in found for pair in _pairs(word)]


def _pairs(word: str) -> Iterator[str]:
    place = 0
    for run in _UNSPACED.finditer(word):
        if place < run.start():
            yield word[place : run.start()]
        yield from (run.group()[i : i + 2] for i in range(max(len(run.group()) - 1, 1)))
        place = run.end()
    if place < len(word):
        yield word[place:]


def _bare(word: str) -> str:
    word = word[:-2] if word.endswith("'s") else word
    return word.replace(".", "").replace("'", "")


def plain(text: str) -> str:
    """A text as SQLite's full text stores it: its words in the form that questions have."""
    return searchable(" ".join(words(text)))


@lru_cache(maxsize=8192)
def stems(text: str) -> frozenset[str]:
    """Stems of all words of a text."""
    return stem_all(words(text))


def terms(text: str) -> tuple[str, ...]:
    """Words of a question that carry content, folded, each once, in order; all its words if none does."""
    found = words(text)
    content = [word for word in found if word not in STOP_WORDS and word not in READOUT_WORDS]
    return tuple(dict.fromkeys(content or found))


def asked(query: Query) -> tuple[str, ...]:
    """Alternatives for full-text search: the terms of the question and its expansions, each once, in order."""
    return tuple(dict.fromkeys((*terms(query.text), *(more for more in query.expansions if words(more)))))


def expression(query: Query, alternatives: Sequence[str] | None = None) -> str:
    """The FTS5 expression of a query: any of the alternatives, and every phrase; empty for a query without words.

    Everything typed is put in double quotes, so that no word of it is an operator.

    Args:
        query: The query.
        alternatives: Those of ``asked`` to ask for; all by default.
    """
    any_of = [_quoted(word) for word in (asked(query) if alternatives is None else alternatives)]
    phrases = list(dict.fromkeys(_quoted(phrase) for phrase in query.phrases if words(phrase)))
    if phrases:
        anything = f" OR ({' AND '.join(phrases)})" if any_of else ""
        return " AND ".join(phrases) + (f" AND ({' OR '.join(any_of)}{anything})" if any_of else "")
    return " OR ".join(any_of)


def _quoted(text: str) -> str:
    return f'"{plain(text)}"'


class Exactly:
    """Whether texts hold the exact words of phrases, in order, whatever the case, accents and punctuation.

    Args:
        phrases: As typed; one without words is in every text.
    """

    def __init__(self, phrases: Iterable[str]) -> None:
        plain_phrases = dict.fromkeys(map(plain, phrases))
        self._words = {f" {phrase} ": phrase.split() for phrase in plain_phrases if phrase}

    def missing(self, text: str) -> frozenset[str]:
        """The phrases, as plain words, that a text does not hold."""
        looked_for = frozenset(self._words)
        if text.isascii():
            # Without the marks that may stand inside a word a text holds the letters of each of its words: a phrase of which
            # they are missing needs no closer look.
            letters = text.lower().replace(".", "").replace("'", "")
            looked_for = frozenset(p for p, words in self._words.items() if all(word in letters for word in words))
        held = f" {plain(text)} " if looked_for else ""
        return frozenset(self._words) - {phrase for phrase in looked_for if phrase in held}


def share(
    asked: Sequence[str], held: Container[str], rarity: Mapping[str, float], more: Container[str] = frozenset()
) -> float:
    """Share of the terms whose stem is among ``held`` or ``more``, each counted by its rarity; 0 for no terms."""
    total = held_by = 0.0
    for term in asked:
        weight = rarity[term]
        total += weight
        stemmed = stem(term)
        if stemmed in held or stemmed in more:
            held_by += weight
    return held_by / total if total else 0.0


def matched(asked: Iterable[str], *texts: str) -> tuple[str, ...]:
    """Those of the terms whose stem some of the texts hold, in order."""
    there = frozenset().union(*map(stems, texts))
    return tuple(term for term in asked if stem(term) in there)
