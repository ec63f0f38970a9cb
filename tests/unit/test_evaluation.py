"""What is measured of answers to questions with known answers: every figure worked out by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from three_readouts import ALL, BOATS, LIST, MOON, SALT, TALK, WORLD, Scripted, ask, citation, run

from assistant.datatypes import Status
from assistant.errors import QuestionFileError
from assistant.evaluation import Evaluation, Type, evaluate
from index.datatypes import Progress, Source, Span


@pytest.fixture
def whole(tmp_path: Path) -> Evaluation:
    return run(tmp_path, WORLD, *ALL)


def value(evaluation: Evaluation, group: str, name: str) -> float:
    return evaluation.summary.figures[group][name].value


def test_ranks_are_those_of_the_first_right_passage_and_readout(whole: Evaluation) -> None:
    ranks = {o.question: (o.passage_rank, o.document_rank) for o in whole.outcomes if o.first_quote is not None}
    assert ranks == {
        "How many boats?": (2, 1),
        "what did he want": (4, 4),
        "What was their first meeting?": (None, None),
        "Where did they meet?": (1, 1),
        "and the call?": (2, 1),
    }


def test_stand_alone_joins_single_questions_and_first_turns_but_not_moments(whole: Evaluation) -> None:
    # Boats 1/2, salt 1/4, first turn 1.
    assert whole.summary.figures["stand-alone"]["passage MRR@10"].count == 3
    assert value(whole, "stand-alone", "passage MRR@10") == pytest.approx((1 / 2 + 1 / 4 + 1) / 3)
    assert value(whole, "stand-alone", "passage top-1") == pytest.approx(1 / 3)
    assert value(whole, "stand-alone", "passage hit@5") == 1.0
    assert value(whole, "stand-alone", "document MRR@10") == pytest.approx((1 + 1 / 4 + 1) / 3)


def test_all_adds_moments_and_later_turns(whole: Evaluation) -> None:
    assert whole.summary.figures["all"]["passage MRR@10"].count == 5
    assert value(whole, "all", "passage MRR@10") == pytest.approx((1 / 2 + 1 / 4 + 0 + 1 + 1 / 2) / 5)


def test_later_turns_are_asked_in_the_conversation_and_reported_apart(whole: Evaluation) -> None:
    assert value(whole, "followup", "passage MRR@10") == 0.5
    assert value(whole, "followup", "document top-1") == 1.0
    assert value(whole, "first turn", "passage top-1") == 1.0
    assert [o.place for o in whole.outcomes[-2:]] == ["questions.jsonl:7.1", "questions.jsonl:7.2"]


def test_first_and_any_quote_are_told_apart(whole: Evaluation) -> None:
    assert value(whole, "stand-alone", "first quote") == pytest.approx(2 / 3)
    assert value(whole, "stand-alone", "any quote") == 1.0
    assert value(whole, "stand-alone", "cited document") == pytest.approx(2 / 3)


def test_a_moment_can_cite_the_right_readout_though_another_ranks_first(whole: Evaluation) -> None:
    assert value(whole, "temporal", "document top-1") == 0.0
    assert value(whole, "temporal", "cited document") == 1.0


def test_a_list_is_measured_by_its_readouts(whole: Evaluation) -> None:
    # Two of three counted are right, both right ones are counted: P 2/3, R 1, F1 4/5; three is not two.
    row = {name: figure.value for name, figure in whole.summary.figures["list"].items()}
    assert row == pytest.approx({"precision": 2 / 3, "recall": 1.0, "F1": 0.8, "count right": 0.0, "refused": 0.0})


def test_silence_is_measured_against_single_answerable_questions(whole: Evaluation) -> None:
    # Supports 0.9, 0.5, 0.7 against 0.1 and 0.6: all three above 0.1, two above 0.6.
    silence = whole.summary.silence
    assert {kind: figure.value for kind, figure in silence.area.items()} == pytest.approx(
        {"all": 5 / 6, "absent": 1.0, "near miss": 2 / 3}
    )
    assert {kind: figure.value for kind, figure in silence.abstained.items()} == {
        "all": 0.5,
        "absent": 1.0,
        "near miss": 0.0,
    }
    assert silence.refused is not None
    assert (silence.refused.value, silence.refused.count) == (0.0, 3)


def test_calibration_takes_answers_given_and_counts_those_to_unanswerable_questions_as_wrong(whole: Evaluation) -> None:
    # By fifths: 0.5 (wrong); 0.7 (right) and 0.6 (unanswerable); 0.9 and 0.95 (right).
    rows = [(b.low, b.count, b.support, b.held) for b in whole.summary.calibration]
    expected = [(0.4, 1, 0.5, 0.0), (0.6, 2, 0.65, 0.5), (0.8, 2, 0.925, 1.0)]
    assert rows == [pytest.approx(row) for row in expected]
    assert whole.summary.ece == pytest.approx((1 * 0.5 + 2 * 0.15 + 2 * 0.075) / 5)


def test_an_abstention_has_no_right_quote_even_with_citations(tmp_path: Path) -> None:
    silent = replace(WORLD["How many boats?"], status=Status.ABSTAINED)
    (outcome,) = run(tmp_path, {"How many boats?": silent}, BOATS).outcomes
    assert (outcome.first_quote, outcome.any_quote, outcome.cited_document) == (False, False, False)
    assert outcome.passage_rank == 2


def test_the_right_words_of_another_readout_are_not_right(tmp_path: Path) -> None:
    elsewhere = ask("content", "How many boats?", ("salt", "ten boats and a crane"))
    (outcome,) = run(tmp_path, WORLD, elsewhere).outcomes
    assert (outcome.passage_rank, outcome.first_quote) == (None, False)


def test_any_of_several_golds_will_do(tmp_path: Path) -> None:
    either = ask("content", "How many boats?", ("salt", "she agreed"), ("oslo", "ten boats"))
    (outcome,) = run(tmp_path, WORLD, either).outcomes
    assert (outcome.passage_rank, outcome.first_quote) == (2, True)


def test_a_gold_without_quote_is_met_by_any_passage_and_quote_of_its_readout(tmp_path: Path) -> None:
    line = {"type": "content", "question": "How many boats?", "gold": [{"doc": "oslo"}]}
    (outcome,) = run(tmp_path, WORLD, line).outcomes
    assert (outcome.passage_rank, outcome.first_quote, outcome.whole_quote) == (1, True, True)


def test_a_quote_inside_the_gold_is_right_but_does_not_hold_it_whole(tmp_path: Path) -> None:
    longer = ask("content", "Where did they meet?", ("oslo", "Ada met Bo in Oslo. They spoke of grain."))
    (outcome,) = run(tmp_path, WORLD, longer).outcomes
    assert (outcome.first_quote, outcome.whole_quote) == (True, False)


def test_questions_whose_gold_is_not_in_the_index_are_asked_but_left_out(tmp_path: Path) -> None:
    away = ask("content", "How many boats?", ("elsewhere", "ten boats"))
    evaluation = run(tmp_path, WORLD, away, LIST | {"gold_docs": ["elsewhere"]}, SALT)
    assert evaluation.left_out == ("questions.jsonl:1", "questions.jsonl:2")
    assert [o.type for o in evaluation.outcomes] == [Type.VAGUE]


def test_a_list_counts_only_the_readouts_that_the_index_has(tmp_path: Path) -> None:
    (outcome,) = run(tmp_path, WORLD, LIST | {"gold_docs": ["oslo", "salt", "rain", "elsewhere"]}).outcomes
    assert (outcome.f1, outcome.count_right) == (1.0, True)


def test_a_gold_that_no_one_passage_holds_is_a_miss_and_is_told(tmp_path: Path) -> None:
    across = ask("content", "How many boats?", ("oslo", "They spoke of grain. She offered ten boats"))
    evaluation = run(tmp_path, WORLD, across)
    assert evaluation.split == ("questions.jsonl:1",)
    assert evaluation.outcomes[0].passage_rank is None


def test_verbatim_citations_have_no_violations(whole: Evaluation) -> None:
    assert (whole.citations, whole.violations) == (6, ())


def test_a_citation_that_is_not_verbatim_is_named(tmp_path: Path) -> None:
    good = citation(1, "oslo", 1, "ten boats")
    faults = {
        "quote does not stand": replace(good, passage="He gave ten planes.", span=Span(start=8, end=18)),
        "is not paragraph 0": replace(good, paragraph=0),
        "outside the passage": replace(good, span=Span(start=20, end=500)),
        "no such readout": replace(good, source=Source(doc_id="made-up", title="Made up")),
    }
    for said, fault in faults.items():
        bad = replace(WORLD["How many boats?"], citations=(fault,))
        evaluation = run(tmp_path, {"How many boats?": bad}, BOATS)
        assert any(said in violation for violation in evaluation.violations), said
        assert evaluation.violations[0].startswith("questions.jsonl:1, citation 1")


def test_a_limit_takes_lines_from_all_over_the_files(tmp_path: Path) -> None:
    lines = [BOATS, BOATS, SALT, SALT, MOON, MOON]
    evaluation = run(tmp_path, WORLD, *lines, limit=3)
    assert [o.type for o in evaluation.outcomes] == [Type.CONTENT, Type.VAGUE, Type.UNANSWERABLE]
    assert evaluation.lines == 3


def test_progress_is_told_after_each_line(tmp_path: Path) -> None:
    told: list[Progress] = []
    run(tmp_path, WORLD, BOATS, TALK, progress=told.append)
    assert [(p.done, p.total, p.note) for p in told] == [(1, 2, "How many boats?"), (2, 2, "Where did they meet?")]


def test_nothing_is_asked_when_a_later_line_is_malformed(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text(json.dumps(BOATS) + "\n{", encoding="utf-8")
    scripted = Scripted(WORLD)
    with pytest.raises(QuestionFileError):
        evaluate(scripted, [path])
    assert scripted.asked == []
