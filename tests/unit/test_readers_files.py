import os
from pathlib import Path

import pytest

from index.datatypes import Document, Note
from index.errors import CorpusError, FormatError
from index.readers import MAX_TEXT_BYTES, find_files, read_file


def put(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("They met.")


def names(folder: Path) -> list[str]:
    found, _ = find_files([folder])
    return [path.relative_to(folder.resolve()).as_posix() for path in found]


def test_folders_are_expanded_in_sorted_order(tmp_path: Path) -> None:
    put(tmp_path, "b.md", "a.txt", "sub/deep/d.jsonl", "sub/c.json")
    assert names(tmp_path) == ["a.txt", "b.md", "sub/c.json", "sub/deep/d.jsonl"]


def test_an_index_within_a_folder_is_passed_over(tmp_path: Path) -> None:
    put(tmp_path, "a.md", "ab12.vectors", "inner/catalogue.sqlite", "inner/ab12.vectors", "inner/notes.md")
    found, skipped = find_files([tmp_path])
    assert [path.name for path in found] == ["a.md", "notes.md"]
    assert [Path(one.path).name for one in skipped] == ["ab12.vectors"]


def test_hidden_files_and_files_about_the_folder_are_passed_over(tmp_path: Path) -> None:
    put(tmp_path, "a.md", ".b.md", ".git/c.md", "README.md", "Changelog.txt", "LICENSE")
    found, skipped = find_files([tmp_path])
    assert [path.name for path in found] == ["a.md"]
    assert skipped == ()


def test_a_file_named_explicitly_is_always_taken(tmp_path: Path) -> None:
    put(tmp_path, "README.md", ".hidden.md")
    found, _ = find_files([tmp_path / "README.md", tmp_path / ".hidden.md"])
    assert [path.name for path in found] == ["README.md", ".hidden.md"]


def test_endings_that_no_reader_knows_are_reported(tmp_path: Path) -> None:
    put(tmp_path, "a.md", "b.xyz", "noending")
    _, skipped = find_files([tmp_path])
    assert [(Path(entry.path).name, entry.reason) for entry in skipped] == [
        ("b.xyz", "There is no reader for .xyz files."),
        ("noending", "There is no reader for files without an ending."),
    ]


def test_nothing_is_found_twice(tmp_path: Path) -> None:
    put(tmp_path, "sub/a.md")
    (tmp_path / "link.md").symlink_to(tmp_path / "sub" / "a.md")
    found, _ = find_files([tmp_path, tmp_path / "sub", tmp_path / "sub" / ".." / "sub" / "a.md"])
    assert found == ((tmp_path / "sub" / "a.md").resolve(),)


def test_links_in_a_ring_and_links_to_nowhere_end_the_walk(tmp_path: Path) -> None:
    put(tmp_path, "sub/a.md")
    (tmp_path / "sub" / "up").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "self").symlink_to(tmp_path / "self")
    (tmp_path / "gone.md").symlink_to(tmp_path / "nothing.md")
    found, skipped = find_files([tmp_path])
    assert [path.name for path in found] == ["a.md"]
    assert {Path(entry.path).name for entry in skipped} == {"self", "gone.md"}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_reported_and_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    found, skipped = find_files([tmp_path, tmp_path / "pipe.md"])
    assert found == ()
    assert [entry.reason for entry in skipped] == ["It is neither a file nor a folder."]


def test_a_path_that_does_not_exist_is_an_error_with_a_mend(tmp_path: Path) -> None:
    with pytest.raises(CorpusError) as caught:
        find_files([tmp_path / "nothing"])
    assert "nothing" in caught.value.message
    assert caught.value.mend


def test_an_empty_folder_gives_nothing(tmp_path: Path) -> None:
    assert find_files([tmp_path]) == ((), ())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_texts_in_unicode_are_read_with_or_without_a_byte_order_mark(encoding: str) -> None:
    (document,) = read_file(Path("a.txt"), "Çelik met Ðorđe.\n\nThey agreed.".encode(encoding))
    assert isinstance(document, Document)
    assert document.text == "Çelik met Ðorđe.\n\nThey agreed."


def test_a_few_bytes_of_windows_among_ascii_are_its_quotes_and_dashes() -> None:
    text = "The minister said “we agree” – and left the café of Aldermoor at once, as he had said before. " * 3
    assert [text.strip()] == [entry.text for entry in read_file(Path("a.txt"), text.encode("cp1252")) if entry.text]


