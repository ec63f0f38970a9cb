from __future__ import annotations

from pathlib import Path

import pytest

from assistant.batch import BatchQuestion, read_questions
from assistant.errors import QuestionFileError


def test_a_line_is_a_question() -> None:
    assert read_questions(["Who met whom?\n", "\n", "  And where? \n"], "q.txt") == [
        BatchQuestion(question="Who met whom?"),
        BatchQuestion(question="And where?"),
    ]


def test_a_line_that_is_an_object_may_have_an_id_and_a_conversation() -> None:
    lines = [
        '{"id": "q7", "question": "Who?", "conversation": "c1"}',
        '{"question": "Where?"}',
        '{"id": 0, "question": "x"}',
    ]
    assert read_questions(lines, "q.jsonl") == [
        BatchQuestion(question="Who?", id="q7", conversation="c1"),
        BatchQuestion(question="Where?"),
        BatchQuestion(question="x", id="0"),
    ]


def test_what_is_not_known_in_an_object_is_passed_over() -> None:
    assert read_questions(['{"question": "Who?", "note": 1, "id": null}'], "q") == [BatchQuestion(question="Who?")]


def test_questions_without_a_conversation_take_the_one_given() -> None:
    lines = ["Who?", '{"question": "Where?", "conversation": "own"}', '{"question": "When?"}']
    assert [asked.conversation for asked in read_questions(lines, "q", conversation="c")] == ["c", "own", "c"]


@pytest.mark.parametrize(
    "line",
    [
        '{"question": ',
        "{}",
        '{"question": 5}',
        '{"question": null}',
        '{"questions": ["a"]}',
        "{who}",
        '{"question": "a"} x',
    ],
)
def test_a_line_that_begins_like_an_object_and_is_none_is_named_with_its_number(line: str) -> None:
    with pytest.raises(QuestionFileError, match=r"q\.jsonl:3 ") as caught:
        read_questions(["Who?", "", line], "q.jsonl")
    assert "question" in caught.value.mend


@pytest.mark.parametrize("lines", [[], ["\n", "  \n"]])
def test_a_file_without_questions_is_refused(lines: list[str]) -> None:
    with pytest.raises(QuestionFileError, match=r"q\.txt has no questions"):
        read_questions(lines, "q.txt")


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / "q.txt").write_bytes("Who met Élodie?".encode("latin-1"))
    with (tmp_path / "q.txt").open(encoding="utf-8") as lines, pytest.raises(QuestionFileError) as caught:
        read_questions(lines, "q.txt")
    assert "UTF-8" in caught.value.mend


def test_a_deeply_nested_line_is_refused() -> None:
    with pytest.raises(QuestionFileError):
        read_questions(['{"question": ' + "[" * 100_000], "q")
