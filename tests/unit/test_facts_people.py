"""People, their offices and their countries, as a text names them."""

from __future__ import annotations

import pytest

from index.facts.people import find_people


def people(text: str) -> list[tuple[str, str, str]]:
    return [(person.name, person.office, person.country) for person in find_people(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("spoke with Prime Minister Anna Berg of Norway", ("Anna Berg", "Prime Minister", "Norway")),
        ("spoke with Norwegian Prime Minister Berg", ("Berg", "Prime Minister", "Norway")),
        ("spoke with Anna Berg, the Prime Minister of Norway, about", ("Anna Berg", "Prime Minister", "Norway")),
        ("Head of the Court of the King of Spain Luis Moss", ("Luis Moss", "Head of the Court of the King", "Spain")),
        ("NATO Secretary General Lars Holm", ("Lars Holm", "Secretary General", "NATO")),
        ("met with Director of the Lumina Society Ivan Petrov", ("Ivan Petrov", "Director of the Lumina Society", "")),
        ("met with Head of Rosvega Ivan Petrov", ("Ivan Petrov", "Head of Rosvega", "")),
        ("the Emir of Qatar, His Royal Highness Omar bin Zaki Al Noor, at", ("Omar bin Zaki Al Noor", "Emir", "Qatar")),
        ("Irish Minister of Trade, Tax and Sport Al Roe", ("Al Roe", "Minister of Trade, Tax and Sport", "Ireland")),
    ],
)  # fmt: skip
def test_an_office_is_told_from_the_name_beside_it(text: str, expected: tuple[str, str, str]) -> None:
    assert people(text) == [expected]


def test_the_country_of_an_ambassador_is_the_one_that_sends() -> None:
    assert people("the U.S. Ambassador to Chile Mary Stone") == [("Mary Stone", "Ambassador to Chile", "United States")]


def test_two_offices_joined_by_and_belong_to_one_person() -> None:
    assert people("Qatari Prime Minister and Foreign Minister Ali Al Noor") == [
        ("Ali Al Noor", "Prime Minister and Foreign Minister", "Qatar")
    ]


def test_an_office_in_the_plural_is_shared_by_the_names_that_follow() -> None:
    assert people("Commission Vice Presidents Eva Lund and Marco Neri") == [
        ("Eva Lund", "Commission Vice President", ""),
        ("Marco Neri", "Commission Vice President", ""),
    ]


def test_countries_of_an_office_in_the_plural_are_listed_one_by_one() -> None:
    assert people("met with the Prime Ministers of Denmark, Latvia, and Spain") == [
        ("", "Prime Minister", "Denmark"),
        ("", "Prime Minister", "Latvia"),
        ("", "Prime Minister", "Spain"),
    ]


def test_people_of_a_list_keep_their_own_countries() -> None:
    text = "National Security Advisor Jo Park of South Korea, and National Security Advisor Ben Cruz of the Philippines"
    assert [(name, country) for name, _, country in people(text)] == [
        ("Jo Park", "South Korea"),
        ("Ben Cruz", "Philippines"),
    ]


def test_a_country_can_be_a_first_name() -> None:
    assert people("Foreign Minister Israel Katz spoke") == [("Israel Katz", "Foreign Minister", "")]


def test_middle_initials_are_left_out_and_short_forms_of_address_are_not_names() -> None:
    assert people("Secretary Ann B. Moore met Gen. Carl D. Moss") == [
        ("Ann Moore", "Secretary", ""),
        ("Carl Moss", "", ""),
    ]


def test_names_that_look_like_forms_of_address_are_kept_whole() -> None:
    assert people("Prime Minister Hun Sen of Cambodia") == [("Hun Sen", "Prime Minister", "Cambodia")]


@pytest.mark.parametrize(
    "text",
    ["at the Vostok Cosmodrome", "in Los Angeles", "the President’s Export Council", "Gun Violence Awareness Week"],
)
def test_capitalised_words_that_name_things_and_places_are_no_people(text: str) -> None:
    assert people(text) == []


def test_the_owner_of_an_adviser_is_not_a_person_of_his_own() -> None:
    assert people("President Moe’s Special Advisor Kim Dodd") == [("Kim Dodd", "Special Advisor", "")]


def test_spans_cover_office_and_name() -> None:
    text = "On Friday Prime Minister Anna Berg of Norway called."
    (person,) = find_people(text)
    assert text[person.start : person.end] == "Prime Minister Anna Berg"


@pytest.mark.parametrize(
    "heading",
    [
        "Vice President Ann Moe Announces Additional Actions on Housing",
        "Statement from Vice President Ann Moe Welcoming Important Steps",
        "Statement by Vice President Ann Moe Marking One Year of Peace",
    ],
)
def test_what_an_office_does_in_a_heading_is_not_of_its_holders_name(heading: str) -> None:
    assert [person.name for person in find_people(heading)][:1] == ["Ann Moe"]
