"""The checksum beside the catalogue: what it finds, and what it does not take for damage."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
from pathlib import Path

import pytest
from small_index import HashEncoder, readout, write_corpus

from assistant.api import Assistant
from assistant.history import History
from index import build, checksums
from index.catalogue import Catalogue
from index.checking import check
from index.checksums import SUFFIX
from index.database import FILE_NAME
from index.datatypes import Filters, Query
from index.errors import DamagedError
from index.search import PassageIndex


def open_assistant(folder: Path, work: Path) -> Assistant:
    return Assistant(folder, history=History(work / "history.sqlite"), encoder=HashEncoder())


def sum_of(folder: Path) -> Path:
    return folder / (FILE_NAME + SUFFIX)


def test_a_bit_that_flips_anywhere_in_the_catalogue_is_found_before_anything_is_told_of_it(
    built: Path, corpus: Path
) -> None:
    path, drawn = built / FILE_NAME, random.Random(11)
    whole = path.read_bytes()
    for _ in range(40):
        torn = bytearray(whole)
        torn[drawn.randrange(len(whole))] ^= 1 << drawn.randrange(8)
        path.write_bytes(torn)
        with pytest.raises(DamagedError) as caught:
            Catalogue(built).records(Filters(), limit=None)
        assert f"readouts doctor --repair --index {built}" in caught.value.mend
        with pytest.raises(DamagedError):
            PassageIndex(built).search(Query(text="grain barges"), None)
        with pytest.raises(DamagedError):
            build.add(built, [corpus], HashEncoder)
        assert path.read_bytes() == bytes(torn)
    path.write_bytes(whole)
    assert Catalogue(built).counts()[0] == 8


def test_a_catalogue_that_is_cut_is_found(built: Path) -> None:
    path = built / FILE_NAME
    for size in (path.stat().st_size - 1, 4096, 100, 0):
        os.truncate(path, size)
        with pytest.raises(DamagedError):
            Catalogue(built).counts()


def test_another_catalogue_and_another_journal_are_not_taken_for_ours(built: Path, tmp_path: Path) -> None:
    other = write_corpus(tmp_path / "other", {"new.md": readout("Kelp", "They spoke of kelp.")})
    build.add(tmp_path / "second", [other], HashEncoder)
    journal = built / f"{FILE_NAME}-wal"
    journal.write_bytes(b"a journal of somebody else's")
    with pytest.raises(DamagedError):
        Catalogue(built).counts()
    journal.unlink()
    assert Catalogue(built).counts()[0] == 8
    shutil.copy(tmp_path / "second" / FILE_NAME, built / FILE_NAME)
    with pytest.raises(DamagedError):
        Catalogue(built).counts()


def test_a_checksum_that_is_gone_or_damaged_is_nothing_to_go_by_and_the_next_run_makes_it(
    built: Path, corpus: Path
) -> None:
    for content in (None, b"", b"{}", sum_of(built).read_bytes()[:-3]):
        sum_of(built).unlink()
        if content is not None:
            sum_of(built).write_bytes(content)
        catalogue = Catalogue(built)
        assert catalogue.counts()[0] == 8
        catalogue.close()
        build.add(built, [corpus], HashEncoder)
        assert checksums.kept(built / FILE_NAME)


def test_while_a_run_writes_there_is_no_checksum_and_afterwards_it_fits_also_where_somebody_reads(built: Path) -> None:
    reader = Catalogue(built)
    assert reader.counts()[0] == 8
    with reader.snapshot():
        build.remove(built, ["qatar-call"])
    assert Catalogue(built).counts()[0] == 7
    writer = Catalogue(built, write=True)
    assert checksums.kept(built / FILE_NAME) is None
    assert Catalogue(built).counts()[0] == 7
    writer.close()
    assert checksums.kept(built / FILE_NAME)
    assert reader.counts()[0] == Catalogue(built).counts()[0] == 7
    reader.close()
    build.remove(built, ["japan-call"])
    assert Catalogue(built).counts()[0] == 6


def test_a_writer_that_comes_while_the_file_is_verified_is_not_taken_for_damage(
    built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile(held: checksums.Held) -> list[int]:
        monkeypatch.undo()
        build.remove(built, ["qatar-call"])
        return [0, 0]

    monkeypatch.setattr(checksums.Held, "check", meanwhile)
    assert Catalogue(built).counts()[0] == 7


def test_the_file_is_held_once_and_let_go_with_the_last_connection(built: Path) -> None:
    before = dict(checksums.Held._open)
    first, second = Catalogue(built), Catalogue(built)
    (mine,) = checksums.Held._open.keys() - before.keys()
    assert checksums.Held._open[mine][1] == 2
    first.close()
    first.close()
    assert checksums.Held._open[mine][1] == 1
    assert second.counts()[0] == 8
    second.close()
    assert checksums.Held._open == before


def test_a_readout_that_is_shown_is_compared_with_its_seal_where_the_whole_catalogue_is_not(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checksums, "WHOLE", 0)
    path = built / FILE_NAME
    whole, times = path.read_bytes(), path.stat()
    with open_assistant(built, tmp_path) as assistant:
        quote = assistant.ask("What was said of grain barges?").citations[0].quote
    assert whole.count(quote.encode()) == 1
    path.write_bytes(whole.replace(quote.encode(), quote.replace("grain", "grass").encode()))
    # As what changes on the disk by itself.
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    with open_assistant(built, tmp_path) as assistant, pytest.raises(DamagedError) as caught:
        assistant.ask("What was said of grain barges?")
    assert "germany-meeting" in caught.value.message


class TestLarge:
    @pytest.fixture(autouse=True)
    def small_is_large(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(checksums, "WHOLE", 0)

    def test_a_large_catalogue_that_anything_wrote_to_is_compared_as_a_whole(self, built: Path) -> None:
        path = built / FILE_NAME
        whole = path.read_bytes()
        torn = bytearray(whole)
        torn[len(torn) // 2] ^= 1
        path.write_bytes(torn)
        with pytest.raises(DamagedError):
            Catalogue(built).counts()
        path.write_bytes(whole)
        assert Catalogue(built).whole

    def test_a_large_catalogue_that_was_cut_or_replaced_is_found_whatever_its_times_say(self, built: Path) -> None:
        path = built / FILE_NAME
        times, content = path.stat(), path.read_bytes()
        path.rename(built / "kept")
        path.write_bytes(content[:-1] + b"\1")
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
        with pytest.raises(DamagedError):
            Catalogue(built).counts()
        (built / "kept").replace(path)
        assert Catalogue(built).counts()[0] == 8
        os.truncate(path, len(content) - 1)
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
        with pytest.raises(DamagedError):
            Catalogue(built).counts()

    def test_a_large_catalogue_that_nothing_wrote_to_is_not_read_and_the_doctor_reads_it(
        self, built: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = built / FILE_NAME
        opened = Catalogue(built)
        assert not opened.whole
        assert check(opened)
        opened.close()
        times, torn = path.stat(), bytearray(path.read_bytes())
        torn[-1] ^= 1
        path.write_bytes(torn)
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
        opened = Catalogue(built)
        assert opened.counts()[0] == 8
        with pytest.raises(DamagedError):
            check(opened)
        opened.close()

    def test_a_copy_of_a_large_index_in_another_place_is_whole(self, built: Path, tmp_path: Path) -> None:
        shutil.copytree(built, tmp_path / "copy")
        opened = Catalogue(tmp_path / "copy")
        assert opened.whole
        opened.close()

    def test_what_cannot_be_made_of_rows_that_nobody_compared_is_told_as_damage(
        self, built: Path, tmp_path: Path
    ) -> None:
        path = built / FILE_NAME
        times, content = path.stat(), path.read_bytes()
        with contextlib.closing(Catalogue(built)) as opened:
            days = sorted({str(one.source.published) for one in opened.records(Filters(), limit=None)})
            # What is no damage stays what it is.
            with pytest.raises(KeyError), opened.snapshot():
                raise KeyError("none of ours")
        for day in days:
            content = content.replace(day.encode(), b"20??-??-??")
        path.write_bytes(content)
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
        with contextlib.closing(Catalogue(built)) as opened, pytest.raises(DamagedError, match="not as it was written"):
            opened.records(Filters(), limit=None)
