"""What of a damaged catalogue counts as known afterwards."""

from __future__ import annotations

import sqlite3

import pytest

from index.salvage import Lost, _Found


@pytest.mark.parametrize(
    ("path", "known"),
    [
        ("/notes/heron.md", ["/notes/barge.md"]),
        # Damaged itself, or not to be read: no file may pass for known, or what it held would not come back.
        ("/notes/herom.md", []),
        ("", []),
    ],
)
def test_the_file_of_a_lost_readout_is_read_again_whatever_became_of_its_path(path: str, known: list[str]) -> None:
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE files (path, digest, reader_version, fields)")
    database.executemany("INSERT INTO files VALUES (?, x'00', 1, '{}')", [("/notes/heron.md",), ("/notes/barge.md",)])
    found = object.__new__(_Found)
    found._database, found.lost = database, [Lost(doc_id="heron", path=path, is_there=False)]
    assert [row[0] for row in found.files()] == known
    database.close()
