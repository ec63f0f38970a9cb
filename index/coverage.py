"""Which of the terms asked for a text holds, each counted by its rarity; a country under any of its names."""

from __future__ import annotations

import functools
import itertools
import operator
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from index import full_text
from index.datatypes import Facts, Passage, Source, Span
from index.facts.countries import aliases, find_countries, known_countries
from index.stems import stem, stems_by_word

#: Passages whose stems are kept, some 4 kB each.
PASSAGES_KEPT = 4096
#: Passages whose words are kept until their stems are made: as many as are read at once.
WORDS_KEPT = 64


#: Some of the terms of a question: a bit for each.
Bits = int


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Terms of a question, how rare each is, and what else it may be called; a set of terms is an integer, a bit for each.

    Attributes:
        rarity: Of every term, in the order of their bits; see ``index.search.PassageIndex.rarity``.
        stems: The terms of every stem. Where the question says "Pyongyang", a text that says "DPRK" holds it, so the stem of
            each of a country's names is one of the term's.
        names: The same for names of several stems, which a text has to hold all.
    """

    rarity: Mapping[str, float]
    stems: Mapping[str, Bits]
    names: Sequence[tuple[Bits, tuple[str, ...]]]
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
        names: list[tuple[Bits, tuple[str, ...]]] = []
        for mention in find_countries(text):
            terms = [bits[term] for term in full_text.words(text[mention.start : mention.end]) if term in bits]
            for bit, name in itertools.product(terms, _names(mention.country)):
                if len(name) == 1:
                    stems[name[0]] = stems.get(name[0], 0) | bit
                else:
                    names.append((bit, name))
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
        for bits, name in self.names:
            if not found & bits:
                for one in name:
                    if one not in stems and one not in more:
                        break
                else:
                    found |= bits
        return found

    def in_sentences(self, sentences: Mapping[str, int], count: int) -> list[Bits]:
        """The terms that each of the first ``count`` sentences holds, where it is known which of them hold each stem."""
        held = [0] * count
        for stemmed, bits in self.stems.items():
            if stemmed in sentences:
                _add(bits, sentences[stemmed], held)
        for bits, name in self.names:
            places = -1
            for one in name:
                places &= sentences.get(one, 0)
                if not places:
                    break
            else:
                _add(bits, places, held)
        return held

    def share(self, terms: Bits, held: Bits) -> float:
        """Share of the terms that are among those held, each counted by its rarity; 0 for no terms."""
        total = self._weight(terms)
        return self._weight(terms & held) / total if total else 0.0

    def best_share(self, terms: Bits, held: Iterable[Bits]) -> float:
        """The largest share that one of these holds; 0 for none."""
        total = self._weight(terms)
        return max(map(self._weight, {terms & one for one in held}), default=0.0) / total if total else 0.0

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
def _names(country: str) -> tuple[tuple[str, ...], ...]:
    """Stems of each name of ``own_names``, the longest first: the others are more often held by what does not hold them all."""
    stems = (full_text.stems(name) for name in own_names(country))
    return tuple(tuple(sorted(one, key=len, reverse=True)) for one in stems if one)


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
    words = _sentence_words(text, sentences)
    found: dict[str, int] = {}
    for word, stemmed in stems_by_word(words).items():
        found[stemmed] = found.get(stemmed, 0) | words[word]
    return found


def sentence_words(passage: Passage) -> Mapping[str, int]:
    """``sentence_stems`` of the words as they are."""
    return _sentence_words(passage.text, passage.sentences)


@functools.lru_cache(maxsize=WORDS_KEPT)
def _sentence_words(text: str, sentences: tuple[Span, ...]) -> Mapping[str, int]:
    words: dict[str, int] = {}
    for place, span in enumerate(sentences):
        bit = 1 << place
        for word in full_text.words(text[span.start : span.end]):
            words[word] = words.get(word, 0) | bit
    return words


@functools.lru_cache(maxsize=PASSAGES_KEPT)
def head_stems(source: Source, facts: Facts) -> frozenset[str]:
    """Stems of what every passage of a readout is about: title, place, and the names, offices and countries of the parties."""
    parties = " ".join(f"{party.name} {party.office} {party.country}" for party in facts.parties)
    return full_text.stems(f"{source.title} {facts.place} {parties}")
