"""A world of three readouts, an assistant that answers questions by the book, and questions with known answers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from assistant.datatypes import Answer, Citation, Status, Understanding
from assistant.evaluation import Evaluation, evaluate
from index.datatypes import Facts, Hit, Passage, Readout, Source, Span
from index.errors import DocumentError

TEXTS = {
    "oslo": ("Ada met Bo in Oslo. They spoke of grain.", "She offered ten boats and a crane."),
    "salt": ("Ada called Bo.", "He asked for salt, and she agreed."),
    "rain": ("Bo thanked the pilots for flying in the rain.",),
}


def readout(doc_id: str) -> Readout:
    text = "\n\n".join(TEXTS[doc_id])
    source = Source(doc_id=doc_id, title=doc_id.title())
    passages = []
    for paragraph, words in enumerate(TEXTS[doc_id]):
        start = text.index(words)
        span = Span(start=start, end=start + len(words))
        passages.append(Passage(source=source, paragraph=paragraph, text=words, span=span, sentences=()))
    return Readout(source=source, facts=Facts(), text=text, passages=tuple(passages))


def hit(rank: int, doc_id: str, paragraph: int) -> Hit:
    passage = readout(doc_id).passages[paragraph]
    return Hit(passage=passage, facts=Facts(), rank=rank, score=1 / rank, best_sentence=Span(start=0, end=3), trail=())


def citation(number: int, doc_id: str, paragraph: int, quote: str) -> Citation:
    passage = TEXTS[doc_id][paragraph]
    start = passage.index(quote)
    return Citation(
        number=number,
        source=Source(doc_id=doc_id, title=doc_id.title()),
        facts=Facts(),
        paragraph=paragraph,
        passage=passage,
        span=Span(start=start, end=start + len(quote)),
        score=1.0,
    )


def answer(
    hits: Sequence[tuple[str, int]] = (),
    quotes: Sequence[tuple[str, int, str]] = (),
    *,
    support: float = 0.9,
    status: Status = Status.ANSWERED,
    documents: Sequence[str] = (),
) -> Answer:
    return Answer(
        question="",
        standalone_question="as understood",
        understanding=Understanding(text=""),
        status=status,
        support=support,
        missing=(),
        citations=tuple(citation(number, *quote) for number, quote in enumerate(quotes, start=1)),
        hits=tuple(hit(rank, *place) for rank, place in enumerate(hits, start=1)),
        documents=tuple(documents),
    )


class Scripted:
    """Answers by the book; a conversation answers a turn only after the turns before it."""

    def __init__(self, answers: dict[str, Answer]) -> None:
        self.answers = answers
        self.asked: list[str] = []

    def ask(self, question: str, /) -> Answer:
        self.asked.append(question)
        return replace(self.answers[question], question=question)

    def talk(self) -> Talk:
        return Talk(self.answers)

    def readout(self, doc_id: str, /) -> Readout:
        if doc_id not in TEXTS:
            raise DocumentError(f"No readout is called {doc_id}.")
        return readout(doc_id)


class Talk:
    def __init__(self, answers: dict[str, Answer]) -> None:
        self.answers = answers
        self.said: list[str] = []

    def ask(self, question: str, /) -> Answer:
        self.said.append(question)
        return self.answers[" / ".join(self.said)]


def ask(kind: str, question: str, *gold: tuple[str, str]) -> dict[str, Any]:
    return {"type": kind, "question": question, "gold": [{"doc": doc, "quote": quote} for doc, quote in gold]}


def run(folder: Path, answers: dict[str, Answer], *lines: dict[str, Any], **options: Any) -> Evaluation:
    path = folder / "questions.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    return evaluate(Scripted(answers), [path], **options)


BOATS = ask("content", "How many boats?", ("oslo", "ten boats"))
SALT = ask("vague", "what did he want", ("salt", "He asked for salt"))
FIRST = ask("temporal", "What was their first meeting?", ("oslo", "Ada met Bo in Oslo"))
LIST = {"type": "list", "question": "Which contacts?", "gold_docs": ["oslo", "salt"]}
MOON = {"type": "unanswerable", "question": "Who owns the moon?", "why": "ABSENT: no moon"}
CRANE = {"type": "unanswerable", "question": "Who paid for the crane?", "why": "NEAR MISS: no price"}
TALK = {
    "type": "followup",
    "turns": [
        {"question": "Where did they meet?", "gold": [{"doc": "oslo", "quote": "met Bo in Oslo"}]},
        {"question": "and the call?", "gold": [{"doc": "salt", "quote": "asked for salt"}]},
    ],
}

WORLD = {
    # Passage second, document first; quote right.
    "How many boats?": answer(
        [("oslo", 0), ("oslo", 1)], [("oslo", 1, "She offered ten boats and a crane.")], support=0.9
    ),
    # Passage and document fourth; the first quote is wrong, the second right.
    "what did he want": answer(
        [("rain", 0), ("oslo", 0), ("oslo", 1), ("salt", 1)],
        [("rain", 0, "Bo thanked the pilots"), ("salt", 1, "He asked for salt")],
        support=0.5,
    ),
    "What was their first meeting?": answer(
        [("salt", 0)], [("oslo", 0, "Ada met Bo in Oslo.")], support=0.7, status=Status.PARTIAL
    ),
    "Which contacts?": answer(documents=["oslo", "salt", "rain"]),
    "Who owns the moon?": answer([("rain", 0)], support=0.1, status=Status.ABSTAINED),
    "Who paid for the crane?": answer([("oslo", 1)], [("oslo", 1, "a crane")], support=0.6),
    "Where did they meet?": answer([("oslo", 0)], [("oslo", 0, "Ada met Bo in Oslo.")], support=0.95),
    "Where did they meet? / and the call?": answer([("salt", 0), ("salt", 1)], support=0.2, status=Status.ABSTAINED),
}
ALL = (BOATS, SALT, FIRST, LIST, MOON, CRANE, TALK)
