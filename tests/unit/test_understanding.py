"""What is read out of a question."""

from __future__ import annotations

import datetime as dt

import pytest
from small_world import directory

from assistant.datatypes import Intent, Understanding
from assistant.understanding import understand
from index.errors import FilterError

KNOWN = directory()
TODAY = dt.date(2023, 7, 1)


def read(question: str) -> Understanding:
    return understand(question, today=TODAY, directory=KNOWN)


def days(question: str) -> tuple[str | None, str | None]:
    filters = read(question).preferred.to_dict()
    return filters["from"], filters["to"]


def test_typed_filters_exclude_and_guesses_only_prefer() -> None:
    found = read("party:Japan what did Tolliver say in 2022?")
    assert found.filters.parties == ("Japan",)
    assert found.preferred.parties == ("mara tolliver",)
    assert found.text == "what did Tolliver say in 2022?"


def test_a_filter_that_means_nothing_is_refused() -> None:
    with pytest.raises(FilterError):
        read("kind:lunch with whom?")


def test_a_month_reaches_a_day_further_for_readouts_that_came_late() -> None:
    assert days("steel talks in March 2022") == ("2022-03-01", "2022-04-01")


def test_a_month_without_year_is_of_the_year_in_which_those_named_met() -> None:
    assert days("what did Moriyama get on steel in may") == ("2022-05-01", "2022-06-01")


def test_days_of_things_spoken_about_are_not_those_of_the_readout() -> None:
    assert days("what did Tolliver say of the 2020 treaty?") == (None, None)
    assert days("what was said in January 2023 about the 2020 agreement?") == ("2023-01-01", "2023-02-01")


def test_events_of_the_world_date_a_question() -> None:
    assert days("what was said at the Vilnius summit?") == ("2023-07-10", "2023-07-13")
    assert days("calls after the fall of Kabul") == ("2021-08-15", None)
    assert days("calls in the days after the fall of Kabul") == ("2021-08-15", "2021-08-25")


def test_a_year_in_the_name_of_an_event_is_not_the_year_of_the_readout() -> None:
    assert days("did they speak before the 2024 election?") == (None, "2024-11-04")
    assert days("who was called after the October 7 attack?") == ("2023-10-07", None)
    assert read("what did Brandt say after the 2024 election?").topic == ()


def test_people_are_preferred_by_what_all_their_spellings_share() -> None:
    found = read("did Tolliver tell petrensky anything about steel?")
    assert found.preferred.parties == ("mara tolliver", "petrenskyy")
    assert found.people == ("Mara Tolliver", "Volodar Petrenskyy")


def test_a_country_is_a_party_in_the_room_and_a_topic_on_the_table() -> None:
    assert read("what did Japan promise?").preferred.parties == ("Japan",)
    found = read("what did Tolliver and Moriyama say about Ukraine?")
    assert "Ukraine" not in found.preferred.parties
    assert found.countries == ("Ukraine",)


def test_the_holder_of_an_office_is_found_by_the_day() -> None:
    assert "Otto Hagen" in read("what did the German chancellor say in February 2021?").people
    assert "Lena Brandt" in read("what did the German chancellor say in January 2023?").people


def test_a_capital_with_an_office_behind_it_is_the_countrys() -> None:
    found = read("what did Tokyo's PM get on steel")
    assert found.people == ("Kenji Moriyama",)
    assert "Japan" in found.preferred.parties
    assert "Japanese" in found.expansions
    assert "prime minister" in found.expansions


def test_the_vice_president_without_a_country_is_the_one_most_readouts_know() -> None:
    assert read("what did the vice president stress?").people == ("Jane Okafor",)


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("when did Tolliver phone Brandt", ("call",)),
        ("their meeting on steel", ("meeting",)),
        ("the virtual session on steel", ("video call",)),
        ("her trip to Oman", ("visit",)),
        ("did he call for a ceasefire", ()),
        ("was it a call or a meeting", ()),
        ("how to meet the demand for steel", ()),
    ],
)
def test_kinds_named_in_passing_are_preferred(question: str, kinds: tuple[str, ...]) -> None:
    assert read(question).preferred.kinds == kinds


