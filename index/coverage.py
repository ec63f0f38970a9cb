"""Which of the terms asked for a text holds, each counted by its rarity; a country under any of its names."""

from __future__ import annotations

import functools
import operator
from collections.abc import Container, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from index import full_text
from index.datatypes import Facts, Passage, Source, Span
from index.facts.countries import aliases, find_countries, known_countries
from index.stems import stem, stem_all

#: Passages whose stems are kept, some 4 kB each.
PASSAGES_KEPT = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Terms of a question, how rare each is, and what else it may be called.

    Attributes:
        rarity: Of every term; see ``index.search.PassageIndex.rarity``.
        terms: The terms of every stem.
        names: For a term that names a country, the stems of each of that country's names: where the question says
            "Pyongyang", a text that says "DPRK" holds it.
    """

    rarity: Mapping[str, float]
    terms: Mapping[str, tuple[str, ...]]
    names: Mapping[str, tuple[frozenset[str], ...]]

    @classmethod
    def of(cls, text: str, rarity: Mapping[str, float]) -> Asked:
        """Read the countries out of a question.

        Args:
            text: The question.
            rarity: Of its terms.
        """
        terms: dict[str, tuple[str, ...]] = {}
        for term in rarity:
            terms[full_text.stem(term)] = (*terms.get(full_text.stem(term), ()), term)
        names: dict[str, tuple[frozenset[str], ...]] = {}
        for mention in find_countries(text):
            others = _names(mention.country)
            for term in full_text.words(text[mention.start : mention.end]):
                if term in rarity:
                    names[term] = names.get(term, ()) + others
        return cls(rarity=rarity, terms=terms, names=names)

    def held(self, stems: AbstractSet[str], more: AbstractSet[str] = frozenset()) -> set[str]:
        """The terms that a text of these stems and more holds, or another name of what they name."""
        found = {term for stem, terms in self.terms.items() if stem in stems or stem in more for term in terms}
        if self.names.keys() - found:
            both = stems | more if more else stems
            found.update(term for term, names in self.names.items() if any(name <= both for name in names))
        return found

    def in_sentences(self, sentences: Mapping[str, int]) -> dict[str, int]:
        """Which sentences hold each of the terms, as bits, where the stems' are known; without terms that none holds."""
        found = {term: sentences[stem] for stem, terms in self.terms.items() if stem in sentences for term in terms}
        for term, names in self.names.items():
            for name in names:
                whole = name <= sentences.keys() and functools.reduce(operator.and_, map(sentences.__getitem__, name))
                if whole:
                    found[term] = found.get(term, 0) | whole
        return found

    def share(self, terms: Sequence[str], held: Container[str]) -> float:
        """Share of the terms that are among those held, each counted by its rarity; 0 for no terms."""
        total = sum(map(self.rarity.__getitem__, terms))
        return sum(self.rarity[term] for term in terms if term in held) / total if total else 0.0

    def beyond(self, terms: Sequence[str], stems: AbstractSet[str]) -> tuple[str, ...]:
        """Those of the terms that a text of these stems does not hold, in order."""
        held = self.held(stems)
        return tuple(term for term in terms if term not in held)


@functools.cache
def own_names(country: str) -> tuple[str, ...]:
    """Names of a country, but those that are part of another's.

    A text on the People's Republic of China holds all words of "Republic of China".
    """
    names = (country, *aliases(country))
    every, ours = _every_name(), _in_a_row(names)
    return tuple(name for name in names if every.count(f" {name} ".lower()) == ours.count(f" {name} ".lower())) or (
        country,
    )


@functools.cache
def _names(country: str) -> tuple[frozenset[str], ...]:
    """Stems of each name of ``own_names``."""
    return tuple(full_text.stems(name) for name in own_names(country))


@functools.cache
def _every_name() -> str:
    return _in_a_row(name for country in known_countries() for name in (country, *aliases(country)))


def _in_a_row(names: Iterable[str]) -> str:
    return "".join(f" {name} |" for name in names).lower()


def sentence_stems(passage: Passage) -> Mapping[str, int]:
    """For each stem of a passage the sentences that hold it, as bits: 5 for the first and the third; not to be changed."""
    return _sentence_stems(passage.text, passage.sentences)


@functools.lru_cache(maxsize=PASSAGES_KEPT)
def _sentence_stems(text: str, sentences: tuple[Span, ...]) -> Mapping[str, int]:
    words: dict[str, int] = {}
    for place, span in enumerate(sentences):
        for word in full_text.words(text[span.start : span.end]):
            words[word] = words.get(word, 0) | 1 << place
    # All at once first: a stem that is not known yet takes far longer alone than among others.
    stem_all(words)
    found: dict[str, int] = {}
    for word, places in words.items():
        stemmed = stem(word)
        found[stemmed] = found.get(stemmed, 0) | places
    return found


def head_stems(source: Source, facts: Facts) -> frozenset[str]:
    """Stems of what every passage of a readout is about: title, place, and the names, offices and countries of the parties."""
    parties = " ".join(f"{party.name} {party.office} {party.country}" for party in facts.parties)
    return full_text.stems(f"{source.title} {facts.place} {parties}")
