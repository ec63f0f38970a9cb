import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paper import docx, paragraph, pdf, prose

from index.datatypes import Document, Note, Skipped
from index.errors import FormatError
from index.readers import read_file
from index.readers.cleanup import clean_line, clean_text

NAMES = st.sampled_from(
    ["a.zip", "a.gz", "a.eml", "a.csv", "a.tsv", "a.md", "a.txt", "a.json", "a.jsonl", "a.html", "a.rss", "a.xml"]
)
# fmt: off
PIECES = st.sampled_from([
    "---\n", "title: ", "date: ", "2023-05-18", "a", "\n", ": ", "[", "]", "(", ")", "{", "}", '"', "'", "*",
    "_", "<", ">", "&", "<!--", "-->", "&#27;", "\\", "# ", "- ", "!", "|", "`", "\x00", "\x1b", "\ud800",
    "\ufdd0", "•", "&lt;", "<br>", "text", ",", ";", "\t",
    "<html>", "<p>", "</p>", "<li>", "<table>", "<td>", "<title>", "<h1>", "<main>", "<a href='x'>", "<pre>", "<q>",
    "<rss>", "<item>", "</item>", "<text>", "</text>", "</title>", "<?xml ?>", "<![CDATA[", "]]>", "<!DOCTYPE a>",
])
# fmt: on
MARKUP = st.lists(PIECES, max_size=50).map("".join)
FIELDS = st.sampled_from(
    ["id", "title", "date", "issuer", "url", "text", "parties", "event_date", "kind", "note", "source"]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(FIELDS | st.text(max_size=5), inner, max_size=5),
    max_leaves=12,
)


def found_in(name: str, content: bytes) -> list[Document | Skipped]:
    try:
        return [found for found in read_file(Path(name), content) if not isinstance(found, Note)]
    except FormatError as error:
        return [Skipped(path=str(error.path), reason=error.message and error.mend)]


def read(name: str, content: bytes) -> None:
    """Whatever a file holds, it is read, skipped or refused in words; what comes out can be written to any file."""
    for entry in found_in(name, content):
        if isinstance(entry, Skipped):
            assert entry.reason
            continue
        assert isinstance(entry, Document)
        assert entry.text.strip()
        assert entry.source.title
        assert entry.source.doc_id
        (entry.text + entry.source.title + entry.source.doc_id + entry.source.url + entry.note).encode()
        json.dumps(dict(entry.given), ensure_ascii=False).encode()


@given(NAMES, st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_in_words(name: str, content: bytes) -> None:
    read(name, content)


@given(st.binary(max_size=400), st.integers(0, 1500), st.sampled_from([0, 1, 9]), MARKUP)
def test_any_bytes_called_docx_are_read_or_refused_in_words(content: bytes, place: int, cut: int, text: str) -> None:
    whole = docx(paragraph("The ministers met."), text.replace("\ud800", ""))
    read("a.docx", whole)
    read("a.docx", whole[:place] + content + whole[place + cut :])


@settings(max_examples=15)
@given(st.binary(max_size=400), st.integers(0, 1500), st.sampled_from([0, 1, 9]))
def test_any_bytes_called_pdf_are_read_or_refused_in_words(content: bytes, place: int, cut: int) -> None:
    whole = pdf([prose("The ministers met."), prose("They spoke of kelp.")])
    read("a.pdf", whole[:place] + content + whole[place + cut :])


@given(NAMES, MARKUP | st.text(max_size=200))
def test_any_text_is_read_or_refused_in_words(name: str, text: str) -> None:
    read(name, text.encode(errors="surrogatepass"))
    read(name, f"---\n{text}\n---\nwords".encode(errors="surrogatepass"))


@given(st.sampled_from(["a.json", "a.jsonl"]), JSON)
def test_any_json_is_read_skipped_or_refused_in_words(name: str, value: Any) -> None:
    read(name, json.dumps(value).encode())
    read(name, json.dumps({"text": "They met.", "parties": value, "title": value}).encode())


@given(MARKUP | st.text(max_size=200))
def test_cleaned_text_holds_nothing_that_steers_a_terminal(text: str) -> None:
    for cleaned in (clean_text(text), clean_line(text)):
        assert not [c for c in cleaned if (c < " " and c != "\n") or "\x7f" <= c <= "\x9f" or "\ud800" <= c <= "\udfff"]
        assert "  " not in cleaned


@given(st.lists(st.from_regex(r"[A-Za-z]{2,8}", fullmatch=True), min_size=1, max_size=30))
def test_no_word_is_lost_or_added(words: list[str]) -> None:
    raw = "**" + "** \n[".join(words).replace("[", "<u>") + "</u>"
    assert clean_text(raw).split() == words


@pytest.mark.parametrize("name", ["a.md", "a.txt", "a.json", "a.jsonl"])
def test_an_empty_file_is_refused(name: str) -> None:
    with pytest.raises(FormatError):
        list(read_file(Path(name), b""))
