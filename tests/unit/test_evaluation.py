"""A small world: three readouts, an assistant that says what it is told to, and figures worked out by hand."""

import io
import json
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from assistant.datatypes import Answer, Citation, Status, Understanding
from assistant.errors import QuestionFileError
from assistant.evaluation import Evaluation, Type, compare, evaluate, load, render, render_comparison, save
from index.datatypes import Facts, Hit, Passage, Progress, Readout, Source, Span
from index.errors import DocumentError

TEXTS = {
    "oslo": ("Ada met Bo in Oslo. They spoke of grain.", "She offered ten boats and a crane."),
    "salt": ("Ada called Bo.", "He asked for salt, and she agreed."),
    "rain": ("Bo thanked the pilots for flying in the rain.",),
}


def readout(doc_id: str) -> Readout:
    text = "\n\n".join(TEXTS[doc_id])
    source = Source(doc_id=doc_id, title=doc_id.title())
    passages = []
    for paragraph, words in enumerate(TEXTS[doc_id]):
        start = text.index(words)
        span = Span(start=start, end=start + len(words))
        passages.append(Passage(source=source, paragraph=paragraph, text=words, span=span, sentences=()))
    return Readout(source=source, facts=Facts(), text=text, passages=tuple(passages))


def hit(rank: int, doc_id: str, paragraph: int) -> Hit:
    passage = readout(doc_id).passages[paragraph]
    return Hit(passage=passage, facts=Facts(), rank=rank, score=1 / rank, best_sentence=Span(start=0, end=3), trail=())


def citation(number: int, doc_id: str, paragraph: int, quote: str) -> Citation:
    passage = TEXTS[doc_id][paragraph]
    start = passage.index(quote)
    return Citation(
        number=number,
        source=Source(doc_id=doc_id, title=doc_id.title()),
        facts=Facts(),
        paragraph=paragraph,
        passage=passage,
        span=Span(start=start, end=start + len(quote)),
        score=1.0,
    )


def answer(
    hits: Sequence[tuple[str, int]] = (),
    quotes: Sequence[tuple[str, int, str]] = (),
    *,
    support: float = 0.9,
    status: Status = Status.ANSWERED,
    documents: Sequence[str] = (),
) -> Answer:
    return Answer(
        question="",
        standalone_question="as understood",
        understanding=Understanding(text=""),
        status=status,
        support=support,
        missing=(),
        citations=tuple(citation(number, *quote) for number, quote in enumerate(quotes, start=1)),
        hits=tuple(hit(rank, *place) for rank, place in enumerate(hits, start=1)),
        documents=tuple(documents),
    )


class Told:
    """Answers by the book; a conversation answers a turn only after the turns before it."""

    def __init__(self, answers: dict[str, Answer]) -> None:
        self.answers = answers
        self.asked: list[str] = []

    def ask(self, question: str, /) -> Answer:
        self.asked.append(question)
        return replace(self.answers[question], question=question)

    def talk(self) -> "Talk":
        return Talk(self.answers)

    def readout(self, doc_id: str, /) -> Readout:
        if doc_id not in TEXTS:
            raise DocumentError(f"No readout is called {doc_id}.")
        return readout(doc_id)


class Talk:
    def __init__(self, answers: dict[str, Answer]) -> None:
        self.answers = answers
        self.said: list[str] = []

    def ask(self, question: str, /) -> Answer:
        self.said.append(question)
        return self.answers[" / ".join(self.said)]


def ask(kind: str, question: str, *gold: tuple[str, str]) -> dict[str, Any]:
    return {"type": kind, "question": question, "gold": [{"doc": doc, "quote": quote} for doc, quote in gold]}


def run(folder: Path, answers: dict[str, Answer], *lines: dict[str, Any], **options: Any) -> Evaluation:
    path = folder / "questions.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    return evaluate(Told(answers), [path], **options)


BOATS = ask("content", "How many boats?", ("oslo", "ten boats"))
SALT = ask("vague", "what did he want", ("salt", "He asked for salt"))
FIRST = ask("temporal", "What was their first meeting?", ("oslo", "Ada met Bo in Oslo"))
LIST = {"type": "list", "question": "Which contacts?", "gold_docs": ["oslo", "salt"]}
MOON = {"type": "unanswerable", "question": "Who owns the moon?", "why": "ABSENT: no moon"}
CRANE = {"type": "unanswerable", "question": "Who paid for the crane?", "why": "NEAR MISS: no price"}
TALK = {
    "type": "followup",
    "turns": [
        {"question": "Where did they meet?", "gold": [{"doc": "oslo", "quote": "met Bo in Oslo"}]},
        {"question": "and the call?", "gold": [{"doc": "salt", "quote": "asked for salt"}]},
    ],
}

WORLD = {
    # Passage second, document first; quote right.
    "How many boats?": answer(
        [("oslo", 0), ("oslo", 1)], [("oslo", 1, "She offered ten boats and a crane.")], support=0.9
    ),
    # Passage and document fourth; the first quote is wrong, the second right.
    "what did he want": answer(
        [("rain", 0), ("oslo", 0), ("oslo", 1), ("salt", 1)],
        [("rain", 0, "Bo thanked the pilots"), ("salt", 1, "He asked for salt")],
        support=0.5,
    ),
    "What was their first meeting?": answer(
        [("salt", 0)], [("oslo", 0, "Ada met Bo in Oslo.")], support=0.7, status=Status.PARTIAL
    ),
    "Which contacts?": answer(documents=["oslo", "salt", "rain"]),
    "Who owns the moon?": answer([("rain", 0)], support=0.1, status=Status.ABSTAINED),
    "Who paid for the crane?": answer([("oslo", 1)], [("oslo", 1, "a crane")], support=0.6),
    "Where did they meet?": answer([("oslo", 0)], [("oslo", 0, "Ada met Bo in Oslo.")], support=0.95),
    "Where did they meet? / and the call?": answer([("salt", 0), ("salt", 1)], support=0.2, status=Status.ABSTAINED),
}
ALL = (BOATS, SALT, FIRST, LIST, MOON, CRANE, TALK)


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
    told = Told(WORLD)
    with pytest.raises(QuestionFileError):
        evaluate(told, [path])
    assert told.asked == []


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
