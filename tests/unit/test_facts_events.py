"""The day, the kind and the place of an event, as a readout tells them."""

from __future__ import annotations

import datetime as dt

import pytest

from index.datatypes import Document, Facts, Kind, Source
from index.facts.countries import is_at
from index.facts.reading import read_facts

WEDNESDAY = dt.date(2022, 3, 16)


def facts(
    text: str,
    title: str = "Readout of the Minister’s Meeting",
    *,
    published: dt.date | None = WEDNESDAY,
    issuer: str = "White House (United States)",
) -> Facts:
    return read_facts(Document(source=Source(doc_id="d", title=title, issuer=issuer, published=published), text=text))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("The President spoke today with Prime Minister Berg of Norway.", 16),
        ("Yesterday, the President met with Prime Minister Berg of Norway.", 15),
        ("The President met on Monday with Prime Minister Berg of Norway.", 14),
        ("On March 10, the President met with Prime Minister Berg of Norway.", 10),
        ("The President met with Prime Minister Berg of Norway.", 16),
        ("The President spoke today with Prime Minister Berg, following the October 7 attack.", 16),
        ("The President spoke with Prime Minister Berg to follow up on their March 2 call.", 16),
        ("The President spoke with Prime Minister Berg ahead of the summit on March 24.", 16),
        ("The President spoke with Prime Minister Berg. He thanked her for her visit to Oslo on March 9.", 16),
        ("Following the meeting in Oslo on March 9, the President spoke with Prime Minister Berg.", 16),
        ("The President met with governors. The meeting took place on Tuesday.", 15),
    ],
)
def test_the_day_is_that_of_the_event_and_not_of_another_one_it_mentions(text: str, day: int) -> None:
    assert facts(text).event_date == dt.date(2022, 3, day)


def test_background_before_the_event_is_passed_over() -> None:
    text = (
        "The President has made fish one of his priorities. Fish matter. Yesterday, the President met Ms. Berg in Oslo."
    )
    read = facts(text, "Readout of the President’s Meeting on Fish")
    assert (read.event_date, read.place) == (dt.date(2022, 3, 15), "Oslo")


def test_an_event_of_several_days_has_a_last_day() -> None:
    read = facts("The Secretary traveled to Norway March 12-14.", "Readout of the Secretary’s Travel to Norway")
    assert (read.event_date, read.event_end) == (dt.date(2022, 3, 12), dt.date(2022, 3, 14))


def test_a_day_of_december_published_in_january_belongs_to_the_old_year() -> None:
    assert facts("They met on December 30.", published=dt.date(2022, 1, 2)).event_date == dt.date(2021, 12, 30)


def test_an_announced_day_lies_ahead() -> None:
    read = facts("On March 26, Oslo will host talks.", "Oslo will host talks with the President of Chile")
    assert (read.kind, read.event_date) == (Kind.ANNOUNCEMENT, dt.date(2022, 3, 26))


def test_a_dateline_gives_the_day_where_nothing_else_does() -> None:
    read = facts("Oslo, 3 March 2022 (NTB): The ministers met in the Foreign Ministry.", published=None, issuer="")
    assert read.event_date == dt.date(2022, 3, 3)


def test_without_any_day_there_is_none() -> None:
    assert facts("The ministers met.", published=None).event_date is None


