"""One answer compared with its gold: the outcome of each question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from assistant.datatypes import Answer, Status
from assistant.evaluation.metrics import holds, quote_right, set_scores
from assistant.evaluation.questions import Ask, Gold, Type
from index.datatypes import Hit, Readout


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The outcome of one question; figures that its type does not have are None.

    Attributes:
        place: ``FILE:LINE``, with ``.TURN`` in a conversation.
        type: Type of question.
        question: As asked.
        standalone_question: As understood.
        status: "answered", "partial" or "abstained".
        support: In [0, 1].
        seconds: Elapsed time of asking.
        passage_rank: 1-based rank of the first hit whose paragraph holds the gold words; None for none.
        document_rank: 1-based rank, among the hits, of the first one from a gold readout; None for none.
        cited_document: The first citation is of a gold readout; like the next three, False if it abstained.
        first_quote: The first citation's quote gives the gold words (``metrics.quote_right``).
        whole_quote: The first citation's quote holds all the gold words.
        any_quote: Some citation's quote gives the gold words.
        quote: The first citation's quote; empty if there is none.
        precision: Of the readouts that a list counts.
        recall: The same.
        f1: The same.
        count_right: The list counts as many readouts as there are.
        kind: Of an unanswerable question: "near miss", "absent", "off topic", "unmarked"; otherwise empty.
    """

    place: str
    type: Type
    question: str
    standalone_question: str
    status: Status
    support: float
    seconds: float
    passage_rank: int | None = None
    document_rank: int | None = None
    cited_document: bool | None = None
    first_quote: bool | None = None
    whole_quote: bool | None = None
    any_quote: bool | None = None
    quote: str = ""
    precision: float | None = None
    recall: float | None = None
    f1: float | None = None
    count_right: bool | None = None
    kind: str = ""

    @property
    def abstained(self) -> bool:
        """True if the answer is that the readouts do not say."""
        return self.status is Status.ABSTAINED

    def to_dict(self) -> dict[str, Any]:
        """The outcome as the saved JSON has it."""
        return asdict(self)


def judge_quoted(place: str, kind: Type, ask: Ask, gold: Sequence[Gold], answer: Answer, seconds: float) -> Outcome:
    """Compare an answer with gold quotes, any one of which will do.

    Args:
        place: Where the question is.
        kind: The type it is reported as.
        ask: The question.
        gold: Those of its golds that are in the index; at least one.
        answer: What came back.
        seconds: How long it took.
    """
    shown = _shown(answer)
    gold = [replace(item, doc=shown.get(item.doc, item.doc)) for item in gold]
    docs = {item.doc for item in gold}
    quotes = [(c.source.doc_id, c.quote) for c in answer.citations] if answer.status is not Status.ABSTAINED else []
    first = quotes[0] if quotes else None
    return Outcome(
        **_common(place, kind, ask, answer, seconds),
        passage_rank=_rank([_passage_right(hit, gold) for hit in answer.hits]),
        document_rank=_rank([hit.passage.source.doc_id in docs for hit in answer.hits]),
        cited_document=first is not None and first[0] in docs,
        first_quote=first is not None and _gives(first, gold),
        whole_quote=first is not None and any(first[0] == item.doc and held(first[1], item) for item in gold),
        any_quote=any(_gives(quote, gold) for quote in quotes),
        quote=first[1] if first else "",
    )


def judge_list(place: str, ask: Ask, docs: Sequence[str], answer: Answer, seconds: float) -> Outcome:
    """Compare the readouts that an answer counts with those that it should count (``docs``)."""
    shown = _shown(answer)
    docs = list(dict.fromkeys(shown.get(doc, doc) for doc in docs))
    precision, recall, f1 = set_scores(answer.documents, docs)
    return Outcome(
        **_common(place, Type.LIST, ask, answer, seconds),
        precision=precision,
        recall=recall,
        f1=f1,
        count_right=len(answer.documents) == len(docs),
    )


def judge_unanswerable(place: str, ask: Ask, kind: str, answer: Answer, seconds: float) -> Outcome:
    """Keep what was said to a question that the readouts do not answer."""
    quote = answer.citations[0].quote if answer.citations else ""
    return Outcome(**_common(place, Type.UNANSWERABLE, ask, answer, seconds), kind=kind, quote=quote)


def breaches(place: str, answer: Answer, readouts: dict[str, Readout | None]) -> list[str]:
    """Every way in which a citation is not verbatim, one sentence each; empty if there is none.

    Args:
        place: Where the question is.
        answer: The answer whose citations are checked.
        readouts: Every cited readout by its id; None for an id that the index does not know.
    """
    found = []
    for citation in answer.citations:
        doc_id, quote, span = citation.source.doc_id, citation.quote, citation.span
        where = f"{place}, citation {citation.number} ({doc_id})"
        readout = readouts[doc_id]
        if readout is None:
            found.append(f"{where}: the index has no such readout.")
            continue
        if not 0 <= span.start < span.end <= len(citation.passage):
            found.append(f"{where}: the span {span.start}–{span.end} lies outside the passage.")
        if not quote or quote not in readout.text:
            found.append(f"{where}: the quote does not stand in the readout.")
        if not any(p.paragraph == citation.paragraph and p.text == citation.passage for p in readout.passages):
            found.append(f"{where}: the passage is not paragraph {citation.paragraph} of the readout.")
    return found


def _common(place: str, kind: Type, ask: Ask, answer: Answer, seconds: float) -> dict[str, Any]:
    return {
        "place": place,
        "type": kind,
        "question": ask.question,
        "standalone_question": answer.standalone_question,
        "status": answer.status,
        "support": answer.support,
        "seconds": seconds,
    }


def _shown(answer: Answer) -> dict[str, str]:
    """Of every posting that an answer shows under another, the id of that one: a gold may name either."""
    told = [(hit.also, hit.passage.source) for hit in answer.hits]
    told += [(citation.also, citation.source) for citation in answer.citations]
    return {copy.doc_id: source.doc_id for also, source in told for copy in also}


def _rank(right: Sequence[bool]) -> int | None:
    return right.index(True) + 1 if True in right else None


def _passage_right(hit: Hit, gold: Sequence[Gold]) -> bool:
    return any(hit.passage.source.doc_id == item.doc and held(hit.passage.text, item) for item in gold)


def held(text: str, gold: Gold) -> bool:
    """True if a text has the gold words; where the gold names a whole readout, any text of it does."""
    return not gold.quote or holds(text, gold.quote)


def _gives(quote: tuple[str, str], gold: Sequence[Gold]) -> bool:
    doc, words = quote
    return any(doc == item.doc and (not item.quote or quote_right(words, item.quote)) for item in gold)
