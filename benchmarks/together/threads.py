"""Threads that share one ``Assistant``: their answers are those of a serial run."""

from __future__ import annotations

import json
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from assistant.api import Assistant
from assistant.datatypes import Answer
from benchmarks.together import world
from benchmarks.together.processes import Place, told, warm

Conversation = Sequence[str]


def threads(place: Place, conversations: Sequence[Conversation], count: int = 8) -> tuple[int, list[str]]:
    """Ask every question serially and by threads, while nothing changes and while a readout comes and goes.

    Args:
        place: Where the index is.
        conversations: Questions, those that follow each other together.
        count: Threads.

    Returns:
        How many answers were compared, and what was wrong.
    """
    world.write(place.marked, [world.MARKED], 1)
    coming = place.marked / f"{world.doc_id(world.MARKED)}.md"
    with place.assistant() as assistant:
        warm(assistant)
        _changed(assistant, place, [coming])
        with_it = _serial(assistant, conversations)
        assistant.remove([world.doc_id(world.MARKED)])
        without = _serial(assistant, conversations)
        still = list(_together(assistant, conversations, count))
        faults = _compare(still, [without], conversations)
        with _coming_and_going(assistant, place, coming) as errors:
            moving = list(_together(assistant, conversations, count))
        faults += errors + _compare(moving, [without, with_it], conversations)
        faults += _one_conversation(assistant, conversations, count)
    return len(still) + len(moving), faults


def _changed(assistant: Assistant, place: Place, files: Sequence[Any]) -> bool:
    # A readout that was removed comes back when its file changes.
    for file in files:
        file.write_text(file.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    return assistant.add([place.marked]).documents > 0


def _serial(assistant: Assistant, conversations: Sequence[Conversation]) -> list[str]:
    return [answers for conversation in conversations for answers in _ask(assistant, conversation)]


def _ask(assistant: Assistant, conversation: Conversation) -> list[str]:
    talk = assistant.talk()
    return [_plain(talk.ask(question)) for question in conversation]


def _plain(answer: Answer) -> str:
    return json.dumps(told(answer), sort_keys=True)


def _together(assistant: Assistant, conversations: Sequence[Conversation], count: int) -> Iterator[str]:
    with ThreadPoolExecutor(count) as pool:
        for answers in pool.map(lambda conversation: _guarded(lambda: _ask(assistant, conversation)), conversations):
            yield from answers


def _guarded(work: Callable[[], list[str]]) -> list[str]:
    try:
        return work()
    except Exception:  # noqa: BLE001 - whatever it is, it is what we look for
        return [f"error {traceback.format_exc(limit=6)}"]


def _compare(found: Sequence[str], wanted: Sequence[Sequence[str]], conversations: Sequence[Conversation]) -> list[str]:
    asked = [question for conversation in conversations for question in conversation]
    if len(found) != len(asked):
        return [one for one in found if one.startswith("error")] or ["answers are missing"]
    return [
        f"{question}: {answer[:600] if answer.startswith('error') else 'another answer than serially'}"
        for question, answer, *ours in zip(asked, found, *wanted, strict=True)
        if answer not in ours
    ]


@contextmanager
def _coming_and_going(assistant: Assistant, place: Place, file: Any) -> Iterator[list[str]]:
    """Meanwhile a thread adds and removes a readout."""
    done, errors = threading.Event(), list[str]()

    def work() -> None:
        try:
            while not done.is_set():
                _changed(assistant, place, [file])
                assistant.remove([world.doc_id(world.MARKED)])
        except Exception:  # noqa: BLE001 - as above
            errors.append(traceback.format_exc(limit=6))

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield errors
    finally:
        done.set()
        thread.join()


def _one_conversation(assistant: Assistant, conversations: Sequence[Conversation], count: int) -> list[str]:
    """All threads ask within one conversation that is kept: every turn is there, numbered without a gap."""
    asked = [question for conversation in conversations for question in conversation][: 10 * count]
    talk = assistant.conversation()
    with ThreadPoolExecutor(count) as pool:
        found = list(pool.map(lambda question: _guarded(lambda: [talk.ask(question).question]), asked))
    faults = [one for answers in found for one in answers if one.startswith("error")]
    turns = assistant.history.conversation(talk.id or "").turns
    if [turn.number for turn in turns] != list(range(1, len(asked) + 1)):
        faults.append("turns of a conversation are missing")
    if sorted(turn.answer.question for turn in turns) != sorted(asked):
        faults.append("a conversation holds other questions than were asked")
    return faults
