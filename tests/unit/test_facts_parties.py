"""Whom a readout is about, on which side, and who else took part."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from index.datatypes import Document, Facts, Kind, Party, Side, Source
from index.facts.reading import issuer_country, read_facts

WHITE_HOUSE = "White House (United States)"


def facts(title: str, text: str, *, issuer: str = WHITE_HOUSE, given: dict[str, Any] | None = None) -> Facts:
    source = Source(doc_id="d", title=title, issuer=issuer, published=dt.date(2022, 3, 16))
    return read_facts(Document(source=source, text=text, given=given or {}))


def sides(read: Facts) -> list[tuple[str, str, str]]:
    return [(party.side.value, party.name, party.country) for party in read.parties]


def test_full_names_of_the_text_complete_the_surnames_of_the_title() -> None:
    read = facts(
        "Readout of President Biden’s Call with Prime Minister Berg of Norway",
        "President Joseph R. Biden, Jr. spoke today with Prime Minister Anna Berg of Norway about fish.",
    )
    assert sides(read) == [("own", "Joe Biden", "United States"), ("counterpart", "Anna Berg", "Norway")]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Readout of Vice President Harris’s Call with Anna Berg", "Kamala Harris"),
        ("Readout of APNSA Sullivan’s Call with Anna Berg", "Jake Sullivan"),
        ("Readout of the Vice President’s Call with Anna Berg", "Kamala Harris"),
    ],
)
def test_an_issuers_own_principals_are_named_in_full(title: str, name: str) -> None:
    assert facts(title, "They spoke. Anna Berg agreed.").parties[0].name == name


def test_the_president_is_the_one_of_that_day() -> None:
    source = Source(
        doc_id="d",
        title="Readout of the President’s Call with Anna Berg",
        issuer=WHITE_HOUSE,
        published=dt.date(2025, 2, 3),
    )
    read = read_facts(Document(source=source, text="They spoke. Anna Berg agreed."))
    assert read.parties[0].name == "Donald Trump"


def test_an_issuer_of_another_country_is_its_own_side() -> None:
    read = facts(
        "Telephone conversation with Prime Minister of Norway Anna Berg",
        "Vladimir Putin had a telephone conversation with Prime Minister of the Kingdom of Norway Anna Berg.",
        issuer="Kremlin (President of Russia)",
    )
    assert sides(read) == [("own", "Vladimir Putin", "Russia"), ("counterpart", "Anna Berg", "Norway")]


def test_counterparts_of_a_title_are_named_by_the_first_sentence() -> None:
    read = facts(
        "Readout of the Secretary’s Call with Norwegian Counterparts",
        "Secretary Blinken spoke with Norwegian Prime Minister Anna Berg and Foreign Minister Lars Holm about fish.",
    )
    assert [(party.name, party.country) for party in read.parties[1:]] == [
        ("Anna Berg", "Norway"),
        ("Lars Holm", "Norway"),
    ]


def test_a_trilateral_call_has_every_party_with_its_country() -> None:
    read = facts(
        "Readout of the Trilateral Call",
        "National Security Advisor Jake Sullivan, National Security Advisor Ota Jiro of Japan, and Foreign Minister "
        "Ben Cruz of the Philippines held a call.",
    )
    assert [party.country for party in read.parties] == ["United States", "Japan", "Philippines"]


def test_bodies_stand_where_countries_do() -> None:
    read = facts("Readout of President Biden’s Call with NATO Secretary General Lars Holm", "They spoke.")
    assert read.parties[1] == Party(name="Lars Holm", office="Secretary General", country="NATO", side=Side.COUNTERPART)


def test_a_group_without_names_stands_by_its_country_or_body() -> None:
    assert (
        facts("Readout of President Biden’s Call with G7 Leaders", "The President spoke with allies.")
        .parties[1]
        .country
        == "G7"
    )


def test_the_spokesperson_in_a_title_takes_no_part() -> None:
    read = facts(
        "Readout from NSC Spokesperson Mary Stone on National Security Advisor Jake Sullivan’s Meeting with Anna Berg",
        "National Security Advisor Jake Sullivan met with Prime Minister Anna Berg of Norway.",
    )
    assert [party.name for party in read.parties] == ["Jake Sullivan", "Anna Berg"]


def test_people_of_the_subject_are_no_parties() -> None:
    read = facts(
        "Readout of President Biden’s Call with Prime Minister Anna Berg of Norway",
        "President Biden spoke with Prime Minister Berg to discuss the visit of President Pia Lund of Denmark.",
    )
    assert [party.name for party in read.parties] == ["Joe Biden", "Anna Berg"]


def test_a_visit_names_those_met_sentence_by_sentence() -> None:
    read = facts(
        "Readout of National Security Advisor Jake Sullivan’s Travel to Norway",
        "National Security Advisor Jake Sullivan traveled to Oslo. In Norway, he met with Prime Minister Anna Berg. "
        "He also met with Foreign Minister Lars Holm.",
    )
    assert sides(read)[1:] == [("counterpart", "Anna Berg", "Norway"), ("counterpart", "Lars Holm", "Norway")]


def test_others_present_are_participants() -> None:
    read = facts(
        "Readout of President Biden’s Meeting with Prime Minister Anna Berg of Norway",
        "President Biden met with Prime Minister Berg. He was joined by Secretary of State Antony Blinken.\n\n"
        "Participants included:\n\n- Mary Stone, Director of the Ocean Council\n\n- Carl Moss, Senior Advisor",
    )
    assert [person.name for person in read.participants] == ["Antony Blinken", "Mary Stone", "Carl Moss"]


def test_meetings_at_home_are_domestic_and_those_with_foreigners_diplomatic() -> None:
    home = facts("Readout of White House Meeting with Mayors", "Today, the White House convened mayors.")
    abroad = facts("Readout of President Biden’s Meeting with King Olav of Norway", "They met.")
    assert (home.diplomatic, abroad.diplomatic) == (False, True)


def test_a_governor_is_a_countryman() -> None:
    read = facts(
        "Readout of President Biden’s Call with Governor Mary Stone", "President Biden spoke with Governor Mary Stone."
    )
    assert (read.diplomatic, sides(read)[1]) == (False, ("counterpart", "Mary Stone", "United States"))


@pytest.mark.parametrize(
    ("issuer", "country"),
    [
        ("White House (United States)", "United States"),
        ("Kremlin (President of Russia)", "Russia"),
        ("Office of the President of Ukraine", "Ukraine"),
        ("European Commission", "European Union"),
        ("Somebody", ""),
        ("", ""),
    ],
)
def test_an_issuer_speaks_for_a_country(issuer: str, country: str) -> None:
    assert issuer_country(issuer) == country


def test_facts_given_by_the_file_win_over_the_rules() -> None:
    given = {
        "event_date": "28 February 2022",
        "event_end": dt.date(2022, 3, 1),
        "kind": "Visit",
        "diplomatic": "no",
        "place": " Oslo ",
        "parties": [
            "Anna Berg (Norway)",
            {"name": "Mary Stone", "office": "Envoy", "country": "US", "side": "own"},
            "Tokyo",
        ],
        "participants": "Prime Minister Lars Holm of Denmark; Sweden",
    }
    read = facts("Readout of President Biden’s Call with Somebody", "They spoke today.", given=given)
    assert (read.event_date, read.event_end) == (dt.date(2022, 2, 28), dt.date(2022, 3, 1))
    assert (read.kind, read.diplomatic, read.place) == (Kind.VISIT, False, "Oslo")
    assert sides(read) == [
        ("own", "Mary Stone", "United States"),
        ("counterpart", "Anna Berg", "Norway"),
        ("counterpart", "", "Japan"),
    ]
    assert [(party.name, party.country) for party in read.participants] == [("Lars Holm", "Denmark"), ("", "Sweden")]


@pytest.mark.parametrize("nonsense", [None, "", "whatever", 7, 3.5, [], {}, [None], [[]], {"name": 3}, object()])
def test_a_given_value_that_means_nothing_leaves_the_fact_to_the_rules(nonsense: Any) -> None:
    title = "Readout of President Biden’s Call with Prime Minister Anna Berg of Norway"
    text = "President Biden spoke yesterday with Prime Minister Anna Berg of Norway."
    keys = ("event_date", "event_end", "kind", "diplomatic")
    assert facts(title, text, given=dict.fromkeys(keys, nonsense)) == facts(title, text)


def test_a_visit_names_those_met_in_any_sentence() -> None:
    read = facts(
        "Readout of National Security Advisor Jake Sullivan’s Trip to Norway",
        "National Security Advisor Jake Sullivan traveled to Oslo. Sullivan spoke of fish. The fish were many. The sea is "
        "cold. It was late. It was dark. He was glad. He was heard. He saw boats. Sullivan also met with Finance Minister Ana "
        "Moe to discuss fish and with Foreign Minister Carl Lund. Sullivan joined Prime Minister Eva Holm in a "
        "conversation on boats.",
    )
    assert [party.name for party in read.parties] == ["Jake Sullivan", "Ana Moe", "Carl Lund", "Eva Holm"]


def test_countries_visited_stand_for_those_whom_nobody_names() -> None:
    read = facts(
        "Readout of National Security Advisor Jake Sullivan’s Travel to Norway and Chile",
        "National Security Advisor Jake Sullivan traveled to Norway and Chile to meet with officials. He spoke of fish.",
    )
    assert sides(read)[1:] == [("counterpart", "", "Norway"), ("counterpart", "", "Chile")]


def test_names_that_share_an_office_behind_a_colon_are_parties() -> None:
    read = facts(
        "Readout of National Security Advisor Jake Sullivan’s Meeting with Deputy Advisors: Ana Moe of Norway, and Carl Lund "
        "and Eva Holm of Chile",
        "They met.",
    )
    assert [party.country for party in read.parties] == ["United States", "Norway", "Chile", "Chile"]


def test_who_chairs_an_event_is_its_own_side_though_the_sentence_speaks_of_its_subject() -> None:
    read = facts(
        "Fish were discussed at a meeting with the President",
        "Measures to save fish were discussed at a conference chaired by President of Ukraine Volodymyr Zelenskyy. "
        "Minister Ana Moe said that fish are few.",
        issuer="Office of the President of Ukraine",
    )
    assert sides(read) == [("own", "Volodymyr Zelenskyy", "Ukraine")]


def test_what_somebody_did_long_before_makes_nobody_a_host() -> None:
    read = facts(
        "Readout of White House Roundtable with Fishers",
        "Officials met with fishers. Last month, Vice President Harris encouraged fishers to rest. Domestic Policy Advisor "
        "Neera Tanden hosted the fishers.",
    )
    assert [party.name for party in read.parties] == ["Neera Tanden"]


def test_an_organisation_before_its_members_is_nobody() -> None:
    read = facts(
        "Meeting with Rossiya Delovaya members",
        "Vladimir Putin met with fishers.",
        issuer="Kremlin (President of Russia)",
    )
    assert [party.name for party in read.parties] == ["Vladimir Putin"]


def test_officials_who_were_included_hosted() -> None:
    read = facts(
        "Readout of White House Roundtable with Fishers",
        "Officials met with fishers. Administration officials included Domestic Policy Advisor Neera Tanden and fishers.",
    )
    assert [party.name for party in read.parties] == ["Neera Tanden"]
