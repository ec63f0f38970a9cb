"""Every command as scripts and persons use it: what goes to which stream, in which form, with which code."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import HASHED, REAL, Command, Ran, clean_environment, run
from small_index import READOUTS, readout

import assistant
from assistant.bundled import SAMPLE_QUESTION, bundled_corpus

BAKU = "2023-02-28-azerbaijan-mfa-bayramov-lavrov-baku"
Maybe = type(None)

#: Fields that scripts rely on, with the types their values may have.
FILTERS = {"from": (str, Maybe), "to": (str, Maybe), "parties": list, "issuers": list, "kinds": list}
ANSWER = {
    "id": (str, Maybe),
    "question": str,
    "standalone_question": str,
    "conversation": (str, Maybe),
    "filters": dict,
    "status": str,
    "support": float,
    "missing": list,
    "text": str,
    "citations": list,
    "hits": list,
    "documents": list,
    "seconds": float,
}
CITATION = {
    "number": int,
    "doc_id": str,
    "title": str,
    "issuer": str,
    "published": (str, Maybe),
    "event_date": (str, Maybe),
    "url": str,
    "path": str,
    "paragraph": int,
    "quote": str,
    "start": int,
    "end": int,
    "passage": str,
    "score": float,
}
HIT = {
    "rank": int,
    "doc_id": str,
    "title": str,
    "published": (str, Maybe),
    "event_date": (str, Maybe),
    "paragraph": int,
    "passage": str,
    "score": float,
    "best_sentence": dict,
    "trail": list,
}
RECORD = {"doc_id": str, "title": str, "issuer": str, "kind": str, "place": str, "parties": list, "participants": list}
REPORT = {
    "added": int,
    "updated": int,
    "unchanged": int,
    "removed": int,
    "skipped": list,
    "documents": int,
    "passages": int,
}
STATUS = {
    "documents": int,
    "passages": int,
    "sentences": int,
    "issuers": list,
    "model": str,
    "engine": str,
    "path": str,
}


def assert_fields(value: dict[str, Any], fields: dict[str, Any]) -> None:
    wrong = {
        name: value.get(name, "missing") for name, kind in fields.items() if not isinstance(value.get(name, ...), kind)
    }
    assert not wrong


def assert_answer(answer: dict[str, Any]) -> None:
    assert_fields(answer, ANSWER)
    assert_fields(answer["filters"], FILTERS)
    assert set(answer["filters"]) == set(FILTERS)
    assert answer["status"] in {"answered", "partial", "abstained"}
    assert 0 <= answer["support"] <= 1
    for number, citation in enumerate(answer["citations"], start=1):
        assert_fields(citation, CITATION)
        assert citation["number"] == number
        assert citation["passage"][citation["start"] : citation["end"]] == citation["quote"]
        assert f"“{citation['quote']}” [{number}]" in answer["text"]
    assert_hits(answer["hits"])


def assert_hits(hits: list[dict[str, Any]]) -> None:
    for rank, hit in enumerate(hits, start=1):
        assert_fields(hit, HIT)
        assert hit["rank"] == rank
        assert 0 <= hit["best_sentence"]["start"] < hit["best_sentence"]["end"] <= len(hit["passage"])
        assert {"stage", "score", "rank"} == set(hit["trail"][0])


# The bundled readouts, with the real model


@pytest.mark.model
def test_every_bundled_readout_is_added_and_none_skipped(bundled_run: tuple[Path, Ran]) -> None:
    _, ran = bundled_run
    report = ran.json()
    files = [path for path in bundled_corpus().glob("*.md") if path.name != "README.md"]
    assert_fields(report, REPORT | {"seconds": float})
    assert (report["added"], report["documents"]) == (len(files), len(files))
    assert (report["updated"], report["unchanged"], report["removed"], report["skipped"]) == (0, 0, 0, [])
    assert ran.err == ""


@pytest.mark.model
def test_indexing_again_finds_all_unchanged_and_encodes_nothing(
    bundled: Command, bundled_run: tuple[Path, Ran]
) -> None:
    report = bundled("index", bundled_corpus(), "--json").json()
    assert (report["added"], report["updated"], report["encoded"]) == (0, 0, 0)
    assert report["unchanged"] == bundled_run[1].json()["added"]


@pytest.mark.model
def test_the_sample_question_cites_the_azerbaijani_readout_in_a_process_of_its_own(
    bundled_index: Path, tmp_path: Path
) -> None:
    command = [*REAL, "ask", SAMPLE_QUESTION, "--json", "--index", str(bundled_index)]
    ran = run(command, cwd=tmp_path, environment=clean_environment(tmp_path / "home"))
    answer = ran.json()
    assert_answer(answer)
    assert (answer["status"], ran.err) == ("answered", "")
    first = answer["citations"][0]
    assert first["doc_id"] == BAKU
    assert "November 2020" in first["quote"]
    assert (first["issuer"], first["event_date"]) == ("Ministry of Foreign Affairs (Azerbaijan)", "2023-02-28")


@pytest.mark.model
def test_an_answer_prints_numbered_quotes_each_with_its_whole_source(bundled: Command) -> None:
    ran = bundled("ask", SAMPLE_QUESTION)
    lines = ran.out.splitlines()
    quote = next(place for place, line in enumerate(lines) if line.startswith("[1] “"))
    assert lines[quote].endswith("”")
    assert lines[quote + 1].strip().endswith(BAKU)
    assert "Ministry of Foreign Affairs (Azerbaijan)" in lines[quote + 1]
    assert "2023-02-28, published 2023-03-01" in lines[quote + 1]
    assert ran.err == ""


@pytest.mark.model
@pytest.mark.parametrize(
    "question",
    [
        "What did Zelenskyy and Biden say about Nord Stream 2?",
        "Which calls did Biden hold with Zelenskyy in 2022?",
        "When did Sullivan meet Doval?",
        "What did they decide on penguin farming in Antarctica?",
    ],
)
def test_answers_of_every_sort_keep_the_public_form(bundled: Command, question: str) -> None:
    assert_answer(bundled("ask", question, "--json").json())


@pytest.mark.model
def test_a_list_names_every_readout_it_counts_in_order_of_date(bundled: Command) -> None:
    answer = bundled("ask", "How many calls between Biden and Xi are there?", "--json").json()
    listed = [bundled("show", doc_id, "--json").json()["event_date"] for doc_id in answer["documents"]]
    assert listed
    assert listed == sorted(listed)
    assert {citation["doc_id"] for citation in answer["citations"]} == set(answer["documents"])


@pytest.mark.model
def test_turns_of_a_file_that_share_a_conversation_share_their_context(bundled: Command) -> None:
    asked = [
        {"id": "q1", "question": "What did Biden and Lula discuss in Rio?", "conversation": "c1"},
        {"id": 2, "question": "What did Putin and Erdogan discuss by phone?", "conversation": "c2"},
        {"id": "q3", "question": "When was that?", "conversation": "c1"},
    ]
    text = "\n".join(map(json.dumps, asked)) + "\n\nWhat did Sullivan and Doval discuss?\n"
    answers = bundled("ask", "--file", "-", "--json", text=text).lines()
    assert [(a["id"], a["conversation"]) for a in answers] == [("q1", "c1"), ("2", "c2"), ("q3", "c1"), (None, None)]
    for answer in answers:
        assert_answer(answer)
    assert "Lula" in answers[2]["standalone_question"]
    assert answers[2]["citations"][0]["doc_id"] == "2024-11-19-white-house-biden-lula-rio"
    assert bundled("history", "--json").lines() == []


@pytest.mark.model
def test_an_evaluation_is_written_and_compared_with_the_next(bundled: Command, tmp_path: Path) -> None:
    questions = [
        {
            "type": "content",
            "question": SAMPLE_QUESTION,
            "gold": [{"doc": BAKU, "quote": "must be implemented peacefully"}],
        },
        {"type": "unanswerable", "question": "How do I bake sourdough bread?", "why": "off-topic"},
    ]
    file, saved = tmp_path / "questions.jsonl", tmp_path / "run.json"
    file.write_text("\n".join(map(json.dumps, questions)))
    printed = bundled("evaluate", file, "--output", saved, "--json").json()
    assert json.loads(saved.read_text()) == printed
    assert (printed["lines"], printed["violations"], printed["left_out"]) == (2, [], [])
    assert printed["figures"]["content"]["passage MRR@10"]["value"] == 1
    again = bundled("evaluate", file, "--compare", saved)
    assert (again.code, "MRR@10" in again.out) == (0, True)
    assert again.err.strip()


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--issuer", "Kremlin"], {"kremlin-call"}),
        (["--kind", "visit"], {"japan-visit"}),
        (["--party", "Japan", "--from", "2023"], {"japan-call"}),
        (["--party", "Japan", "--to", "2022"], {"japan-visit"}),
        (["--party", "Japan", "--party", "Okafor"], {"japan-visit"}),
        (["--from", "2023-03", "--to", "2023-03-04"], {"kremlin-call"}),
        (["--kind", "meeting", "--kind", "statement"], {"germany-meeting", "nato-meeting", "elysee-statement"}),
    ],
)
def test_filters_given_as_options_leave_only_what_fits(
    small: Command, arguments: list[str], expected: set[str]
) -> None:
    assert {record["doc_id"] for record in small("list", *arguments, "--json").lines()} == expected
    assert {hit["doc_id"] for hit in small("search", "they spoke", *arguments, "--json").json()["hits"]} == expected
    answer = small("ask", "what did they say of the pipeline and the barges?", *arguments, "--json").json()
    assert {hit["doc_id"] for hit in answer["hits"]} == expected
    assert {citation["doc_id"] for citation in answer["citations"]} <= expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("issuer:Kremlin", {"kremlin-call"}),
        ("kind:visit", {"japan-visit"}),
        ("party:Japan from:2023", {"japan-call"}),
        ("party:Japan to:2022", {"japan-visit"}),
        ('"Vistula protocol"', {"germany-meeting"}),
    ],
)
def test_filters_typed_in_a_question_leave_only_what_fits(small: Command, typed: str, expected: set[str]) -> None:
    found = small("search", f"they spoke {typed}", "--json").json()
    assert {hit["doc_id"] for hit in found["hits"]} == expected
    answer = small("ask", f"what did they speak about {typed}", "--json").json()
    assert {hit["doc_id"] for hit in answer["hits"]} == expected


def test_filters_are_told_back_in_the_public_form(small: Command) -> None:
    ask = (
        "ask",
        "grain party:Germany",
        "--from",
        "2023",
        "--to",
        "2023-02",
        "--issuer",
        "White House",
        "--kind",
        "meeting",
    )
    filters = small(*ask, "--json").json()["filters"]
    assert filters == {
        "from": "2023-01-01",
        "to": "2023-02-28",
        "parties": ["Germany"],
        "issuers": ["White House"],
        "kinds": ["meeting"],
    }


def test_the_limit_bounds_the_passages_that_are_carried_along(small: Command) -> None:
    assert len(small("search", "they spoke", "-n", 3, "--json").json()["hits"]) == 3
    assert len(small("ask", "who spoke of the pipeline?", "--limit", 2, "--json").json()["hits"]) == 2
    assert len(small("list", "--limit", 2, "--json").lines()) == 2


def test_a_search_prints_whole_passages_and_in_json_their_public_form(small: Command) -> None:
    text = small("search", "undersea cables")
    assert "They discussed undersea cables. Mr. Whitlock asked the allies to map every cable by spring." in text.out
    found = small("search", "undersea cables", "--json").json()
    assert set(found) == {"query", "filters", "hits", "seconds"}
    assert_hits(found["hits"])
    assert found["hits"][0]["doc_id"] == "nato-meeting"


def test_offsets_count_code_points(cli: Command, tmp_path: Path) -> None:
    folder = tmp_path / "odd"
    folder.mkdir()
    text = "𝄞𝄞 Élodie spoke in São Tomé 🎻. The envoys praised the 🎼 orchestra of Ālsund. They left."
    (folder / "odd.md").write_text(readout("Élodie 𝄞 meets Quist", text), encoding="utf-8")
    cli("index", folder)
    answer = cli("ask", "Who praised the orchestra?", "--json").json()
    assert_answer(answer)
    assert "🎼 orchestra" in answer["citations"][0]["quote"]
    assert answer["citations"][0]["start"] > 0


@pytest.mark.parametrize("command", ["ask", "search"])
def test_explain_shows_the_score_of_every_stage(small: Command, command: str) -> None:
    explained = small(command, "who sends mobile bridges?", "--explain")
    for word in ("full_text", "paragraph", "sentence", "fused", "ukraine-call ¶0", "bridges"):
        assert word in explained.out
    assert "full_text" not in small(command, "who sends mobile bridges?").out


def test_a_listing_shows_one_whole_line_a_readout_the_latest_first(small: Command) -> None:
    ran = small("list")
    lines = ran.out.splitlines()[1:]
    assert [line.split()[-1] for line in lines][:2] == ["qatar-call", "japan-call"]
    assert len(lines) == len(READOUTS)
    assert ran.err == f"{len(READOUTS)} readouts\n"
    for record in small("list", "--json").lines():
        assert_fields(record, RECORD)


def test_a_readout_is_shown_whole_with_its_facts(small: Command) -> None:
    text = small("show", "germany-meeting").out
    for words in (
        "President Tolliver Meets Chancellor Brandt",
        "2023-01-16",
        "meeting",
        "Lena Brandt (",
        "nine tenths full.",
    ):
        assert words in text
    shown = small("show", "germany-meeting", "--json").json()
    assert_fields(shown, RECORD | {"text": str, "passages": list, "note": str})
    assert [shown["text"][p["start"] : p["end"]] for p in shown["passages"]] == [p["text"] for p in shown["passages"]]


def test_removing_takes_readouts_out_and_leaves_their_files(small: Command, corpus: Path) -> None:
    assert small("remove", "qatar-call", "kremlin-call", "--json").json() == {"removed": 2}
    left = {record["doc_id"] for record in small("list", "--json").lines()}
    assert left == {Path(name).stem for name in READOUTS} - {"qatar-call", "kremlin-call"}
    assert (corpus / "qatar-call.md").exists()
    assert "lagoon" not in json.dumps(small("search", "lagoon ceasefire", "--json").json()["hits"])
    assert small("remove", "nato-meeting").out == "1 removed\n"


def test_removing_an_unknown_id_removes_none_of_those_named(small: Command) -> None:
    ran = small("remove", "qatar-call", "no-such")
    assert (ran.code, ran.out) == (1, "")
    assert "no-such" in ran.err
    assert small("status", "--json").json()["documents"] == len(READOUTS)


def test_a_changed_a_new_and_a_lost_file_change_just_that(small: Command, corpus: Path) -> None:
    (corpus / "qatar-call.md").unlink()
    (corpus / "new.md").write_text(readout("A new one", "Minister Quist met Minister Oyelaran about kelp."))
    changed = corpus / "nato-meeting.md"
    changed.write_text(changed.read_text().replace("undersea cables", "satellites"))
    report = small("index", corpus, "--json").json()
    assert (report["added"], report["updated"], report["removed"], report["unchanged"]) == (1, 1, 1, len(READOUTS) - 2)
    assert small("search", "satellites", "--json").json()["hits"][0]["doc_id"] == "nato-meeting"


def test_the_status_counts_in_numbers_and_names_model_and_place(small: Command, tmp_path: Path) -> None:
    status = small("status", "--json").json()
    assert_fields(status, STATUS | {"from": str, "to": str})
    assert (status["documents"], status["from"], status["to"]) == (len(READOUTS), "2021-11-10", "2023-10-13")
    assert status["path"] == str(tmp_path / "built")
    text = small("status").out
    assert f"documents: {len(READOUTS)}" in text
    assert "Kremlin (President of Russia)" in text


def test_a_named_conversation_is_kept_and_found_by_its_words(small: Command) -> None:
    small("ask", "Which protocol did Brandt agree on?", "--conversation", "talk-1")
    followed = small("ask", "and on gas?", "--conversation", "talk-1", "--json").json()
    assert followed["conversation"] == "talk-1"
    (talk,) = small("history", "--json").lines()
    assert_fields(talk, {"id": str, "title": str, "started_at": str, "turns": int})
    assert (talk["id"], talk["title"], talk["turns"]) == ("talk-1", "Which protocol did Brandt agree on?", 2)
    assert "talk-1" in small("history", "protocol").out
    assert small("history", "zeppelin").out == ""
    assert small("history", "zeppelin", "--json").out == ""


def test_a_question_without_a_conversation_is_kept_nowhere(small: Command) -> None:
    small("ask", "Which protocol did Brandt agree on?")
    assert small("history").out == ""


def test_the_configuration_tells_each_value_and_where_it_came_from(
    cli: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tmp_path / "settings.toml"
    settings.write_text('limit = 7\nmodel = "some/folder"\n')
    monkeypatch.setenv("READOUTS_SETTINGS", str(settings))
    monkeypatch.setenv("READOUTS_LIMIT", "5")
    found = cli("config", "--json").json()
    assert found["limit"] == {"value": "5", "origin": "READOUTS_LIMIT"}
    assert found["model"] == {"value": "some/folder", "origin": str(settings)}
    assert found["index"] == {"value": str(tmp_path / "built"), "origin": "READOUTS_INDEX"}
    assert found["history"]["origin"] == "default"
    text = cli("config").out
    assert "READOUTS_LIMIT" in text
    assert f"settings file: {settings}" in text


def test_an_option_beats_a_variable_which_beats_the_settings_file(
    small: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tmp_path / "settings.toml"
    settings.write_text("limit = 3\n")
    monkeypatch.setenv("READOUTS_SETTINGS", str(settings))
    assert len(small("search", "they spoke", "--json").json()["hits"]) == 3
    monkeypatch.setenv("READOUTS_LIMIT", "2")
    assert len(small("search", "they spoke", "--json").json()["hits"]) == 2
    assert len(small("search", "they spoke", "--json", "--limit", 1).json()["hits"]) == 1


def test_quiet_leaves_data_and_drops_notes(small: Command, corpus: Path) -> None:
    assert small("index", corpus, "--quiet") == Ran(0, "", "")
    ran = small("list", "--quiet")
    assert (len(ran.out.splitlines()), ran.err) == (len(READOUTS) + 1, "")
    assert small("search", "grain from:2030", "--quiet") == Ran(0, "", "")


def test_finding_nothing_is_valid_json_and_no_failure(small: Command) -> None:
    answer = small("ask", "grain", "--from", "2030", "--json").json()
    assert_answer(answer)
    assert (answer["status"], answer["citations"], answer["hits"], answer["text"]) == ("abstained", [], [], "")
    assert small("search", "grain", "--from", "2030", "--json").json()["hits"] == []
    assert small("list", "--from", "2030", "--json") == Ran(0, "", "")
    assert small("list", "--from", "2030") == Ran(0, "", "0 readouts\n")


def test_questions_of_a_file_are_answered_in_order(small: Command, tmp_path: Path) -> None:
    file = tmp_path / "questions.txt"
    file.write_text('Who promised barges?\n\n{"id": "b", "question": "Who sends bridges?"}\n', encoding="utf-8")
    answers = small("ask", "--file", file, "--json").lines()
    assert [(a["id"], a["question"]) for a in answers] == [(None, "Who promised barges?"), ("b", "Who sends bridges?")]
    text = small("ask", "--file", file).out
    assert text.index("> Who promised barges?") < text.index("> Who sends bridges?")


def test_the_version_is_printed(cli: Command) -> None:
    assert cli("--version").out.strip().endswith(assistant.__version__)


# In a process of its own, as a pipe sees it


def test_without_a_terminal_the_bare_command_prints_help_and_makes_nothing(process: Command, tmp_path: Path) -> None:
    ran = process()
    assert (ran.code, ran.err) == (0, "")
    assert "Usage: readouts" in ran.out
    assert not (tmp_path / "built").exists()


def test_the_installed_command_is_there() -> None:
    command = Path(HASHED[0]).with_name("readouts")
    if not command.exists():
        pytest.skip("the program is not installed in this environment")
    ran = run([str(command), "--version"], cwd=Path.home(), environment=clean_environment(Path.home()))
    assert ran.out.strip().endswith(assistant.__version__)


def test_what_goes_through_a_pipe_has_no_colour_and_no_progress_bar(process: Command, corpus: Path) -> None:
    indexed = process("index", corpus, env={"TERM": "xterm-256color"})
    asked = process("ask", "Who promised barges?", "--explain", env={"TERM": "xterm-256color"})
    assert (indexed.code, asked.code) == (0, 0)
    assert "\x1b" not in indexed.out + asked.out
    assert indexed.err == asked.err == ""


@pytest.mark.skipif(sys.platform == "win32", reason="this system has no pseudo-terminals")
@pytest.mark.parametrize(("variables", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_a_terminal_gets_colour_unless_no_color_says_otherwise(
    process: Command, corpus: Path, environment: dict[str, str], variables: dict[str, str], coloured: bool
) -> None:
    import pty

    process("index", corpus)
    ours, theirs = pty.openpty()
    command = [*HASHED, "ask", "Who promised barges?"]
    wanted = environment | {"TERM": "xterm-256color"} | variables
    subprocess.run(command, stdin=subprocess.DEVNULL, stdout=theirs, env=wanted, timeout=120, check=True)
    os.close(theirs)
    shown = b""
    # Linux says that the other end is closed by an error, others by an empty read.
    with contextlib.suppress(OSError):
        while part := os.read(ours, 65536):
            shown += part
    os.close(ours)
    assert b"river barges" in shown
    assert bool(re.search(rb"\x1b\[[0-9;]*3[0-7]", shown)) is coloured


def test_a_terminal_encoding_that_lacks_letters_stops_nothing(process: Command, corpus: Path) -> None:
    ascii_only = {"PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}
    process("index", corpus)
    text = process("ask", "Who called for an inspection of the pipeline?", env=ascii_only)
    assert (text.code, text.err) == (0, "")
    assert "called for an inspection of the Caspian pipeline" in text.out
    answer = process("ask", "Who called for an inspection of the pipeline?", "--json", env=ascii_only).json()
    assert_answer(answer)
    assert "Élodie" in answer["citations"][0]["quote"]
