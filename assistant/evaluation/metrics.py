"""What is measured, as pure functions over words, ranks and numbers."""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from index.textforms import fold, tidy

#: Share of the gold words that must stand unbroken in a quote which neither holds the gold nor lies inside it: people
#: mark an answer by its clause or by two sentences, the program quotes whole sentences.
MOST_OF_THE_GOLD = 0.6
#: Resamples of the bootstrap (Efron 1979), and the seed that makes two runs over the same outcomes print the same.
RESAMPLES = 1_000
SEED = 20_240_229
#: Bins of support for the calibration table.
BINS = 5

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)\s]*\)")
_MARKS = re.compile(r"[\\*_]")
_WORD = re.compile(r"\w+")


@lru_cache(maxsize=16_384)
def plain(text: str) -> str:
    """Only the words, in lower case, one space around each: without markup, typographic quotes, case and spacing."""
    text = _LINK.sub(r"\1", _TAG.sub("", _COMMENT.sub(" ", text)))
    text = fold(tidy(html.unescape(_MARKS.sub("", text))))
    return f" {' '.join(_WORD.findall(text))} "


def holds(text: str, gold: str) -> bool:
    """Whether ``text`` has the words of ``gold`` in order and unbroken; never for a gold without words."""
    wanted = plain(gold)
    return bool(wanted.strip()) and wanted in plain(text)


def quote_right(quote: str, gold: str) -> bool:
    """Whether a quote gives the gold words.

    One holds the other, or at least ``MOST_OF_THE_GOLD`` of the gold's words are in the quote unbroken.
    """
    if holds(quote, gold) or holds(gold, quote):
        return True
    ours, theirs = plain(quote).split(), plain(gold).split()
    run = SequenceMatcher(None, theirs, ours, autojunk=False).find_longest_match().size
    return run > 0 and run >= MOST_OF_THE_GOLD * len(theirs)


def reciprocal_rank(rank: int | None, cutoff: int = 10) -> float:
    """1/rank of the first right hit; 0 if there is none among the first ``cutoff``."""
    return 1.0 / rank if rank is not None and rank <= cutoff else 0.0


def within(rank: int | None, cutoff: int) -> float:
    """1 if the first right hit is among the first ``cutoff``, else 0."""
    return float(rank is not None and rank <= cutoff)


def set_scores(found: Collection[str], gold: Collection[str]) -> tuple[float, float, float]:
    """Precision, recall and their harmonic mean (F1) of two sets; all 0 if they share nothing."""
    ours, theirs = set(found), set(gold)
    shared = len(ours & theirs)
    if not shared:
        return 0.0, 0.0, 0.0
    precision, recall = shared / len(ours), shared / len(theirs)
    return precision, recall, 2 * precision * recall / (precision + recall)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured number.

    Attributes:
        value: The measure.
        low: Lower end of its 95 % bootstrap interval.
        high: Upper end.
        count: How many questions it is measured on.
    """

    value: float
    low: float
    high: float
    count: int


def mean_figure(values: Sequence[float]) -> Figure | None:
    """Mean with its percentile bootstrap interval; None for no values."""
    if not values:
        return None
    numbers = np.asarray(values, dtype=np.float64)
    rows = np.random.default_rng(SEED).integers(0, len(numbers), (RESAMPLES, len(numbers)))
    return _figure(float(numbers.mean()), numbers[rows].mean(axis=1), len(numbers))


def roc_figure(positives: Sequence[float], negatives: Sequence[float]) -> Figure | None:
    """Area under the ROC curve: how often a positive scores above a negative, ties counting half.

    The Mann–Whitney form; the interval resamples positives and negatives separately. None if either side is empty.
    """
    if not positives or not negatives:
        return None
    ups, downs = np.asarray(positives, dtype=np.float64), np.asarray(negatives, dtype=np.float64)
    wins = (ups[:, None] > downs[None, :]) + 0.5 * (ups[:, None] == downs[None, :])
    rng = np.random.default_rng(SEED)
    up_counts = rng.multinomial(len(ups), np.full(len(ups), 1 / len(ups)), RESAMPLES).astype(np.float64)
    down_counts = rng.multinomial(len(downs), np.full(len(downs), 1 / len(downs)), RESAMPLES).astype(np.float64)
    samples = ((up_counts @ wins) * down_counts).sum(axis=1) / wins.size
    return _figure(float(wins.mean()), samples, len(ups) + len(downs))


def _figure(value: float, samples: NDArray[np.float64], count: int) -> Figure:
    low, high = np.percentile(samples, (2.5, 97.5))
    return Figure(value=value, low=float(low), high=float(high), count=count)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """A bin of answers with similar support.

    Attributes:
        low: Least support of the bin, included.
        high: Greatest, excluded except in the last bin.
        count: How many answers.
        support: Their mean support.
        held: Share of them that hold.
    """

    low: float
    high: float
    count: int
    support: float
    held: float


def calibration(supports: Sequence[float], held: Sequence[bool]) -> tuple[tuple[Bin, ...], float | None]:
    """Support against truth.

    Returns:
        The bins that hold any answer, lowest first, and the expected calibration error (Naeini and others 2015): the
        mean distance of support from the share that holds, weighted by the answers in each bin; None for no answers.
    """
    places = [min(int(support * BINS), BINS - 1) for support in supports]
    table = []
    for number in range(BINS):
        members = [row for row, place in enumerate(places) if place == number]
        if members:
            table.append(
                Bin(
                    low=number / BINS,
                    high=(number + 1) / BINS,
                    count=len(members),
                    support=sum(supports[row] for row in members) / len(members),
                    held=sum(held[row] for row in members) / len(members),
                )
            )
    if not table:
        return (), None
    return tuple(table), sum(b.count * abs(b.support - b.held) for b in table) / len(supports)
