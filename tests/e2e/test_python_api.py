"""The Python API as a script uses it: as documented, from threads and event loops, beside other processes, offline."""

from __future__ import annotations

import asyncio
import dataclasses
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from e2e_helpers import Command, clean_environment, run
from small_index import READOUTS, HashEncoder, readout, write_corpus

import assistant.api
from assistant import Answer, Assistant, Filters, ReadoutsError
from assistant.history import History
from index import errors
from index.protocols import Vectors

ROOT = Path(__file__).resolve().parents[2]
QUESTIONS = (
    "Who promised barges?",
    "Who sends mobile bridges?",
    "Which cables did Whitlock ask to map?",
    "How many calls?",
)


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], tmp_path: Path) -> HashEncoder:
    """What every assistant of the test encodes with, in an environment of its own."""
    encoder = HashEncoder()
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(assistant.api, "find_model", lambda name, **_: name)
    monkeypatch.setattr(assistant.api, "load_encoder", lambda model, **_: encoder)
    return encoder


@pytest.fixture
def opened(hashed: HashEncoder, built: Path) -> Iterator[Assistant]:
    with Assistant.open(built) as found:
        yield found


def gist(answer: Answer) -> dict[str, object]:
    """An answer without the time it took."""
    return answer.to_dict() | {"seconds": None}


def test_the_documented_example_runs_as_written(hashed: HashEncoder, tmp_path: Path) -> None:
    extra = {
        "feed.jsonl": '{"id": "fed", "title": "Fed", "date": "2023-12-01", "text": "Minister Quist met Minister Oyelaran."}\n'
    }
    write_corpus(tmp_path / "readouts")
    write_corpus(tmp_path, extra)
    printed = []
    with Assistant.open("my-index") as assistant:
        report = assistant.add(["readouts/", "feed.jsonl"])
        answer = assistant.ask("What did Brandt promise Tolliver on river barges?")
        for citation in answer.citations:
            printed.append((citation.number, citation.source.title, citation.quote))
        hits = assistant.search(
            "release of engineers", top_k=10, filters=Filters(date_from="2023-10", parties=("Qatar",))
        )
        talk = assistant.conversation()
        talk.ask("When did Tolliver call the Emir of Qatar?")
        talk.ask("and what about the convoys?")
        answers = assistant.ask_many(["Who promised barges?", "Who sends bridges?"])
    assert (report.added, report.updated, report.unchanged, report.skipped) == (len(READOUTS) + 1, 0, 0, ())
    assert printed[0][:2] == (1, "President Tolliver Meets Chancellor Brandt")
    assert "river barges" in printed[0][2]
    assert {hit.passage.source.doc_id for hit in hits} == {"qatar-call"}
    assert [answer.question for answer in answers] == ["Who promised barges?", "Who sends bridges?"]
    assert (tmp_path / "my-index" / "catalogue.sqlite").is_file()


def test_opening_loads_no_model_and_reads_nothing(
    monkeypatch: pytest.MonkeyPatch, hashed: HashEncoder, built: Path
) -> None:
    def refuse(model: object, **_: object) -> object:
        raise AssertionError("a model was loaded")

    monkeypatch.setattr(assistant.api, "load_encoder", refuse)
    with Assistant.open(built) as opened:
        assert opened.exists()
        assert opened.status().documents == len(READOUTS)
        assert opened.readout("qatar-call").source.title
        assert opened.search_text("lagoon")[0].passage.source.doc_id == "qatar-call"
    with Assistant.open("nowhere") as nowhere:
        assert not nowhere.exists()


def test_an_event_loop_gets_the_same_answers_side_by_side(opened: Assistant) -> None:
    async def ask_all() -> list[Answer]:
        return await asyncio.gather(*(opened.ask_async(question) for question in QUESTIONS))

    answers = asyncio.run(ask_all())
    assert [gist(answer) for answer in answers] == [gist(opened.ask(question)) for question in QUESTIONS]


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


