"""Passages as the ranking reads them, kept between questions until the index changes."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from index import full_text
from index.coverage import PASSAGES_KEPT, head_stems, sentence_stems, sentence_words
from index.datatypes import Facts, Passage
from index.stems import stem_all


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReadPassage:
    """A passage with what is derived from it once; compared by identity, so that looking one up compares no texts.

    Attributes:
        passage: The passage.
        facts: Of its readout.
        sentences: Which of its sentences hold each of its stems; see ``sentence_stems``.
        head: Stems of what the readout is about; see ``head_stems``.
        place: Stems of the place of the event.
        title: Stems of the readout's title.
    """

    passage: Passage
    facts: Facts
    sentences: Mapping[str, int]
    head: frozenset[str]
    place: frozenset[str]
    title: frozenset[str]

    @classmethod
    def of(cls, passage: Passage, facts: Facts) -> ReadPassage:
        """Derive all this from a passage."""
        return cls(
            passage=passage,
            facts=facts,
            sentences=sentence_stems(passage),
            head=head_stems(passage.source, facts),
            place=full_text.stems(facts.place),
            title=full_text.stems(passage.source.title),
        )


class RecentPassages:
    """The passages read last, of one generation of the index; safe to use from several threads.

    A passage that stayed the same when the index changed is the same object as before: there is no second copy of it, neither
    here nor as a key of what is derived from it.

    Args:
        read: Returns passages by id, of the present generation.
        size: How many are kept, including those of earlier generations.
    """

    def __init__(
        self, read: Callable[[Sequence[int]], Mapping[int, tuple[Passage, Facts]]], size: int = PASSAGES_KEPT
    ) -> None:
        self._read, self._size = read, size
        self._lock = threading.Lock()
        self._kept: dict[int, ReadPassage] = {}
        #: Of generations before; whether they are still so is seen when they are read.
        self._before: dict[int, ReadPassage] = {}
        self._generation: int | None = None

    def __len__(self) -> int:
        return len(self._kept) + len(self._before)

    def of(self, ids: Sequence[int], generation: int) -> list[ReadPassage]:
        """These passages, in order; those not kept for this generation are read."""
        with self._lock:
            if generation != self._generation:
                self._before |= self._kept
                self._kept, self._generation = {}, generation
            missing = [row for row in ids if row not in self._kept]
            fresh = self._made(self._read(missing)) if missing else {}
            found = [self._kept.pop(row) if row in self._kept else fresh[row] for row in ids]
            # A dictionary keeps its order: what was asked for last goes to its end, what goes is at its beginning.
            self._kept.update(zip(ids, found, strict=True))
            for kept in (self._before, self._kept):
                for row in list(itertools.islice(kept, max(0, len(self) - self._size))):
                    del kept[row]
            return found

    def kept(self, ids: Sequence[int], generation: int) -> list[ReadPassage]:
        """Those of these passages that need not be read, in order."""
        with self._lock:
            return [self._kept[row] for row in ids if row in self._kept] if generation == self._generation else []

    def _made(self, read: Mapping[int, tuple[Passage, Facts]]) -> dict[int, ReadPassage]:
        """These passages as they were kept before if they are still the same, otherwise new."""
        found: dict[int, ReadPassage] = {}
        for row, (passage, facts) in read.items():
            before = self._before.pop(row, None)
            if before is not None and before.passage == passage and before.facts == facts:
                found[row] = before
        anew = {row: one for row, one in read.items() if row not in found}
        # A stem that is not known yet takes far longer in a passage of its own than among all of them.
        stem_all(word for passage, _ in anew.values() for word in sentence_words(passage))
        return found | {row: ReadPassage.of(*one) for row, one in anew.items()}
