"""``readouts index --watch``: what changes is found by another process, what is half written is waited for, Ctrl+C ends it."""

from __future__ import annotations

import json
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from e2e_helpers import HASHED, Command
from filelock import FileLock
from small_index import READOUTS, readout

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs signals of POSIX")
#: Seconds: nobody is to wait so long, but a machine that does ten things at once shall not fail a test.
LIMIT = 60


class Watch:
    """A running watch, and the lines that it printed."""

    def __init__(self, environment: dict[str, str], *arguments: object) -> None:
        self.running = subprocess.Popen(
            [*HASHED, "index", "--watch", "--json", *map(str, arguments)],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._lines: queue.Queue[Any] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.running.stdout is not None
        for line in self.running.stdout:
            self._lines.put(json.loads(line))

    def next(self) -> Any:
        """The next line, waited for."""
        try:
            return self._lines.get(timeout=LIMIT)
        except queue.Empty:
            raise AssertionError(f"nothing more was told; ended with {self.running.poll()}") from None

    def end(self, how: signal.Signals = signal.SIGINT) -> tuple[int, str]:
        """Stop it; its exit code, and what it said on standard error."""
        self.running.send_signal(how)
        assert self.running.stderr is not None
        return self.running.wait(LIMIT), self.running.stderr.read()


@pytest.fixture
def watch(environment: dict[str, str]) -> Iterator[Callable[..., Watch]]:
    made: list[Watch] = []

    def start(*arguments: object) -> Watch:
        made.append(Watch(environment, *arguments))
        return made[-1]

    yield start
    for one in made:
        one.running.kill()
        one.running.wait()


def until(holds: Callable[[], bool]) -> None:
    started = time.monotonic()
    while not holds():
        assert time.monotonic() - started < LIMIT
        time.sleep(0.05)


def passages(cli: Command, words: str) -> str:
    return " ".join(hit["passage"] for hit in cli("search", f'"{words}"', "--json").json()["hits"])


def test_what_changes_below_a_watched_folder_is_found_and_told(
    watch: Callable[..., Watch], cli: Command, corpus: Path
) -> None:
    running = watch(corpus)
    assert running.next()["added"] == len(READOUTS)
    (corpus / "kelp.md").write_text(readout("Kelp", "Minister Quist praised the kelp of the north."))
    told = running.next()
    assert (told["change"], told["doc_id"], told["path"]) == ("added", "kelp", str(corpus / "kelp.md"))
    assert "kelp of the north" in passages(cli, "kelp of the north")
    (corpus / "kelp.md").write_text(readout("Kelp", "Minister Quist praised the lobsters of the south."))
    assert running.next()["change"] == "updated"
    assert "lobsters of the south" in passages(cli, "lobsters of the south")
    assert not passages(cli, "kelp of the north")
    (corpus / "kelp.md").unlink()
    assert (running.next()["change"], passages(cli, "lobsters of the south")) == ("removed", "")
    code, said = running.end()
    assert (code, "Traceback" in said) == (130, False)
    assert cli("status", "--json").json()["documents"] == len(READOUTS)


def test_a_file_that_grows_without_a_pause_is_found_while_it_grows(
    watch: Callable[..., Watch], cli: Command, tmp_path: Path
) -> None:
    folder = tmp_path / "growing"
    folder.mkdir()
    running = watch(folder)
    assert running.next()["change"] == "failed"  # nothing there yet
    number, ended = 0, threading.Event()

    def grow() -> None:
        nonlocal number
        with (folder / "feed.jsonl").open("w", encoding="utf-8") as file:
            while not ended.is_set():
                number += 1
                line = json.dumps({"id": f"r{number}", "title": "A call", "text": f"They spoke of herring no{number}."})
                # In two pieces: whoever reads between them finds a record cut in half.
                for piece in (line[:40], line[40:] + "\n"):
                    file.write(piece)
                    file.flush()
                    time.sleep(0.02)

    writer = threading.Thread(target=grow)
    writer.start()
    try:
        first = running.next()
        assert (first["change"], first["doc_id"]) == ("added", "r1")
        assert not ended.is_set()
        assert "herring no1." in passages(cli, "herring no1")
    finally:
        ended.set()
        writer.join()
    until(lambda: f"herring no{number}." in passages(cli, f"herring no{number}"))
    told = []
    while not told or told[-1]["doc_id"] != f"r{number}":
        told.append(running.next())
    assert {line["change"] for line in told} == {"added"}  # no record was called broken
    assert running.end()[0] == 130


def test_a_file_that_cannot_be_read_is_told_once_and_the_watch_goes_on(
    watch: Callable[..., Watch], corpus: Path
) -> None:
    running = watch(corpus)
    running.next()
    (corpus / "records.json").write_text('[{"id": "a", "text": "They m')
    told = running.next()
    assert (told["change"], told["path"]) == ("skipped", str(corpus / "records.json"))
    (corpus / "kelp.md").write_text(readout("Kelp", "They spoke of kelp."))
    assert running.next()["doc_id"] == "kelp"
    (corpus / "records.json").write_text('[{"id": "a", "text": "They met."}]')
    assert running.next()["doc_id"] == "a"


def test_a_change_waits_while_somebody_else_writes(
    watch: Callable[..., Watch], cli: Command, corpus: Path, tmp_path: Path
) -> None:
    running = watch(corpus)
    running.next()
    with FileLock(tmp_path / "built" / ".lock"):
        (corpus / "kelp.md").write_text(readout("Kelp", "They spoke of kelp."))
        time.sleep(2)
        assert not passages(cli, "spoke of kelp")
    assert running.next()["doc_id"] == "kelp"
    other = tmp_path / "other"
    other.mkdir()
    (other / "crabs.md").write_text(readout("Crabs", "They spoke of crabs."))
    assert cli("index", other, "--json").json()["added"] == 1


def test_the_index_itself_and_hidden_files_are_not_watched(watch: Callable[..., Watch], corpus: Path) -> None:
    running = watch(corpus, "--index", corpus / "built")
    running.next()
    (corpus / ".draft.md").write_text(readout("Draft", "They spoke of secrets."))
    (corpus / "kelp.md").write_text(readout("Kelp", "They spoke of kelp."))
    assert running.next()["doc_id"] == "kelp"
    (corpus / "crabs.md").write_text(readout("Crabs", "They spoke of crabs."))
    assert running.next()["doc_id"] == "crabs"


def test_a_named_file_is_watched_though_another_takes_its_place(
    watch: Callable[..., Watch], cli: Command, corpus: Path
) -> None:
    file = corpus / "qatar-call.md"
    running = watch(file)
    assert running.next()["documents"] == 1
    (corpus / "kelp.md").write_text(readout("Kelp", "They spoke of kelp."))
    fresh = corpus / "saved.tmp"
    fresh.write_text(readout("Qatar", "They spoke of pearls."))
    fresh.replace(file)
    told = running.next()
    assert (told["change"], told["doc_id"]) == ("updated", "qatar-call")
    assert "pearls" in passages(cli, "spoke of pearls")


def test_a_path_that_is_not_there_is_told_at_once(environment: dict[str, str], tmp_path: Path, cli: Command) -> None:
    ran = cli("index", "--watch", tmp_path / "nowhere")
    assert (ran.code, ran.out) == (1, "")
    assert "nowhere" in ran.err
    assert cli("index", "--watch", "--rebuild").code == 2
