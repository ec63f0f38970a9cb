import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from index.datatypes import Document, Note, Skipped
from index.errors import FormatError
from index.readers import MAX_TEXT_BYTES, read_file

RECORD = {"id": "r1", "title": "Talks", "date": "2023-05-18", "issuer": "Ministry", "text": "They met.\n\nThey agreed."}


def read(text: str, name: str = "records.jsonl") -> list[Document | Skipped]:
    found = read_file(Path("/corpus") / name, text.encode())
    return [entry for entry in found if not isinstance(entry, Note)]


def texts(found: list[Document | Skipped]) -> list[str]:
    return [entry.text for entry in found if isinstance(entry, Document)]


def test_a_record_becomes_a_document() -> None:
    (document,) = read(json.dumps(RECORD))
    assert isinstance(document, Document)
    assert document.source.doc_id == "r1"
    assert document.source.published == dt.date(2023, 5, 18)
    assert document.source.issuer == "Ministry"
    assert document.text == "They met.\n\nThey agreed."


@pytest.mark.parametrize(
    "record",
    [
        {"headline": "Talks", "publish_date": "18 May 2023", "organization": "Ministry", "body": "They met."},
        {"Title": "Talks", "published": "May 18, 2023", "Source": "Ministry", "content": ["They met."]},
    ],
)
def test_other_names_of_the_same_fields_are_read(record: dict[str, Any]) -> None:
    (document,) = read(json.dumps(record), "talks.json")
    assert isinstance(document, Document)
    assert (document.source.title, document.source.issuer, document.source.doc_id) == ("Talks", "Ministry", "talks")
    assert document.source.published == dt.date(2023, 5, 18)
    assert document.text == "They met."


@pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a.ndjson"])
@pytest.mark.parametrize("indent", [None, 2])
def test_arrays_are_read_whatever_the_ending_says(name: str, indent: int | None) -> None:
    assert len(texts(read(json.dumps([RECORD, RECORD], indent=indent), name))) == 2


def test_lines_in_a_file_called_json_are_read() -> None:
    assert len(texts(read(f"{json.dumps(RECORD)}\n{json.dumps(RECORD)}\n", "a.json"))) == 2


def test_a_bad_line_is_skipped_with_its_number_and_the_rest_goes_on() -> None:
    good = json.dumps(RECORD)
    found = read(f'{good}\n{{"id": \n\n[1, 2]\n{{"id": "x"}}\n{good}\n')
    assert len(texts(found)) == 2
    skipped = [entry for entry in found if isinstance(entry, Skipped)]
    assert [entry.path for entry in skipped] == [f"/corpus/records.jsonl:{line}" for line in (2, 4, 5)]
    assert "not JSON" in skipped[0].reason
    assert "not an object" in skipped[1].reason
    assert "no text" in skipped[2].reason


def test_a_record_of_an_array_is_skipped_with_the_line_it_starts_in() -> None:
    found = read(json.dumps([RECORD, {"id": "x", "text": " "}, RECORD], indent=1), "a.json")
    assert len(texts(found)) == 2
    assert [entry.path for entry in found if isinstance(entry, Skipped)] == ["/corpus/a.json:9"]


@pytest.mark.parametrize(
    ("change", "word"), [({"date": "some day"}, "some day"), ({"text": 5}, "no text"), ({"text": "<br>"}, "no text")]
)
def test_a_record_with_a_bad_field_is_skipped(change: dict[str, Any], word: str) -> None:
    (entry,) = read(json.dumps(RECORD | change))
    assert isinstance(entry, Skipped)
    assert word in entry.reason


def test_a_record_too_long_to_be_a_readout_is_skipped() -> None:
    (entry,) = read(json.dumps(RECORD | {"text": "a" * (MAX_TEXT_BYTES + 1)}))
    assert isinstance(entry, Skipped)
    assert "longer than 8 MB" in entry.reason


@pytest.mark.parametrize("text", ['{"id": 1,\n "text": }', "[1, 2", "nothing here", "[" * 100_000, "9" * 5_000, ""])
def test_a_file_that_is_no_json_is_refused_as_a_whole(text: str) -> None:
    with pytest.raises(FormatError) as caught:
        read(text, "a.json")
    assert caught.value.mend


def test_the_line_of_a_fault_in_an_array_is_named() -> None:
    with pytest.raises(FormatError) as caught:
        read('[\n{"text": "a"},\n{"text": b}\n]', "a.json")
    assert caught.value.line == 3


def test_letters_that_no_file_can_hold_are_replaced_everywhere() -> None:
    (document,) = read(
        json.dumps(RECORD | {"id": "a\ud800", "title": "b\udfff", "place": "c\ud800", "text": "d\ud800"})
    )
    assert isinstance(document, Document)
    whole = document.source.doc_id + document.source.title + document.text + document.given["place"]
    assert whole.encode() == b"abdc"


def test_unicode_line_separators_inside_a_record_part_no_records() -> None:
    assert texts(read(json.dumps(RECORD | {"text": "one\u2028two"}, ensure_ascii=False))) == ["one two"]
