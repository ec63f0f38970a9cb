import datetime as dt
from pathlib import Path

import pytest
from paper import docx, paragraph, table, zipped

from index.datatypes import Document, Note, Skipped
from index.errors import FormatError
from index.readers import docx as reader
from index.readers import read_file

MET = paragraph("The ministers met in Aldermoor and spoke of the ferry.")


def read(content: bytes, name: str = "talks.docx") -> list[Document | Skipped | Note]:
    return list(read_file(Path("/corpus") / name, content))


def text_of(*body: str, **parts: str) -> str:
    (document,) = read(docx(*body, **parts))
    assert isinstance(document, Document)
    return document.text


def test_paragraphs_headings_lists_and_tables_become_text() -> None:
    assert text_of(
        paragraph("They ", "met", " in Aldermoor."),
        paragraph("What was agreed", style="Heading1"),
        paragraph("A ferry", listed=True),
        paragraph("A quota", listed=True),
        table(("Party", "Vote"), ("Kelp Isles", "yes")),
        paragraph("*They* left_early & so on".replace("&", "&amp;")),
    ) == (
        "They met in Aldermoor.\n\nWhat was agreed\n\nA ferry\nA quota\n\nParty | Vote\nKelp Isles | yes\n\n"
        "*They* left_early & so on"
    )


def test_footnotes_stand_at_the_end_and_contents_are_left_out() -> None:
    contents = paragraph("Agreement 3", style="TOC1")
    assert text_of(MET, contents, MET, footnotes=paragraph("See the treaty.")).endswith("ferry.\n\nSee the treaty.")
    assert "Agreement" not in text_of(MET, contents)


def test_what_was_inserted_counts_and_what_was_struck_out_does_not() -> None:
    run = "<w:r><w:t>{}</w:t></w:r>"
    changed = f"<w:p>{run.format('They ')}<w:ins>{run.format('often ')}</w:ins><w:del>{run.format('never ')}</w:del>"
    assert text_of(MET, changed + run.format("met.") + "</w:p>").endswith("They often met.")


@pytest.mark.parametrize(
    ("core", "expected"),
    [
        ("<dc:title>Ministers on the ferry</dc:title>", "Ministers on the ferry"),
        ("<dc:title>Microsoft Word - talks</dc:title>", "Talks on Kelp"),
        ("<dc:title>An older text of another time</dc:title>", "Talks on Kelp"),
    ],
)
def test_the_title_is_the_files_own_where_its_opening_says_the_same(core: str, expected: str) -> None:
    (document,) = read(docx(paragraph("Talks on Kelp", style="Title"), MET, core=core))
    assert isinstance(document, Document)
    assert document.source.title == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Aldermoor, 3 May 2031", dt.date(2031, 5, 3)),
        ("In the year 2032 they met again.", dt.date(2032, 1, 9)),
        ("They met.", None),
    ],
)
def test_the_day_stands_in_the_opening_or_is_the_files_own_if_that_names_its_year(
    line: str, expected: dt.date | None
) -> None:
    core = "<dc:creator>Typist</dc:creator><dcterms:created>2032-01-09T08:00:00Z</dcterms:created>"
    (document,) = read(docx(MET, paragraph(line), core=core))
    assert isinstance(document, Document)
    assert (document.source.published, document.source.issuer) == (expected, "")


def test_entities_and_what_lies_elsewhere_are_never_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret of the strait")
    head = f'<!DOCTYPE d [<!ENTITY a "{"ha" * 1000}"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY s SYSTEM "{secret.as_uri()}">]>'
    with pytest.raises(FormatError) as caught:
        read(docx(MET, paragraph("See &b;&s; there."), head=head))
    assert "DOCTYPE" in caught.value.message
    (document,) = read(docx(MET, paragraph("See &b;&s; there."), head=f"<!--{' ' * 5000}-->{head}"))
    assert isinstance(document, Document)
    assert "haha" not in document.text
    assert "the secret" not in document.text


def test_a_part_that_unpacks_to_more_than_its_bound_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_PART_BYTES", 1 << 20)
    with pytest.raises(FormatError) as caught:
        read(docx(*[MET] * 20_000))
    assert "unpacks to more than 1 MB" in caught.value.message


def test_a_text_that_takes_too_long_is_read_as_far_as_it_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_SECONDS", -1)
    document, skipped = read(docx(MET, MET))
    assert isinstance(document, Document)
    assert isinstance(skipped, Skipped)
    assert "The end of it was left out" in skipped.reason


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (docx(), "no text"),
        (docx(MET)[:200], "damaged"),
        (docx(MET).replace(b"PK\x01\x02", b"PK\x01\x03"), "damaged"),
        (docx("<w:p>"), "damaged"),
        (zipped({"[Content_Types].xml": b"", "xl/workbook.xml": b""}), "an Excel workbook"),
        (zipped({"[Content_Types].xml": b"", "other.xml": b""}), "no Word file"),
    ],
)
def test_what_is_no_word_file_with_a_text_is_refused_in_words(content: bytes, words: str) -> None:
    with pytest.raises(FormatError) as caught:
        read(content)
    assert words in caught.value.message
    assert caught.value.mend


@pytest.mark.parametrize(
    ("name", "content"), [("talks.doc", b"\xd0\xcf\x11\xe0 old"), ("talks.rtf", b"{\\rtf1 They met.}")]
)
def test_older_formats_are_refused_with_the_command_that_makes_them_new(name: str, content: bytes) -> None:
    with pytest.raises(FormatError) as caught:
        read(content, name)
    assert caught.value.mend.endswith(f"soffice --convert-to docx {name}")
