"""Filters typed in a question."""

from __future__ import annotations

import datetime as dt

import pytest

from assistant.filter_words import read_filters
from index.errors import FilterError


def test_filters_leave_the_text_and_keep_their_values() -> None:
    found = read_filters('party:Japan from:2023-05 to:2023-06 kind:call issuer:"White House" what about steel?')
    assert found.text == "what about steel?"
    assert found.filters.parties == ("Japan",)
    assert found.filters.date_from == dt.date(2023, 5, 1)
    assert found.filters.date_to == dt.date(2023, 6, 30)
    assert found.filters.kinds == ("call",)
    assert found.filters.issuers == ("White House",)


def test_quoted_words_are_phrases_and_stay_in_the_text() -> None:
    found = read_filters('who said “supply chain” or "rare earths"?')
    assert found.phrases == ("supply chain", "rare earths")
    assert found.text == "who said supply chain or rare earths?"


def test_a_colon_word_that_is_no_filter_stays_text() -> None:
    found = read_filters("note:this at 10:30 subject:steel")
    assert found.text == "note:this at 10:30 subject:steel"
    assert not found.filters


def test_one_date_word_stands_for_both_ends() -> None:
    filters = read_filters("date:2022-03").filters
    assert (filters.date_from, filters.date_to) == (dt.date(2022, 3, 1), dt.date(2022, 3, 31))


def test_parties_and_kinds_may_stand_several_times() -> None:
    filters = read_filters("party:Japan person:Kishida kind:call,meeting").filters
    assert filters.parties == ("Japan", "Kishida")
    assert filters.kinds == ("call", "meeting")


@pytest.mark.parametrize(
    ("typed", "named"),
    [("kind:lunch", "video call"), ("from:banana", "2023-05-18"), ("from:2023 to:2022", "Swap")],
)
def test_a_filter_that_means_nothing_says_what_can_be_written(typed: str, named: str) -> None:
    with pytest.raises(FilterError, match=named):
        read_filters(typed)


def test_a_question_of_filters_alone_still_has_words_to_rank_by() -> None:
    assert read_filters("party:Japan kind:call").text == "Japan call"


def test_a_quote_without_its_end_is_text() -> None:
    found = read_filters('he said "steel')
    assert found.phrases == ()
    assert found.text == 'he said "steel'
