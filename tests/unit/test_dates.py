"""Date expressions in texts and questions."""

from __future__ import annotations

import datetime as dt

import pytest

from index.facts.date_mention import DateMention
from index.facts.dates import find_dates

REFERENCE = dt.date(2023, 5, 18)  # a Thursday


def only(text: str) -> DateMention:
    found = find_dates(text, REFERENCE)
    assert len(found) == 1, found
    return found[0]


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("10 October 2022", "2022-10-10", "2022-10-10"),
        ("Oct. 10, 2022", "2022-10-10", "2022-10-10"),
        ("Friday, October 14, 2022", "2022-10-14", "2022-10-14"),
        ("the 3rd of April 2023", "2023-04-03", "2023-04-03"),
        ("2023-05-18", "2023-05-18", "2023-05-18"),
        ("2023-05", "2023-05-01", "2023-05-31"),
        ("10/13/2022", "2022-10-13", "2022-10-13"),
        ("13.10.2022", "2022-10-13", "2022-10-13"),
        ("May 2022", "2022-05-01", "2022-05-31"),
        ("in 2022", "2022-01-01", "2022-12-31"),
        ("early March 2022", "2022-03-01", "2022-03-11"),
        ("the first half of 2022", "2022-01-01", "2022-06-30"),
        ("summer of 2022", "2022-06-01", "2022-08-31"),
        ("Q3 2022", "2022-07-01", "2022-09-30"),
        ("March 3-5, 2022", "2022-03-03", "2022-03-05"),
        ("18–19 May 2023", "2023-05-18", "2023-05-19"),
        ("April 30 - May 2, 2022", "2022-04-30", "2022-05-02"),
        ("between May and July 2022", "2022-05-01", "2022-07-31"),
        ("from 3 March to 5 April 2022", "2022-03-03", "2022-04-05"),
        ("from November to February 2023", "2022-11-01", "2023-02-28"),
        ("2021-22", "2021-01-01", "2022-12-31"),
        ("May 10 and 11, 2023", "2023-05-10", "2023-05-11"),
    ],
)
def test_a_date_with_its_year_is_read_as_written(text: str, first: str, last: str) -> None:
    mention = only(text)
    assert (mention.first, mention.last) == (day(first), day(last))
    assert mention.has_year


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("today", "2023-05-18", "2023-05-18"),
        ("this morning", "2023-05-18", "2023-05-18"),
        ("yesterday", "2023-05-17", "2023-05-17"),
        ("tomorrow", "2023-05-19", "2023-05-19"),
        ("on Wednesday", "2023-05-17", "2023-05-17"),
        ("on Thursday", "2023-05-18", "2023-05-18"),
        ("last Thursday", "2023-05-11", "2023-05-11"),
        ("last week", "2023-05-08", "2023-05-14"),
        ("last month", "2023-04-01", "2023-04-30"),
        ("last year", "2022-01-01", "2022-12-31"),
        ("this year", "2023-01-01", "2023-12-31"),
        ("next month", "2023-06-01", "2023-06-30"),
        ("over the weekend", "2023-05-13", "2023-05-14"),
        ("three days ago", "2023-05-15", "2023-05-15"),
        ("last March", "2023-03-01", "2023-03-31"),
        ("last June", "2022-06-01", "2022-06-30"),
        ("in the past two weeks", "2023-05-04", "2023-05-18"),
    ],
)
def test_a_relative_date_is_read_against_the_reference_day(text: str, first: str, last: str) -> None:
    mention = only(text)
    assert (mention.first, mention.last) == (day(first), day(last))
    assert mention.kind == "relative"


def test_a_date_without_year_is_the_latest_that_has_come() -> None:
    assert only("October 10").first == day("2022-10-10")
    assert only("May 12").first == day("2023-05-12")
    assert not only("May 12").has_year


def test_open_ends_are_the_first_and_last_day_there_is() -> None:
    assert only("since January").last == REFERENCE
    assert only("before June 2022").first == dt.date.min
    assert only("before June 2022").last == day("2022-05-31")
    assert only("after June 2022").first == day("2022-07-01")
    assert only("after June 2022").last == dt.date.max
    assert only("until June 2022").last == day("2022-06-30")
    assert only("from 2021 onwards").first == day("2021-01-01")


def test_days_are_counted_from_an_event_that_bears_a_date() -> None:
    mention = only("three days after the storm of 7 October 2022")
    assert (mention.first, mention.last) == (day("2022-10-10"), day("2022-10-10"))
    assert mention.start == 0


def test_years_written_once_serve_both_months() -> None:
    june, july = find_dates("June and July 2022", REFERENCE)
    assert (june.first, july.last) == (day("2022-06-01"), day("2022-07-31"))


@pytest.mark.parametrize(
    "text",
    [
        "They may march on.",
        "May I ask?",
        "12 may attend",
        "resolution 2022",
        "$2023",
        "2,022 people",
        "2000 troops",
        "He fell in love.",
        "30 apples",
    ],
)
def test_words_and_numbers_that_are_no_dates_are_left(text: str) -> None:
    assert find_dates(text, REFERENCE) == ()


def test_a_small_may_behind_a_preposition_is_a_month() -> None:
    assert only("what came of it in may").first == day("2023-05-01")
    assert only("may 2022").last == day("2022-05-31")


def test_a_day_that_does_not_exist_is_no_day() -> None:
    assert [m.kind for m in find_dates("30 February 2022", REFERENCE)] == ["month"]


def test_mentions_stand_where_they_say() -> None:
    text = "They met on 3 May 2022 and again in June 2022."
    assert [text[m.start : m.end] for m in find_dates(text, REFERENCE)] == ["3 May 2022", "June 2022"]