def test_stray_bytes_in_a_text_that_is_utf8_are_mended_and_told() -> None:
    text = "Çelik met Ðorđe in Šibenik and said: Žižkov, Łódź and Šiauliai – all agreed. " * 9
    note, document = read_file(Path("a.txt"), text.encode() + "They said “yes”.".encode("cp1252"))
    assert isinstance(document, Document)
    assert isinstance(note, Note)
    assert document.text.endswith("They said “yes”.")
    assert note.text == "2 bytes that are no UTF-8, as all the rest is, were read as Windows-1252."


def test_bytes_that_mean_nothing_in_the_encoding_that_fits_best_are_told() -> None:
    text = "Президент провёл встречу с министром иностранных дел и обсудил вопросы торговли.\n" * 1000
    found = list(read_file(Path("a.txt"), text.encode("cp1251") + b"\x98\x98 "))
    assert [entry.text for entry in found if isinstance(entry, Note)] == [
        "In cp1251, which fits best, 2 bytes mean nothing and were replaced."
    ]


def test_older_encodings_are_guessed() -> None:
    text = "Президент провёл встречу с министром иностранных дел и обсудил вопросы торговли. " * 5
    (document,) = read_file(Path("a.txt"), text.encode("cp1251"))
    assert isinstance(document, Document)
    assert document.text == text.strip()


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7 words",
        b"PK\x03\x04words",
        b"\x89PNG\r\n",
        b"words\x00words",
        bytes(range(1, 32)) * 9,
        b"\xff\xfe\x00",
    ],
)
@pytest.mark.parametrize("name", ["a.md", "a.txt", "a.json", "a.jsonl"])
def test_binary_files_are_refused_whatever_their_name(name: str, content: bytes) -> None:
    with pytest.raises(FormatError) as caught:
        list(read_file(Path(name), content))
    assert name in caught.value.message


@pytest.mark.parametrize("name", ["a.md", "a.txt"])
def test_a_text_of_many_megabytes_is_refused_with_its_size(name: str) -> None:
    with pytest.raises(FormatError) as caught:
        list(read_file(Path(name), b"a " * (MAX_TEXT_BYTES // 2 + 1)))
    assert "is 8 MB; a readout is a page or two" in caught.value.message
    assert "JSON Lines" in caught.value.mend


def test_an_unknown_ending_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(FormatError) as caught:
        list(read_file(Path("a.xyz"), b"words"))
    assert ".md" in caught.value.mend


@pytest.mark.parametrize("name", ["readouts", "readouts.dat", "readouts.txt", "readouts.md"])
def test_a_file_whose_name_says_nothing_or_otherwise_is_read_by_what_it_holds_and_that_is_said(name: str) -> None:
    note, _, document = read_file(Path(name), b'\n[{"title": "A call", "text": "They spoke."}]')
    assert note == Note(path=name, text="Read as JSON, which it holds; its name says otherwise.")
    assert isinstance(document, Document)
    assert (document.source.title, document.text) == ("A call", "They spoke.")


def test_what_a_file_holds_is_told_behind_a_byte_order_mark_too() -> None:
    note, document = read_file(Path("a"), "---\ntitle: A call\n---\nThey spoke.".encode("utf-16"))
    assert isinstance(note, Note)
    assert isinstance(document, Document)
    assert document.source.title == "A call"


def test_text_with_front_matter_needs_no_note_whatever_its_ending() -> None:
    for name in ("a.md", "a.txt"):
        (document,) = read_file(Path(name), b"---\ntitle: A call\n---\nThey spoke.")
        assert isinstance(document, Document)
        assert document.source.title == "A call"


@pytest.mark.parametrize(
    "content", ["[Embargoed until noon] They met.", "{as delivered} They met.", "---\nThey met: twice."]
)
def test_what_only_looks_like_another_format_is_read_as_its_name_says(content: str) -> None:
    (document,) = read_file(Path("a.txt"), content.encode())
    assert isinstance(document, Document)
    assert document.text.endswith(content[-9:])


def test_a_folder_gives_files_of_unknown_ending_that_say_themselves_what_they_are(tmp_path: Path) -> None:
    put(tmp_path, "b.xyz", "a.md")
    (tmp_path / "dump").write_text('{"text": "They met."}')
    found, skipped = find_files([tmp_path])
    assert [path.name for path in found] == ["a.md", "dump"]
    assert [Path(entry.path).name for entry in skipped] == ["b.xyz"]
