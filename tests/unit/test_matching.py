"""Whether a readout matches a query is a matter of its words alone."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from scored import hit

from assistant.errors import QuestionError
from assistant.matching import NEAR, matching, read_criterion, with_near
from index.datatypes import Facts, Filters
from index.search import PassageIndex

TODAY = dt.date(2023, 10, 20)


def matched(passages: PassageIndex, query: str, filters: Filters | None = None) -> list[str]:
    found = matching(read_criterion(query, filters or Filters(), TODAY), passages)
    assert [one.rank for one in found] == list(range(1, len(found) + 1))
    return [one.passage.source.doc_id for one in found]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("grain barge", ["germany-meeting"]),
        ("barge caverns", []),  # of two passages of one readout
        ("inspection of the pipelines", ["elysee-statement"]),
        ("Caspian pipeline", ["elysee-statement", "kremlin-call"]),
        ("Brandt barges", ["germany-meeting"]),  # one in the title
        ("Moriyama glass", ["japan-call"]),  # one among the parties
        ("Tokyo tariffs", ["japan-call"]),  # a country under another name
        ("UN inspection", ["elysee-statement"]),
        ("zeppelins", []),
        ('"Vistula protocol"', ["germany-meeting"]),
        ('"protocol Vistula"', []),
        ('"Visits Kyoto"', ["japan-visit"]),
        ("barges in May 2022", []),
        ("Caspian in March 2023", ["elysee-statement", "kremlin-call"]),
        ("Caspian until 4 March 2023", ["kremlin-call"]),
        ("Caspian kind:call", ["kremlin-call"]),
        ("party:Japan", ["japan-call", "japan-visit"]),
    ],
)
def test_a_readout_matches_when_one_passage_holds_every_word_in_any_form(
    passages: PassageIndex, query: str, expected: list[str]
) -> None:
    assert matched(passages, query) == expected


def test_filters_leave_only_what_fits_and_stand_alone(passages: PassageIndex) -> None:
    assert matched(passages, "Caspian", Filters(parties=("Russia",))) == ["kremlin-call"]
    assert matched(passages, "", Filters(kinds=("visit",))) == ["japan-visit"]
    with pytest.raises(QuestionError):
        read_criterion("of the", Filters(), TODAY)


def test_the_best_sentence_is_the_one_that_holds_most_of_the_words(passages: PassageIndex) -> None:
    (found,) = matching(read_criterion("glass tariffs", Filters(), TODAY), passages)
    span = found.best_sentence
    assert found.passage.text[span.start : span.end] == "They also discussed tariffs on optical glass."


def test_the_republic_of_china_is_not_found_in_the_name_of_the_peoples_republic() -> None:
    (forms,) = read_criterion("Taiwan", Filters(), TODAY).words
    assert "Taiwan" in forms
    assert "republic of china" not in {form.lower() for form in forms}


def test_near_passages_come_beside_those_that_match_and_each_readout_once() -> None:
    def dated(doc_id: str, day: int, score: float) -> object:
        return replace(hit("Words.", doc_id, score=score), facts=Facts(event_date=dt.date(2023, 5, day)))

    words = [dated("a", 1, 1.0)]
    ranked = [dated("a", 1, 0.9), dated("b", 2, NEAR + 0.1), dated("b", 2, NEAR), dated("c", 3, NEAR - 0.1)]
    found = with_near(words, ranked)  # type: ignore[arg-type]
    assert [(one.passage.source.doc_id, one.rank, one.score) for one in found] == [("b", 1, NEAR + 0.1), ("a", 2, 1.0)]
