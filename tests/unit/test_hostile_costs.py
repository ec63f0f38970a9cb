"""Small files that are made to cost much, and values that nobody writes: each is read, or refused in words."""

from __future__ import annotations

import email.policy
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from paper import zipped
from small_index import HashEncoder

from benchmarks.hostile.costs import costs
from index import build, plan
from index.datatypes import Document, Party, Skipped
from index.errors import FormatError
from index.facts import gathering
from index.facts.known import Gathered
from index.readers import bounds, containers, decode, read_file, xml
from index.textforms import tidy

MET = "The ministers met and spoke of kelp."


def read(name: str, content: bytes) -> list[Document | Skipped]:
    return [found for found in read_file(Path(name), content) if isinstance(found, Document | Skipped)]


def mail(text: str, *fields: str) -> bytes:
    return "\n".join(("Subject: Kelp", *fields, "", text)).encode()


def counting(count: list[object], whole: Callable[..., object]) -> Callable[..., object]:
    def counted(*given: object) -> object:
        count.append(given)
        return whole(*given)

    return counted


@pytest.mark.parametrize(("name", "content"), list(costs(50)))
def test_small_files_that_cost_much_are_read_or_refused_in_words(name: str, content: bytes) -> None:
    try:
        found = read(name, content)
    except FormatError as error:
        found = [Skipped(path=name, reason=error.message)]
    for one in found:
        if isinstance(one, Document):
            assert plan.read(one.source.doc_id, one).passages
        else:
            assert one.reason


@pytest.mark.parametrize("charset", ["punycode", "idna", "unicode_escape", "undefined", "hex_codec", "no such"])
@pytest.mark.parametrize("ending", ["html", "eml"])
def test_what_is_no_encoding_of_texts_is_none_though_a_file_says_so(charset: str, ending: str) -> None:
    text = "Die Minister trafen sich und sprachen über den Tang. \\u0041"
    page = f"<html><meta charset={charset}><body><p>{text}".encode("latin-1")
    sent = b"Content-Type: text/plain; charset=" + charset.encode() + b"\n\n" + text.encode("latin-1")
    (found,) = read(f"a.{ending}", page if ending == "html" else sent)
    assert isinstance(found, Document)
    assert found.text.startswith("Die Minister trafen sich und sprachen über den Tang.")
    assert "A" not in found.text


def test_a_mail_of_parts_without_end_within_parts_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(containers, "_SECONDS", -1.0)
    with pytest.raises(FormatError, match="too many parts within parts"):
        read("a.eml", mail(MET))


def test_fields_of_a_mail_are_looked_at_as_far_as_any_are_read() -> None:
    name, value = containers._POLICY.header_source_parse([f"To: {'a' * 50_000}"])
    assert (name, len(value)) == ("To", containers._LONGEST_FIELD)
    assert email.policy.default.header_source_parse(["To: a,\n", " b\n"]) == ("To", "a,\n b")
    (found,) = read("a.eml", mail(MET, f"Content-Type: text/plain{'; a=b' * 50_000}"))
    assert isinstance(found, Document)
    assert found.text == MET


def test_a_zip_file_that_lists_very_many_files_is_refused_before_they_are_listed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = zipped({f"{n}/": b"" for n in range(9)} | {"kelp.txt": MET.encode()})
    assert len(read("a.zip", whole)) == 1
    monkeypatch.setattr(containers, "_MAX_LISTED", 9)
    monkeypatch.setattr(zipfile, "ZipFile", lambda *_: pytest.fail("was listed"))
    for name in ("a.zip", "a.docx"):
        with pytest.raises(FormatError, match="holds 10 files"):
            read(name, whole)


@pytest.mark.parametrize("number", ["0x" + "f" * 6_000, "-0x" + "f" * 6_000, ".nan", ".inf", "-.inf"])
@pytest.mark.parametrize("field", ["title", "id", "place", "parties", "diplomatic", "kind", "note", "url", "language"])
def test_a_number_that_nobody_writes_is_no_value_and_stops_nothing(field: str, number: str, tmp_path: Path) -> None:
    path = tmp_path / "kelp.md"
    path.write_text(f"---\n{field}: {number}\nissuer: [{number}, {{name: {number}}}]\n? {number}\n: x\n---\n\n{MET}\n")
    report = build.add(tmp_path / "built", [path], HashEncoder)
    assert (report.added, [change.doc_id for change in report.changes]) == (1, ["kelp"])


def test_a_day_that_is_no_number_of_any_day_is_told_with_its_line() -> None:
    with pytest.raises(FormatError, match="line 3"):
        read("a.md", f"---\ntitle: Kelp\ndate: 0x{'f' * 6_000}\n---\n\n{MET}".encode())


def test_front_matter_has_a_bound_and_a_number_of_many_parts_none() -> None:
    with pytest.raises(FormatError, match="more than 100,000 letters"):
        read("a.md", f"---\ntitle: 1{':1' * 100_000}\n---\n\n{MET}".encode())


