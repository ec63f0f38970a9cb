"""The bundled readouts through the command line with the real model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from e2e_helpers import REAL, Command, Ran, clean_environment, run
from public_form import REPORT, assert_answer, assert_fields

from assistant.bundled import SAMPLE_QUESTION, bundled_corpus

BAKU = "2023-02-28-azerbaijan-mfa-bayramov-lavrov-baku"


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
    assert (again.code, again.err) == (0, "")
    assert "MRR@10" in again.out
    assert len(again.out) > len(bundled("evaluate", file).out)
