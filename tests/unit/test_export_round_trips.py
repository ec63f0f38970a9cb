"""Each form of export, read back by the tools that people open it with."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import warnings
from html.parser import HTMLParser
from pathlib import Path

import bibtexparser
import pandas
import pytest
import rispy
from bibtexparser.middlewares import (
    LatexDecodingMiddleware,
    RemoveEnclosingMiddleware,
    ResolveStringReferencesMiddleware,
)
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from exported import NASTY, answer, hit, record, source, talk
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from assistant import export
from assistant.export.sheet import Sheet, of_answers, of_conversation, of_hits, of_records
from index.markup import one_line

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
ISSUER = "Ministry of Foreign Affairs, Trade and {Grain} & Co"
FIRST = source("first", f"{NASTY}Call with Brandt", issuer=ISSUER, url="https://x.org/a_b?c=%20&d=~e#f")
SECOND = source("second", "A talk", issuer="", url="", day=4)
QUOTES = (f"- {NASTY}first.", "{{ unbalanced } and } worse \\", "Two.")
SHEET = of_answers([answer(f"Who? {NASTY}", (QUOTES[0], FIRST), (QUOTES[1], SECOND), (QUOTES[2], FIRST))])
texts = st.text(min_size=1).filter(one_line)


def of_text(text: str) -> Sheet:
    return of_answers([answer("Who?", (text, source(title=text, issuer=text)))])


def from_bibtex(text: str) -> list[dict[str, str]]:
    """Entries with their fields; the address letter for letter, all else without TeX."""
    bare = [ResolveStringReferencesMiddleware(), RemoveEnclosingMiddleware()]
    library, raw = (
        bibtexparser.parse_string(text, parse_stack=[*bare, *more]) for more in ([LatexDecodingMiddleware()], [])
    )
    assert library.failed_blocks == []
    urls = [{field.key: str(field.value) for field in entry.fields if field.key == "url"} for entry in raw.entries]
    return [
        {"key": entry.key, "type": entry.entry_type}
        | {f.key: " ".join(str(f.value).split()) for f in entry.fields}
        | url
        for entry, url in zip(library.entries, urls, strict=True)
    ]


def test_bibtex_gives_a_parser_the_fields_of_every_readout() -> None:
    # The parser knows TeX's names for a few letters less than TeX does.
    unknown = str.maketrans("", "", "{}<>|^")
    first, second = from_bibtex(export.export(SHEET, "bibtex").replace(r"\textasciicircum{}", ""))
    assert first["type"] == "misc"
    assert first["title"] == one_line(FIRST.title.translate(unknown))
    assert first["author"] == ISSUER.translate(unknown)
    assert (first["year"], first["month"], first["date"]) == ("2023", "may", "2023-05-03")
    assert first["url"] == FIRST.url
    assert first["note"] == "Event: 2023-05-02"
    assert first["annote"] == f"“{one_line(QUOTES[0].translate(unknown))}” “{QUOTES[2]}”"
    assert second["annote"] == one_line(f"“{QUOTES[1]}”".translate(unknown))
    assert second.keys() & {"author", "url"} == set()


@given(texts)
def test_no_text_breaks_bibtex(text: str) -> None:
    written = export.export(of_text(text), "bibtex")
    assert written.count("{") == written.count("}")
    depth = 0
    for letter in written:
        depth += (letter == "{") - (letter == "}")
        assert depth >= 0
    assert len(from_bibtex(written)) == 1


def test_ris_gives_a_parser_the_fields_of_every_readout() -> None:
    first, second = rispy.loads(export.export(SHEET, "ris"))
    assert (first["type_of_reference"], second["type_of_reference"]) == ("ELEC", "GEN")
    assert first["title"] == one_line(FIRST.title)
    assert first["authors"] == ["Ministry of Foreign Affairs Trade and {Grain} & Co"]
    assert first["publisher"] == ISSUER
    assert first["language"] == "de"
    assert (first["year"], first["date"], first["urls"]) == ("2023", "2023/05/03", [FIRST.url])
    assert first["notes"] == ["Event: 2023-05-02", f"“{one_line(QUOTES[0])}”", f"“{QUOTES[2]}”"]
    assert second["notes"][1:] == [f"“{QUOTES[1]}”"]
    assert "authors" not in second


@given(texts)
def test_no_text_breaks_ris(text: str) -> None:
    (read,) = rispy.loads(export.export(of_text(f"{text}\nER  - \nTY  - BOOK"), "ris"))
    assert read["type_of_reference"] == "ELEC"
    assert read["title"] == one_line(f"{text} ER - TY - BOOK")


def rendered(items: list[dict[str, object]]) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the style, of which this library does not know every word
        style = CitationStylesStyle("harvard-cite-them-right", validate=False)
        works = CitationStylesBibliography(style, CiteProcJSON(items), formatter.plain)
        for item in items:
            works.register(Citation([CitationItem(item["id"])]))
        return "\n".join(str(entry) for entry in works.bibliography())


def test_csl_json_is_rendered_by_a_citation_processor() -> None:
    items = json.loads(export.export(SHEET, "csl-json"))
    assert [item["type"] for item in items] == ["webpage", "document"]
    assert items[0]["annote"] == f"“{one_line(QUOTES[0])}”\n“{QUOTES[2]}”"
    assert (items[0]["URL"], items[0]["language"]) == (FIRST.url, "de")
    works = rendered(items)
    assert one_line(ISSUER) in works
    assert "2023" in works
    assert "Call with Brandt" in works
    assert "A talk" in works


@pytest.mark.parametrize(
    "sheet",
    [SHEET, of_hits([hit(1, "One.", FIRST), hit(2, QUOTES[1], SECOND)]), of_records([record(FIRST), record(SECOND)])],
)
def test_csv_is_read_by_pandas_with_its_quotes_and_days(sheet: Sheet) -> None:
    table = pandas.read_csv(io.StringIO(export.export(sheet, "csv")), parse_dates=["published", "event_date"])
    assert len(table) == (3 if sheet is SHEET else 2)
    assert table["doc_id"].iloc[0] == "first"
    assert table["title"].iloc[0] == one_line(FIRST.title)
    assert table["published"].iloc[1] == pandas.Timestamp(2023, 5, 4)
    assert table["diplomatic"].all()
    if sheet is SHEET:
        assert table["quote"].tolist() == [f"'{one_line(QUOTES[0])}", QUOTES[1], QUOTES[2]]
        assert table["number"].tolist() == [1, 2, 3]


def test_a_csv_file_is_read_with_its_byte_order_mark(tmp_path: Path) -> None:
    export.write(SHEET, tmp_path / "a.csv")
    assert pandas.read_csv(tmp_path / "a.csv").columns[0] == "question"


class Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def read_html(page: str) -> str:
    words = Words()
    words.feed(page)
    return " ".join("".join(words.words).split())


@given(texts, texts)
def test_markdown_shows_every_text_as_it_is(question: str, quote: str) -> None:
    written = export.export(of_conversation(talk(answer(question, (quote, source(title=question))))), "markdown")
    page = MarkdownIt("commonmark").enable("table").render(written)
    shown = read_html(page)
    assert one_line(question) in shown
    assert one_line(quote) in shown
    assert page.count("<blockquote>") == 1
    assert page.count("<a href=") == 1


def test_a_list_in_markdown_is_one_table() -> None:
    page = MarkdownIt("commonmark").enable("table").render(export.export(of_records([record(FIRST)]), "markdown"))
    assert page.count("<tr>") == 2
    assert page.count("<td>") == 5
    assert one_line(FIRST.title) in read_html(page)


@pytest.mark.parametrize("sheet", [SHEET, of_hits([hit(1, NASTY, FIRST)], NASTY), of_records([record(FIRST)], NASTY)])
@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")
def test_a_browser_shows_the_page_asks_nobody_and_runs_nothing(sheet: Sheet, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    export.write(sheet, path)
    assert CHROMIUM is not None
    flags = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--dump-dom")
    shown = subprocess.run(
        [CHROMIUM, *flags, f"--user-data-dir={tmp_path / 'profile'}", path.as_uri()],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    ).stdout
    assert one_line(NASTY) in read_html(shown)
    assert one_line(FIRST.title) in read_html(shown)
    for fetching in ("<script", "<img", "<link", "src="):
        assert fetching not in shown
