"""Evaluations after they were run: saved and read back, compared with an earlier run, shown as tables."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from three_readouts import ALL, BOATS, LIST, MOON, SALT, WORLD, answer, ask, run

from assistant.errors import QuestionFileError
from assistant.evaluation import Evaluation, compare, load, render, render_comparison, save


@pytest.fixture
def whole(tmp_path: Path) -> Evaluation:
    return run(tmp_path, WORLD, *ALL)


def test_an_evaluation_that_cannot_be_written_leaves_the_one_that_is_there(
    tmp_path: Path, whole: Evaluation, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "run.json"
    path.write_text("an earlier one", encoding="utf-8")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        save(whole, path)
    assert path.read_text(encoding="utf-8") == "an earlier one"
    assert not list(tmp_path.glob(".run.json.*"))


def test_a_saved_evaluation_reads_back_as_it_was(tmp_path: Path, whole: Evaluation) -> None:
    save(whole, tmp_path / "run.json")
    saved = load(tmp_path / "run.json")
    assert saved == json.loads(json.dumps(whole.to_dict()))
    assert saved["questions"][0] | {"seconds": 0} == {
        "place": "questions.jsonl:1",
        "type": "content",
        "question": "How many boats?",
        "standalone_question": "as understood",
        "status": "answered",
        "support": 0.9,
        "seconds": 0,
        "passage_rank": 2,
        "document_rank": 1,
        "cited_document": True,
        "first_quote": True,
        "whole_quote": True,
        "any_quote": True,
        "quote": "She offered ten boats and a crane.",
        "precision": None,
        "recall": None,
        "f1": None,
        "count_right": None,
        "kind": "",
    }


@pytest.mark.parametrize("text", ["{", "[]", '{"format": 0}'])
def test_a_file_that_is_no_evaluation_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "run.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(QuestionFileError, match=r"run\.json"):
        load(path)


def test_an_evaluation_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(QuestionFileError, match=r"gone\.json"):
        load(tmp_path / "gone.json")


def test_a_comparison_names_what_got_better_and_worse(tmp_path: Path, whole: Evaluation) -> None:
    changed = WORLD | {
        "How many boats?": answer([("oslo", 1)], [("rain", 0, "the rain")], support=0.9),
        "Who owns the moon?": answer([("rain", 0)], support=0.4),
        "Which contacts?": answer(documents=["oslo", "salt"]),
        "Where did they meet? / and the call?": answer([("salt", 0), ("salt", 1)], support=0.2),
    }
    new = run(tmp_path, changed, *ALL)
    comparison = compare(whole.to_dict(), new.to_dict())
    assert [(c.question, c.aspect, c.old, c.new) for c in comparison.better] == [
        ("How many boats?", "passage rank", "2", "1"),
        ("Which contacts?", "F1", "0.80", "1.00"),
        ("and the call?", "status", "abstained", "answered"),
    ]
    assert [(c.question, c.aspect, c.old, c.new) for c in comparison.worse] == [
        ("How many boats?", "first quote", "right", "wrong"),
        ("Who owns the moon?", "status", "abstained", "answered"),
    ]
    moved = {(f.group, f.name): (f.old, f.new) for f in comparison.figures}
    assert moved["list", "F1"] == pytest.approx((0.8, 1.0))
    assert moved["silence", "abstained, all"] == (0.5, 0.0)
    assert ("vague", "first quote") not in moved


def test_a_comparison_of_equal_runs_is_empty(whole: Evaluation) -> None:
    comparison = compare(whole.to_dict(), whole.to_dict())
    assert (comparison.better, comparison.worse, comparison.figures) == ((), (), ())


def test_questions_of_only_one_run_are_counted(tmp_path: Path, whole: Evaluation) -> None:
    fewer = run(tmp_path, WORLD, BOATS, SALT)
    comparison = compare(whole.to_dict(), fewer.to_dict())
    assert (comparison.only_old, comparison.only_new) == (6, 0)


def shown(renderable: Any) -> str:
    out = io.StringIO()
    Console(file=out, width=80, color_system=None).print(renderable)
    return out.getvalue()


def test_the_tables_fit_eighty_columns_and_show_values_with_their_intervals(tmp_path: Path) -> None:
    text = shown(render(run(tmp_path, WORLD, BOATS, SALT, LIST, MOON)))
    lines = [line.split() for line in text.splitlines()]
    assert lines[lines.index(["Passages"]) + 1] == ["type", "n", "top-1", "hit@5", "MRR@10"]
    stand_alone = next(line for line in text.splitlines() if line.startswith("stand-alone"))
    assert stand_alone.split() == ["stand-alone", "2", "0.00", "0.00–0.00", "1.00", "1.00–1.00", "0.38", "0.25–0.50"]
    assert "absent" in text
    assert "not verbatim: 0" in text
    assert "…" not in text


def test_a_run_that_measured_nothing_still_renders(tmp_path: Path) -> None:
    text = shown(render(run(tmp_path, WORLD, ask("content", "How many boats?", ("elsewhere", "x")))))
    assert "left out: 1" in text
    assert "top-1" not in text


def test_a_table_without_rows_is_not_shown(tmp_path: Path) -> None:
    text = shown(render(run(tmp_path, WORLD, LIST)))
    assert "F1" in text
    assert "MRR@10" not in text
    assert "Silence" not in text


def test_a_comparison_renders_each_changed_question(tmp_path: Path, whole: Evaluation) -> None:
    changed = WORLD | {"Which contacts?": answer(documents=["oslo", "salt"])}
    text = shown(render_comparison(compare(whole.to_dict(), run(tmp_path, changed, *ALL).to_dict())))
    assert "questions.jsonl:4 list: F1 0.80 → 1.00: Which contacts?" in text
    assert "Worse: 0" in text
