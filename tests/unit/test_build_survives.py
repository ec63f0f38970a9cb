"""An index outlives its writers: killed, out of disk, several at once, damaged."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from processes import command, first, first_of, ids, in_process
from small_index import HashEncoder, readout, write_corpus

from index import build
from index.catalogue import Catalogue
from index.database import FILE_NAME
from index.errors import BusyError
from index.search import PassageIndex


@pytest.fixture
def grown(corpus: Path, built: Path) -> Path:
    """The corpus with twelve readouts more than the index has."""
    return write_corpus(
        corpus, {f"kelp-{n}.md": readout(f"Kelp {n}", f"They spoke of kelp farm {n}.") for n in range(12)}
    )


class TestKilled:
    def test_while_encoding_the_old_index_answers_and_what_was_encoded_is_kept(self, built: Path, grown: Path) -> None:
        code = """
        build.KEEP_EVERY = 5
        def die(said):
            if said.stage == "encoding" and said.done >= 10:
                os._exit(9)
        build.add(built, [corpus], HashEncoder, listener=die)
        """
        assert in_process(code, built, grown).returncode == 9
        assert len(ids(built)) == 8
        assert first_of(built, "grain barges") == "germany-meeting"
        report = build.add(built, [grown], HashEncoder)
        assert report.added == 12
        assert report.encoded == 12 - 10
        assert first_of(built, "kelp farm 7") == "kelp-7"

    def test_while_writing_the_old_index_answers(self, built: Path, grown: Path) -> None:
        code = """
        def die(said):
            if said.stage == "writing" and said.done == 6:
                os.kill(os.getpid(), signal.SIGKILL)
        build.add(built, [corpus], HashEncoder, listener=die)
        """
        assert in_process(code, built, grown).returncode == -9
        assert len(ids(built)) == 8
        assert first_of(built, "grain barges") == "germany-meeting"
        assert build.add(built, [grown], HashEncoder).added == 12

    @pytest.mark.parametrize("written", [0, 1, 2])
    def test_while_the_vectors_are_written_the_old_index_answers(self, built: Path, grown: Path, written: int) -> None:
        code = f"""
        from index.vectors import store
        write, done = store.write_segment, []
        def die(path, batches, dimension):
            if len(done) == {written}:
                os.kill(os.getpid(), signal.SIGKILL)
            done.append(path)
            return write(path, batches, dimension)
        store.write_segment = die
        from index import keeping
        change = keeping.change_vectors
        def changed(*args, **named):
            change(*args, **named)
            os.kill(os.getpid(), signal.SIGKILL)
        keeping.change_vectors = changed
        build.add(built, [corpus], HashEncoder)
        """
        assert in_process(code, built, grown).returncode == -9
        assert len(ids(built)) == 8
        assert first_of(built, "grain barges") == "germany-meeting"
        report = build.add(built, [grown], HashEncoder)
        assert (report.added, report.encoded) == (12, 0)
        assert first_of(built, "kelp farm 7") == "kelp-7"
        assert len(list(built.glob("*.vectors"))) == 1

    def test_between_the_commit_and_the_sweeping_the_new_index_answers(self, built: Path, grown: Path) -> None:
        code = """
        build.tidy = lambda catalogue: os.kill(os.getpid(), signal.SIGKILL)
        build.add(built, [corpus], HashEncoder)
        """
        assert in_process(code, built, grown).returncode == -9
        assert len(list(built.glob("*.vectors"))) == 2
        assert len(ids(built)) == 20
        assert first_of(built, "kelp farm 7") == "kelp-7"
        report = build.add(built, [grown], HashEncoder)
        assert (report.unchanged, report.encoded) == (20, 0)
        assert len(list(built.glob("*.vectors"))) == 1
        assert len(list(built.glob("passages-*.rows"))) == len(list(built.glob("sentences-*.rows"))) == 1

    @pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="this system does not say what a descriptor is of")
    def test_vectors_have_reached_the_disk_before_the_catalogue_names_them(
        self, built: Path, grown: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        done: list[str] = []
        sync, set_meta = os.fsync, Catalogue.set_meta

        def synced(number: int) -> None:
            done.append(Path(f"/proc/self/fd/{number}").readlink().name)
            sync(number)

        def named(catalogue: Catalogue, key: str, value: str) -> None:
            done.append(f"{key} is named")
            set_meta(catalogue, key, value)

        before = set(built.iterdir())
        monkeypatch.setattr(os, "fsync", synced)
        monkeypatch.setattr(Catalogue, "set_meta", named)
        build.add(built, [grown], HashEncoder)
        *files, folder = done[: done.index("vectors is named")][-4:]
        fresh = {path.name for path in set(built.iterdir()) - before if path.suffix in (".rows", ".vectors")}
        assert (set(files), folder) == (fresh, built.name)
        assert len(fresh) == 3

    def test_before_anything_was_written_the_next_run_begins_anew(self, tmp_path: Path, corpus: Path) -> None:
        code = """
        from index import schema
        schema.TABLES = schema.TABLES.replace("CREATE TABLE parties", "SELECT die(); CREATE TABLE parties")
        from index.database import Database
        connect = Database._connect
        def connected(uri):
            connection = connect(uri)
            connection.create_function("die", 0, lambda: os._exit(9))
            return connection
        Database._connect = staticmethod(connected)
        build.add(built, [corpus], HashEncoder)
        """
        assert in_process(code, tmp_path / "built", corpus).returncode == 9
        assert build.add(tmp_path / "built", [corpus], HashEncoder).added == 8


class TestFullDisk:
    #: A limit on the size of a file stands for a disk that is full: writing fails in the same place, with the same care.
    CODE = """
    from index.errors import CatalogueError
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    biggest = max(path.stat().st_size for path in built.iterdir())
    resource.setrlimit(resource.RLIMIT_FSIZE, (biggest + {more}, biggest + {more}))
    try:
        build.add(built, [corpus], lambda: HashEncoder(dimension=128))
    except CatalogueError as error:
        print(error.message, "|", error.mend)
        sys.exit(7)
    """

    @pytest.mark.parametrize("more", [0, 60_000])
    def test_the_old_index_stays_whole_and_the_error_says_what_to_do(
        self, built: Path, corpus: Path, more: int
    ) -> None:
        lines = "\n\n".join(
            f"They spoke of kelp farm {n} and of rope {n}. They agreed on salt {n}." for n in range(400)
        )
        write_corpus(corpus, {"kelp.md": readout("Kelp", lines)})
        done = in_process(self.CODE.format(more=more), built, corpus)
        assert done.returncode == 7, done.stdout + done.stderr
        assert "space" in done.stdout.split("|")[1]
        assert len(ids(built)) == 8
        assert first_of(built, "grain barges") == "germany-meeting"
        database = sqlite3.connect(built / FILE_NAME)
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        database.close()
        assert build.add(built, [corpus], HashEncoder).added == 1
        assert first_of(built, "kelp farm 123") == "kelp"


class TestSeveralProcesses:
    HOLD = """
    def hold(said):
        if said.stage == "{stage}" and said.done == said.total:
            print("holding", flush=True)
            sys.stdin.readline()
    build.add(built, [corpus], HashEncoder, listener=hold)
    """

    @pytest.fixture
    def writer(self, built: Path, grown: Path) -> Iterator[subprocess.Popen[str]]:
        held = self.HOLD.format(stage="writing")
        process = subprocess.Popen(
            command(held, built, grown), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "holding\n"
        yield process
        process.kill()
        process.communicate()

    def test_a_second_writer_is_told_to_wait(self, built: Path, grown: Path, writer: subprocess.Popen[str]) -> None:
        for action in (
            lambda: build.add(built, [grown], HashEncoder),
            lambda: build.remove(built, ["qatar-call"]),
            lambda: build.rebuild(built, HashEncoder),
        ):
            with pytest.raises(BusyError) as caught:
                action()
            assert "try again" in caught.value.mend
        writer.communicate("\n")
        assert writer.returncode == 0
        assert build.remove(built, ["qatar-call"]) == 1

    def test_a_lock_that_a_killed_writer_left_holds_nobody_up(
        self, built: Path, grown: Path, writer: subprocess.Popen[str]
    ) -> None:
        writer.kill()
        writer.wait()
        assert build.add(built, [grown], HashEncoder).added == 12

    def test_a_reader_answers_while_another_process_writes_and_sees_its_commit_with_the_next_question(
        self, built: Path, writer: subprocess.Popen[str]
    ) -> None:
        opened = PassageIndex(built)
        assert first(opened, "grain barges") == "germany-meeting"
        assert opened.catalogue.counts()[0] == 8
        assert not first(opened, "kelp farm 7").startswith("kelp")
        writer.communicate("\n")
        assert first(opened, "kelp farm 7") == "kelp-7"
        assert opened.catalogue.counts()[0] == 20
        opened.close()

    def test_a_reader_sees_a_removal_with_its_next_question(self, built: Path) -> None:
        opened = PassageIndex(built)
        assert first(opened, "Emir of Qatar convoys") == "qatar-call"
        build.remove(built, ["qatar-call"])
        assert first(opened, "Emir of Qatar convoys") != "qatar-call"
        opened.close()
