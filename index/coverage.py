"""Which of the terms asked for a text holds, each counted by its rarity; a country under any of its names."""

from __future__ import annotations

import functools
import operator
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from index import full_text
from index.datatypes import Facts, Passage, Source, Span
from index.facts.countries import aliases, find_countries, known_countries
from index.stems import stem, stem_all

#: Passages whose stems are kept, some 4 kB each.
PASSAGES_KEPT = 4096


#: Some of the terms of a question: a bit for each.
Bits = int


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Terms of a question, how rare each is, and what else it may be called; a set of terms is an integer, a bit for each.

    Attributes:
        rarity: Of every term, in the order of their bits; see ``index.search.PassageIndex.rarity``.
        stems: The terms of every stem.
        names: Terms that name a country, with the stems of each of that country's names: where the question says
            "Pyongyang", a text that says "DPRK" holds it.
    """

    rarity: Mapping[str, float]
    stems: Mapping[str, Bits]
    names: Sequence[tuple[Bits, tuple[frozenset[str], ...]]]
    #: Rarities of sets of terms, summed up once: most passages hold the same few.
    _weights: dict[Bits, float] = field(default_factory=dict)

    @classmethod
    def of(cls, text: str, rarity: Mapping[str, float]) -> Asked:
        """Read the countries out of a question.

        Args:
            text: The question.
            rarity: Of its terms.
        """
        bits = {term: 1 << place for place, term in enumerate(rarity)}
        stems: dict[str, Bits] = {}
        for term, bit in bits.items():
            stemmed = stem(term)
            stems[stemmed] = stems.get(stemmed, 0) | bit
        names = [
            (bits[term], _names(mention.country))
            for mention in find_countries(text)
            for term in full_text.words(text[mention.start : mention.end])
            if term in bits
        ]
        return cls(rarity=rarity, stems=stems, names=names)

    def bits(self, terms: Iterable[str]) -> Bits:
        """These terms, each of them one of ``rarity``, as a set."""
        places = {term: place for place, term in enumerate(self.rarity)}
        return functools.reduce(operator.or_, (1 << places[term] for term in terms), 0)

    def held(self, stems: Container[str], more: Container[str] = frozenset()) -> Bits:
        """The terms that a text of these stems and more holds, or another name of what they name."""
        found = 0
        for stemmed, bits in self.stems.items():
            if stemmed in stems or stemmed in more:
                found |= bits
        for bits, names in self.names:
            if not found & bits and any(all(one in stems or one in more for one in name) for name in names):
                found |= bits
        return found

    def in_sentences(self, sentences: Mapping[str, int], count: int) -> list[Bits]:
        """The terms that each of the first ``count`` sentences holds, where it is known which of them hold each stem."""
        held = [0] * count
        for stemmed, bits in self.stems.items():
            _add(bits, sentences.get(stemmed, 0), held)
        for bits, names in self.names:
            for name in names:
                if all(one in sentences for one in name):
                    _add(bits, functools.reduce(operator.and_, map(sentences.__getitem__, name)), held)
        return held

    def share(self, terms: Bits, held: Bits) -> float:
        """Share of the terms that are among those held, each counted by its rarity; 0 for no terms."""
        total = self._weight(terms)
        return self._weight(terms & held) / total if total else 0.0

    def _weight(self, terms: Bits) -> float:
        if terms not in self._weights:
            self._weights[terms] = sum(one for place, one in enumerate(self.rarity.values()) if terms >> place & 1)
        return self._weights[terms]


def _add(terms: Bits, sentences: int, held: list[Bits]) -> None:
    """Add terms to what each of these sentences (a bit for each) holds."""
    while sentences:
        held[(sentences & -sentences).bit_length() - 1] |= terms
        sentences &= sentences - 1


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