@pytest.mark.parametrize(
    ("question", "intent"),
    [
        ("what did Tolliver say about steel?", Intent.QUOTE),
        ("how many helicopters did Japan get?", Intent.QUOTE),
        ("how many times did Tolliver meet Brandt?", Intent.COUNT),
        ("how often have they spoken?", Intent.COUNT),
        ("how many green steel partnership meetings were there?", Intent.COUNT),
        ("how many people attended the meeting with Brandt?", Intent.QUOTE),
        ("when was the first one?", Intent.FIRST),
        ("who joined the first lady in her roundtable?", Intent.WHO),
        ("list all calls with Brandt", Intent.LIST),
        ("which calls did Tolliver have with Brandt?", Intent.LIST),
        ("when did Tolliver first meet Brandt?", Intent.FIRST),
        ("the latest call with Brandt", Intent.LATEST),
        ("when did Tolliver last call Petrenskyy?", Intent.LATEST),
        ("the next call with Petrenskyy after 1 February 2023", Intent.AFTER),
        ("the last Tolliver-Brandt meeting before 10 January 2023", Intent.BEFORE),
        ("when was the call with Brandt?", Intent.WHEN),
        ("where did Tolliver meet Brandt?", Intent.WHERE),
        ("who attended the session on steel?", Intent.WHO),
        ("was it by phone or in person?", Intent.KIND),
        ("calls with Brandt in 2022", Intent.LIST),
        ("Tolliver Brandt meetings", Intent.LIST),
        ("they discussed the calls with Brandt", Intent.QUOTE),
        ("who did Tolliver meet after the fall of Kabul?", Intent.LIST),
    ],
)
def test_the_sort_of_answer_is_read_from_the_wording(question: str, intent: Intent) -> None:
    assert read(question).intent is intent


def test_after_and_before_keep_the_days_they_count_from() -> None:
    anchor = read("the next call with Petrenskyy after their February 2023 call").anchor
    assert anchor is not None
    assert (anchor.first, anchor.last, anchor.own) == (dt.date(2023, 2, 1), dt.date(2023, 2, 28), True)
    assert days("the next call with Petrenskyy after their February 2023 call") == ("2023-02-01", None)


def test_a_day_that_after_and_before_name_does_not_count_itself_but_its_neighbour_does() -> None:
    after = read("the next call with Petrenskyy after 1 February 2023").anchor
    before = read("the last call with Petrenskyy before 11 April 2023").anchor
    assert after is not None
    assert before is not None
    assert (after.last, before.first) == (dt.date(2023, 2, 1), dt.date(2023, 4, 11))


@pytest.mark.parametrize(
    ("question", "speaker"),
    [
        ("what did Brandt raise?", "Brandt"),
        ("did Tolliver tell Moriyama about steel?", "Tolliver"),
        ("what was Moriyama's position on steel?", "Moriyama"),
        ("what did the German chancellor say on steel?", "German chancellor"),
        ("what did Tolliver and Moriyama agree on?", ""),
        ("was steel discussed with Brandt?", ""),
    ],
)
def test_the_speaker_is_the_one_whose_words_are_wanted(question: str, speaker: str) -> None:
    assert read(question).speaker == speaker


def test_slips_in_names_are_mended_and_told() -> None:
    found = read("what did Moriyma say")
    assert found.text == "what did Moriyama say"
    assert found.mended == (("Moriyma", "Moriyama"),)


def test_short_forms_and_second_spellings_widen_the_search() -> None:
    words = read("the ICJ and the defence programme").expansions
    assert {"International Court of Justice", "defense", "program"} <= set(words)


def test_the_topic_is_what_is_neither_party_nor_day_nor_asking() -> None:
    assert read("how many calls did Tolliver have with Brandt about steel tariffs in 2023?").topic == (
        "steel",
        "tariffs",
    )


def test_days_in_the_brackets_of_a_follow_up_win_over_words_in_front() -> None:
    assert days("and in may? (Mara Tolliver, 9 January 2023)") == ("2023-01-09", "2023-01-09")


def test_what_stands_behind_in_or_at_may_be_a_place_but_a_day_is_none() -> None:
    assert read("what did Brandt say in Geneva in May 2022?").places == ("Geneva",)
    assert read("steel talks at the old harbour").places == ("old harbour", "old")


def test_a_people_with_an_article_takes_part_and_a_word_before_a_noun_does_not() -> None:
    assert "Germany" in read("did Tolliver bring up steel with the Germans?").preferred.parties
    assert "Germany" not in read("what did Tolliver say of the German ports?").preferred.parties
    assert "Oman" in read("which readouts concern Oman?").preferred.parties


def test_in_the_week_after_an_event_is_all_of_it() -> None:
    within = read("what was said in the week after the fall of Kabul?").preferred
    assert (within.date_from, within.date_to) == (dt.date(2021, 8, 15), dt.date(2021, 8, 22))
    assert read("the call a week after the fall of Kabul").preferred.date_from > dt.date(2021, 8, 17)  # type: ignore[operator]
