"""Files that are made to take all time and memory there is: each is refused with its bound, or costs what its size allows."""

from __future__ import annotations

import gzip
import json
import os
import sys
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from paper import docx, paragraph, zipped
from small_index import HashEncoder

from index import build, duplicates
from index.catalogue import Catalogue
from index.datatypes import Document, Filters, Progress, Skipped, Source
from index.duplicates import LONG, bands, same_text, words_of
from index.errors import FormatError
from index.passages import embedding_text
from index.readers import bounds, containers, content_of, fields, find_files, finding, read_file
from index.readers import docx as word
from index.readers.layout import paragraphs
from index.rows import MOST_ALSO
from index.sentences import sentences
from index.textforms import fold, tidy

MET = "The ministers met and spoke of kelp."


def read(name: str, content: bytes) -> list[Document | Skipped]:
    return [found for found in read_file(Path(name), content) if isinstance(found, Document | Skipped)]


def add(folder: Path, path: Path, **options: Any) -> Any:
    return build.add(folder, [path], HashEncoder, **options)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", "They met.\n\n" * 200_000),
        ("a.md", "\f" + "a\f" * 200_000),
        ("a.txt", "Kelp " + "•" * 200_000),
        ("a.txt", "Kelp " + "a.B" * 200_000),
        ("a.txt", "They met. " + "- " * 200_000),
        ("a.json", json.dumps({"text": "a. " * 200_000})),
        ("a.csv", f'title,text\nx,"{"a; " * 200_000}"\n'),
        ("a.rss", f"<rss><item><title>x</title><description>{'a! ' * 200_000}</description></item></rss>"),
        ("a.xml", f"<?xml version='1.0'?><r><title>x</title><text>{'a. ' * 200_000}</text></r>"),
    ],
)
def test_a_text_of_too_many_lines_and_sentences_is_refused_with_the_bound(name: str, content: str) -> None:
    try:
        (found,) = read(name, content.encode())
    except FormatError as error:
        found = Skipped(path="", reason=error.message)
    assert isinstance(found, Skipped)
    assert f"more than {bounds.MAX_PIECES:,} lines and sentences" in found.reason


@pytest.mark.parametrize("number", ["xD800", "xdfff", "55296", "057343", "x0dabc"])
def test_a_half_character_by_its_number_stops_no_feed_and_no_xml(number: str) -> None:
    item = f"<item><title>a &#{number}; b</title><description>{MET}</description></item>"
    (found,) = read("a.rss", f"<rss><channel>{item}<b></channel></rss>".encode())
    assert isinstance(found, Document)
    found.source.title.encode()


def test_a_member_without_a_name_stops_nothing() -> None:
    # A name that stands nowhere else: a single letter would be changed within what is packed as well.
    named = zipped({"to be unnamed": MET.encode(), "kelp.md": MET.encode()})
    found = read("a.zip", named.replace(b"to be unnamed", bytes(13)))
    assert [one.source.path if isinstance(one, Document) else one.path for one in found] == [
        "a.zip!/unnamed", "a.zip!/kelp.md"
    ]  # fmt: skip
    assert isinstance(found[1], Document)


def test_a_long_text_of_few_sentences_is_read() -> None:
    (found,) = read("a.txt", (MET[:-1] + " " + "kelp " * 200_000).encode())
    assert isinstance(found, Document)


def test_marks_upon_one_letter_have_a_bound_and_those_of_real_scripts_stay() -> None:
    flood = "a" + "\u0316\u0301" * 5_000 + "b"
    assert len(tidy(flood)) < 40
    assert len(fold(flood)) <= 40
    real = "Việt Nam, Ελλάδα, עִבְרִית, हिन्दी, a\u0316\u0301 " * 200
    assert tidy(real) == " ".join(tidy(part) for part in real.split())


def test_letters_for_whole_phrases_make_no_text_many_times_as_long_and_those_of_real_texts_stay() -> None:
    for flood in ("\ufdfa" * 5_000, "\ufdfa a " * 5_000):
        assert len(fold(flood)) == len(flood)
    real = "قال رسول الله ﷺ في الحديث الذي رواه البخاري ومسلم. " * 100
    assert fold(real) == "".join(map(fold, real.splitlines(keepends=True)))
    assert fold("ﷺ") in fold(real)


def test_bullets_with_nothing_between_are_refused_before_they_are_parted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fields, "clean_text", lambda raw: pytest.fail("was parted"))
    with pytest.raises(FormatError, match="lines and sentences"):
        read("a.txt", ("Kelp\n\n" + "•" * 200_000).encode())


def test_of_a_passage_without_end_no_more_is_encoded_than_any_model_reads() -> None:
    source = Source(doc_id="a", title="Kelp", issuer="", published=None, url="", path="a.txt")
    assert len(embedding_text(source, None, "kelp " * 1_000_000)) < 110_000


