"""The Python API from event loops and threads, and beside other processes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from e2e_helpers import Command, untimed
from small_index import READOUTS, HashEncoder, readout, write_corpus

from assistant import Answer, Assistant, Filters, ReadoutsError
from index.protocols import Vectors

QUESTIONS = ("Who promised barges?", "Who sends bridges?", "Which cables did Whitlock ask to map?", "How many calls?")


def test_an_event_loop_gets_the_same_answers_side_by_side(opened: Assistant) -> None:
    async def ask_all() -> list[Answer]:
        return await asyncio.gather(*(opened.ask_async(question) for question in QUESTIONS))

    answers = asyncio.run(ask_all())
    assert [untimed(answer.to_dict()) for answer in answers] == [
        untimed(opened.ask(question).to_dict()) for question in QUESTIONS
    ]


def test_every_call_that_takes_its_time_has_a_twin_for_event_loops(hashed: HashEncoder, corpus: Path) -> None:
    async def use() -> tuple[object, ...]:
        async with Assistant.open("mine") as opened:
            report = await opened.add_async([corpus])
            answer = await opened.ask_async(QUESTIONS[0], filters=Filters(parties=("Germany",)), top_k=2)
            hits = await opened.search_async("mobile bridges", top_k=1)
            many = await opened.ask_many_async(QUESTIONS[:2])
            whole = await opened.readout_async("qatar-call")
            with pytest.raises(ReadoutsError, match="empty"):
                await opened.ask_async("")
        return report.added, len(answer.hits), hits[0].passage.source.doc_id, len(many), whole.source.doc_id

    assert asyncio.run(use()) == (len(READOUTS), 2, "ukraine-call", 2, "qatar-call")


def test_an_event_loop_goes_on_while_a_question_is_answered(opened: Assistant, hashed: HashEncoder) -> None:
    beats: list[str] = []
    encode = hashed.encode

    def slowly(texts: Sequence[str]) -> Vectors:
        while len(beats) < 3:
            time.sleep(0.001)
        return encode(texts)

    async def beat() -> None:
        for _ in range(3):
            await asyncio.sleep(0)
            beats.append("beat")

    async def both() -> Answer:
        asked = asyncio.create_task(opened.ask_async(QUESTIONS[0]))
        await asyncio.sleep(0.01)
        await beat()
        return await asked

    hashed.encode = slowly  # type: ignore[method-assign]
    assert asyncio.run(both()).citations


def test_several_threads_get_the_answers_that_one_gets(opened: Assistant) -> None:
    alone = [untimed(opened.ask(question).to_dict()) for question in QUESTIONS]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(opened.ask, QUESTIONS * 8))
    assert [untimed(answer.to_dict()) for answer in together] == alone * 8


def test_threads_that_share_a_conversation_lose_no_turn(opened: Assistant) -> None:
    talk = opened.conversation()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(talk.ask, QUESTIONS * 3))
    turns = opened.history.turns(talk.id or "")
    assert [turn.number for turn in turns] == list(range(1, 13))
    assert sorted(turn.answer.question for turn in turns) == sorted(QUESTIONS * 3)


def test_what_another_process_adds_is_found_by_the_next_question(
    opened: Assistant, process: Command, tmp_path: Path
) -> None:
    question = "Who fed the lighthouse heron?"
    assert not any("heron" in hit.passage.text for hit in opened.ask(question).hits)
    new = {"new.md": readout("Quist and the heron", "Minister Quist fed the lighthouse heron.", published="2024-01-01")}
    assert process("index", write_corpus(tmp_path / "new", new)).code == 0
    answer = opened.ask(question)
    assert (answer.citations[0].source.doc_id, answer.citations[0].quote) == (
        "new",
        "Minister Quist fed the lighthouse heron.",
    )
    assert process("remove", "new").code == 0
    assert not any("heron" in hit.passage.text for hit in opened.ask(question).hits)
