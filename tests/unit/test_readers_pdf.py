import datetime as dt
import signal
import zlib
from pathlib import Path

import pytest
from paper import Placed, pdf, prose

from index.datatypes import Document, Note, Skipped
from index.errors import FormatError
from index.passages import split
from index.readers import pdf as reader
from index.readers import read_file

HEAD = (72, 770, 9, "Ministry of Fair Winds")


def read(content: bytes) -> list[Document | Skipped | Note]:
    return list(read_file(Path("/corpus/talks.pdf"), content))


def text_of(*pages: list[Placed]) -> str:
    (document,) = read(pdf(pages))
    assert isinstance(document, Document)
    return document.text


def test_lines_become_paragraphs() -> None:
    first = prose(
        "The two ministers met in Aldermoor on Tuesday and spoke of the",
        "ferry across the strait. They agreed to meet again.",
    )
    second = prose("They also spoke of kelp.", top=650)
    assert text_of([*first, *second]) == (
        "The two ministers met in Aldermoor on Tuesday and spoke of the ferry across the strait. They agreed to meet again."
        "\n\nThey also spoke of kelp."
    )


def test_a_paragraph_goes_on_over_the_page_and_running_heads_and_numbers_stay_out_of_it() -> None:
    paragraphs = [
        prose("The ministers spoke of the ferry and of the fish that both", "sides catch, and they agreed that the"),
        prose("quotas stay as they are until the commission has met in the", "spring of the year."),
        prose("A second meeting was held on the following day in the harbour."),
    ]
    pages = [[HEAD, *lines, (300, 40, 9, f"{number}")] for number, lines in enumerate(paragraphs, start=1)]
    assert text_of(*pages) == (
        "Ministry of Fair Winds\n\nThe ministers spoke of the ferry and of the fish that both sides catch, and they agreed "
        "that the quotas stay as they are until the commission has met in the spring of the year.\n\n"
        "A second meeting was held on the following day in the harbour."
    )


def test_each_page_begins_where_its_first_words_stand_and_a_passage_knows_its_pages() -> None:
    pages = [
        prose("The ministers spoke of the ferry and of the fish that both", "sides catch, and they agreed that the"),
        prose("quotas stay as they are until the commission has met in the", "spring of the year."),
        [],
        prose("A second meeting was held on the following day in the harbour."),
    ]
    (document,) = read(pdf(pages))
    assert isinstance(document, Document)
    begins = [document.text[start:].split()[0] for start in document.pages]
    assert begins == ["The", "quotas", "A", "A"]
    first, second = split(document)
    assert (first.page_range(), second.page_range()) == ((1, 2), (4, 4))
    quote = first.text.index("quotas")
    assert first.page_range(0, quote) == (1, 1)
    assert first.page_range(quote, len(first.text)) == (2, 2)


@pytest.mark.parametrize(
    ("before", "after", "joined"),
    [
        ("The commission on coopera-", "tion met", "cooperation met"),
        ("They spoke of a cease-", "fire. The cease fire holds", "cease-fire"),
        ("They called the ferry-", "boat. A ferryboat was built", "the ferryboat"),
        ("The talks of Alder-", "Moor went on", "Alder-Moor went on"),
    ],
)
def test_a_hyphen_at_the_end_of_a_line_stays_where_other_words_of_the_text_ask_for_it(
    before: str, after: str, joined: str
) -> None:
    assert joined in text_of(
        prose("The weather was fair on the day of all of the talks between the two", before, after)
    )


def test_cells_of_a_table_are_lines_and_a_cell_of_several_lines_stays_one() -> None:
    table = [
        (72, 600, 11, "Ferry"), (300, 600, 11, "12"), (400, 600, 11, "yes"),
        (72, 580, 11, "Fish of the"), (72, 566, 11, "northern strait"), (300, 580, 11, "7"), (400, 580, 11, "no"),
        (72, 546, 11, "Kelp"), (300, 546, 11, "3"), (400, 546, 11, "yes"),
    ]  # fmt: skip
    assert text_of([*prose("The votes were these:"), *table]).split("\n\n")[1] == (
        "Ferry | 12 | yes\nFish of the northern strait | 7 | no\nKelp | 3 | yes"
    )


def test_a_table_of_contents_is_left_out() -> None:
    contents = prose("Contents", "Ferry ................ 2", "Fish ................. 3", "Kelp ................. 4")
    assert (
        text_of([*contents, *prose("The ferry was spoken of at length.", top=500)])
        == "The ferry was spoken of at length."
    )


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("Talks on the Ferry", "Talks on the Ferry"),
        ("Microsoft Word - talks_final.docx", "The Large Words"),
        ("Something that no page says", "The Large Words"),
    ],
)
def test_the_title_that_the_file_gives_counts_where_its_first_page_says_the_same(given: str, expected: str) -> None:
    page = [
        (72, 730, 24, "The Large Words"),
        *prose("Talks on the ferry were held.", "They went well in every respect."),
    ]
    (document,) = read(pdf([page], title=given))
    assert isinstance(document, Document)
    assert document.source.title == expected
    assert ("The Large Words" in document.text) == (expected != "The Large Words")


