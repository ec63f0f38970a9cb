"""Whether two texts are the same text posted twice: candidates by MinHash, the verdict by the words themselves. Pure.

What counts as the same was chosen by reading pairs of 8,988 real readouts and statements (``python -m
benchmarks.duplicates``): texts made from one template share 90 words in a hundred and differ in a country or a sum, and letters
on the same emergency differ only in the year. So which words differ matters, not only how many.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from index.textforms import fold

#: To be raised when the rules change, so that an index is looked through anew.
DUPLICATES_VERSION = 2
#: Days between two postings of one text. A statement is repeated word for word after a month (on another missile), or a year.
DAYS = 3
#: Share of the words that may differ. Of the pairs of one day above it, all are one text posted twice; below it one of them has
#: a paragraph more, or is of another matter.
DIFFERENT = 0.05
#: Words of a heading and dateline, and of a closing line, that one of two texts may have more than the other.
HEAD, TAIL = 40, 20
#: Below so many words a text is the same only word for word, under the same title: a line that points to a file says little.
SHORT = 20
#: Above so many words only word for word: two texts of 30,000 are compared in 0.15 s, of 60,000 in 0.6 s, of a million in
#: minutes. Of 8,988 real ones the longest has 24,964.
LONG = 30_000
#: Texts with a Jaccard similarity of 0.7 (80 words, and the same with a head of 25) share a band in 99 of 100 cases, those of
#: 0.3 in 28: the fewer bands, the more slips through, and the more words to a shingle, the less a single slip is forgiven.
BANDS, ROWS, SHINGLE = 12, 3, 3
#: Words of both ends that must agree for one text to begin or end within the other.
_ANCHOR = 6
#: Shingles of which numbers are made at once: 1.2 MB of them stay in the processor's cache.
_PART = 4096
_WORD = re.compile(r"[^\W_]+")
_RANDOM = np.random.default_rng(20_210_121)
_FACTORS = _RANDOM.integers(0, 1 << 63, BANDS * ROWS, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
_SHIFTS = _RANDOM.integers(0, 1 << 63, BANDS * ROWS, dtype=np.uint64)
_MIX = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text.

    Attributes:
        written: As written, without what is between them.
        folded: In the form in which they are compared.
        title: Words of the title, folded.
    """

    written: tuple[str, ...]
    folded: tuple[str, ...]
    title: tuple[str, ...]


def words_of(title: str, text: str) -> Words:
    """The words of a text and of its title."""
    written = tuple(_WORD.findall(text))
    return Words(written, tuple(map(_folded, written)), tuple(map(_folded, _WORD.findall(title))))


def bands(text: str) -> tuple[int, ...]:
    """Band hashes, at least one of which texts that are nearly the same almost always share; none for a text without words.

    MinHash over runs of words, in bands (Broder 1997; Leskovec, Rajaraman and Ullman, chapter 3).

    Returns:
        ``BANDS`` signed integers of 64 bits.
    """
    # Of a text of more words only those that are the same word for word are looked for, which begin the same.
    words = islice(_WORD.finditer(fold(text)), LONG)
    hashes = np.array([zlib.crc32(word.group().encode()) for word in words], dtype=np.uint64)
    if not len(hashes):
        return ()
    count = max(1, len(hashes) - SHINGLE + 1)
    shingles = np.zeros(count, dtype=np.uint64)
    for place in range(min(SHINGLE, len(hashes))):
        shingles = _mixed(shingles + hashes[place : place + count])
    # A part at a time: all numbers of a text of four million words are 1.2 GB.
    parts = (shingles[start : start + _PART, None] for start in range(0, count, _PART))
    least = np.min([_mixed(part * _FACTORS + _SHIFTS).min(axis=0) for part in parts], axis=0).reshape(BANDS, ROWS)
    keys = np.arange(BANDS, dtype=np.uint64)
    for row in range(ROWS):
        keys = _mixed(keys + least[:, row])
    return tuple(keys.view(np.int64).tolist())


def same_text(ours: Words, theirs: Words) -> bool:
    """Whether two texts are the same, except for a heading, a closing line, and a few small words or slips."""
    if ours.folded == theirs.folded:
        return len(ours.folded) >= SHORT or ours.title == theirs.title
    if min(len(ours.folded), len(theirs.folded)) < SHORT or max(len(ours.folded), len(theirs.folded)) > LONG:
        return False
    short, long = sorted((ours, theirs), key=lambda words: len(words.folded))
    head = _offset(short.folded, long.folded, HEAD)
    tail = _offset(short.folded[::-1], long.folded[head:][::-1], TAIL)
    end = len(long.folded) - tail
    return _nearly(short.written, short.folded, long.written[head:end], long.folded[head:end])


def _offset(short: Sequence[str], long: Sequence[str], most: int) -> int:
    """How far into the longer text the shorter one begins; 0 if it begins nowhere near the start."""
    start = tuple(short[:_ANCHOR])
    return next((place for place in range(most + 1) if tuple(long[place : place + _ANCHOR]) == start), 0)


def _nearly(ours: Sequence[str], our_folded: Sequence[str], theirs: Sequence[str], their_folded: Sequence[str]) -> bool:
    # Not above: most texts have no near twin, and never get here.
    from rapidfuzz.distance import Levenshtein

    most = DIFFERENT * max(len(ours), len(theirs))
    if Levenshtein.distance(our_folded, their_folded, score_cutoff=int(most)) > most:
        return False
    return all(
        _small(ours[change.src_start : change.src_end], theirs[change.dest_start : change.dest_end])
        for change in Levenshtein.opcodes(our_folded, their_folded)
        if change.tag != "equal"
    )


def _small(ours: Sequence[str], theirs: Sequence[str]) -> bool:
    """Whether differing words are insignificant: no number and no name among them, except for a slip in its spelling."""
    if len(ours) == len(theirs) and all(map(_slip, ours, theirs)):
        return True
    return not any(word[0].isupper() or any(map(str.isdigit, word)) for word in (*ours, *theirs))


def _slip(one: str, other: str) -> bool:
    from rapidfuzz.distance import OSA

    letters = one.isalpha() and other.isalpha()
    return letters and min(len(one), len(other)) > 5 and one[0] == other[0] and OSA.distance(one, other) == 1


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """A bijection of 64 bits that spreads neighbours far apart."""
    values = (values ^ (values >> np.uint64(31))) * _MIX
    return values ^ (values >> np.uint64(29))


@lru_cache(maxsize=1 << 16)
def _folded(word: str) -> str:
    return fold(word)
