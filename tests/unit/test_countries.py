"""Countries and bodies under one identity."""

from __future__ import annotations

from itertools import pairwise

import pytest

from index.facts.countries import aliases, country_of, find_countries, known_countries
from index.facts.country_names import table


def named(text: str) -> list[tuple[str, str]]:
    return [(text[mention.start : mention.end], mention.country) for mention in find_countries(text)]


@pytest.mark.parametrize(
    ("word", "country"),
    [
        ("Tokyo", "Japan"),
        ("japanese", "Japan"),
        ("ROK", "South Korea"),
        ("dprk", "North Korea"),
        ("the PRC", "China"),
        ("People’s Republic of China", "China"),
        ("Turkey", "Türkiye"),
        ("Turkiye", "Türkiye"),
        ("U.S.", "United States"),
        ("the U.K.", "United Kingdom"),
        ("Côte d'Ivoire", "Côte d’Ivoire"),
        ("Ivory Coast", "Côte d’Ivoire"),
        ("Burma", "Myanmar"),
        ("Swaziland", "Eswatini"),
        ("Czech Republic", "Czechia"),
        ("the Kremlin", "Russia"),
        ("Pretoria", "South Africa"),
        ("Bosnia & Herzegovina", "Bosnia and Herzegovina"),
        ("ICJ", "International Court of Justice"),
        ("European Commission", "European Union"),
        ("Brussels", "European Union"),
        ("St. Lucia", "Saint Lucia"),
        ("Ukrainians", "Ukraine"),
        ("N’Djamena", "Chad"),
    ],
)
def test_every_way_of_naming_a_country_gives_its_common_name(word: str, country: str) -> None:
    assert country_of(word) == country


def test_words_around_a_name_are_no_country() -> None:
    assert country_of("the Japanese side") is None
    assert country_of("lunch") is None
    assert country_of("") is None


def test_words_that_are_english_in_small_letters_count_in_capitals_only() -> None:
    assert named("Tell us who will polish it.") == []
    assert named("The US and the WHO spoke to Polish officials.") == [
        ("US", "United States"),
        ("WHO", "World Health Organization"),
        ("Polish", "Poland"),
    ]


def test_the_longest_name_wins() -> None:
    text = "Guinea-Bissau, Papua New Guinea, South Sudan, the Republic of the Congo and Northern Ireland"
    assert [country for _, country in named(text)] == [
        "Guinea-Bissau",
        "Papua New Guinea",
        "South Sudan",
        "Republic of the Congo",
        "Northern Ireland",
    ]


def test_look_alike_names_are_told_apart() -> None:
    assert [country for _, country in named("Niger, Nigeria, Dominica, the Dominican Republic, Ireland")] == [
        "Niger",
        "Nigeria",
        "Dominica",
        "Dominican Republic",
        "Ireland",
    ]


def test_bare_korea_is_the_south_and_north_korean_is_not() -> None:
    assert [country for _, country in named("Korea and the North Korean army")] == ["South Korea", "North Korea"]


def test_names_of_seas_treaties_and_peoples_abroad_are_no_countries() -> None:
    assert named("South China Sea, Paris Agreement, Latin America and African Americans") == []


def test_mentions_stand_where_they_say_and_do_not_overlap() -> None:
    text = "In Washington, D.C. the Türkiye delegation met Sana'a's envoy; U.N. officials too."
    mentions = find_countries(text)
    assert [text[m.start : m.end] for m in mentions] == ["Washington, D.C.", "Türkiye", "Sana'a", "U.N."]
    assert all(left.end <= right.start for left, right in pairwise(mentions))


def test_a_mention_tells_what_kind_of_word_it_is() -> None:
    forms = {m.country: m.form for m in find_countries("Japan Ukrainian Paris UAE Whitehall NATO")}
    assert forms == {
        "Japan": "name",
        "Ukraine": "demonym",
        "France": "capital",
        "United Arab Emirates": "acronym",
        "United Kingdom": "seat",
        "NATO": "body",
    }


def test_aliases_hold_people_capital_and_acronym_but_not_the_name_itself() -> None:
    words = aliases("South Korea")
    assert {"ROK", "South Korean", "Seoul", "Republic of Korea"} <= set(words)
    assert "South Korea" not in words
    assert aliases("Nowhere") == ()


def test_brussels_is_a_word_for_belgium_and_for_the_union() -> None:
    assert "Brussels" in aliases("Belgium")
    assert "Brussels" in aliases("European Union")


def test_every_territory_of_the_standards_is_known_by_each_of_its_names() -> None:
    unknown = [name for names in table().values() for name in names if country_of(name) is None]
    assert unknown == []


def test_an_alias_names_its_own_country_or_one_that_shares_the_word() -> None:
    shared = {"Brussels"}
    wrong = [
        (country, word)
        for country in known_countries()
        for word in aliases(country)
        if country_of(word) != country and word not in shared
    ]
    assert wrong == []
