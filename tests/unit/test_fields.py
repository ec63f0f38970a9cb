"""What columns are taken for, from the command to the catalogue."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from building import changes, ids, never, records
from small_index import HashEncoder

from index import build
from index.errors import FieldNameError

LONG = (
    "The ministers met in Aldermoor and spoke of the ferry, of kelp and of the fish that both of their countries catch."
)
OTHER = "A second meeting was held in the harbour, where nothing but the tides, the lights and the tolls came up."
ENTRIES = [
    {"key": "k1", "caption": "Ministers meet", "long": LONG, "short": "They met.", "when": "2031-05-03"},
    {
        "key": "k2",
        "caption": "Ministers part",
        "long": OTHER,
        "short": "They left.",
        "when": "2031-05-04",
    },
]


@pytest.fixture
def entries(tmp_path: Path) -> Path:
    path = tmp_path / "talks.json"
    path.write_text(json.dumps({"data": {"articles": ENTRIES}}))
    return path


def add(path: Path, **fields: str) -> tuple[int, int, int, int]:
    return changes(build.add(path.parent / "built", [path], HashEncoder, fields=fields))


def texts(path: Path) -> list[str]:
    return [readout.text for readout in records(path.parent / "built")]


def test_records_within_an_object_are_found_and_their_fields_guessed(entries: Path) -> None:
    report = build.add(entries.parent / "built", [entries], HashEncoder)
    assert report.added == 2
    assert [note.text for note in report.notes if note.path == str(entries)] == [
        "Taken: text=long, date=when, title=caption. Others are taken with --field NAME=COLUMN."
    ]
    assert {readout.source.title for readout in records(entries.parent / "built")} == {
        "Ministers meet",
        "Ministers part",
    }


def test_the_choice_of_fields_is_kept_with_the_file(entries: Path) -> None:
    assert add(entries, text="short", id="key") == (2, 0, 0, 0)
    assert ids(entries.parent / "built") == {"k1", "k2"}
    assert texts(entries) == ["They met.", "They left."]
    assert changes(build.add(entries.parent / "built", [entries], never)) == (0, 0, 2, 0)
    third = {"key": "k3", "caption": "Ministers write", "long": LONG, "short": "They wrote.", "when": "2031-05-05"}
    entries.write_text(json.dumps([*ENTRIES, third]))
    assert add(entries) == (1, 0, 2, 0)
    assert texts(entries) == ["They met.", "They left.", "They wrote."]


def test_another_choice_has_the_file_read_again(entries: Path) -> None:
    add(entries, text="short", id="key")
    assert add(entries, text="short") == (0, 0, 2, 0)
    assert add(entries, text="long") == (0, 2, 0, 0)
    assert texts(entries)[0] == LONG


def test_a_choice_of_fields_leaves_files_without_fields_alone(entries: Path) -> None:
    other = entries.parent / "other.txt"
    other.write_text("They met.")
    build.add(entries.parent / "built", [other], HashEncoder)
    report = build.add(entries.parent / "built", [entries, other], HashEncoder, fields={"text": "short", "id": "key"})
    assert changes(report) == (2, 0, 1, 0)


def test_a_field_that_there_is_not_is_refused_with_the_nearest(entries: Path) -> None:
    with pytest.raises(FieldNameError) as caught:
        add(entries, titel="caption")
    assert "Did you mean title?" in caught.value.mend


def test_a_field_of_a_record_in_a_record_is_named_with_a_dot(tmp_path: Path) -> None:
    path = tmp_path / "talks.jsonl"
    lines = [{"id": f"a{n}", "attributes": {"body": {"value": "x"}, "story": (LONG, OTHER)[n]}} for n in range(2)]
    path.write_text("\n".join(map(json.dumps, lines)))
    assert add(path) == (2, 0, 0, 0)
    assert texts(path) == [LONG, OTHER]
