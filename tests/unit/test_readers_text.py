import datetime as dt
from pathlib import Path

import pytest

from index.datatypes import Document
from index.readers import read_file


def read(text: str, name: str = "lind-visit.txt") -> Document:
    (document,) = read_file(Path("/corpus") / name, text.encode())
    assert isinstance(document, Document)
    return document


@pytest.mark.parametrize(
    ("opening", "day", "agency"),
    [
        ("Lima, 1 March 2023 (APX):", dt.date(2023, 3, 1), "APX"),
        ("OSLO, March 3, 2022 —", dt.date(2022, 3, 3), ""),
        ("Port Louis, Mauritius, 4 Sept. 2021 (Island Wire) -", dt.date(2021, 9, 4), "Island Wire"),
        ("GENEVA (3 March 2022) –", dt.date(2022, 3, 3), ""),
        ("São Tomé, Friday, 5 May 2023:", dt.date(2023, 5, 5), ""),
    ],
)
def test_a_dateline_gives_day_and_agency_and_stays_in_the_text(opening: str, day: dt.date, agency: str) -> None:
    document = read(f"{opening} The ministers met.\n\nThey agreed.")
    assert document.source.published == day
    assert document.source.issuer == agency
    assert document.text.startswith(opening)


@pytest.mark.parametrize(
    "opening",
    [
        "On 1 March 2023 the ministers met.",
        "Minister Lind arrived on March 3, 2022 and left.",
        "Lima, 31 June 2023: They met.",
    ],
)
def test_a_date_inside_a_sentence_is_no_dateline(opening: str) -> None:
    assert read(opening + "\n\nThey agreed.").source.published is None


def test_a_first_line_that_stands_alone_is_the_title() -> None:
    document = read("Minister Lind visits the port\n\nLima, 1 March 2023 (APX): She came.")
    assert document.source.title == "Minister Lind visits the port"
    assert document.text == "Lima, 1 March 2023 (APX): She came."
    assert document.source.published == dt.date(2023, 3, 1)


@pytest.mark.parametrize(
    "opening", ["The ministers met.", "For immediate release", "Lima, 1 March 2023 (APX):", "- a list"]
)
def test_other_first_lines_are_text(opening: str) -> None:
    document = read(f"{opening}\n\nThey agreed.")
    assert document.source.title == "lind visit"
    assert "They agreed." in document.text


def test_a_single_line_is_text_and_not_a_title() -> None:
    document = read("Minister Lind met the envoy")
    assert (document.source.title, document.text) == ("lind visit", "Minister Lind met the envoy")


def test_front_matter_in_a_text_file_is_understood() -> None:
    document = read("---\ntitle: Talks\ndate: 2023-05-18\n---\nThey met.")
    assert (document.source.title, document.source.published) == ("Talks", dt.date(2023, 5, 18))


def test_an_id_out_of_a_file_name_is_one_line_that_can_be_typed() -> None:
    (document,) = read_file(Path("/x/\x1b[31ma\nb .txt"), b"The minister met the king.")
    assert isinstance(document, Document)
    assert document.source.doc_id == "[31ma b"
