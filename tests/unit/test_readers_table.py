import csv
import datetime as dt
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from index.datatypes import Document, Note, Skipped
from index.errors import FormatError
from index.readers import Choice, read_file
from index.reports import FieldNote

LONG = "The ministers met in Aldermoor and spoke of the ferry, of kelp and of the fish that both of their countries catch. "
HEAD = ("headline", "day of issue", "where", "page", "full story")
ROWS = [
    ("Ministers meet", "2031-05-03", "Aldermoor", "https://strait.example/1", LONG + "They agreed."),
    ("Ministers part", "2031-05-04", "Aldermoor", "https://strait.example/2", LONG + "They “parted”, and\nleft."),
]


def written(rows: Sequence[Sequence[str]], mark: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=mark).writerows(rows)
    return out.getvalue()


def read(
    text: str | bytes, fields: Mapping[str, str] | None = None, kept: Mapping[str, str] | None = None
) -> list[Document | Skipped | Note]:
    choice = Choice(named=fields or {}, kept={"/corpus/talks.csv": kept} if kept else {})
    return list(read_file(Path("/corpus/talks.csv"), text if isinstance(text, bytes) else text.encode(), choice=choice))


def documents(found: Sequence[object]) -> list[Document]:
    return [entry for entry in found if isinstance(entry, Document)]


def mapping(found: Sequence[object]) -> Mapping[str, str]:
    return next(entry.fields for entry in found if isinstance(entry, FieldNote))


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_columns_are_told_by_names_and_contents_whatever_the_mark_and_the_encoding(mark: str, encoding: str) -> None:
    found = read(written([HEAD, *ROWS], mark).encode(encoding))
    assert mapping(found) == {
        "title": "headline", "text": "full story", "url": "page", "date": "day of issue",
    }  # fmt: skip
    first, second = documents(found)
    assert first.source.title == "Ministers meet"
    assert first.source.published == dt.date(2031, 5, 3)
    assert first.source.url == "https://strait.example/1"
    assert first.text == LONG + "They agreed."
    assert second.text == LONG + "They “parted”, and left."
    assert second.source.path == "/corpus/talks.csv"


def test_the_choice_is_told_with_the_way_to_change_it() -> None:
    note = next(entry for entry in read(written([HEAD, *ROWS])) if isinstance(entry, FieldNote))
    assert "text=full story" in note.text
    assert "--field NAME=COLUMN" in note.text


def test_what_the_user_says_counts_and_texts_of_several_columns_are_joined() -> None:
    found = read(written([HEAD, *ROWS]), {"text": "Where,full story", "title": "PAGE"})
    first = documents(found)[0]
    assert first.text == f"Aldermoor\n\n{LONG}They agreed."
    assert first.source.title == "https://strait.example/1"
    assert mapping(found)["date"] == "day of issue"


def test_a_column_that_is_none_is_refused_with_the_nearest() -> None:
    with pytest.raises(FormatError) as caught:
        read(written([HEAD, *ROWS]), {"text": "fullstory"})
    assert "no column “fullstory”" in caught.value.message
    assert "Did you mean full story?" in caught.value.mend


def test_what_was_taken_the_last_time_is_taken_again_while_its_columns_are_there() -> None:
    kept = {"text": "full story", "title": "where"}
    assert mapping(read(written([HEAD, *ROWS]), kept=kept)) == kept
    assert mapping(read(written([HEAD, *ROWS]), {"title": "headline"}, kept)) == kept | {"title": "headline"}
    assert mapping(read(written([HEAD, *ROWS]), kept={"text": "gone"}))["text"] == "full story"


def test_a_table_without_names_of_columns_is_read_by_what_it_holds() -> None:
    found = read(written(ROWS))
    assert len(documents(found)) == 2
    assert mapping(found)["text"] == "column 5"


def test_ids_are_the_tables_own_or_marks_that_a_new_row_does_not_move() -> None:
    def ids(text: str) -> list[str]:
        return [document.source.doc_id for document in documents(read(text))]

    assert ids(written([("id", *HEAD), ("a7", *ROWS[0]), ("b8", *ROWS[1])])) == ["a7", "b8"]
    before = ids(written([HEAD, *ROWS]))
    assert all(doc_id.startswith("talks-") for doc_id in before)
    newer = ("Ministers write", "2031-05-05", "Aldermoor", "https://strait.example/3", LONG)
    assert ids(written([HEAD, newer, *ROWS]))[1:] == before
    assert ids(written([HEAD, ROWS[0]])) == ["talks"]


def test_rows_that_cannot_be_taken_are_skipped_with_their_line_and_the_rest_goes_on() -> None:
    rows = [HEAD, ROWS[1], ("Nothing", "2031-05-03", "", "", ""), (*ROWS[0], "more", "and more"), (*ROWS[0][:4], LONG)]
    found = read(written(rows))
    assert len(documents(found)) == 2
    assert [(entry.path, entry.reason) for entry in found if isinstance(entry, Skipped)] == [
        ("/corpus/talks.csv:4", "The row has no text in full story."),
        ("/corpus/talks.csv:5", "The row has 7 cells, and there are 5 columns."),
    ]


def test_a_row_whose_day_is_none_is_taken_without_and_that_is_told() -> None:
    found = read(written([HEAD, *ROWS, ("Ministers rest", "n.d.", "", "", LONG), HEAD[:0]]))
    assert [document.source.published is None for document in documents(found)] == [False, False, True]
    assert any(isinstance(entry, Note) and entry.text == "1 row has no day in day of issue." for entry in found)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        ("country,code\nKelp Isles,KI\nAldermoor,AM\n", "no column of texts among country, code"),
        (",".join(f"c{n}" for n in range(100_000)), "100,000 columns"),
        ("a,b\n1,2\x00\n", "binary"),
    ],
)
def test_what_is_no_table_of_texts_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(FormatError) as caught:
        read(text)
    assert words in caught.value.message
    assert caught.value.mend


def test_a_quote_that_is_never_closed_ends_with_the_file() -> None:
    found = read(written([HEAD, *ROWS]) + 'x,"' + "never closed " * 700_000)
    assert len(documents(found)) == 2
    assert any(isinstance(entry, Skipped) for entry in found)
