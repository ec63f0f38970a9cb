import datetime as dt
from pathlib import Path

import pytest

from index.datatypes import Document, Skipped
from index.errors import FormatError
from index.readers import read_file

PATH = Path("/corpus/archive.xml")


def items(text: str, path: Path = PATH) -> list[Document]:
    return [found for found in read_file(path, text.encode()) if isinstance(found, Document)]


def test_elements_that_hold_a_title_and_a_text_are_records_with_what_they_say_beside_it() -> None:
    (document,) = items(
        """<?xml version="1.0"?><speeches><speech><speech-id>812</speech-id><title>Speech on salt</title>
        <release-date>13/06/1994</release-date><document>https://salt.example/812.pdf</document>
        <content><![CDATA[<p>This is about salt.</p><p>And rope.</p>]]></content></speech></speeches>"""
    )
    source = document.source
    assert document.text == "This is about salt.\n\nAnd rope."
    assert (source.doc_id, source.title, source.published) == ("812", "Speech on salt", dt.date(1994, 6, 13))
    assert source.url == "https://salt.example/812.pdf"


def test_a_text_in_many_elements_is_whole() -> None:
    texts = "".join(f"<text>Point {n}.</text>" for n in range(50))
    (document,) = items(f"<r><title>A call</title>{texts}</r>")
    assert document.text.split("\n\n") == [f"Point {n}." for n in range(50)]


def test_one_message_in_several_languages_is_a_readout_each_with_what_they_share() -> None:
    german, english = items(
        """<?xml version="1.0"?><messages xmlns="urn:m"><message id="77"><pubdate>2022-03-07</pubdate>
        <originator id="2"><name lang="de">Amt für Salz</name><name lang="en">Office of Salt</name></originator>
        <content lang="de"><title>Hilfe</title><lead>Heute.</lead><text>Eins.&lt;br /&gt;&lt;br /&gt;Zwei.</text></content>
        <content lang="en"><title>Aid</title><lead>Today.</lead><text>One.</text></content></message></messages>"""
    )
    assert (german.text, english.text) == ("Heute.\n\nEins.\n\nZwei.", "Today.\n\nOne.")
    assert [found.source.doc_id for found in (german, english)] == ["77-de", "77-en"]
    assert {(found.source.issuer, found.source.published) for found in (german, english)} == {
        ("Office of Salt", dt.date(2022, 3, 7))
    }
    assert (german.given["language"], german.source.title) == ("de", "Hilfe")


def test_markup_of_its_own_is_read_as_paragraphs_and_items() -> None:
    (document,) = items(
        "<?xml version='1.0'?><news><headline>A call</headline><body><para>They "
        "<emph>spoke</emph>.</para><list><item>salt</item>"
        "<item>rope</item></list></body></news>"
    )
    assert document.text == "They spoke.\n\nsalt\nrope"


def test_tei_is_read_by_its_header_and_body() -> None:
    (document,) = items(
        """<?xml version="1.0"?><TEI xmlns="http://www.tei-c.org/ns/1.0" xml:id="t1" xml:lang="fr"><teiHeader>
        <fileDesc><titleStmt>
        <title>Entretien</title></titleStmt><publicationStmt><publisher>Office du Sel</publisher>
        <date when="2021-05-04">mai</date>
        </publicationStmt></fileDesc></teiHeader><text><body><p>Ils ont parlé.</p><u>Du sel.</u></body></text></TEI>""",
        Path("a.tei"),
    )
    assert (document.source.title, document.source.doc_id, document.source.issuer) == (
        "Entretien",
        "t1",
        "Office du Sel",
    )
    assert (document.text, document.source.published) == ("Ils ont parlé.\n\nDu sel.", dt.date(2021, 5, 4))
    assert document.given["language"] == "fr"


def test_a_file_of_paragraphs_is_one_readout() -> None:
    (document,) = items(
        "<article><title>A call</title><sect><p>They spoke of salt today.</p>"
        "<p>They will meet again in May.</p></sect></article>"
    )
    assert "They spoke of salt today.\n\nThey will meet again in May." in document.text
    assert document.source.title == "A call"


def test_a_day_that_could_be_two_is_none() -> None:
    (document,) = items("<r><title>A call</title><date>05/06/1994</date><text>They spoke.</text></r>")
    assert document.source.published is None


def test_a_record_without_a_word_is_skipped_with_its_line() -> None:
    text = "<a>\n<r><title>A</title><text>They met.</text></r>\n<r><title>B</title><text>###</text></r></a>"
    document, skipped = read_file(PATH, text.encode())
    assert isinstance(document, Document)
    assert skipped == Skipped(path=f"{PATH}:3", reason="The record has no text.")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hosts">]><a><title>t</title><text>&x;</text></a>',
            "defines entities",
        ),
        ("<a>" * 100_000, "nested too deeply"),
        ("<svg><path d='M0'/></svg>", "holds a title and a text"),
        ("words", "not XML|holds a title"),
        ("", "empty"),
    ],
)
def test_what_holds_no_readout_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(FormatError, match=reason):
        items(text)


def test_an_external_definition_is_never_asked_for() -> None:
    (document,) = items('<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd"><a><title>A</title><text>They met.</text></a>')
    assert document.text == "They met."
