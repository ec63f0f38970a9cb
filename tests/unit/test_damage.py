"""Indexes that are damaged, of another program, or in folders that may only be read."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from pathlib import Path

import pytest
from processes import first_of, in_process
from small_index import HashEncoder, readout, write_corpus

from index import build
from index.checksums import SUFFIX
from index.database import FILE_NAME, Database
from index.datatypes import Filters, Query
from index.errors import CatalogueError, MismatchError, NoIndexError
from index.schema import SCHEMA_VERSION
from index.search import PassageIndex


class TestDamage:
    @pytest.mark.parametrize("suffix", [".rows", ".vectors"])
    @pytest.mark.parametrize("content", [None, b"", b"no vectors", b"{}"])
    def test_vectors_that_are_missing_or_damaged_are_made_from_the_catalogue(
        self, built: Path, content: bytes | None, suffix: str
    ) -> None:
        query = Query(text="grain barges")
        vector = HashEncoder().encode([query.text])[0]
        opened = PassageIndex(built)
        expected = opened.search(query, vector)
        opened.close()
        files = [path for path in built.iterdir() if path.suffix == suffix]
        assert files
        for path in files:
            path.unlink()
            if content is not None:
                path.write_bytes(content)
        opened = PassageIndex(built)
        assert opened.search(query, vector) == expected
        opened.close()

    def test_vectors_of_another_index_are_not_taken_for_ours(self, built: Path, corpus: Path, tmp_path: Path) -> None:
        other = write_corpus(tmp_path / "other", {"new.md": readout("Kelp", "They spoke of kelp.")})
        build.add(tmp_path / "second", [other], HashEncoder)
        for path in (tmp_path / "second").glob("*.rows"):
            shutil.copy(path, built / path.name)
        assert first_of(built, "grain barges") == "germany-meeting"

    def test_vectors_left_by_an_index_of_before_are_written_anew(self, built: Path, corpus: Path) -> None:
        for path in built.glob(f"{FILE_NAME}*"):
            path.unlink()
        (corpus / "japan-call.md").unlink()
        write_corpus(
            corpus, {"a.md": readout("Kelp", "They spoke of kelp. They left.\n\nThey spoke of salt. They ate.")}
        )
        build.add(built, [corpus], HashEncoder)
        assert first_of(built, "grain barges") == "germany-meeting"
        assert first_of(built, "they spoke of kelp") == "a"

    @pytest.mark.parametrize(
        "content",
        [b"", b"not a database" * 500, b"SQLite format 3\0" + b"\xff" * 5000],
        ids=["empty", "text", "no pages"],
    )
    def test_a_damaged_catalogue_is_told_with_its_mend(self, built: Path, corpus: Path, content: bytes) -> None:
        for path in built.glob(f"{FILE_NAME}*"):
            path.unlink()
        (built / FILE_NAME).write_bytes(content)
        with pytest.raises(CatalogueError) as caught:
            PassageIndex(built)
        assert str(built) in caught.value.message
        assert f"readouts doctor --repair --index {built}" in caught.value.mend
        if content:
            with pytest.raises(CatalogueError):
                build.add(built, [corpus], HashEncoder)
            assert (built / FILE_NAME).read_bytes() == content

    def test_a_page_that_is_damaged_is_told_when_it_is_read(self, built: Path) -> None:
        path = built / FILE_NAME
        content = bytearray(path.read_bytes())
        content[4096:] = b"\xa5" * (len(content) - 4096)
        path.write_bytes(content)
        (built / (FILE_NAME + SUFFIX)).unlink()
        with pytest.raises(CatalogueError) as caught:
            PassageIndex(built).catalogue.records(Filters(), limit=None)
        assert caught.value.mend

    def test_a_folder_without_an_index_is_told_with_the_command_that_makes_one(self, tmp_path: Path) -> None:
        for folder in (tmp_path, tmp_path / "none"):
            with pytest.raises(NoIndexError) as caught:
                PassageIndex(folder)
            assert f"--index {folder}" in caught.value.mend
        assert not (tmp_path / "none").exists()

    def test_an_index_of_a_newer_program_is_refused_and_not_touched(self, built: Path, corpus: Path) -> None:
        database = sqlite3.connect(built / FILE_NAME)
        database.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
        database.close()
        (built / (FILE_NAME + SUFFIX)).unlink()
        with pytest.raises(MismatchError, match="newer"):
            PassageIndex(built)
        with pytest.raises(MismatchError, match="newer"):
            build.add(built, [corpus], HashEncoder)

    def test_a_file_where_the_folder_should_be_is_told(self, tmp_path: Path, corpus: Path) -> None:
        (tmp_path / "file").touch()
        with pytest.raises(CatalogueError) as caught:
            build.add(tmp_path / "file", [corpus], HashEncoder)
        assert caught.value.mend


class TestReadOnly:
    def test_where_no_journal_can_be_made_the_catalogue_is_read_as_it_lies(
        self, built: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        connect, asked = Database._connect, []

        def refuse(uri: str) -> sqlite3.Connection:
            asked.append(uri.rpartition("?")[2])
            if uri.endswith("mode=ro"):
                raise sqlite3.OperationalError("unable to open database file")
            return connect(uri)

        monkeypatch.setattr(Database, "_connect", staticmethod(refuse))
        assert first_of(built, "grain barges") == "germany-meeting"
        assert asked == ["mode=ro", "immutable=1"]

    @pytest.mark.skipif(os.name != "posix", reason="users and modes of POSIX")
    def test_an_index_in_a_folder_of_somebody_else_answers_and_cannot_be_written_to(self, corpus: Path) -> None:
        # The folders that pytest makes are closed to other users, and root, as whom tests often run, may write anywhere.
        with tempfile.TemporaryDirectory() as shared:
            built = Path(shared) / "built"
            build.add(built, [corpus], HashEncoder)
            for path in built.iterdir():
                path.chmod(0o444)
            built.chmod(0o555)
            Path(shared).chmod(0o755)
            before = sorted(path.name for path in built.iterdir())
            code = """
            import faiss, pycountry, babel.core
            from index.datatypes import Query
            from index.errors import CatalogueError
            from index.facts.countries import country_of
            from index.search import PassageIndex
            country_of("Japan")
            if os.geteuid() == 0:
                os.seteuid(65534)
            opened = PassageIndex(built)
            hits = opened.search(Query(text="grain barges"), HashEncoder().encode(["grain barges"])[0])
            print(hits[0].passage.source.doc_id)
            try:
                build.remove(built, ["qatar-call"])
            except CatalogueError as error:
                print(error.mend)
            """
            done = in_process(code, built, corpus)
            built.chmod(0o755)
            assert sorted(path.name for path in built.iterdir()) == before
        said = ["germany-meeting", "Choose a folder that you may write to with --index DIR."]
        assert done.stdout.splitlines() == said, done.stderr


def test_an_index_closed_twice_stays_closed(built: Path) -> None:
    opened = PassageIndex(built)
    opened.close()
    opened.close()
    with pytest.raises(CatalogueError):
        opened.catalogue.counts()
