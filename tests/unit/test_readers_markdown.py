import datetime as dt
from pathlib import Path

import pytest

from index.datatypes import Document
from index.errors import FormatError
from index.readers import read_file

PATH = Path("/corpus/2023-05-18-ito-lind.md")


def read(text: str, path: Path = PATH) -> Document:
    (document,) = read_file(path, text.encode())
    assert isinstance(document, Document)
    return document


def fault(text: str) -> FormatError:
    with pytest.raises(FormatError) as caught:
        list(read_file(PATH, text.encode()))
    return caught.value


def test_front_matter_becomes_the_source_and_the_given_facts() -> None:
    document = read(
        "---\n"
        'title: "Call with Minister Lind of\\_Norland"\n'
        "published: 2023-05-19\n"
        "event_date: 18 May 2023\n"
        "issuer: Ministry of Trade\n"
        "source_url: https://example.org/1\n"
        "id: call-1\n"
        "note: summary in our own words\n"
        "kind: call\n"
        "diplomatic: true\n"
        "place: Oslo\n"
        "parties:\n  - Ada Ito\n  - {name: Bo Lind, country: Norland}\n"
        "---\n\nThey spoke.\n"
    )
    source = document.source
    assert (source.doc_id, source.title) == ("call-1", "Call with Minister Lind of Norland")
    assert (source.published, source.issuer) == (dt.date(2023, 5, 19), "Ministry of Trade")
    assert (source.url, source.path) == ("https://example.org/1", str(PATH))
    assert document.text == "They spoke."
    assert document.note == "summary in our own words"
    assert document.given == {
        "event_date": "2023-05-18",
        "kind": "call",
        "diplomatic": True,
        "place": "Oslo",
        "parties": ["Ada Ito", {"name": "Bo Lind", "country": "Norland"}],
    }


@pytest.mark.parametrize("key", ["published", "date", "published_time", "Publish-Date", "modified_time"])
def test_every_spelling_of_the_date_of_publication_is_read(key: str) -> None:
    document = read(f"---\n{key}: 2022-08-02 23:59:06-04:00\n---\nText.")
    assert document.source.published == dt.date(2022, 8, 2)


def test_the_date_of_publication_wins_over_that_of_a_change() -> None:
    document = read("---\nmodified_time: 2024-01-01\ndate: '2023-05-18'\n---\nText.")
    assert document.source.published == dt.date(2023, 5, 18)


def test_an_issuer_that_is_not_named_is_told_by_the_address() -> None:
    document = read("---\nlink: https://www.whitehouse.gov/x/\n---\nText.")
    assert document.source.issuer == "White House (United States)"


def test_an_address_that_is_no_web_address_is_dropped() -> None:
    assert read("---\nurl: javascript:alert(1)\n---\nText.").source.url == ""


def test_without_front_matter_the_first_heading_is_the_title() -> None:
    document = read("# Talks in Lima\n\nThey met.")
    assert (document.source.title, document.text) == ("Talks in Lima", "They met.")


def test_without_any_title_the_name_of_the_file_serves() -> None:
    document = read("They met in Lima and agreed on trade.\n\nThey will meet again.")
    assert document.source.title == "2023 05 18 ito lind"
    assert document.source.doc_id == "2023-05-18-ito-lind"


def test_a_rule_at_the_top_is_no_front_matter() -> None:
    assert read("---\nThey met: all agreed it went well.\n\n---\n\nEnd.").text.startswith("They met: all agreed")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("---\ntitle: a\nissuer: [b\n---\nText.", 4),
        ("---\ntitle: a\nnote: b: c\n---\nText.", 3),
        ("---\ntitle: a\ntext goes on\n", 1),
        ("---\ntitle: a\npublished: soon\n---\nText.", 3),
        ("---\ntitle: a\nissuer: b\ndate: 31 February 2023\n---\nText.", 4),
    ],
)
def test_broken_front_matter_names_the_line_and_the_mend(text: str, line: int) -> None:
    error = fault(text)
    assert error.line == line
    assert error.path == PATH
    assert error.mend


@pytest.mark.parametrize(
    "front",
    [
        "a: " + "[" * 50_000,
        "- " * 60_000 + "a",
        "a: &x [1]\nb: *x",
        "date: 2023-13-45",
        "a: !!python/object/apply:os.system [ls]",
        "a: \x07",
        "1: 2\n? [a, b]\n: c",
    ],
)
def test_hostile_front_matter_is_refused_without_a_crash(front: str) -> None:
    error = fault(f"---\nt: 1\n{front}\n---\nText.")
    assert "front matter" in error.message


@pytest.mark.parametrize("text", ["", "   \n", "---\ntitle: a\n---\n", "---\ntitle: a\n---\n<!-- only this -->"])
def test_a_file_without_a_text_is_refused(text: str) -> None:
    assert "is empty" in fault(text).message


def test_windows_line_ends_change_nothing() -> None:
    document = read("---\r\ntitle: Talks\r\n---\r\n\r\nOne.\r\n\r\nTwo.\r\n")
    assert (document.source.title, document.text) == ("Talks", "One.\n\nTwo.")