@pytest.mark.parametrize(
    ("line", "made", "expected"),
    [
        ("3 May 2031", "D:20330101000000Z", dt.date(2031, 5, 3)),
        ("Aldermoor, May 3, 2031", "", dt.date(2031, 5, 3)),
        ("In 2031 they met.", "D:20310504120000+02'00'", dt.date(2031, 5, 4)),
        ("They met.", "D:20310504120000+02'00'", None),
        ("In 2031 they met.", "D:20319999", None),
    ],
)
def test_the_day_is_that_of_the_first_page_and_the_files_own_only_where_the_page_names_its_year(
    line: str, made: str, expected: dt.date | None
) -> None:
    (document,) = read(pdf([[*prose(line), *prose("The ministers spoke of the ferry.", top=600)]], made=made))
    assert isinstance(document, Document)
    assert document.source.published == expected


def test_scanned_pages_are_told_and_the_others_read() -> None:
    pages = [prose("The ministers spoke of the ferry."), [], [], prose("They spoke of the fish of the strait."), []]
    document, note = read(pdf(pages, pictures=(2, 3, 5)))
    assert isinstance(document, Document)
    assert document.text.count("They spoke") == 1
    assert isinstance(note, Note)
    assert "pages 2–3, 5" in note.text
    assert "ocrmypdf" in note.text


def test_a_scan_is_refused_with_its_mend() -> None:
    with pytest.raises(FormatError) as caught:
        read(pdf([[], []], pictures=(1, 2)))
    assert "scan" in caught.value.message
    assert "ocrmypdf" in caught.value.mend


def test_an_encrypted_file_is_refused_with_its_mend() -> None:
    # The password of this owner and user is unknown: what the file keeps of it belongs to none.
    encrypt = b"/Encrypt << /Filter /Standard /V 1 /R 2 /P -44 /O <%s> /U <%s> >> /ID [<00><00>] /Size" % (
        b"41" * 32,
        b"42" * 32,
    )
    with pytest.raises(FormatError) as caught:
        read(pdf([prose("The ministers spoke.")]).replace(b"/Size", encrypt))
    assert "encrypted" in caught.value.message
    assert "qpdf --decrypt" in caught.value.mend


@pytest.mark.parametrize(
    "content", [b"%PDF-1.7\n", b"%PDF-1.7 words\n%%EOF", pdf([prose("The ministers spoke.")])[:300]]
)
def test_a_damaged_file_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(FormatError) as caught:
        read(content)
    assert "damaged" in caught.value.message
    assert caught.value.mend


def test_pages_that_hold_each_other_end() -> None:
    ring = pdf([prose("The ministers spoke of the ferry.")]).replace(b"/Kids [4 0 R]", b"/Kids [2 0 R]")
    with pytest.raises(FormatError):
        read(ring)


def test_a_page_that_unpacks_to_gigabytes_takes_no_more_than_its_bound() -> None:
    bomb = zlib.compress(zlib.compress(b"\n" * (1 << 30), 9), 9)
    whole = pdf([prose("The ministers spoke.")])
    start, end = whole.index(b"5 0 obj"), whole.index(b"6 0 obj")
    stream = b"5 0 obj\n<< /Length %d /Filter [/FlateDecode /FlateDecode] >>\nstream\n%s\nendstream\nendobj\n" % (
        len(bomb),
        bomb,
    )
    with pytest.raises(FormatError):
        read(whole[:start] + stream + whole[end:])


def test_a_file_that_never_comes_to_an_end_is_stopped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    hanging = tmp_path / "hanging.py"
    hanging.write_text("import time; time.sleep(600)")
    monkeypatch.setattr(reader.pdf_lines, "__file__", str(hanging))
    monkeypatch.setattr(reader, "MAX_WAIT", 0.5)
    with pytest.raises(FormatError) as caught:
        read(pdf([prose("The ministers spoke.")]))
    assert "stopped after 0.5 s" in caught.value.message


@pytest.mark.skipif(not hasattr(signal, "SIGXCPU"), reason="the system has no bound on computing")
def test_a_page_that_computes_without_end_is_stopped_by_the_system(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    script = Path(reader.pdf_lines.__file__).read_text()
    busy = script.replace("MAX_SECONDS_OF_ALL = 3, 4", "MAX_SECONDS_OF_ALL = 3, 1").replace(
        "json.dump(read(content), sys.stdout)", "while True: pass"
    )
    (tmp_path / "busy.py").write_text(busy)
    monkeypatch.setattr(reader.pdf_lines, "__file__", str(tmp_path / "busy.py"))
    with pytest.raises(FormatError) as caught:
        read(pdf([prose("The ministers spoke.")]))
    assert "of computing" in caught.value.message


def test_pages_beyond_the_bound_are_left_out_and_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    script = Path(reader.pdf_lines.__file__).read_text().replace("MAX_PAGES = 2_000", "MAX_PAGES = 2")
    (tmp_path / "short.py").write_text(script)
    monkeypatch.setattr(reader.pdf_lines, "__file__", str(tmp_path / "short.py"))
    document, skipped = read(pdf([prose(f"The ministers spoke of the ferry, part {n}.") for n in range(4)]))
    assert isinstance(document, Document)
    assert isinstance(skipped, Skipped)
    assert skipped.reason == "Pages 3 to 4 were left out, because it is too long."