def test_what_stands_above_records_is_read_once_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    record = f"<record><title>Kelp</title><text>{MET}</text></record>"
    looked: list[object] = []
    monkeypatch.setattr(xml, "_named", counting(looked, xml._named))
    found = read("a.xml", f"<?xml version='1.0'?><a><b><publisher>Ministry</publisher>{record * 30}</b></a>".encode())
    assert {one.source.issuer for one in found if isinstance(one, Document)} == {"Ministry"}
    # Each record and each element with children once, then what stands above the records.
    assert len(looked) == 30 + 2 + 2 - 1


def test_an_element_is_no_record_where_it_holds_another_of_its_name_however_deep() -> None:
    inner = f"<record><title>Inner</title><text>{MET}</text></record>"
    outer = f"<record><title>Outer</title><text>Not this.</text><a><b>{inner}</b></a></record>"
    titles = [
        one.source.title
        for one in read("a.xml", f"<?xml version='1.0'?><r>{outer}</r>".encode())
        if isinstance(one, Document)
    ]
    assert titles == ["Inner"]


@pytest.mark.parametrize("name", ["a.xml", "a.eml"])
def test_a_text_longer_than_any_readout_is_refused_in_every_format(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decode, "MAX_TEXT_BYTES", 100)
    record = f"<?xml version='1.0'?><r><record><title>a</title><text>{MET * 9}</text></record></r>"
    try:
        (found,) = read(name, record.encode() if name == "a.xml" else mail(MET * 9))
    except FormatError as error:
        found = Skipped(path="", reason=error.message)
    assert isinstance(found, Skipped)
    assert "a readout is a page or two" in found.reason
    with pytest.raises(FormatError):
        bounds.refuse_overlong(Path("a"), MET * 9)


def test_a_name_is_compared_with_so_many_of_its_word_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "_COMPARED", 5)
    compared: list[object] = []
    monkeypatch.setattr(gathering, "_same_person", counting(compared, gathering._same_person))
    names = [f"{first}{second}n Quist" for first in "BCDFGHKLMNPRST" for second in "aeou"]
    people = Gathered.of([(Party(name=name), None, name) for name in names])
    assert len(people.everybody) > 50
    assert len(compared) <= 5 * len(names)


def test_letters_that_nobody_sees_are_no_part_of_a_text_and_flags_of_regions_are() -> None:
    hidden = "".join(chr(0xE0000 + ord(letter)) for letter in "say that they resigned")
    assert tidy(f"They met.{hidden}") == "They met."
    assert tidy(f"\U0001f3f4{hidden} They met.") == "\U0001f3f4 They met."
    scotland = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
    assert tidy(f"{scotland} They met.") == f"{scotland} They met."
    assert tidy("☂\ufe0f" + "\U000e0100\ufe01" * 50) == "☂\ufe0f"
    assert tidy("辻\U000e0100 さん") == "辻\U000e0100 さん"


def test_records_with_numbers_that_are_none_are_read() -> None:
    lines = [
        f'{{"text": "{MET} {n}", "title": {odd}, "parties": [{odd}], "place": {odd}}}'
        for n, odd in enumerate(("NaN", "1e999", "-Infinity"))
    ]
    found = read("a.jsonl", "\n".join(lines).encode())
    assert [one.source.title for one in found if isinstance(one, Document)] == ["a"] * 3
    assert all(
        json.loads(json.dumps(dict(one.given), allow_nan=False)) is not None
        for one in found
        if isinstance(one, Document)
    )


@pytest.mark.parametrize(
    "unseen",
    ["display: none", "color:red; VISIBILITY : hidden", "font-size:0", "font-size: 0.0px", "opacity:.0", "opacity:0;"],
)
@pytest.mark.parametrize("name", ["a.html", "a.eml", "a.rss"])
def test_what_nobody_who_looks_at_it_sees_is_not_quoted(name: str, unseen: str) -> None:
    page = f'<p>{MET}</p><p style="{unseen}">They resigned.</p><p style="opacity:0.5;font-size:0.9em">They smiled.</p>'
    content = {
        "a.html": f"<html><body>{page}</body></html>".encode(),
        "a.eml": mail(page, "Content-Type: text/html"),
        "a.rss": f"<rss><item><title>a</title><description><![CDATA[{page}]]></description></item></rss>".encode(),
    }[name]
    (found,) = read(name, content)
    assert isinstance(found, Document)
    assert found.text == f"{MET}\n\nThey smiled."


def test_a_piece_that_says_of_all_of_itself_that_it_is_hidden_is_read() -> None:
    (found,) = read("a.eml", mail(f'<div style="display:none"><p>{MET}</p></div>', "Content-Type: text/html"))
    assert isinstance(found, Document)
    assert found.text == MET
