"""A question as typed: refused, or understood in the light of the turns before it and answered in the way that suits it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from assistant import answering, listings
from assistant.conversation import resolve
from assistant.datatypes import LISTING, MOMENTS, Answer, Turn, Understanding
from assistant.errors import QuestionError
from assistant.filter_words import refuse_long
from assistant.understanding import understand
from index.datatypes import Hit
from index.facts.directory import Directory
from index.pending import Pending
from index.protocols import Vectors
from index.search import PassageIndex
from index.textforms import storable


def askable(question: str) -> str:
    """The question without characters that no index could hold.

    Raises:
        QuestionError: It is empty or far too long.
    """
    if not question.strip():
        raise QuestionError("The question is empty.", mend="Type a question, for example: who raised human rights?")
    refuse_long(question)
    return storable(question)


def read_question(
    question: str, turns: Sequence[Turn], *, today: dt.date, directory: Directory
) -> tuple[str, Understanding]:
    """The question rewritten to stand on its own, and what is read from it.

    Args:
        question: As ``askable`` returns it.
        turns: Those before it, in order.
        today: Day that "last week" and the like are read against.
        directory: Whom the readouts know.
    """
    resolved = resolve(question, turns, today=today, directory=directory)
    understood = resolved.onto(understand(resolved.standalone, today=today, directory=directory))
    if resolved.carried and resolved.standalone.startswith(question) and understood.intent in LISTING:
        understood = listings.beyond(understood, understand(question, today=today, directory=directory))
    return resolved.standalone, understood


def answer_from(
    question: str,
    standalone: str,
    understood: Understanding,
    index: PassageIndex,
    vector: Vectors | Pending[Vectors],
    hits: Sequence[Hit],
) -> Answer:
    """The answer: from the facts of all readouts if a list or a moment is wanted and they suffice, otherwise the best quotes.

    Args:
        question: As typed.
        standalone: As rewritten to stand on its own.
        understood: What was read from it.
        index: Where the readouts are.
        vector: ``(D,)`` embedding of the question.
        hits: Passages found for it, best first.
    """
    if understood.intent in LISTING | MOMENTS:
        told = listings.answer(question, standalone, understood, index, vector, hits)
        if told is not None:
            return told
    return answering.answer(question, standalone, understood, index, hits)
