"""A backend without index or model: it answers from four invented readouts, and can be held up or made to fail."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from assistant.datatypes import Answer, Citation, Conversation, Status, Turn, Understanding
from assistant.errors import HistoryError
from index.datatypes import (
    Facts,
    Filters,
    Hit,
    IndexReport,
    IndexStatus,
    Kind,
    Listed,
    Party,
    Passage,
    Progress,
    Readout,
    Record,
    Side,
    Skipped,
    Source,
    Span,
    StageScore,
)
from index.errors import DocumentError
from index.versions import Version

PARAGRAPHS = (
    "Minister Anna Bergström of Nordland met Minister Karim Haddad of Qasr in Port Sael on the morning of 4 May. "
    "They reviewed the state of relations and the work of the joint commission.",
    "The two ministers agreed to reopen the Sael ferry line before the end of the summer. Minister Haddad offered "
    "to pay for the new pier. Minister Bergström thanked him and asked for a written schedule.",
    "They spoke of fishing rights in the Outer Bank, on which no agreement was reached. 東京での会談 was "
    "mentioned as a model.",
    "Both sides will stay in touch.",
)


def make_readout(
    number: int, *, title: str = "", paragraphs: Sequence[str] = PARAGRAPHS, url: str = "https://example.org/r"
) -> Readout:
    """One invented readout; its event is ``number`` days after 1 May 2023."""
    day = dt.date(2023, 5, 1) + dt.timedelta(days=number)
    source = Source(
        doc_id=f"doc-{number}",
        title=title or f"Readout {number}: Bergström meets Haddad in Port Sael",
        issuer="Foreign Ministry (Nordland)",
        published=day + dt.timedelta(days=1),
        url=url,
        path="",
    )
    facts = Facts(
        event_date=day,
        kind=Kind.MEETING if number % 2 else Kind.CALL,
        place="Port Sael",
        parties=(
            Party(name="Anna Bergström", office="Minister", country="Nordland", side=Side.OWN),
            Party(name="Karim Haddad", office="Minister", country="Qasr"),
        ),
    )
    passages, at = [], 0
    for place, text in enumerate(paragraphs):
        passages.append(
            Passage(
                source=source,
                paragraph=place,
                text=text,
                span=Span(start=at, end=at + len(text)),
                sentences=(Span(start=0, end=len(text)),),
            )
        )
        at += len(text) + 2
    return Readout(
        source=source,
        facts=facts,
        text="\n\n".join(paragraphs),
        passages=tuple(passages),
        note="summary in our own words",
    )


def listed(record: Record) -> Listed:
    """A readout as a long list has it."""
    day = record.facts.event_date or record.source.published
    sides = [[p.name for p in record.facts.parties if p.side is side] for side in (Side.OWN, Side.COUNTERPART)]
    abroad = tuple(p.country for p in record.facts.parties if p.side is Side.COUNTERPART)
    return Listed(
        doc_id=record.source.doc_id,
        day=day.isoformat() if day else "",
        kind=record.facts.kind.value,
        issuer=record.source.issuer,
        title=record.source.title,
        own=tuple(sides[0]),
        others=tuple(sides[1]),
        abroad=abroad,
    )


def make_hit(readout: Readout, paragraph: int, rank: int) -> Hit:
    """A hit on one paragraph."""
    passage = readout.passages[paragraph]
    return Hit(
        passage=passage,
        facts=readout.facts,
        rank=rank,
        score=0.9 / rank,
        best_sentence=passage.sentences[0],
        trail=(
            StageScore(stage="full_text", score=0.5, rank=2),
            StageScore(stage="sentence", score=0.8, rank=1),
            StageScore(stage="fused", score=0.9 / rank, rank=rank),
        ),
        terms=("ferry",),
    )


class FakeTalks:
    """Conversations in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, Conversation] = {}
        self._count = 0
        self.read: list[tuple[int | None, int | None]] = []

    def start(self) -> str:
        self._count += 1
        return f"c{self._count}"

    def save(self, conversation: str, answer: Answer) -> None:
        now = dt.datetime(2024, 1, 2, 10, self._count % 60, tzinfo=dt.UTC)
        kept = self.kept.get(conversation) or Conversation(id=conversation, title=answer.question, started_at=now)
        turn = Turn(number=kept.count + 1, asked_at=now, answer=answer)
        self.kept[conversation] = replace(kept, turns=(*kept.turns, turn), count=kept.count + 1)

    def conversations(self, query: str = "") -> tuple[Conversation, ...]:
        found = [c for c in self.kept.values() if query.lower() in c.title.lower()]
        return tuple(replace(c, turns=()) for c in reversed(found))

    def conversation(self, conversation: str, /, *, last: int | None = None) -> Conversation:
        if conversation not in self.kept:
            raise HistoryError(f"There is no conversation {conversation}.", mend="Choose another.")
        return replace(self.kept[conversation], turns=self.turns(conversation, last=last))

    def turns(self, conversation: str, /, *, last: int | None = None, before: int | None = None) -> tuple[Turn, ...]:
        self.read.append((last, before))
        found = [t for t in self.kept[conversation].turns if before is None or t.number < before]
        return tuple(found if last is None else found[-last:])

    def rename(self, conversation: str, title: str, /) -> None:
        self.kept[conversation] = replace(self.kept[conversation], title=title)

    def delete(self, conversation: str, /) -> None:
        del self.kept[conversation]


