import json
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import QuestionFileError
from assistant.evaluation import Ask, Gold, Type, read_questions

CONTENT = {"type": "content", "question": "Who built the dam?", "gold": [{"doc": "d1", "quote": "Oslo built it"}]}


def write(path: Path, *lines: Any) -> Path:
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines), encoding="utf-8")
    return path


def test_a_line_becomes_a_question_with_its_gold(tmp_path: Path) -> None:
    (line,) = read_questions([write(tmp_path / "q.jsonl", CONTENT)])
    assert (line.place, line.type) == ("q.jsonl:1", Type.CONTENT)
    assert line.asks == (Ask(question="Who built the dam?", gold=(Gold(doc="d1", quote="Oslo built it"),)),)


def test_a_conversation_keeps_its_turns_in_order(tmp_path: Path) -> None:
    gold = [{"doc": "d1", "quote": "x"}]
    turns = [{"question": "When was it?", "gold": gold, "answer": "then"}, {"question": "and where?", "gold": gold}]
    (line,) = read_questions([write(tmp_path / "q.jsonl", {"type": "followup", "turns": turns})])
    assert [ask.question for ask in line.asks] == ["When was it?", "and where?"]


def test_a_list_counts_each_readout_once(tmp_path: Path) -> None:
    record = {"type": "list", "question": "How many calls?", "gold_docs": ["b", "a", "b"]}
    (line,) = read_questions([write(tmp_path / "q.jsonl", record)])
    assert line.gold_docs == ("b", "a")


@pytest.mark.parametrize(
    ("why", "kind"),
    [
        ("NEAR MISS: no dam there", "near miss"),
        ("ABSENT: no such man", "absent"),
        ("off-topic: cooking", "off topic"),
        ("nothing is said", "unmarked"),
        (None, "unmarked"),
    ],
)
def test_the_kind_of_an_unanswerable_question_is_read_from_its_reason(tmp_path: Path, why: Any, kind: str) -> None:
    record = {"type": "unanswerable", "question": "Who paid?", "why": why}
    (line,) = read_questions([write(tmp_path / "q.jsonl", record)])
    assert line.kind == kind


def test_a_gold_without_quote_means_the_whole_readout(tmp_path: Path) -> None:
    (line,) = read_questions([write(tmp_path / "q.jsonl", CONTENT | {"gold": [{"doc": "d1"}]})])
    assert line.asks[0].gold == (Gold(doc="d1", quote=""),)


def test_empty_lines_and_a_byte_order_mark_are_passed_over(tmp_path: Path) -> None:
    path = write(tmp_path / "q.jsonl", "\ufeff", CONTENT, "   ", CONTENT, "")
    assert [line.place for line in read_questions([path])] == ["q.jsonl:2", "q.jsonl:4"]


def test_files_of_one_name_are_told_apart_by_their_folder(tmp_path: Path) -> None:
    paths = [tmp_path / "a" / "q.jsonl", tmp_path / "b" / "q.jsonl"]
    for path in paths:
        path.parent.mkdir()
        write(path, CONTENT)
    assert [line.place for line in read_questions(paths)] == [f"{path}:1" for path in paths]


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("{not json", "not JSON"),
        ("[1, 2]", "not a JSON object"),
        ('"words"', "not a JSON object"),
        ({"type": "riddle", "question": "?"}, "“type”"),
        ({"type": ["content"], "question": "?"}, "“type”"),
        ({"type": "first turn", "question": "?"}, "“type”"),
        ({"question": "?"}, "“type”"),
        (CONTENT | {"question": " "}, "“question”"),
        (CONTENT | {"question": 7}, "“question”"),
        (CONTENT | {"question": "half \ud800"}, "surrogate"),
        (CONTENT | {"gold": []}, "“gold”"),
        (CONTENT | {"gold": {"doc": "d"}}, "“gold”"),
        (CONTENT | {"gold": ["d"]}, "gold 1"),
        (CONTENT | {"gold": [{"quote": "x"}]}, "“doc”"),
        (CONTENT | {"gold": [{"doc": "d", "quote": 3}]}, "“quote”"),
        ({"type": "list", "question": "Which?"}, "“gold_docs”"),
        ({"type": "list", "question": "Which?", "gold_docs": [None]}, "“gold_docs”"),
        ({"type": "followup", "turns": []}, "“turns”"),
        ({"type": "followup", "turns": [{"question": "?"}]}, "turn 1"),
        ({"type": "followup", "turns": ["?"]}, "turn 1"),
        ({"type": "unanswerable"}, "“question”"),
        ("[" * 100_000, "not JSON"),
    ],
)
def test_a_malformed_line_is_named_by_file_and_line(tmp_path: Path, bad: Any, said: str) -> None:
    path = write(tmp_path / "q.jsonl", CONTENT, bad)
    with pytest.raises(QuestionFileError) as caught:
        read_questions([path])
    assert caught.value.message.startswith(f"{path}:2")
    assert said in caught.value.message
    assert caught.value.mend


def test_a_line_that_is_not_utf_8_is_named(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    path.write_bytes(json.dumps(CONTENT).encode() + b"\n\xff\xfe\n")
    with pytest.raises(QuestionFileError, match=r"q\.jsonl:2: the text is not UTF-8"):
        read_questions([path])


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(QuestionFileError, match=r"gone\.jsonl cannot be read"):
        read_questions([tmp_path / "gone.jsonl"])


def test_a_file_without_questions_is_refused(tmp_path: Path) -> None:
    with pytest.raises(QuestionFileError, match="holds no question"):
        read_questions([write(tmp_path / "q.jsonl", "", " ")])
