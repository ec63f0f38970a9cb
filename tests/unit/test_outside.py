import importlib.util
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest


@pytest.fixture
def outside() -> ModuleType:
    path = Path(__file__).parents[2] / "benchmarks" / "outside.py"
    spec = importlib.util.spec_from_file_location("outside", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["outside"] = module
    spec.loader.exec_module(module)
    return module


def turn(name: str, raw: str, rewrite: str, *history: str, said: str | None = None) -> dict[str, Any]:
    return {
        "_id": name,
        "raw": raw,
        "rewrite": rewrite,
        "user_history": list(history),
        "last_response": said,
        "needs_context": raw != rewrite,
    }


def test_an_answerable_question_takes_each_answering_sentence_for_gold(outside: ModuleType) -> None:
    record = {"text": "who rowed", "answerable": True, "passage_id": "p7", "gold_sentences": ["Bo rowed .", "He did ."]}
    assert outside.clapnq_question(record) == {
        "type": "content",
        "question": "who rowed",
        "gold": [{"doc": "p7", "quote": "Bo rowed ."}, {"doc": "p7", "quote": "He did ."}],
    }


def test_an_unanswerable_question_is_a_near_miss(outside: ModuleType) -> None:
    record = {"text": "who rowed", "answerable": False, "passage_id": "p7", "gold_sentences": []}
    line = outside.clapnq_question(record)
    assert (line["type"], line["question"]) == ("unanswerable", "who rowed")
    assert line["why"].startswith("near miss")


def test_a_turn_is_resolved_after_the_turns_before_it_as_they_were_resolved(
    outside: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[list[tuple[str, str, str]]] = []

    def resolve(question: str, turns: Any, **_: Any) -> SimpleNamespace:
        earlier = [t.answer for t in turns]
        seen.append([(a.question, a.standalone_question, "".join(c.quote for c in a.citations)) for a in earlier])
        return SimpleNamespace(standalone=f"{question} (resolved)")

    monkeypatch.setattr(outside, "resolve", resolve)
    first, second, third = "What is kelp?", "Is it eaten?", "Where?"
    records = [
        turn("1", first, first),
        turn("2", second, "Is kelp eaten?", first),
        turn("3", third, "Where is kelp eaten?", first, second, said="Kelp is eaten widely."),
    ]
    outside.cast(records)
    assert seen == [
        [],
        [(first, f"{first} (resolved)", "")],
        [(first, f"{first} (resolved)", ""), (second, f"{second} (resolved)", "Kelp is eaten widely.")],
    ]


def test_the_shares_of_turns_left_alone_and_of_terms_carried_over(
    outside: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = {
        "What is kelp?": "What is kelp?",
        "Name a whale.": "Name a whale of kelp.",
        "Is it eaten?": "Is it eaten, kelp?",
        "Who eats it?": "Who eats kelp and whales?",
        "Where?": "Where?",
    }
    monkeypatch.setattr(outside, "resolve", lambda question, *_, **__: SimpleNamespace(standalone=made[question]))
    opening = "What is kelp?"
    figures = outside.cast_figures(
        outside.cast(
            [
                turn("1", opening, opening),
                turn("2", "Name a whale.", "Name a whale.", opening),
                turn("3", "Is it eaten?", "Is kelp eaten?", opening),
                turn("4", "Who eats it?", "Who eats kelp?", opening),
                turn("5", "Where?", "Where is kelp eaten?", opening),
            ]
        )
    )
    # Turns 1 and 2 stand alone, 1 was left so. Of 3, 4 and 5 two carry: "kelp" (right), "kelp whales" (half right).
    # People added kelp, kelp, and kelp eaten: found 1, 1 and 0 of each.
    expected = [1 / 2, 0, 2 / 3, 1 / 2, 1, 3 / 4, 2 / 3]
    assert [figure.value for figure in figures.values()] == pytest.approx(expected)
