"""The Python API as a script uses it: as documented, typed, its errors, and offline."""

from __future__ import annotations

import dataclasses
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from e2e_helpers import clean_environment, run, untimed
from small_index import READOUTS, HashEncoder, readout, write_corpus

import assistant.api
from assistant import Assistant, Filters, ReadoutsError
from assistant.history import History
from index import errors

ROOT = Path(__file__).resolve().parents[2]
QUESTIONS = ("Who promised barges?", "Who sends bridges?", "Which cables did Whitlock ask to map?", "How many calls?")


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
    assert [untimed(answer.to_dict()) for answer in many] == [
        untimed(opened.ask(question, filters=filters, top_k=4).to_dict()) for question in QUESTIONS
    ]
    assert opened.ask_many([]) == ()


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


def test_closing_twice_is_harmless_and_a_later_question_opens_again(opened: Assistant) -> None:
    before = untimed(opened.ask(QUESTIONS[0]).to_dict())
    opened.close()
    opened.close()
    assert untimed(opened.ask(QUESTIONS[0]).to_dict()) == before


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
        before = untimed(first.ask(QUESTIONS[0]).to_dict())
    shutil.move(built, tmp_path / "moved")
    with Assistant.open(tmp_path / "moved") as second:
        assert untimed(second.ask(QUESTIONS[0]).to_dict()) == before


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
