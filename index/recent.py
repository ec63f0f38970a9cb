"""Passages as the ranking reads them, kept from question to question until the index changes."""

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
    """A passage with what is derived from it once; each is itself alone, so that looking one up takes no comparing of texts.

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
        """Read the words of a passage."""
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

    Args:
        read: Gives passages by id, of the present generation.
        size: How many are kept.
    """

    def __init__(
        self, read: Callable[[Sequence[int]], Mapping[int, tuple[Passage, Facts]]], size: int = PASSAGES_KEPT
    ) -> None:
        self._read, self._size = read, size
        self._lock = threading.Lock()
        self._kept: dict[int, ReadPassage] = {}
        self._generation: int | None = None

    def __len__(self) -> int:
        return len(self._kept)

    def of(self, ids: Sequence[int], generation: int) -> list[ReadPassage]:
        """These passages, in order; read are those that are not kept of this generation."""
        with self._lock:
            if generation != self._generation:
                self._kept, self._generation = {}, generation
            missing = [row for row in ids if row not in self._kept]
            fresh = self._read(missing) if missing else {}
            # A stem that is not known yet takes far longer in a passage of its own than among all of them.
            stem_all(word for passage, _ in fresh.values() for word in sentence_words(passage))
            found = [self._kept.pop(row) if row in self._kept else ReadPassage.of(*fresh[row]) for row in ids]
            # A dictionary keeps its order: what was asked for last goes to its end, what goes is at its beginning.
            self._kept.update(zip(ids, found, strict=True))
            for row in list(itertools.islice(self._kept, max(0, len(self._kept) - self._size))):
                del self._kept[row]
            return found

    def kept(self, ids: Sequence[int], generation: int) -> list[ReadPassage]:
        """Those of these passages that need not be read, in order."""
        with self._lock:
            return [self._kept[row] for row in ids if row in self._kept] if generation == self._generation else []
