import datetime as dt
from pathlib import Path

import pytest

from benchmarks.extraction import Page, pages
from index.datatypes import Document
from index.errors import FormatError
from index.readers import read_file
from index.readers.html import page_text, read_page

PATH = Path("/corpus/a-call.html")


def page(body: str, head: str = "", start: str = '<html lang="en">') -> Document:
    (document,) = read_file(PATH, f"<!DOCTYPE html>{start}<head>{head}</head><body>{body}</body></html>".encode())
    assert isinstance(document, Document)
    return document


@pytest.mark.parametrize("given", list(pages()), ids=lambda given: given.name)
def test_the_text_of_a_page_is_all_that_belongs_to_the_readout_and_nothing_else(given: Page) -> None:
    lines = [line for line in read_page(PATH, given.html).text.split("\n") if line]
    assert lines == [paragraph.removeprefix("* ") for paragraph in given.paragraphs]


def test_items_of_a_list_are_lines_of_one_paragraph() -> None:
    document = page(
        "<p>They agreed on:</p><ul><li><p>salt</p></li><li>rope and "
        "<b>kelp</b><ul><li>dried</li></ul></li></ul><p>So be it.</p>"
    )
    assert document.text == "They agreed on:\n\nsalt\nrope and kelp\ndried\n\nSo be it."


def test_rows_of_data_are_lines_and_columns_of_a_layout_are_paragraphs() -> None:
    document = page("<table><tr><th>State</th><th>Vote</th></tr><tr><td>Verania</td><td>Yes</td></tr></table>")
    assert document.text == "State | Vote\nVerania | Yes"
    document = page("<table><tr><td><p>They met.</p></td><td><p>They spoke.</p></td></tr></table>")
    assert document.text == "They met.\n\nThey spoke."


def test_marks_in_a_page_are_words_and_not_markdown() -> None:
    text = "They spoke of *salt*, _rope_, [kelp](and so on), # 5 & 3 < 4 `more` \\ less."
    assert page(f"<p>{text.replace('&', '&amp;').replace('<', '&lt;')}</p>").text == text


def test_lines_that_only_end_where_the_paper_did_are_joined_and_those_of_an_address_are_not() -> None:
    scanned = (
        "This is a monument to what unites the people of<br>Many nations with the people of Verania and their<br>" * 4
    )
    assert page(f"<p>{scanned}</p>").text.count("\n") == 0
    assert page("<p>Palace Square 1<br>Port Sella<br>Verania</p>").text == "Palace Square 1\nPort Sella\nVerania"


def test_a_page_tells_its_title_day_address_language_and_publisher() -> None:
    head = (
        '<title>Call with Verania | Ministry of Salt</title><meta property="og:site_name" content="Ministry of Salt">'
        '<link rel="canonical" href="https://salt.example/news/call"><meta property="article:published_time" '
        'content="2024-03-05T23:10:00+09:00">'
    )
    document = page(
        "<article><h1>Call with Verania</h1><p>They spoke of salt.</p></article>", head, '<html lang="sv-SE">'
    )
    source = document.source
    assert (source.title, source.issuer, source.published) == (
        "Call with Verania",
        "Ministry of Salt",
        dt.date(2024, 3, 5),
    )
    assert (source.url, source.doc_id, document.given["language"]) == (
        "https://salt.example/news/call",
        "a-call",
        "sv-SE",
    )
    assert document.text == "They spoke of salt."


@pytest.mark.parametrize(
    ("title", "body", "expected", "issuer"),
    [
        (
            "Holt’s Call with Brandt - United States Department of State",
            "",
            "Holt’s Call with Brandt",
            "Department of State (United States)",
        ),
        (
            "The White House – A Call About Salt",
            "<h1>A Call About Salt</h1>",
            "A Call About Salt",
            "White House (United States)",
        ),
        ("Salt - the white gold", "", "Salt - the white gold", ""),
        (
            "Press release 12/2024: Holt meets Brandt in Port Sella | Ministry of Salt",
            "",
            "Press release 12/2024: Holt meets Brandt in Port Sella",
            "Ministry of Salt",
        ),
    ],
)
def test_the_name_of_the_site_is_no_part_of_the_title(title: str, body: str, expected: str, issuer: str) -> None:
    source = page(f"{body}<p>They spoke.</p>", f"<title>{title}</title>").source
    assert (source.title, source.issuer) == (expected, issuer)


