"""No question, however odd, stops the understanding of it."""

from __future__ import annotations

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.understanding import understand
from index.datatypes import Party
from index.errors import FilterError
from index.facts.countries import find_countries
from index.facts.dates import find_dates
from index.facts.directory import Directory

KNOWN = Directory.of(
    [
        (Party(name="Mara Tolliver", office="President", country="United States"), dt.date(2022, 2, 28), "a"),
        (Party(name="Kenji Moriyama", office="Prime Minister", country="Japan"), dt.date(2022, 2, 28), "a"),
    ],
    lambda word: word == "steel",
)
WORDS = """
May 31 February 29 the day after 2022 Tokyo's PM kind: from: “ " ( ) 9999 days ago last summer before since between and
Moriyama Tolliver Moriyma U.S. he they ' - 30/02/2023 99999999999999999999 years weeks later 0 months
"""
PIECES = st.sampled_from(WORDS.split())
QUESTIONS = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=14).map(" ".join))
DAYS = st.dates(min_value=dt.date(1900, 1, 1), max_value=dt.date(2200, 12, 31))


@given(text=QUESTIONS, day=DAYS)
@settings(deadline=None, max_examples=300)
def test_any_question_is_understood_or_refused_as_a_filter(text: str, day: dt.date) -> None:
    try:
        preferred = understand(text, today=day, directory=KNOWN).preferred
    except FilterError as error:
        said = error.mend
    else:
        said = "understood"
        assert not (preferred.date_from and preferred.date_to) or preferred.date_from <= preferred.date_to
    assert said


@given(text=QUESTIONS, day=DAYS)
@settings(deadline=None, max_examples=300)
def test_dates_and_countries_stand_in_the_text_in_order_without_overlap(text: str, day: dt.date) -> None:
    for mentions in (find_dates(text, day), find_countries(text)):
        place = 0
        for mention in mentions:
            assert place <= mention.start < mention.end <= len(text)
            place = mention.end
    assert all(mention.first <= mention.last for mention in find_dates(text, day))


@given(text=QUESTIONS)
@settings(deadline=None, max_examples=200)
def test_people_are_found_in_order_without_overlap(text: str) -> None:
    place = 0
    for mention in KNOWN.lookup(text):
        assert place <= mention.start < mention.end <= len(text)
        assert mention.people
        place = mention.end
