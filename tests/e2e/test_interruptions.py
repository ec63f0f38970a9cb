"""Stopped, cut off, crowded out: the index stays whole, and the reason is told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from e2e_helpers import HASHED, Command, Ran, assert_told, fingerprint
from small_index import readout, write_corpus

posix = pytest.mark.skipif(sys.platform == "win32", reason="needs signals and limits of POSIX")


@posix
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_stopping_an_indexing_run_leaves_the_index_as_it_was(
    small: Command, tmp_path: Path, environment: dict[str, str], how: signal.Signals
) -> None:
    before = fingerprint(small)
    names = {
        f"more-{n}.md": readout(f"More {n}", f"Minister Quist met envoy number {n} about kelp.") for n in range(20)
    }
    more, mark = write_corpus(tmp_path / "more", names), tmp_path / "encoding"
    running = subprocess.Popen(
        [*HASHED, "index", str(more)],
        env=environment | {"HASHED_HOLD": str(mark)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        while not mark.exists():
            assert running.poll() is None
            time.sleep(0.02)
        running.send_signal(how)
        out, err = running.communicate(timeout=60)
    finally:
        running.kill()
    if how == signal.SIGINT:
        assert_told(Ran(running.returncode, out, err), 130, "interrupted", "as it was")
    assert fingerprint(small) == before
    assert small("index", more, "--json").json()["added"] == len(names)


@posix
def test_a_full_disk_is_told_and_leaves_the_index_as_it_was(small: Command, process: Command, tmp_path: Path) -> None:
    import resource

    before = fingerprint(small)
    size = max(file.stat().st_size for file in (tmp_path / "built").iterdir())
    text = "Minister Quist met envoy number {0} about kelp, herring and the {0} lighthouses of the coast. "
    names = {f"more-{n}.md": readout(f"More {n}", text.format(n) * 40) for n in range(60)}
    more = write_corpus(tmp_path / "more", names)

    def shrink() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + 8192, size + 8192))

    assert_told(process("index", more, preexec_fn=shrink), 1, "Free some space", "as it was before")
    assert fingerprint(small) == before
    assert small("ask", "Who promised barges?", "--json").json()["citations"][0]["doc_id"] == "germany-meeting"
    assert small("index", more, "--json").json()["added"] == len(names)


def test_an_answer_whose_turn_cannot_be_written_is_printed_and_the_reason_told(small: Command, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "data").write_text("where the folder of the conversations would be")
    for form in ([], ["--json"], ["--format", "markdown"]):
        ran = small("ask", "Who promised barges?", "--conversation", "c1", *form)
        assert ran.code == 1
        assert "grain" in ran.out
        assert "not kept" in ran.err
        assert "Check the folder" in ran.err


def test_a_second_writer_is_told_to_wait(small: Command, tmp_path: Path, corpus: Path) -> None:
    from filelock import FileLock

    (corpus / "more.md").write_text("Minister Quist met Minister Oyelaran.")
    with FileLock(tmp_path / "built" / ".lock"):
        assert_told(small("index", corpus), 1, "Another process is writing", "Wait")
        assert small("ask", "Who promised barges?").code == 0
    assert small("index", corpus, "--json").json()["added"] == 1


@posix
@pytest.mark.parametrize("arguments", [["list"], ["list", "--json"], ["ask", "who?", "-n", "50", "--json"], ["--help"]])
def test_a_reader_that_leaves_early_causes_no_noise(
    small: Command, environment: dict[str, str], arguments: list[str]
) -> None:
    running = subprocess.Popen(
        [*HASHED, *arguments], env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert running.stdout is not None
    assert running.stderr is not None
    running.stdout.close()
    noise = running.stderr.read()
    running.stderr.close()
    assert noise == b""
    assert running.wait(60) == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("arguments", [["list"], ["status", "--json"], ["--help"], ["ask", "--help"]])
def test_output_that_cannot_be_written_is_told(
    small: Command, environment: dict[str, str], arguments: list[str]
) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*HASHED, *arguments],
            env=environment,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )
    assert_told(Ran(done.returncode, "", done.stderr), 1, "No space left")


@posix
@pytest.mark.parametrize(("closed", "code"), [((0,), 0), ((1,), 1), ((2,), 0), ((0, 1, 2), 1)])
def test_streams_that_are_closed_give_their_numbers_to_nothing_that_is_opened(
    small: Command, environment: dict[str, str], closed: tuple[int, ...], code: int
) -> None:
    def close() -> None:
        for number in closed:
            os.close(number)

    running = subprocess.run(
        [*HASHED, "ask", "Who promised barges?"], env=environment, capture_output=True, text=True, preexec_fn=close, check=False
    )  # fmt: skip
    assert running.returncode == code
    assert ("barges" in running.stdout) == (1 not in closed)
    assert running.stderr == "" if code == 0 or 2 in closed else "Bad file descriptor" in running.stderr
    assert small("ask", "Who promised barges?").code == 0
