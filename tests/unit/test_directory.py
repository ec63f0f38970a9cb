"""People of the readouts under one identity, and their names in a question."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest
from small_world import directory, rows

from index.datatypes import Party
from index.facts.directory import Directory
from index.facts.gathering import Person
from index.facts.known import Gathered, Row

KNOWN = directory()


def people(rows: Sequence[Row]) -> list[Person]:
    return [entry.person for entry in Gathered.of(rows).everybody]


def found(text: str, known: Directory = KNOWN) -> list[tuple[str, str]]:
    return [(text[m.start : m.end], m.people[0].name) for m in known.lookup(text)]


def test_both_orders_of_a_name_are_one_person() -> None:
    assert [p.count for p in people(rows()) if "Moriyama" in p.name] == [3]
    assert found("Moriyama Kenji and Kenji Moriyama") == [
        ("Moriyama Kenji", "Kenji Moriyama"),
        ("Kenji Moriyama", "Kenji Moriyama"),
    ]


def test_spellings_of_one_surname_are_one_person() -> None:
    assert [p.count for p in people(rows()) if p.name.startswith("Volodar")] == [3]
    for spelling in ("Petrenskyy", "petrensky", "Petrenskiy", "PETRENSKYY"):
        assert found(f"what did {spelling} say") == [(spelling, "Volodar Petrenskyy")]


def test_accents_prefixes_and_look_alike_letters_do_not_part_a_person() -> None:
    named: list[Row] = [
        (Party(name="Omar El-Rashed", country="Egypt"), None, "a"),
        (Party(name="Omar Al-Ráshed", country="Egypt"), None, "b"),
        (Party(name="Оmar Al Rashed", country="Egypt"), None, "c"),  # the first letter is Cyrillic
    ]
    assert [person.count for person in people(named)] == [3]
    assert found("president el rashed", Directory.of(named)) == [("rashed", people(named)[0].name)]


def test_short_and_long_given_names_of_one_surname_and_country_are_one_person() -> None:
    named: list[Row] = [
        (Party(name="Joe Marlow", country="Canada"), None, "a"),
        (Party(name="Joseph P. Marlow Jr.", country="Canada"), None, "b"),
    ]
    assert len(people(named)) == 1


def test_one_surname_in_two_countries_is_two_people() -> None:
    named: list[Row] = [
        (Party(name="Anna Stone", country="Canada"), None, "a"),
        (Party(name="Peter Stone", country="Malta"), None, "b"),
    ]
    assert len(people(named)) == 2


def test_a_given_name_alone_is_nobodys_of_whom_no_country_says_so() -> None:
    day = dt.date(2023, 5, 4)
    named: list[Row] = [
        (Party(name="Charles Moreau", office="President", country="Belgium"), day, "a"),
        (Party(name="Charles III", office="King"), day, "b"),
        (Party(name="Hamad bin Nasser", office="Amir", country="Qatar"), day, "c"),
        (Party(name="Hamad", office="Amir", country="Qatar"), day, "d"),
        (Party(name="Moreau"), day, "e"),
    ]
    found = {person.name: person.count for person in people(named)}
    assert found == {"Charles Moreau": 1, "Charles III": 1, "Hamad bin Nasser": 2}


def test_names_that_are_english_words_need_a_capital_inside_a_sentence() -> None:
    named: list[Row] = [(Party(name="Rosa Price", office="President", country="Chile"), None, str(n)) for n in range(5)]
    known = Directory.of(named)
    assert found("the price of oil", known) == []
    assert found("Price of oil", known) == []
    assert found("what did Price say", known) == [("Price", "Rosa Price")]


def test_a_middle_name_that_is_only_one_persons_names_that_person() -> None:
    named: list[Row] = [(Party(name="Rui Tonho Duarte", office="President", country="Brazil"), None, "a")]
    assert found("tonho on trade", Directory.of(named)) == [("tonho", "Rui Tonho Duarte")]


def test_a_first_name_with_bin_behind_it_names_the_person() -> None:
    assert found("what did Harun offer") == [("Harun", "Harun bin Faisal Al Nur")]


def test_the_key_holds_the_words_that_every_spelling_has() -> None:
    keys = {person.name: person.key for person in people(rows())}
    assert keys["Kenji Moriyama"] == "kenji moriyama"
    assert keys["Volodar Petrenskyy"] == "petrenskyy"


def test_people_carry_the_days_of_their_first_and_last_readout() -> None:
    hagen = next(p for p in people(rows()) if p.name == "Otto Hagen")
    assert (hagen.first, hagen.last) == (dt.date(2021, 2, 10), dt.date(2021, 6, 3))
    assert KNOWN.span == (dt.date(2021, 2, 10), dt.date(2023, 6, 2))


def test_the_holder_of_an_office_is_told_by_the_day() -> None:
    assert [p.name for p in KNOWN.holders("chancellor", "Germany", dt.date(2021, 3, 1))] == ["Otto Hagen"]
    assert [p.name for p in KNOWN.holders("chancellor", "Germany", dt.date(2022, 12, 1))] == ["Lena Brandt"]
    assert len(KNOWN.holders("chancellor", "Germany")) == 2


def test_a_vice_president_is_no_president() -> None:
    assert [p.name for p in KNOWN.holders("president", "United States")] == ["Mara Tolliver"]


def test_days_of_several_parties_are_those_they_share() -> None:
    assert KNOWN.days_of(["Mara Tolliver", "Japan"]) == (dt.date(2022, 3, 18), dt.date(2022, 5, 20))
    assert KNOWN.days_of(["Nobody"]) == ()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("Moriyma", "Moriyama"), ("petrnskyy", "Petrenskyy"), ("Tollivre", "Tolliver")],
)
def test_a_slip_in_a_name_is_recognised(typed: str, meant: str) -> None:
    assert KNOWN.nearest(typed) == meant


def test_words_of_the_readouts_and_known_names_are_no_slips() -> None:
    assert KNOWN.nearest("brand") is None
    assert KNOWN.nearest("Brandt") is None
    assert KNOWN.nearest("steel") is None


def test_an_empty_directory_knows_nobody() -> None:
    assert Directory().lookup("Kenji Moriyama") == ()
    assert Directory().span is None
    assert Directory().nearest("Moriyma") is None
