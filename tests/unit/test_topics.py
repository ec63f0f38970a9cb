from __future__ import annotations

import datetime as dt

import pytest
from small_world import directory

from assistant.datatypes import Understanding
from assistant.topics import missing_terms, name_terms, topic_terms
from assistant.understanding import understand
from index import full_text


def read(question: str) -> Understanding:
    return understand(question, today=dt.date(2024, 3, 1), directory=directory())


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("What did Tolliver and Moriyama discuss on dredging in May 2022?", ("dredging",)),
        ("List all calls between President Tolliver and Japan", ()),
        ("How many times did the Vice President speak with Chancellor Brandt?", ()),
        ("Which meetings were about the lighthouse programme?", ("lighthouse", "programme")),
        ("Petrensky on dredging a week later", ("dredging",)),
        ("Summarize the call of Tolliver with Moriyama on dredging", ("dredging",)),
        ("Lighthouses, lighthouse keepers and more lighthouses", ("lighthouses", "lighthouse", "keepers")),
    ],
)
def test_the_topic_is_what_is_left_without_parties_days_and_words_of_asking(
    question: str, topic: tuple[str, ...]
) -> None:
    assert topic_terms(read(question)) == topic


def test_what_a_question_leaves_out_is_no_topic() -> None:
    assert topic_terms(read("What was said of dredging, not counting speeches on tariffs?")) == ("dredging",)


def test_names_are_the_capitals_that_no_sentence_begins_with() -> None:
    assert name_terms(read("Dredging of the Kiso valley: what did Quaid ask Tolliver?")) == ("kiso", "quaid")


def test_a_name_that_is_a_party_is_no_name_of_the_topic() -> None:
    assert name_terms(read("What did Tolliver tell Moriyama of kelp?")) == ()


def test_people_asked_about_who_are_not_there_are_missing_by_their_whole_names_and_before_words() -> None:
    asked = read("What did Brandt say to Moriyama of kelp?")
    assert missing_terms(asked, full_text.stems("Kenji Moriyama spoke of salt.")) == ("Lena Brandt", "kelp")


def test_a_word_in_another_form_is_not_missing() -> None:
    assert missing_terms(read("Who dredged harbours?"), full_text.stems("The dredging of a harbour.")) == ()


def test_a_short_form_is_not_missing_where_its_full_words_are_there() -> None:
    asked = Understanding(text="the HCF grant", expansions=("Harbour Cleaning Fund",))
    assert missing_terms(asked, full_text.stems("A grant of the Harbour Cleaning Fund")) == ()
    assert missing_terms(asked, full_text.stems("A grant of the harbour")) == ("hcf",)
