"""Follow-ups made to stand on their own."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from small_world import KENJI, LENA, MARA, PETRO, directory

from assistant.conversation import Resolved, resolve
from assistant.datatypes import Answer, Citation, Status, Turn
from assistant.understanding import understand
from index.datatypes import Facts, Kind, Party, Source, Span

KNOWN = directory()
TODAY = dt.date(2023, 7, 1)


def turn(question: str, day: str = "2023-01-09", parties: tuple[Party, ...] = (MARA, LENA), cited: bool = True) -> Turn:
    """A turn whose answer quotes the readout of that day."""
    when = dt.date.fromisoformat(day)
    source = Source(doc_id=day, title="Readout of a call", published=when)
    facts = Facts(event_date=when, kind=Kind.CALL, parties=parties)
    quote = "They spoke about steel."
    citation = Citation(
        number=1, source=source, facts=facts, paragraph=0, passage=quote, span=Span(start=0, end=len(quote)), score=1.0
    )
    answer = Answer(
        question=question,
        standalone_question=question,
        understanding=understand(question, today=TODAY, directory=KNOWN),
        status=Status.ANSWERED if cited else Status.ABSTAINED,
        support=0.9 if cited else 0.1,
        missing=(),
        citations=(citation,) if cited else (),
        hits=(),
    )
    return Turn(number=1, asked_at=dt.datetime(2023, 7, 1, tzinfo=dt.UTC), answer=answer)


FIRST = turn("What did Tolliver tell Brandt about steel in January 2023?")


def after(question: str, *turns: Turn) -> Resolved:
    return resolve(question, turns or (FIRST,), today=TODAY, directory=KNOWN)


@pytest.mark.parametrize("question", ["party:Japan energy", "from:2023-05 energy", 'issuer:Kremlin "gas transit"'])
def test_whoever_types_a_filter_before_a_few_words_asks_anew(question: str) -> None:
    assert after(question).standalone == question
    assert after(f"and {question}").standalone != f"and {question}"


def test_the_first_question_is_left_as_it_is() -> None:
    assert resolve("and on energy?", (), today=TODAY, directory=KNOWN).standalone == "and on energy?"


@pytest.mark.parametrize(
    "question",
    [
        "and on energy?",
        "did they also touch on energy?",
        "what else came up?",
        "energy?",
        "anything on energy?",
        "why?",
    ],
)
def test_an_elliptical_question_carries_people_day_and_readout(question: str) -> None:
    found = after(question)
    assert found.carried == ("Mara Tolliver", "Lena Brandt", "call of 9 January 2023")
    assert found.standalone == f"{question} (Mara Tolliver, Lena Brandt, call of 9 January 2023)"
    assert found.preferred.doc_ids == ("2023-01-09",)


@pytest.mark.parametrize(
    "question",
    [
        "What did Moriyama tell Tolliver about energy in March 2022?",
        "list all calls with Japan in 2022",
        "What did Okafor promise Petrenskyy?",
        "Did Tolliver tell Moriyama that he would visit Tokyo?",
        "In which city did Okafor meet Moriyama?",
    ],
)
def test_a_question_that_stands_alone_is_left_exactly_as_it_is(question: str) -> None:
    assert after(question) == Resolved(standalone=question)


def test_a_week_later_is_the_readout_of_a_week_later() -> None:
    found = after("and their call a week later?")
    assert found.standalone == "and their call a week later? (Mara Tolliver, Lena Brandt, 16 January 2023)"
    assert not found.preferred


def test_the_next_and_the_previous_readout_of_the_same_people_are_found() -> None:
    assert after("when did they next speak?").carried[-1] == "16 January 2023"
    assert after("what about their previous call?").carried[-1] == "15 November 2022"


def test_a_plan_to_meet_again_is_asked_of_the_same_readout() -> None:
    assert after("have they agreed to talk again?").preferred.doc_ids == ("2023-01-09",)


def test_a_month_is_of_the_year_in_which_they_met() -> None:
    earlier = turn("What did Tolliver tell Moriyama?", "2022-03-18", (MARA, KENJI))
    assert after("what about their call in May?", earlier).carried[-1] == "20 May 2022"
    assert after("and the call that November?").carried[-1] == "between 1 November 2023 and 30 November 2023"


def test_another_counterpart_replaces_the_first_and_keeps_our_side() -> None:
    found = after("what did she tell Moriyama?")
    assert "Mara Tolliver" in found.carried
    assert "Lena Brandt" not in found.carried
    assert not found.preferred.doc_ids


def test_another_of_our_own_side_keeps_the_counterpart() -> None:
    earlier = turn("What did Tolliver tell Petrenskyy?", "2023-04-11", (MARA, PETRO))
    found = after("and what did Okafor tell him?", earlier)
    assert "Volodar Petrenskyy" in found.carried
    assert "Mara Tolliver" not in found.carried


def test_an_answer_that_found_nothing_leaves_what_the_question_named() -> None:
    silent = turn("What did Tolliver tell Brandt about chess?", cited=False)
    assert after("and about football?", silent).carried == ("Mara Tolliver", "Lena Brandt")


def test_without_people_the_subject_is_carried() -> None:
    earlier = turn("What is a green steel plant?", cited=False)
    assert after("how does it work?", earlier).standalone == "how does it work? (green steel plant)"


def test_a_day_of_its_own_wins_over_the_day_before() -> None:
    found = after("and what did they settle on 16 January 2023?")
    assert found.carried == ("Mara Tolliver", "Lena Brandt")
    assert not found.preferred


def test_the_readout_still_spoken_of_joins_what_is_preferred() -> None:
    found = after("and on energy?")
    understood = found.onto(understand(found.standalone, today=TODAY, directory=KNOWN))
    assert understood.preferred.doc_ids == ("2023-01-09",)
    assert understood.preferred.date_from == dt.date(2023, 1, 9)


def test_how_many_after_a_list_asks_for_the_list_again() -> None:
    listed = turn("List all calls of Tolliver and Brandt in 2023")
    listed = replace(listed, answer=replace(listed.answer, documents=("2023-01-09", "2023-01-16")))
    for question in ("how many were there?", "And how many in total?", "how many of them are there"):
        assert after(question, listed).standalone == "List all calls of Tolliver and Brandt in 2023"
    assert after("how many ships did they buy?", listed).standalone != "List all calls of Tolliver and Brandt in 2023"


def test_a_question_that_names_both_sides_and_its_subject_drags_nothing_along() -> None:
    assert after("and what did Moriyama say in his call with Tolliver?") == Resolved(
        standalone="and what did Moriyama say in his call with Tolliver?"
    )


def test_another_country_that_the_readout_does_not_speak_of_is_another_counterpart() -> None:
    found = after("what about Norway?")
    assert found.carried == ("Mara Tolliver", "with Norway", "steel")
    assert not found.preferred.doc_ids


def test_one_subject_after_the_other_stays_with_the_readout_though_it_be_a_country() -> None:
    assert after("and Norway?", turn("what about energy?")).preferred.doc_ids == ("2023-01-09",)


def test_other_days_after_a_list_ask_for_the_list_at_those() -> None:
    listed = turn("How many calls did Tolliver have with Brandt in 2022?")
    listed = replace(listed, answer=replace(listed.answer, documents=("2023-01-09",)))
    assert after("and in 2023?", listed).standalone == "How many calls did Tolliver have with Brandt in 2023?"
    assert (
        after("what about May 2023?", listed).standalone == "How many calls did Tolliver have with Brandt in May 2023?"
    )
    assert after("and on energy in 2023?", listed).standalone.startswith("and on energy in 2023?")


def test_a_bare_country_after_a_question_for_a_subject_is_another_subject() -> None:
    earlier = turn("Did Tolliver and Brandt discuss steel?")
    assert after("and Norway?", earlier).preferred.doc_ids == ("2023-01-09",)
    assert after("what about Norway?", earlier).carried[1] == "with Norway"