def test_a_list_parted_by_empty_lines_is_one_list_however_long() -> None:
    assert [len(lines) for lines in paragraphs("- a\n- b\n\n" * 3_000)] == [6_000]


def test_a_text_without_spaces_has_the_sentences_that_it_had() -> None:
    text = "U.N." * 300 + " They met.They left. 1.1.1.1 and 2.5 tons."
    assert [text[s.start : s.end] for s in sentences(text)][-2:] == ["They left.", "1.1.1.1 and 2.5 tons."]


def test_a_tag_of_too_many_attributes_is_refused_and_a_long_value_is_none() -> None:
    with pytest.raises(FormatError, match="more than 5,000 attributes"):
        read("a.html", f"<p {' '.join(f'a{n}=b' for n in range(6_000))}>{MET}".encode())
    (found,) = read("a.html", f'<body><p style="{"a b " * 20_000}">{MET}</p></body>'.encode())
    assert isinstance(found, Document)


def test_what_stands_beside_a_text_has_a_bound() -> None:
    record = {
        "id": "i" * 9_000, "title": "kelp " * 900, "issuer": "m" * 9_000, "url": "https://a.b/" + "u" * 9_000, "text": MET,
        "parties": ["Quist " * 900] * 900, "place": "p" * 9_000, "note": "n" * 9_000,
    }  # fmt: skip
    (found,) = read("a.json", json.dumps(record).encode())
    assert isinstance(found, Document)
    source = found.source
    assert (len(source.doc_id), len(source.title) <= 1_000, len(source.issuer), source.url) == (300, True, 1_000, "")
    assert source.title.endswith("…")
    assert (len(found.given["parties"]), len(found.given["place"]), len(found.note)) == (500, 1_000, 1_000)
    (other,) = read("a.json", json.dumps({**record, "id": "i" * 9_001}).encode())
    assert isinstance(other, Document)
    assert other.source.doc_id != source.doc_id


def test_small_files_within_files_have_no_more_room_than_the_outermost_allows() -> None:
    inner = zipped({f"{n}.txt": b"kelp " * 1_500_000 for n in range(4)})
    found = read("a.zip", zipped({"b.zip": inner}))
    assert sum("more than is unpacked of one file" in one.reason for one in found if isinstance(one, Skipped)) == 3


def test_what_has_no_room_left_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    whole = zipfile.ZipFile.read

    def reading(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
        opened.append(entry.filename)
        return whole(archive, entry)

    monkeypatch.setattr(zipfile.ZipFile, "read", reading)
    inner = zipped({f"{n}.txt": b"kelp " * 1_500_000 for n in range(9)})
    read("a.zip", zipped({f"{n}.zip": inner for n in range(9)}))
    assert [name for name in opened if name.endswith(".txt")] == ["0.txt"]


def test_gzip_files_within_a_file_share_its_room() -> None:
    packed = gzip.compress(b"kelp " * 1_500_000)
    found = read("a.zip", zipped({f"{n}.txt.gz": packed for n in range(9)}))
    assert len([one for one in found if isinstance(one, Document)]) == 1
    assert sum("more than is unpacked of one file" in one.reason for one in found if isinstance(one, Skipped)) == 8


def test_members_of_members_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(containers, "MAX_MEMBERS", 5)
    inner = zipped({f"{n}.md": f"{MET} {n}".encode() for n in range(3)})
    found = read("a.zip", zipped({f"{n}.zip": inner for n in range(4)}))
    assert len([one for one in found if isinstance(one, Document)]) == 3
    told = [one for one in found if isinstance(one, Skipped)]
    assert [one.path for one in told] == ["a.zip!/1.zip", "a.zip"]
    assert all("are the most of one file; the rest was left out" in one.reason for one in told)


def test_paragraphs_of_a_word_file_are_counted_while_they_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MAX_PIECES", 50)
    later: list[str] = []
    monkeypatch.setattr(word, "_document", lambda *given: later.append("all was read"))
    with pytest.raises(FormatError, match="more than 50 lines and sentences"):
        read("a.docx", docx(*(paragraph("They met") for _ in range(60))))
    assert not later


def test_numbers_of_a_long_text_are_those_of_its_parts_taken_together(monkeypatch: pytest.MonkeyPatch) -> None:
    text = " ".join(map(str, range(1_000)))
    whole = bands(text)
    monkeypatch.setattr(duplicates, "_PART", 7)
    assert bands(text) == whole


def test_of_a_text_that_is_compared_word_for_word_alone_the_beginning_makes_the_numbers() -> None:
    words = " ".join(map(str, range(LONG)))
    more = " ".join(f"kelp{number}" for number in range(LONG))
    assert bands(f"{words} {more}") == bands(words)
    assert bands(f"{words[: len(words) // 2]} {more}") != bands(words)


def test_a_file_that_is_too_large_is_refused_before_it_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "large.md").write_text(MET * 9)
    (tmp_path / "small.md").write_text(MET)
    monkeypatch.setattr(finding, "MAX_FILE_BYTES", 200)
    report = add(tmp_path / "built", tmp_path)
    assert report.added == 1
    assert ["larger than" in skipped.reason for skipped in report.skipped] == [True]


