"""The one object that scripts, the command line and the screen use."""

from __future__ import annotations

import datetime as dt
import importlib
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.asked import answer_from, askable, read_question
from assistant.conversation import LEANED_ON
from assistant.datatypes import Answer, Turn, Understanding
from assistant.event_loops import threaded
from assistant.history import History
from assistant.lookup import Lookup
from assistant.results import Answers, Hits
from assistant.settings import read_settings
from assistant.status import engine_of, recorded_model, status_of
from assistant.talk import Talk
from assistant.understanding import to_query
from assistant.unkept import Unkept
from index import full_text
from index.agreement import check_model
from index.checking import check_shown
from index.datatypes import Filters, IndexReport, IndexStatus, Progress
from index.encoder import DEFAULT_MODEL, find_model, load_encoder
from index.pending import Pending
from index.protocols import Encoder, Vectors

if TYPE_CHECKING:
    from assistant.news import Saved

#: Passages an answer is chosen from, however few are shown.
CONSIDERED = 20


class Assistant(Lookup):
    """Answers questions over one index with the exact passages; safe to use from several threads.

    Opening reads nothing and loads no model: the index is opened with the first question, the model with the first that
    needs it. Use it as a context manager (``with`` or ``async with``), or call ``close``.
    """

    def __init__(
        self,
        folder: Path,
        *,
        history: History,
        model: str = "",
        engine: str = "auto",
        encoder: Encoder | None = None,
        today: Callable[[], dt.date] = dt.date.today,
    ) -> None:
        super().__init__(folder)
        self.history = history
        self._unkept = Unkept(history)
        self._model = model
        #: Whether the user named the model; one that only the index names is not fetched.
        self._named = bool(model)
        self._only_reference = engine == "reference"
        self._encoder = encoder
        self._today = today
        self._loading = threading.Lock()
        self._answers = 0

    @classmethod
    def open(
        cls, path: str | Path | None = None, *, model: str | None = None, history: str | Path | None = None
    ) -> Assistant:
        """Open an index, which need not be there yet.

        Args:
            path: Folder of the index; by default the one in the settings.
            model: Model to encode with; by default the one the index was made with.
            history: Folder of the conversations; by default the one in the settings.

        Raises:
            SettingsError: The settings cannot be read.
        """
        settings = read_settings({"index": path, "model": model, "history": history})
        return cls(settings.index, history=History(settings.history), model=settings.model, engine=settings.engine)

    def __enter__(self) -> Assistant:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    async def __aenter__(self) -> Assistant:
        return self

    async def __aexit__(self, *exception: object) -> None:
        await threaded(Assistant.close)(self)

    def close(self) -> None:
        """Close index and history; a second call does nothing."""
        with self._lock:
            super().close()
            self._unkept.try_again()
            self.history.close()
            if "saved" in vars(self):
                self.saved.close()

    # Documents

    def add(
        self,
        paths: Sequence[str | Path],
        *,
        progress: Callable[[Progress], None] | None = None,
        follow: bool = False,
        fields: Mapping[str, str] | None = None,
    ) -> IndexReport:
        """Add or update files, folders and web addresses (``https://…``); see ``index.build.add``."""
        how = {"listener": progress, "follow": follow, "fields": fields}
        report: IndexReport = _building().add(self.folder, paths, self.encoder, **how)
        return report

    def rebuild(self, *, progress: Callable[[Progress], None] | None = None) -> IndexReport:
        """Read and encode all documents again from the catalogue, with this assistant's model; see ``index.build.rebuild``."""
        with self._lock:
            if not self._model and self._encoder is None:
                self._model = recorded_model(self.folder) or DEFAULT_MODEL
        report: IndexReport = _building().rebuild(self.folder, self.encoder, listener=progress)
        return report

    def remove(self, doc_ids: Sequence[str]) -> int:
        """Remove readouts, all or none; see ``index.build.remove``."""
        return int(_building().remove(self.folder, doc_ids))

    def status(self) -> IndexStatus:
        """What the index holds."""
        name = self._model or recorded_model(self.folder) or DEFAULT_MODEL
        engine = engine_of(name, self._encoder, only_reference=self._only_reference)
        return status_of(self._opened().catalogue, engine)

    # Questions

    def ask(
        self,
        question: str,
        *,
        filters: Filters | None = None,
        conversation: str | None = None,
        top_k: int = 10,
        ignore: Filters | None = None,
    ) -> Answer:
        """Answer one question.

        Args:
            question: As a person would type it; filter words (``party:Japan from:2023-05``) included.
            filters: Exclude readouts, in addition to what the question says.
            conversation: Id of a conversation that the question continues; the turn is saved there. If that fails, the
                answer is returned all the same and says so in ``unkept``; the turn counts, and is saved as soon as possible.
            top_k: How many passages the answer includes.
            ignore: Parts of the guesses (dates, parties, kinds) that are wrong and must not count.

        Raises:
            QuestionError: The question is empty or far too long.
            NoIndexError: There is no index.
            MismatchError: The index was made with another model, or by a newer program.
            CatalogueError: The index cannot be read, or is damaged.
            EncoderError: The model cannot be loaded.
            HistoryError: The turns before cannot be read.
        """
        turns = self._unkept.turns(conversation, last=LEANED_ON) if conversation else ()
        answer = self._answer(question, turns, filters, top_k, ignore)
        if conversation:
            answer = replace(answer, conversation=conversation)
            answer = replace(answer, unkept=self._unkept.keep(conversation, answer))
        return answer

    def ask_many(self, questions: Sequence[str], *, filters: Filters | None = None, top_k: int = 10) -> Answers:
        """Answer questions that do not depend on each other; they are encoded together.

        Returns:
            Answers in the order of the questions.

        Raises:
            As ``ask``; one question that cannot be asked stops all.
        """
        started = time.perf_counter()
        understood = [self._understand(question, ()) for question in questions]
        vectors = self.encoder().encode([u.text for _, u in understood]) if understood else ()
        shared = (time.perf_counter() - started) / max(1, len(questions))
        return Answers(
            self._find(question, standalone, u, filters, top_k, time.perf_counter() - shared, vector)
            for question, (standalone, u), vector in zip(questions, understood, vectors, strict=True)
        )

    def conversation(self, conversation: str | None = None) -> Talk:
        """A conversation that is saved turn by turn; a new one, or the one with this id."""
        return Talk(self, conversation or self.history.start())

    def talk(self) -> Talk:
        """A conversation that is kept in memory only."""
        return Talk(self, None)

    def search(self, query: str, *, top_k: int = 10, filters: Filters | None = None) -> Hits:
        """Passages for a query, best first, without an answer; filter words in the query count."""
        _, understood = self._understand(query, ())
        vector = self.encoder().encode([understood.text])[0]
        check_model(self._opened().catalogue, self.encoder())
        return Hits(self._opened().search(to_query(understood, filters), vector, top_k=top_k), title=query)

    def search_text(self, query: str, *, top_k: int = 10, filters: Filters | None = None) -> Hits:
        """``search`` by full text only, which needs no model."""
        _, understood = self._understand(query, ())
        return Hits(self._opened().search(to_query(understood, filters), None, top_k=top_k), title=query)

    def matching(self, query: str, *, filters: Filters | None = None, near: bool = False) -> Hits:
        """Every readout that matches a query, the latest first, each with a matching passage; see ``assistant.matching``.

        A single passage must hold all words of the query; with ``near``, passages of similar meaning match too.
        """
        matching = importlib.import_module("assistant.matching")
        criterion = matching.read_criterion(query, Filters() if filters is None else filters, self._today())
        ranked = self.search(query, filters=filters, top_k=matching.NEAREST) if near and criterion.words else ()
        return Hits(matching.with_near(matching.matching(criterion, self._opened()), ranked), title=query)

    @cached_property
    def saved(self) -> Saved:
        """Saved searches over this index, and what is new to each."""
        saved: Saved = importlib.import_module("assistant.news").Saved(self, self.history.folder)
        return saved

    # The same for event loops

    add_async = threaded(add)
    ask_async = threaded(ask)
    ask_many_async = threaded(ask_many)
    search_async = threaded(search)
    readout_async = threaded(Lookup.readout)

    def answer_next(
        self, question: str, turns: Sequence[Turn], *, filters: Filters | None = None, top_k: int = 10
    ) -> Answer:
        """Answer a question that follows these turns, saving nothing."""
        return self._answer(question, turns, filters, top_k)

    def understand(self, question: str) -> Understanding:
        """What is read from a question that stands on its own."""
        return self._understand(question, ())[1]

    def rarity(self, terms: Sequence[str]) -> dict[str, float]:
        """Inverse document frequency of terms in this index; see ``PassageIndex.rarity``."""
        return self._opened().rarity(terms)

    def warm(self) -> None:
        """Load the model and the index now, so that the first question need not wait."""
        _, understood = self._understand("warm", ())
        vector = self.encoder().encode([understood.text])[0]
        self._opened().search(to_query(understood, None), vector, top_k=1)

    def encoder(self) -> Encoder:
        """The encoder, loaded once.

        Raises:
            EncoderError: It cannot be loaded.
            MismatchError: It is not the one the index was made with.
        """
        with self._loading:
            if self._encoder is None:
                name = self._model or recorded_model(self.folder) or DEFAULT_MODEL
                self._encoder = load_encoder(find_model(name, fetch=self._named), only_reference=self._only_reference)
            return self._encoder

    def _understand(self, question: str, turns: Sequence[Turn]) -> tuple[str, Understanding]:
        asked = askable(question)
        # Of one moment, for people are numbered anew with every change of the index.
        with self._lock, self._opened().catalogue.snapshot():
            # All at once: to tell slips in names, each is asked for by itself.
            self._opened().catalogue.frequencies([full_text.stem(word) for word in full_text.words(asked)])
            return read_question(asked, turns, today=self._today(), directory=self._known())

    def _answer(
        self, question: str, turns: Sequence[Turn], filters: Filters | None, top_k: int, less: Filters | None = None
    ) -> Answer:
        started = time.perf_counter()
        asked = askable(question)
        self._opened()
        encoder = self.encoder()
        # Before it is understood: of a hundred that follow no other, ninety-nine are encoded as they were typed.
        vector = None if turns else Pending(lambda: encoder.encode([asked])[0])
        standalone, understood = self._understand(question, turns)
        if vector is None or understood.text != asked:
            vector = Pending(lambda: encoder.encode([understood.text])[0])
        if less:
            wanted, liked = understood.filters - less, understood.preferred - less
            understood = replace(understood, filters=wanted, preferred=liked)
        return self._find(question, standalone, understood, filters, top_k, started, vector)

    def _find(
        self,
        question: str,
        standalone: str,
        understood: Understanding,
        filters: Filters | None,
        top_k: int,
        started: float,
        vector: Vectors | Pending[Vectors],
    ) -> Answer:
        index = self._opened()
        if filters is not None:
            understood = replace(understood, filters=understood.filters & filters)
        with index.snapshot():
            check_model(index.catalogue, self.encoder())
            hits = index.search(to_query(understood, None), vector, top_k=max(top_k, CONSIDERED))
            answer = answer_from(question, standalone, understood, index, vector, hits)
            sources = [quote.source for quote in answer.citations] or [
                hit.passage.source for hit in answer.hits[:top_k]
            ]
            check_shown(index.catalogue, {source.doc_id for source in sources})
            # A process that is asked twice will be asked more.
            self._answers += 1
            if self._answers > 1:
                index.read_ahead()
        return replace(answer, hits=answer.hits[:top_k], seconds=time.perf_counter() - started)


def _building() -> Any:
    """The path of a document; asking does not need it, and it loads the readers."""
    return importlib.import_module("index.build")
