"""From a query to passages: filter first, then rank by full text, paragraphs and sentences, fused."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import numpy as np

from index import full_text, fusion, memory, nearness, ordered, reranking
from index.catalogue import Catalogue
from index.coverage import PASSAGES_KEPT
from index.datatypes import Filters, Hit, Query, Source
from index.errors import ReadoutsError
from index.fusion import Scores
from index.hits import as_hits
from index.keeping import PAGE, are_there, open_vectors
from index.nearness import Nearness
from index.pending import Pending
from index.protocols import Ids, Vectors
from index.recent import RecentPassages
from index.vectors import SegmentedIndex

#: How many passages (and three times as many sentences) each stage proposes; every stage then scores all that are proposed.
POOL = 150
#: How many passages of readouts that fit all that a question names (dates and parties) are proposed beside these.
PREFERRED_POOL = 300
#: Passages with the stems of a quoted phrase that are compared with it word for word, the best by full text: 10 µs each.
PHRASED = 20_000
#: Passages from which on full text and vectors are searched at the same time: handing over takes a tenth of a millisecond.
TOGETHER_FROM = 50_000
#: How many of the first passages are ranked once more, by what they hold of the question.
RERANKED = 40
#: Passages that are read ahead at once, in 2 ms, and seconds between: what a question waits for meanwhile.
AT_ONCE, BREATH = 8, 0.001
#: Moments that are tried until one is found whose vectors are on disk.
MOMENTS = 3
#: Decimals of a score: engines differ in the fourth. Passages that are no better or worse than that go in the order of reading,
#: whichever engine computed their embeddings.
TOLD_APART = 3


class PassageIndex:
    """The path of a query over one index; cheap to open, safe to use from several threads.

    The next query sees what another process commits.

    Args:
        folder: Folder of the index.

    Raises:
        NoIndexError, MismatchError, CatalogueError: As ``Catalogue``.
    """

    def __init__(self, folder: Path) -> None:
        self.catalogue = Catalogue(folder)
        self._lock = threading.RLock()
        self._state: tuple[int, str | None] | None = None
        self._opened: dict[str, SegmentedIndex] = {}
        self._recent = RecentPassages(self.catalogue.passages)
        self._read_ahead: int | None = None
        #: Reads passages that no question asked for yet; None before.
        self.reading_ahead: threading.Thread | None = None

    def close(self) -> None:
        """Close the catalogue."""
        self.catalogue.close()

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Search and read everything inside at a single moment; other threads wait meanwhile."""
        with self._lock, ExitStack() as stack:
            for _ in range(MOMENTS):
                stack.enter_context(self.catalogue.snapshot())
                if self._is_opened() or are_there(self.catalogue):
                    break
                # Another process has committed since, and swept away what this moment needs: the next one is asked for.
                stack.close()
            else:
                stack.enter_context(self.catalogue.snapshot())
            yield

    def _is_opened(self) -> bool:
        return self._state == (self.catalogue.generation, self.catalogue.meta(PAGE))

    def read_ahead(self) -> None:
        """Start reading all passages of a small index in the background, so that no question waits for them."""
        generation = self.catalogue.generation
        if generation != self._read_ahead and self.catalogue.counts()[1] <= PASSAGES_KEPT:
            self._read_ahead = generation
            self.reading_ahead = threading.Thread(target=self._read_all, args=(generation,), daemon=True)
            self.reading_ahead.start()

    def _read_all(self, generation: int) -> None:
        # Whatever is wrong, the index closed or damaged, is told where somebody asks.
        with suppress(ReadoutsError):
            with self.snapshot():
                ids = self._passages.ids
            for first in range(0, len(ids), AT_ONCE):
                with self.snapshot():
                    if self.catalogue.generation != generation:
                        return
                    self._recent.of(ids[first : first + AT_ONCE].tolist(), generation)
                time.sleep(BREATH)
            memory.give_back()

    def search(
        self,
        query: Query,
        vector: Vectors | Pending[Vectors] | None,
        *,
        top_k: int = 10,
        weights: fusion.Weights | None = None,
    ) -> tuple[Hit, ...]:
        """Find the passages nearest to a query.

        Args:
            query: What to rank by, what excludes and what is preferred.
            vector: ``(D,)`` embedding of ``query.text``, or one still being computed: what needs no embedding is done before
                waiting for it. None ranks by full text only.
            top_k: How many at most.
            weights: Weight of each stage; the measured ones by default.

        Returns:
            Hits, best first; equal scores by passage id. Empty if the filters leave nothing.

        Raises:
            MismatchError: ``vector`` has the length of another model.
        """
        with self.snapshot():
            if self.catalogue.meta("model") is None:
                return ()
            allowed = self._allowed(query)
            if allowed is not None and not len(allowed):
                return ()
            looking = None if vector is None else self._looking(vector, allowed)
            lexical = self.catalogue.ranked(query, POOL, allowed, self.catalogue.counts()[1])
            favoured = self._favoured(query, allowed)
            asked = reranking.Terms.of(query, self.rarity)
            preferred = self._preferred(query.preferred)
            if isinstance(vector, Pending):
                self._cover_ahead(vector, lexical, asked)
            near = looking() if looking else None
            proposed = near.proposed if near else np.empty(0, dtype=np.int64)
            ids = ordered.together(np.fromiter(lexical, dtype=np.int64, count=len(lexical)), proposed, favoured)
            if allowed is None:
                ids = self._shown(ids, query.filters, of_all=True)
            if not len(ids):
                return ()
            return self._rank(query, near, lexical, ids, preferred, asked, top_k, weights or fusion.Weights())

    def _allowed(self, query: Query) -> Ids | None:
        """Ids of the passages that filters and phrases leave; None for all."""
        allowed: Ids | None = None
        if query.filters:
            allowed = self._passages.owned(self.catalogue.shown(query.filters))
        phrases = tuple(filter(full_text.words, query.phrases))
        if phrases and (allowed is None or len(allowed)):
            found = self.catalogue.ranked(replace(query, phrases=phrases), PHRASED, allowed, self.catalogue.counts()[1])
            said = self.catalogue.saying(np.array(sorted(found), dtype=np.int64), phrases)
            allowed = self._shown(said, query.filters)
        return allowed

    def _shown(self, passages: Ids, filters: Filters, *, of_all: bool = False) -> Ids:
        """Passages (ids ascending) without those of readouts that are shown under another: one of these, or any of all."""
        if filters.copies or not self.catalogue.copies() or not len(passages):
            return passages
        owners = self._passages.owners(passages)
        return passages[~ordered.among(owners, self.catalogue.folded(None if of_all else owners))]

    def _looking(self, vector: Vectors | Pending[Vectors], allowed: Ids | None) -> Callable[[], Nearness]:
        """Begins to look for what is near to a vector, in a large index beside the full text."""
        beside = self.catalogue.counts()[1] >= TOGETHER_FROM
        return nearness.begin(self._passages, self._sentences, vector, allowed, (POOL, 3 * POOL), beside=beside)

    def _cover_ahead(self, vector: Pending[Vectors], lexical: Mapping[int, float], asked: reranking.Terms) -> None:
        """Hold passages that full text ranks highest against the question for as long as its vector is not there."""
        likely = sorted(lexical, key=lexical.__getitem__, reverse=True)[:RERANKED]
        for one in self._recent.kept(likely, self.catalogue.generation):
            if vector.is_there:
                return
            asked.coverage(one)

    def _favoured(self, query: Query, allowed: Ids | None) -> Ids:
        """Passages of the readouts that fit every date and party that the question names; none for no such question."""
        preferred = _dates_and_parties(query.preferred)
        if not preferred:
            return np.empty(0, dtype=np.int64)
        documents = self.catalogue.matching(preferred)
        if allowed is None:
            # A readout has a passage at least, so that no more of them are needed.
            return self._passages.owned(documents[:PREFERRED_POOL])[:PREFERRED_POOL]
        theirs = self._passages.owned(documents)
        return theirs[ordered.among(theirs, allowed)][:PREFERRED_POOL]

    def _rank(
        self,
        query: Query,
        near: Nearness | None,
        lexical: dict[int, float],
        ids: Ids,
        preferred: Mapping[str, Sequence[Ids]],
        asked: reranking.Terms,
        top_k: int,
        weights: fusion.Weights,
    ) -> tuple[Hit, ...]:
        stages = {"full_text": fusion.saturate(ordered.scores(lexical, ids))}
        cosines = None
        if near is not None:
            cosines = near.sentences(ids)
            stages["paragraph"] = near.paragraphs(ids)
            stages["sentence"] = cosines.best
            stages["peak"] = cosines.best - cosines.mean
        stages |= self._fitting(ids, preferred)
        fused = fusion.fuse(stages, weights)
        first = np.argsort(-fused, kind="stable")[: max(top_k, RERANKED)]
        passages = self._recent.of(ids[first].tolist(), self.catalogue.generation)
        stages = {name: scores[first] for name, scores in stages.items()} | reranking.stages(query, passages, asked)
        fused = np.round(fusion.fuse(stages, weights), TOLD_APART)
        best = np.lexsort((ids[first], -fused))[:top_k]
        also = self._also(ids[first[best]])
        return as_hits(query.text, passages, stages, fused, best, cosines, first, also)

    def _fitting(self, ids: Ids, preferred: Mapping[str, Sequence[Ids]]) -> dict[str, Scores]:
        """By stage the share of the things preferred that each passage's readout fits."""
        documents = self._passages.owners(ids) if preferred else ids
        found = {}
        for stage, fitting in preferred.items():
            share = np.mean([ordered.among(documents, rows) for rows in fitting], axis=0)
            found[stage] = share**3 if stage == "party" else share
        return found

    def _preferred(self, preferred: Filters) -> dict[str, list[Ids]]:
        """By stage the documents that fit each of the things preferred."""
        wanted: dict[str, list[Filters]] = {}
        if preferred.date_from or preferred.date_to:
            wanted["date"] = [Filters(date_from=preferred.date_from, date_to=preferred.date_to)]
        if preferred.parties:
            wanted["party"] = [Filters(parties=(party,)) for party in preferred.parties]
        if preferred.kinds:
            wanted["kind"] = [Filters(kinds=preferred.kinds)]
        if preferred.doc_ids:
            wanted["document"] = [Filters(doc_ids=preferred.doc_ids)]
        return {stage: [self.catalogue.matching(one) for one in filters] for stage, filters in wanted.items()}

    def _also(self, passages: Ids) -> list[tuple[Source, ...]]:
        """Other postings of the text of each of these passages."""
        if not self.catalogue.copies():
            return [()] * len(passages)
        order = np.argsort(passages)
        documents = np.empty_like(passages)
        documents[order] = self._passages.owners(passages[order])
        also = self.catalogue.also(documents.tolist())
        return [also.get(document, ()) for document in documents.tolist()]

    def saying(self, phrases: Sequence[str]) -> Ids:
        """Rows of all documents of which a passage, or the title, holds every phrase word for word; ascending."""
        with self.snapshot():
            found = self.catalogue.holding(full_text.expression(Query(text="", phrases=tuple(phrases))))
            return self.documents_with(self.catalogue.saying(found, phrases))

    def documents_with(self, passages: Ids) -> Ids:
        """Rows of the documents of these passages (ascending ids), ascending."""
        with self._lock:
            return np.unique(self._passages.owners(passages))

    def rarity(self, terms: Sequence[str]) -> dict[str, float]:
        """Inverse document frequency of each term, over passages.

        ``ln(1 + (N - n + 0.5) / (n + 0.5))``, as BM25 has it (Robertson and Spärck Jones 1976, kept above 0).
        """
        with self.snapshot():
            passages = self.catalogue.counts()[1]
            found = self.catalogue.frequencies([full_text.stem(term) for term in terms])
        counts = {term: found.get(full_text.stem(term), 0) for term in terms}
        return {term: math.log(1 + (passages - n + 0.5) / (n + 0.5)) for term, n in counts.items()}

    @property
    def _passages(self) -> SegmentedIndex:
        return self._vectors()["passages"]

    @property
    def _sentences(self) -> SegmentedIndex:
        return self._vectors()["sentences"]

    def _vectors(self) -> dict[str, SegmentedIndex]:
        """The vectors of the catalogue's present state: from their files, else made from the catalogue."""
        state = self.catalogue.generation, self.catalogue.meta(PAGE)
        if state != self._state:
            self._opened, self._state = open_vectors(self.catalogue, self._opened), state
        return self._opened


def _dates_and_parties(preferred: Filters) -> Filters:
    """The dates and parties of a preference alone; a kind named in passing is too common to propose by."""
    return Filters(date_from=preferred.date_from, date_to=preferred.date_to, parties=preferred.parties)
