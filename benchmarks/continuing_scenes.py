"""Disturbed scenes of a process that goes on after a write failed: what failed once is done by its end, and nothing twice."""

from __future__ import annotations

import sys
from contextlib import closing
from functools import partial

from assistant.api import Assistant
from assistant.errors import ReadoutsError
from assistant.history import History
from benchmarks.forked import command, encoder_of
from benchmarks.scenes import Place, Scene, changed, indexed
from index import private

_QUESTIONS = ("What did the leaders say about Ukraine?", "And about Taiwan?", "When did Biden speak with Xi?")


def _talk(place: Place, turns: int = len(_QUESTIONS)) -> int:
    """Ask each in one conversation; an answer is printed whether it is kept or not."""
    with Assistant(place.index, history=History(place.history), encoder=encoder_of()) as assistant:
        there = len(assistant.history.turns("talked"))
        talk = assistant.conversation("talked")
        for question in _QUESTIONS[there:turns]:
            answer = talk.ask(question)
            print(answer.text)
            if answer.unkept:
                print(answer.unkept, file=sys.stderr)
    return 0


def _talk_again(place: Place) -> int:
    """Asks what is missing, and writes in any case: whoever writes sweeps what could not be removed."""
    private.LEFT = 0.0
    code = _talk(place)
    with closing(History(place.history)) as kept:
        kept.rename("talked", kept.conversation("talked").title)
    return code


def _add(place: Place) -> int:
    """Index until it is done, or failed three times; asks after each attempt, which the index of now is to answer.

    A disk that refuses everything may refuse that as well, where what changed last lies in a journal; it is to say so then.
    """
    with Assistant(place.index, history=History(None), encoder=encoder_of()) as assistant:
        for _ in range(3):
            try:
                assistant.add([place.corpus])
                done = True
            except ReadoutsError as error:
                _tell(error)
                done = False
            try:
                assistant.ask(_QUESTIONS[0])
            except ReadoutsError as error:
                _tell(error)
                return 1
            if done:
                return 0
    return 1


def _tell(error: ReadoutsError) -> None:
    print(f"{error.message}\n{error.mend}", file=sys.stderr)


CONTINUING = (
    Scene(
        name="converse on",
        prepare=indexed,
        work=_talk,
        again=_talk_again,
        between=tuple(partial(_talk, turns=turns) for turns in range(1, len(_QUESTIONS))),
        windows=("keeping",),
        heals=True,
    ),
    Scene(
        name="index until it is done",
        prepare=changed,
        work=_add,
        again=lambda place: command(["index", place.corpus]),
        heals=True,
    ),
)
