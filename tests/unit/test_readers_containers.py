import email.message
import gzip
import json
from pathlib import Path

import pytest
from building import changes, records
from paper import docx, paragraph, pdf, prose, zipped
from small_index import HashEncoder

from index import build
from index.datatypes import Document, Note, Skipped
from index.errors import FormatError
from index.readers import containers, read_file

MET = b"The ministers met in Aldermoor."
TABLE = b"title,body\nTalks," + b"They spoke of kelp. " * 9


def read(content: bytes, name: str = "talks.zip") -> list[Document | Skipped | Note]:
    return list(read_file(Path("/corpus") / name, content))


def paths(found: list[Document | Skipped | Note]) -> list[str]:
    return [entry.source.path for entry in found if isinstance(entry, Document)]


def reasons(found: list[Document | Skipped | Note]) -> dict[str, str]:
    return {entry.path: entry.reason for entry in found if isinstance(entry, Skipped)}


def mail(text: str, subtype: str = "plain", **attached: bytes) -> email.message.EmailMessage:
    message = email.message.EmailMessage()
    message["Subject"], message["From"] = "Talks on Kelp", "A Typist <typist@strait.example>"
    message["Date"] = "Sat, 03 May 2031 10:00:00 +0000"
    message.set_content(text, subtype=subtype)
    for name, content in attached.items():
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name.replace("_", "."))
    return message


def test_members_of_a_zip_file_are_read_by_what_they_are() -> None:
    members = {"may/a.txt": MET, "b.docx": docx(paragraph("They met."), paragraph("They left.")), "c.csv": TABLE,
               "d.pdf": pdf([prose("They spoke of the ferry.")]), ".hidden.txt": MET, "__MACOSX/a.txt": MET}  # fmt: skip
    found = read(zipped(members))
    assert paths(found) == [f"/corpus/talks.zip!/{name}" for name in ("may/a.txt", "b.docx", "c.csv", "d.pdf")]
    assert [entry.source.doc_id for entry in found if isinstance(entry, Document)] == ["a", "b", "c", "d"]
    assert not reasons(found)


def test_a_gzip_file_is_read_as_what_it_holds() -> None:
    (document,) = [e for e in read(gzip.compress(TABLE), "talks.csv.gz") if isinstance(e, Document)]
    assert (document.source.path, document.source.doc_id) == ("/corpus/talks.csv.gz!/talks.csv", "talks")


@pytest.mark.parametrize(
    "date", [f"Thu, 18 May 2023 1{'0' * 48}:00:00 +0000", "Thu, 18 May 2023 10:00:00 +9999999999", ";"]
)
def test_a_mail_that_was_sent_at_no_moment_is_read_without_one(date: str) -> None:
    content = f"Subject: Kelp\nDate: {date}\n\nMinister Quist met Minister Oyelaran.\n".encode()
    (found,) = read(content, "a.eml")
    assert isinstance(found, Document)
    assert found.text == "Minister Quist met Minister Oyelaran."


@pytest.mark.parametrize("subtype", ["plain", "html"])
def test_a_mail_is_its_text_and_what_is_attached_to_it(subtype: str) -> None:
    content = mail("They met in Aldermoor.", subtype, more_txt=MET, picture_png=b"\x89PNG").as_bytes()
    found = read(content, "talks.eml")
    first, second = [entry for entry in found if isinstance(entry, Document)]
    assert (first.source.title, str(first.source.published), first.source.issuer) == ("Talks on Kelp", "2031-05-03", "")
    assert first.text == "They met in Aldermoor."
    assert second.source.path == "/corpus/talks.eml!/more.txt"
    assert reasons(found).keys() == {"/corpus/talks.eml!/picture.png"}


def test_what_cannot_be_read_of_a_file_is_told_and_the_rest_goes_on() -> None:
    secret = bytearray(zipped({"a.txt": MET}))
    secret[secret.index(b"PK\x01\x02") + 8] |= 1
    assert reasons(read(bytes(secret))) == {"/corpus/talks.zip!/a.txt": "It is encrypted; take the password off."}
    found = read(zipped({"a.txt": MET, "b.xyz": b"?", "c.json": b"{"}))
    assert paths(found) == ["/corpus/talks.zip!/a.txt"]
    assert set(reasons(found)) == {"/corpus/talks.zip!/b.xyz", "/corpus/talks.zip!/c.json"}


def test_no_name_of_a_member_leads_anywhere(tmp_path: Path) -> None:
    found = read(zipped({"../../etc/a.txt": MET, "/b.txt": MET, "x\\c.txt": MET}))
    assert paths(found) == [f"/corpus/talks.zip!/{name}" for name in ("etc/a.txt", "b.txt", "x/c.txt")]
    assert not list(tmp_path.iterdir())


def test_what_unpacks_without_end_is_refused_before_it_does() -> None:
    zeros = b"\0" * (containers._RATIO_FROM + 1)
    assert "200 times" in reasons(read(zipped({"a.txt": zeros})))["/corpus/talks.zip!/a.txt"]
    with pytest.raises(FormatError, match="unpacks to more than"):
        read(gzip.compress(zeros), "a.txt.gz")


def test_files_in_files_end_and_all_that_one_holds_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    inner = zipped({"a.txt": MET})
    for _ in range(containers.MAX_DEPTH - 1):
        inner = zipped({"in.zip": inner})
    assert len(paths(read(inner))) == 1
    assert "lies in too many files" in next(iter(reasons(read(zipped({"in.zip": inner}))).values()))
    monkeypatch.setattr(containers, "MAX_UNPACKED_BYTES", len(MET) + 5)
    found = read(zipped({"a.txt": MET, "b.txt": MET}))
    assert len(paths(found)) == 1
    assert "more than is unpacked" in next(iter(reasons(found).values()))
    monkeypatch.setattr(containers, "MAX_MEMBERS", 1)
    with pytest.raises(FormatError, match="2 files"):
        read(zipped({"a.txt": MET, "b.txt": MET}))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.zip", zipped({"a.txt": MET})[:40]),
        ("a.gz", gzip.compress(MET)[:20]),
        ("a.tar.gz", gzip.compress(MET)),
        ("a.eml", b""),
    ],
)
def test_damaged_files_are_refused_in_words(name: str, content: bytes) -> None:
    with pytest.raises(FormatError) as caught:
        read(content, name)
    assert caught.value.mend


def test_members_are_known_again_and_go_with_their_file(tmp_path: Path) -> None:
    archive, built = tmp_path / "in" / "talks.zip", tmp_path / "built"
    archive.parent.mkdir()
    two = json.dumps(
        [{"title": f"Talks {n}", "text": text} for n, text in enumerate(("They met early.", "Kelp was sold."))]
    )
    archive.write_bytes(
        zipped({"x/a.txt": MET, "y/a.txt": b"A ferry was named after the harbour.", "b.json": two.encode()})
    )
    add = lambda: changes(build.add(built, [archive.parent], HashEncoder))  # noqa: E731
    assert add() == (4, 0, 0, 0)
    assert add() == (0, 0, 4, 0)
    before = {readout.source.path: readout.source.doc_id for readout in records(built)}
    archive.write_bytes(zipped({"x/a.txt": MET + b" They left.", "y/a.txt": b"A ferry was named after the harbour."}))
    assert add() == (0, 1, 1, 2)
    assert {r.source.path: r.source.doc_id for r in records(built)}.items() <= before.items()
    archive.unlink()
    (archive.parent / "b.txt").write_bytes(b"Nothing else.")
    assert add() == (1, 0, 0, 2)