@pytest.mark.skipif(sys.platform == "win32", reason="this system has no pipes in folders")
def test_a_file_that_has_become_a_pipe_since_it_was_found_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("becomes.md", "stays.md"):
        (tmp_path / name).write_text(f"{MET} {name}")
    found, _ = find_files([tmp_path])
    (tmp_path / "becomes.md").unlink()
    os.mkfifo(tmp_path / "becomes.md")
    monkeypatch.setattr(build, "find_files", lambda paths: (found, ()))
    report = add(tmp_path / "built", tmp_path)
    assert report.added == 1
    assert [skipped.reason for skipped in report.skipped] == ["It is neither a file nor a folder."]


def test_of_a_file_that_grows_while_it_is_read_no_more_is_read_than_it_had(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "grows.md").write_text(MET)
    looked = os.fstat

    def grows(number: int) -> os.stat_result:
        about = looked(number)
        (tmp_path / "grows.md").write_text(MET * 9)
        return about

    monkeypatch.setattr(finding.os, "fstat", grows)
    assert content_of(tmp_path / "grows.md") == MET.encode()


def test_a_link_that_leads_out_of_the_folder_is_told_and_not_followed(tmp_path: Path) -> None:
    for name in ("in/a.md", "out/b.md"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(MET)
    (tmp_path / "in" / "file.md").symlink_to(tmp_path / "out" / "b.md")
    (tmp_path / "in" / "folder").symlink_to(tmp_path / "out", target_is_directory=True)
    (tmp_path / "in" / "device.md").symlink_to("/dev/zero")
    found, skipped = find_files([tmp_path / "in"])
    assert [path.name for path in found] == ["a.md"]
    assert {(Path(one.path).name, "leads out of the folder" in one.reason) for one in skipped} == {
        ("file.md", True), ("folder", True), ("device.md", True)
    }  # fmt: skip
    both, _ = find_files([tmp_path / "in", tmp_path / "out"])
    assert {path.name for path in both} == {"a.md", "b.md"}


def many(tmp_path: Path, count: int) -> Path:
    path = tmp_path / "many.jsonl"
    path.write_text("".join(json.dumps({"id": "kelp", "title": "Kelp", "text": MET}) + "\n" for _ in range(count)))
    return path


def test_a_text_posted_very_often_is_one_group_and_names_the_first_of_the_others(tmp_path: Path) -> None:
    add(tmp_path / "built", many(tmp_path, 300))
    catalogue = Catalogue(tmp_path / "built")
    (shown,) = catalogue.records(Filters(), limit=None)
    everyone = catalogue.records(Filters(copies=True), limit=None)
    places = [place for (place,) in catalogue.run("SELECT place FROM postings ORDER BY place")]
    catalogue.close()
    assert places == list(range(300))
    assert len(everyone) == 300
    assert {len(record.also) for record in everyone} == {MOST_ALSO}
    assert all(record.source.doc_id not in {one.doc_id for one in record.also} for record in everyone)
    assert shown.source.doc_id == "kelp"


def test_readouts_of_one_id_are_numbered_without_trying_every_number_again(tmp_path: Path) -> None:
    add(tmp_path / "built", many(tmp_path, 50))
    (tmp_path / "more.json").write_text(json.dumps([{"id": "kelp", "text": f"{MET} {n}"} for n in range(3)]))
    report = add(tmp_path / "built", tmp_path / "more.json")
    assert [change.doc_id for change in report.changes] == ["kelp-51", "kelp-52", "kelp-53"]


def test_two_books_are_one_text_only_word_for_word() -> None:
    words = "kelp and herring were spoken of by both sides at length " * (LONG // 10)
    assert same_text(words_of("A", words), words_of("A", words))
    assert not same_text(words_of("A", words), words_of("A", words + "and more"))


def test_a_file_of_many_readouts_tells_how_far_it_is_and_can_be_stopped(tmp_path: Path) -> None:
    heard: Counter[str] = Counter()

    def listen(progress: Progress) -> None:
        heard[f"{progress.stage} {progress.note}"] += 1

    add(tmp_path / "built", many(tmp_path, 450), listener=listen)
    assert (heard["reading many.jsonl: 200"], heard["reading many.jsonl: 400"]) == (1, 1)

    def stop(progress: Progress) -> None:
        if progress.note.endswith(": 400"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        add(tmp_path / "other", many(tmp_path, 450), listener=stop)
    assert Catalogue(tmp_path / "other").counts()[0] == 0