@pytest.mark.parametrize(
    ("head", "body"),
    [
        (
            '<script type="application/ld+json">{"@graph": [{"@type": "NewsArticle", "datePublished": '
            '"2024-03-05T10:00Z"}]}</script>',
            "",
        ),
        ("", '<time datetime="2024-03-05">Tuesday</time>'),
        ("", "<p>March 5, 2024</p>"),
        ("", '<div class="field-date">5 March 2024</div>'),
        ('<link rel="canonical" href="https://salt.example/2024/03/05/call">', ""),
    ],
)
def test_the_day_is_found_where_pages_tell_it(head: str, body: str) -> None:
    assert page(f"{body}<p>They spoke of salt.</p>", head).source.published == dt.date(2024, 3, 5)


def test_what_is_said_about_a_page_beside_its_text_is_no_part_of_it() -> None:
    about = "<dl><dt>From:</dt><dd><a>Office of Salt</a></dd><dt>Published</dt><dd>5 March 2024</dd></dl>"
    text = "<div class='govspeak'><p>They spoke of salt and rope.</p><p>They will meet in May.</p></div>"
    document = page(f"<main><span>News story</span><h1>A call</h1>{about}{text}</main>", "<title>A call</title>")
    assert document.text == "They spoke of salt and rope.\n\nThey will meet in May."


def test_the_issuer_of_a_known_address_counts_more_than_what_the_page_calls_itself() -> None:
    head = (
        '<link rel="canonical" href="https://www.state.gov/a-call/"><meta property="og:site_name" content="State News">'
    )
    assert page("<p>They spoke.</p>", head).source.issuer == "Department of State (United States)"


def test_a_page_that_a_browser_saved_keeps_its_address() -> None:
    html = (
        "<!DOCTYPE html>\n<!-- saved from url=(0028)https://salt.example/news/12 -->\n<html><body><p>They "
        "spoke.</p></body></html>"
    )
    assert read_page(PATH, html).source.url == "https://salt.example/news/12"
    assert read_page(PATH, "<p>They spoke.</p>", "https://salt.example/x").source.url == "https://salt.example/x"
    assert read_page(PATH, '<link rel=canonical href="javascript:alert(1)"><p>They spoke.</p>').source.url == ""


@pytest.mark.parametrize(
    "declared",
    ['<meta charset="windows-1251">', '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">'],
)
def test_the_declared_encoding_counts_where_the_bytes_are_not_utf_8(declared: str) -> None:
    html = f"<html><head>{declared}</head><body><p>Состоялась встреча.</p></body></html>"
    assert "Состоялась встреча" in page_text(PATH, html.encode("cp1251"))
    assert "Состоялась встреча" in page_text(PATH, html.encode())
    assert "Состоялась встреча" in page_text(PATH, html.replace(declared, "").encode("cp1251"), "windows-1251")


def test_a_page_without_ending_is_known_by_what_it_holds() -> None:
    for opening in (
        "<!doctype HTML><html>",
        "<?xml version='1.0'?><!-- x --><html xmlns='http://www.w3.org/1999/xhtml'>",
    ):
        _, document = read_file(Path("page"), f"{opening}<body><p>They met.</p></body></html>".encode())
        assert isinstance(document, Document)
        assert document.text == "They met."


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("<html>" + "<div>" * 100_000 + "words", "nested too deeply"),
        ("<html>" + "<p>a" * 60_000, "more than 50,000 elements"),
        ("<html><body><script>var words;</script></body></html>", "holds no text"),
        ("<html><p>" + "word " * 2_000_000, "is 10 MB"),
    ],
)
def test_what_is_no_page_of_text_is_refused_with_the_reason(html: str, reason: str) -> None:
    with pytest.raises(FormatError, match=reason):
        list(read_file(PATH, html.encode()))


def test_an_attribute_of_megabytes_costs_nothing_of_the_text() -> None:
    assert page(f"<p class='{'x ' * 3_000_000}'>They met.</p>").text == "They met."