@pytest.mark.parametrize(
    ("title", "text", "kind"),
    [
        ("Readout of the Minister’s Call with Mr. Berg", "The Minister spoke with Mr. Berg.", Kind.CALL),
        ("Telephone conversation with Anna Berg", "They had a telephone conversation.", Kind.CALL),
        ("Readout of the Minister’s Call with Mr. Berg", "They held a secure video call.", Kind.VIDEO_CALL),
        ("Readout of the Minister’s Virtual Meeting", "They met.", Kind.VIDEO_CALL),
        ("Meeting with ministers", "The President held, via videoconference, a meeting.", Kind.VIDEO_CALL),
        ("Readout of the Minister’s Meeting with Mr. Berg", "They spoke in Oslo.", Kind.MEETING),
        ("Roundtable with mayors", "The mayors spoke.", Kind.MEETING),
        ("Minister and envoy discussed preparations for the visit", "They discussed fish.", Kind.MEETING),
        ("Minister and envoy discussed energy", "The Minister had a phone conversation with the envoy.", Kind.CALL),
        ("Readout of the Minister’s Travel to Norway", "The Minister met many people.", Kind.VISIT),
        ("During a visit to Oslo, the Minister met with Anna Berg", "They met.", Kind.MEETING),
        ("Joint Statement by Norway and Chile", "We condemn this.", Kind.STATEMENT),
        ("Press statements following the talks", "They made statements.", Kind.STATEMENT),
        ("Berg and Holm discuss grain and stalled talks", "They spoke by telephone.", Kind.CALL),
        ("Berg and Holm speak about the January negotiations", "They agreed.", Kind.CALL),
        ("A note", "Nothing much.", Kind.OTHER),
        ("Readout of the Roundtable on Online Harassment", "Ministers met with parents.", Kind.MEETING),
        (
            "Minister and envoy discussed fish",
            "The Minister held an online consultation with the envoy.",
            Kind.VIDEO_CALL,
        ),
        (
            "Readout of the President’s Meeting with Governors",
            "The President met in the Oval Office with governors, and Secretary Moe joined virtually.",
            Kind.MEETING,
        ),
        ("Readout of Minister’s Convenings with Fishers", "Fishers came.", Kind.MEETING),
        ("Readout of the Launch of a Fish Alliance", "Fish matter.", Kind.MEETING),
        ("Fish need peace - speech by the President at the opening of a forum", "Dear friends!", Kind.OTHER),
        (
            "Fish first - the President after the meeting with Anna Berg",
            "He said this in a statement to the media.",
            Kind.STATEMENT,
        ),
        (
            "Berg and Holm discussed fish",
            "Berg and Holm, who know fish, held a regular online meeting.",
            Kind.VIDEO_CALL,
        ),
    ],
)
def test_the_kind_follows_title_and_first_sentence(title: str, text: str, kind: Kind) -> None:
    assert facts(text, title).kind is kind


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("The President met with Prime Minister Berg of Norway in Oslo.", "Oslo"),
        ("The President met with Prime Minister Berg at the White House today.", "White House"),
        ("The President met Ms. Berg on the margins of the UN General Assembly in New York.", "New York"),
        ("The Minister met with Ms. Berg in Washington, D.C. to discuss war in Ukraine.", "Washington, D.C."),
        ("During a visit to Brussels, the Minister met with Anna Berg.", "Brussels"),
        ("The President welcomed Prime Minister Berg to the White House.", "White House"),
        ("The President met with Ambassador to Norway Carl Moss to discuss the war in Ukraine.", ""),
        ("The President met with families of hostages held in Gaza.", ""),
        ("The President met with Ms. Berg in March.", ""),
        ("The President met in November 2021 with Ms. Berg.", ""),
        ("The President held talks in the White House with President of Chile Ana Moe.", "White House"),
        ("The Minister met with War Cabinet Member Ana Moe in Oslo.", "Oslo"),
        ("The ministers launched the group on March 15, 2022, in Oslo.", "Oslo"),
        ("The ministers gathered for the first time in Oslo, Norway, to speak of fish.", "Oslo, Norway"),
        ("The Minister met with Anna Berg, who is in Oslo on a working visit.", "Oslo"),
        ("The Minister thanked Norway. The meeting in Oslo was the first this year.", "Oslo"),
        ("The Minister met with Ms. Berg. They spoke of the meeting of fishers in Oslo.", ""),
        ("The Minister received in the White House President of Chile Ana Moe.", "White House"),
        ("The two spoke at the G7 about fish.", ""),
    ],
)
def test_the_place_is_where_they_met_and_not_what_they_spoke_of(text: str, place: str) -> None:
    assert facts(text).place == place


def test_the_line_above_a_transcript_tells_the_place() -> None:
    text = "Anna Berg, Secretary of State\n\nOslo, Norway\n\nSECRETARY BERG: Good evening. It is good to see you."
    assert facts(text, "Secretary Berg at a Meeting with Fishers").place == "Oslo, Norway"


def test_a_call_has_no_place() -> None:
    assert facts("The President called from Oslo.", "Readout of the President’s Call with Anna Berg").place == ""


@pytest.mark.parametrize(
    ("place", "where", "there"),
    [
        ("Geneva, Switzerland", "geneva", True),
        ("Geneva, Switzerland", "Switzerland", True),
        ("Tokyo", "Japan", True),
        ("Geneva, Switzerland", "Vienna", False),
        ("", "Geneva", False),
        ("Geneva", "", False),
    ],
)
def test_a_place_is_in_its_city_and_its_country(place: str, where: str, there: bool) -> None:
    assert is_at(place, where) is there