class FakeBackend:
    """Answers by what the question says: "silent", "list", "fail", "filters", else with three quotes.

    Attributes:
        gate: ``ask`` waits for it; clear it to hold an answer up.
        model_gate: ``warm`` waits for it.
        list_gate: ``listed`` waits for it where all are wanted.
        asked: Arguments of every ``ask``.
    """

    def __init__(self, readouts: Sequence[Readout] | None = None) -> None:
        self.readouts = {r.source.doc_id: r for r in (readouts or [make_readout(n) for n in range(1, 5)])}
        self.history = FakeTalks()
        self.gate = threading.Event()
        self.gate.set()
        self.model_gate = threading.Event()
        self.model_gate.set()
        self.list_gate = threading.Event()
        self.list_gate.set()
        self.asked: list[dict[str, object]] = []
        self.added: list[list[str]] = []
        self.also: dict[str, tuple[Source, ...]] = {}
        self.wordings: dict[str, tuple[Version, ...]] = {}

    def warm(self) -> None:
        self.model_gate.wait(20)

    def ask(
        self,
        question: str,
        *,
        filters: Filters | None = None,
        conversation: str | None = None,
        ignore: Filters | None = None,
    ) -> Answer:
        self.asked.append({"question": question, "filters": filters, "conversation": conversation, "ignore": ignore})
        self.gate.wait(20)
        answer = self.answer(question, filters, ignore)
        if conversation:
            self.history.save(conversation, answer)
        return answer

    def answer(self, question: str, filters: Filters | None = None, ignore: Filters | None = None) -> Answer:
        """The answer that ``ask`` gives."""
        if "fail" in question:
            raise DocumentError("The catalogue is on holiday.", mend="Come back tomorrow.")
        readouts = list(self.readouts.values())
        hits = tuple(make_hit(r, 1 if n % 2 else 0, n) for n, r in enumerate(readouts, start=1))
        preferred = (
            Filters(date_from="2023-05", date_to="2023-05", parties=("Qasr",)) if "filters" in question else Filters()
        )
        if ignore:
            preferred = Filters(
                date_from=None if ignore.date_from else preferred.date_from,
                date_to=None if ignore.date_to else preferred.date_to,
                parties=tuple(p for p in preferred.parties if p not in ignore.parties),
            )
        understanding = Understanding(text=question, filters=filters or Filters(), preferred=preferred)
        base = Answer(
            question=question,
            standalone_question=question
            if "it" not in question.split()
            else question.replace("it", "the Sael ferry line"),
            understanding=understanding,
            status=Status.ANSWERED,
            support=0.86,
            missing=("submarine",) if "submarine" in question else (),
            citations=(),
            hits=hits,
            seconds=0.04,
        )
        if "silent" in question:
            return replace(base, status=Status.ABSTAINED, support=0.1, missing=("zeppelin",))
        if "list" in question:
            ids = tuple(sorted(self.readouts, key=lambda i: (self.readouts[i].facts.event_date or dt.date.min, i)))
            return replace(
                base,
                documents=ids,
                citations=tuple(self._cite(self.readouts[i], n) for n, i in enumerate(ids, start=1)),
            )
        return replace(base, citations=tuple(self._cite(r, n) for n, r in enumerate(readouts[:3], start=1)))

    def _cite(self, readout: Readout, number: int) -> Citation:
        place = min(1, len(readout.passages) - 1)
        passage = readout.passages[place]
        return Citation(
            number=number,
            source=readout.source,
            facts=readout.facts,
            paragraph=place,
            passage=passage.text,
            span=Span(start=0, end=min(len(passage.text), 84)),
            score=0.9,
        )

    def search_text(self, query: str, *, top_k: int = 10, filters: Filters | None = None) -> tuple[Hit, ...]:
        return tuple(make_hit(r, 2, n) for n, r in enumerate(self.readouts.values(), start=1) if len(r.passages) > 2)[
            :top_k
        ]

    def readout(self, doc_id: str) -> Readout:
        if doc_id not in self.readouts:
            raise DocumentError(f"No readout has the id {doc_id}.")
        return self.readouts[doc_id]

    def versions(self, doc_id: str) -> tuple[Version, ...]:
        return self.wordings.get(doc_id, ())

    def records(self, filters: Filters | None = None, *, limit: int | None = None) -> tuple[Record, ...]:
        chosen = [
            r
            for r in self.readouts.values()
            if not filters or not filters.doc_ids or r.source.doc_id in filters.doc_ids
        ]
        chosen.sort(key=lambda r: r.facts.event_date or dt.date.min, reverse=True)
        return tuple(
            Record(source=r.source, facts=r.facts, also=self.also.get(r.source.doc_id, ())) for r in chosen[:limit]
        )

    def listed(self, filters: Filters | None = None, *, limit: int | None = None) -> tuple[Listed, ...]:
        if limit is None:
            self.list_gate.wait(20)
        rows = [listed(record) for record in self.records(filters)]
        if filters:
            first, last = filters.date_from or dt.date.min, filters.date_to or dt.date.max
            rows = [row for row in rows if first.isoformat() <= row.day <= last.isoformat()]
            rows = [row for row in rows if not filters.kinds or row.kind in filters.kinds]
        return tuple(rows[:limit])

    def status(self) -> IndexStatus:
        return IndexStatus(
            documents=len(self.readouts),
            passages=16,
            sentences=40,
            issuers=("Foreign Ministry (Nordland)",),
            date_from=dt.date(2023, 5, 2),
            date_to=dt.date(2023, 5, 5),
            model="fake",
            revision="0",
            dimension=3,
            engine="none",
            path="nowhere",
        )

    def add(self, paths: Sequence[str | Path], *, progress: Callable[[Progress], None] | None = None) -> IndexReport:
        self.added.append([str(path) for path in paths])
        if progress:
            progress(Progress(stage="reading", done=1, total=2))
        self.gate.wait(20)
        if progress:
            progress(Progress(stage="reading", done=2, total=2))
        return IndexReport(
            added=1,
            updated=0,
            unchanged=0,
            removed=0,
            skipped=(Skipped(path="[bold]x.bin", reason="It is a binary file."),),
            documents=5,
            passages=20,
            encoded=4,
            seconds=0.1,
        )