def test_a_script_that_uses_the_public_names_passes_the_strictest_check_of_types(tmp_path: Path) -> None:
    script = """
import asyncio

from assistant import Answer, Assistant, Filters, Hit, IndexReport, ReadoutsError, Status


def ask(question: str) -> str:
    with Assistant.open("my-index") as assistant:
        report: IndexReport = assistant.add(["readouts/"])
        try:
            answer: Answer = assistant.ask(question, filters=Filters(parties=("Japan",)))
        except ReadoutsError as error:
            return f"{error.message} {error.mend} {report.added}"
        hits: tuple[Hit, ...] = assistant.search("hostages", top_k=3)
        reveal_type(assistant.conversation().ask("and then?").status)
        return answer.citations[0].quote if answer.status is Status.ANSWERED else hits[0].passage.text


async def ask_beside() -> list[Answer]:
    async with Assistant.open() as assistant:
        await assistant.add_async(["readouts/"])
        reveal_type(await assistant.ask_async("Who?", top_k=3))
        reveal_type(await assistant.search_async("Who?"))
        return list(await asyncio.gather(assistant.ask_async("Who?"), assistant.ask_async("When?")))


ask(3)
asyncio.run(ask_beside())
"""
    (tmp_path / "script.py").write_text(script)
    options = ["--strict", "--config-file=", "--follow-imports=silent", "--cache-dir", str(tmp_path / "kept")]
    command = [sys.executable, "-m", "mypy", *options, "script.py"]
    environment = dict(os.environ) | {"MYPYPATH": str(ROOT)}
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=600, check=False
    )
    shown = [line.partition(": ")[2] for line in done.stdout.splitlines() if line.startswith("script.py")]
    assert shown == [
        'note: Revealed type is "assistant.datatypes.Status"',
        'note: Revealed type is "assistant.datatypes.Answer"',
        'note: Revealed type is "assistant.results.Hits"',
        'error: Argument 1 to "ask" has incompatible type "int"; expected "str"  [arg-type]',
    ], done.stdout + done.stderr


def test_many_questions_at_once_get_the_answers_they_get_one_by_one(opened: Assistant, hashed: HashEncoder) -> None:
    filters = Filters(date_from="2022", issuers=("White House",))
    many = opened.ask_many(QUESTIONS, filters=filters, top_k=4)
    assert [gist(a) for a in many] == [gist(opened.ask(question, filters=filters, top_k=4)) for question in QUESTIONS]
    assert opened.ask_many([]) == ()


def test_several_threads_get_the_answers_that_one_gets(opened: Assistant) -> None:
    alone = [gist(opened.ask(question)) for question in QUESTIONS]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(opened.ask, QUESTIONS * 8))
    assert [gist(answer) for answer in together] == alone * 8


def test_threads_that_share_a_conversation_lose_no_turn(opened: Assistant) -> None:
    talk = opened.conversation()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(talk.ask, QUESTIONS * 3))
    turns = opened.history.turns(talk.id or "")
    assert [turn.number for turn in turns] == list(range(1, 13))
    assert sorted(turn.answer.question for turn in turns) == sorted(QUESTIONS * 3)


def test_a_conversation_is_kept_and_continued_by_another_assistant(
    hashed: HashEncoder, built: Path, tmp_path: Path
) -> None:
    with Assistant.open(built, history=tmp_path / "talks") as first:
        talk = first.conversation()
        asked = talk.ask("What did Tolliver and Brandt agree on?")
        aside = first.talk().ask("and on gas?")
    with Assistant.open(built, history=tmp_path / "talks") as second:
        continued = second.conversation(talk.id).ask("and on gas?")
        kept = second.history.conversation(talk.id or "")
    assert [turn.answer.question for turn in kept.turns] == ["What did Tolliver and Brandt agree on?", "and on gas?"]
    assert kept.turns[0].answer == asked
    assert continued.conversation == talk.id
    assert "Brandt" in continued.standalone_question
    assert "Brandt" not in aside.standalone_question


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


def test_closing_twice_is_harmless_and_a_later_question_opens_again(opened: Assistant) -> None:
    before = gist(opened.ask(QUESTIONS[0]))
    opened.close()
    opened.close()
    assert gist(opened.ask(QUESTIONS[0])) == before


def test_adding_through_an_open_assistant_shows_at_once(opened: Assistant, hashed: HashEncoder, tmp_path: Path) -> None:
    opened.ask(QUESTIONS[0])
    stages = set()
    new = write_corpus(tmp_path / "new", {"new.md": readout("Heron", "Minister Quist fed the lighthouse heron.")})
    report = opened.add([new], progress=lambda progress: stages.add(progress.stage))
    assert (report.added, stages) == (1, {"reading", "encoding", "writing"})
    assert opened.ask("Who fed the heron?").citations[0].source.doc_id == "new"
    encoded = len(hashed.encoded)
    assert opened.add([new]).unchanged == 1
    assert len(hashed.encoded) == encoded


