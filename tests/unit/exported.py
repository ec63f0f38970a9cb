"""Answers, hits and records to export, with everything in them that a form could trip over."""

from __future__ import annotations

import datetime as dt

from assistant.datatypes import Answer, Citation, Conversation, Status, Turn, Understanding
from index.datatypes import Facts, Hit, Kind, Party, Passage, Record, Source, Span

NOW = dt.datetime(2024, 1, 2, 10, 30, tzinfo=dt.UTC)
#: What markup, TeX, formulas and commas are made of.
NASTY = 'Ünal & Söhne: 100 % of $5_000, {#1} ~a^b \\c <b>"x"</b> [y](z) *q* `r` | “ſ” 会谈 ＝1 '


def source(
    doc_id: str = "d", title: str = "A call", *, url: str = "https://x.org/a", issuer: str = "Office", day: int = 3
) -> Source:
    published = dt.date(2023, 5, day)
    return Source(
        doc_id=doc_id, title=title, issuer=issuer, published=published, url=url, path="/p/d.md", language="de"
    )


def citation(number: int, quote: str, of: Source) -> Citation:
    return Citation(
        number=number,
        source=of,
        facts=Facts(event_date=dt.date(2023, 5, 2), parties=(Party(name="Ada Quist", country="Japan"),)),
        paragraph=1,
        passage=f"Before. {quote} After.",
        span=Span(start=8, end=8 + len(quote)),
        score=1.0,
    )


def answer(question: str, *cited: tuple[str, Source], status: Status = Status.ANSWERED) -> Answer:
    return Answer(
        question=question,
        standalone_question=question,
        understanding=Understanding(text=question),
        status=status,
        support=0.8,
        missing=("zeppelin",),
        citations=tuple(citation(n, quote, of) for n, (quote, of) in enumerate(cited, start=1)),
        hits=(),
    )


def talk(*answers: Answer, title: str = "Talk") -> Conversation:
    turns = tuple(Turn(number=n, asked_at=NOW, answer=a) for n, a in enumerate(answers, start=1))
    return Conversation(id="c1", title=title, started_at=NOW, turns=turns, count=len(turns))


def hit(rank: int, text: str, of: Source, best: Span | None = None) -> Hit:
    whole = Span(start=0, end=len(text))
    passage = Passage(source=of, paragraph=0, text=text, span=whole, sentences=(best or whole,))
    facts = Facts(event_date=dt.date(2023, 5, 2))
    return Hit(passage=passage, facts=facts, rank=rank, score=1 / rank, best_sentence=best or whole, trail=())


def record(of: Source) -> Record:
    return Record(
        source=of, facts=Facts(event_date=dt.date(2023, 5, 2), event_end=dt.date(2023, 5, 4), kind=Kind.VISIT)
    )