def test_an_answer_is_frozen_and_its_form_is_json(opened: Assistant) -> None:
    import json

    answer = opened.ask(QUESTIONS[0])
    with pytest.raises(dataclasses.FrozenInstanceError):
        answer.support = 1.0  # type: ignore[misc]
    assert json.loads(json.dumps(answer.to_dict())) == answer.to_dict()
    assert json.loads(json.dumps(answer.hits[0].to_dict())) == answer.hits[0].to_dict()


FAILURES: dict[str, tuple[type[ReadoutsError], Callable[[Assistant], object]]] = {
    "an empty question": (ReadoutsError, lambda a: a.ask(" ")),
    "a question far too long": (ReadoutsError, lambda a: a.ask("x" * 10_000)),
    "one empty question of many": (ReadoutsError, lambda a: a.ask_many(["Who?", ""])),
    "an empty search": (ReadoutsError, lambda a: a.search("")),
    "a filter that is no date": (errors.FilterError, lambda a: a.ask("Who?", filters=Filters(date_from="soon"))),
    "a typed kind that is none": (errors.FilterError, lambda a: a.ask("who kind:party")),
    "an unknown readout": (errors.DocumentError, lambda a: a.readout("no-such")),
    "removing an unknown readout": (errors.DocumentError, lambda a: a.remove(["no-such"])),
    "a path that is not there": (errors.CorpusError, lambda a: a.add(["no-such"])),
    "no path": (errors.CorpusError, lambda a: a.add([])),
    "an unknown conversation": (ReadoutsError, lambda a: a.history.conversation("no-such")),
    "no index": (errors.NoIndexError, lambda a: Assistant.open("nowhere").ask("Who?")),
    "no index to rebuild": (errors.NoIndexError, lambda a: Assistant.open("nowhere").rebuild()),
    "another model": (
        errors.MismatchError,
        lambda a: Assistant(a.folder, history=History(None), encoder=HashEncoder(revision="second")).ask("Who?"),
    ),
}


@pytest.mark.parametrize("what", FAILURES)
def test_every_failure_is_a_readouts_error_that_says_what_to_do(opened: Assistant, what: str) -> None:
    kind, fail = FAILURES[what]
    with pytest.raises(kind) as caught:
        fail(opened)
    assert isinstance(caught.value, ReadoutsError)
    assert caught.value.message
    assert caught.value.mend


def test_an_unknown_setting_of_the_environment_is_a_readouts_error(
    hashed: HashEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("READOUTS_LIMIT", "many")
    with pytest.raises(ReadoutsError, match="READOUTS_LIMIT"):
        Assistant.open()


def test_a_moved_index_answers_from_its_new_place(hashed: HashEncoder, built: Path, tmp_path: Path) -> None:
    with Assistant.open(built) as first:
        before = gist(first.ask(QUESTIONS[0]))
    shutil.move(built, tmp_path / "moved")
    with Assistant.open(tmp_path / "moved") as second:
        assert gist(second.ask(QUESTIONS[0])) == before


@pytest.mark.model
def test_no_network_is_ever_asked_with_the_real_model(tmp_path: Path) -> None:
    write_corpus(tmp_path / "readouts")
    script = """
import socket

def refuse(*arguments, **options):
    raise SystemExit(f"the network was asked: {arguments}")

for name in ("connect", "connect_ex", "sendto", "bind"):
    setattr(socket.socket, name, refuse)
socket.getaddrinfo = socket.create_connection = refuse

from assistant import Assistant

with Assistant.open("built") as assistant:
    report = assistant.add(["readouts"])
    answer = assistant.ask("How many river barges did Chancellor Brandt promise?")
print(report.added, answer.citations[0].source.doc_id)
"""
    environment = clean_environment(tmp_path / "home")
    # Nothing but the program itself keeps it from the network here.
    del environment["HF_HUB_OFFLINE"]
    ran = run([sys.executable, "-c", script], cwd=tmp_path, environment=environment)
    assert (ran.code, ran.out) == (0, f"{len(READOUTS)} germany-meeting\n"), ran.err


def test_the_watch_for_network_calls_would_see_one(tmp_path: Path) -> None:
    script = "import socket; socket.socket.connect = lambda *a: exit(9); socket.create_connection(('127.0.0.1', 9))"
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, env=dict(os.environ), timeout=60, check=False)
    assert done.returncode == 9
