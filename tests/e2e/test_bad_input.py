"""What goes wrong is told in one sentence with what to do next, ends with the documented code, and loses nothing."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import HASHED, Command, Ran
from small_index import READOUTS, HashEncoder, readout, write_corpus

import assistant.api

posix = pytest.mark.skipif(sys.platform == "win32", reason="needs signals and limits of POSIX")


def assert_told(ran: Ran, code: int, *words: str) -> None:
    """The code is right, standard output is empty, and standard error says these words without a traceback."""
    assert (ran.code, ran.out) == (code, "")
    assert "Traceback" not in ran.err
    for word in words:
        assert word in ran.err


def fingerprint(cli: Command) -> list[object]:
    """All that the index says of itself and of its readouts."""
    return [cli("status", "--json").json(), *cli("list", "--json").lines()]


# The index


@pytest.mark.parametrize(
    "arguments",
    [["ask", "who?"], ["search", "who"], ["list"], ["show", "x"], ["remove", "x"], ["status"], ["index", "--rebuild"]],
)
def test_without_an_index_every_command_says_how_to_make_one(
    cli: Command, tmp_path: Path, arguments: list[str]
) -> None:
    assert_told(cli(*arguments), 3, "no index", f"readouts index FOLDER --index {tmp_path / 'built'}")
    assert not (tmp_path / "built").exists()


@pytest.mark.parametrize("arguments", [["ask", "who?"], ["index", "MORE"]])
def test_an_index_made_with_another_model_is_refused_with_the_command_that_mends_it(
    small: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    write_corpus(tmp_path / "MORE", {"more.md": readout("More", "Minister Quist met Minister Oyelaran about kelp.")})
    before = fingerprint(small)
    other = HashEncoder(name="other-model", revision="second", dimension=32)
    monkeypatch.setattr(assistant.api, "load_encoder", lambda model: other)
    mend = f"readouts index --rebuild --model other-model --index {tmp_path / 'built'}"
    assert_told(small(*arguments, "--model", "other-model"), 3, "hashed-words", "other-model", mend)
    assert fingerprint(small) == before
    assert small("index", "--rebuild", "--model", "other-model").code == 0
    assert small("ask", "Who promised barges?", "--json").json()["citations"][0]["doc_id"] == "germany-meeting"
    assert small("status", "--json").json()["model"] == "other-model"


def test_a_file_in_place_of_the_index_folder_is_told(cli: Command, corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    for place in ("file", "file/below"):
        assert_told(cli("index", corpus, "--index", tmp_path / place), 1, str(tmp_path / "file"), "cannot be used")
        assert_told(cli("ask", "who?", "--index", tmp_path / place), 3, "no index")
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="this system has no /proc")
def test_a_folder_that_cannot_be_written_to_is_told(cli: Command, corpus: Path) -> None:
    assert_told(cli("index", corpus, "--index", "/proc/readouts"), 1, "/proc/readouts", "cannot be used")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is read-only for this user")
def test_a_read_only_index_answers_and_refuses_changes(small: Command, tmp_path: Path, corpus: Path) -> None:
    built = tmp_path / "built"
    built.chmod(0o555)
    try:
        assert small("ask", "Who promised barges?", "--json").json()["citations"]
        (corpus / "more.md").write_text("They met.")
        assert_told(small("index", corpus), 1, "cannot be used", "--index DIR")
    finally:
        built.chmod(0o755)


@pytest.mark.parametrize("damage", ["not a database", "cut", "overwritten"])
def test_a_damaged_catalogue_is_told_with_its_mend_and_left_as_it_is(
    small: Command, tmp_path: Path, damage: str
) -> None:
    file = tmp_path / "built" / "catalogue.sqlite"
    whole = file.read_bytes()
    parts = {"not a database": b"garbage" * 999, "cut": whole[:9000], "overwritten": whole[:4096] + b"x" * len(whole)}
    file.write_bytes(parts[damage])
    for command in (["ask", "Who promised barges?"], ["index", write_corpus(tmp_path / "again")]):
        assert_told(small(*command), 1, str(file), "move", "index the readouts again")
    assert file.read_bytes() == parts[damage]


@pytest.mark.parametrize("damage", [b"", b"garbage", None])
def test_damaged_or_missing_vectors_are_made_again_from_the_catalogue(
    small: Command, tmp_path: Path, damage: bytes | None
) -> None:
    before = small("ask", "Who promised barges?", "--json").json()
    files = list((tmp_path / "built").glob("*.faiss"))
    assert len(files) == 2
    for file in files:
        file.unlink() if damage is None else file.write_bytes(damage)
    after = small("ask", "Who promised barges?", "--json").json()
    assert [(h["doc_id"], h["score"]) for h in after["hits"]] == [(h["doc_id"], h["score"]) for h in before["hits"]]


@pytest.mark.xfail(strict=True, reason="Assistant.search does not check the model yet")
def test_a_search_with_another_model_is_refused_too(small: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assistant.api, "load_encoder", lambda model: HashEncoder(revision="second"))
    assert_told(small("search", "barges"), 3, "readouts index --rebuild")


def test_an_index_that_never_held_a_readout_finds_nothing(cli: Command, tmp_path: Path) -> None:
    (tmp_path / "binary.md").write_bytes(bytes(range(256)) * 16)
    assert cli("index", "binary.md").code == 1
    assert cli("ask", "Who promised barges?", "--json").json()["status"] == "abstained"
    assert cli("search", "barges", "--json").json()["hits"] == []


# What is to be indexed


def test_paths_that_hold_nothing_are_told_and_make_no_index(cli: Command, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert_told(cli("index", "empty"), 1, "Nothing to index in empty", ".md")
    assert_told(cli("index", "missing"), 1, "no file or folder missing", "spelling")
    assert_told(cli("index"), 2, "Name files or folders")
    assert not (tmp_path / "built").exists()


def test_what_cannot_be_read_is_skipped_with_its_reason_and_the_rest_is_taken(cli: Command, bad_corpus: Path) -> None:
    report = cli("index", bad_corpus, "--json").json()
    assert report["added"] == len(READOUTS) + 2
    reasons = {Path(skipped["path"]).name: skipped["reason"] for skipped in report["skipped"]}
    expected = {
        "binary.md": "binary file",
        "broken-front.md": r"line [23]\b",
        "no-such-day.md": "line 3, published: “soon”",
        "empty.md": "empty",
        "huge.md": "5[0-9] MB",
        "picture.png": "no reader for .png files",
        "records.jsonl:2": "not JSON",
    }
    assert set(reasons) == set(expected)
    for name, words in expected.items():
        assert re.search(words, reasons[name])
    taken = {record["doc_id"] for record in cli("list", "--json").lines()}
    assert taken >= {"first-record", "third-record", "japan-call"}
    text = cli("index", bad_corpus).out
    assert f"{len(READOUTS) + 2} unchanged" in text
    assert [name for name in expected if name.endswith(".md") and name not in text] == []


def test_a_file_that_became_unreadable_keeps_what_the_index_has_of_it(small: Command, corpus: Path) -> None:
    before = small("show", "qatar-call", "--json").json()
    (corpus / "qatar-call.md").write_bytes(bytes(range(256)) * 16)
    report = small("index", corpus, "--json").json()
    assert (report["removed"], len(report["skipped"])) == (0, 1)
    assert small("show", "qatar-call", "--json").json() == before


@posix
def test_a_file_that_may_not_be_read_is_skipped(cli: Command, corpus: Path) -> None:
    secret = corpus / "secret.md"
    secret.write_text("They met.")
    secret.chmod(0)
    if os.access(secret, os.R_OK):
        pytest.skip("no file is closed to this user")
    report = cli("index", corpus, "--json").json()
    assert (report["added"], [Path(s["path"]).name for s in report["skipped"]]) == (len(READOUTS), ["secret.md"])


def test_nothing_taken_at_all_is_a_failure_that_says_why(cli: Command, tmp_path: Path) -> None:
    (tmp_path / "binary.md").write_bytes(bytes(range(256)) * 16)
    ran = cli("index", "binary.md")
    assert ran.code == 1
    assert "binary.md is a binary file" in ran.out


@posix
@pytest.mark.xfail(strict=True, reason="a file name that is not UTF-8 stops the whole run")
def test_a_file_whose_name_is_not_unicode_is_skipped_and_the_rest_is_taken(cli: Command, corpus: Path) -> None:
    try:
        (corpus / os.fsdecode(b"caf\xe9.md")).write_text("Minister Quist met Minister Oyelaran.")
    except OSError:
        pytest.skip("this file system takes no such name")
    report = cli("index", corpus, "--json").json()
    assert (report["added"], len(report["skipped"])) == (len(READOUTS), 1)


# The model


@pytest.mark.parametrize(
    ("model", "words"),
    [
        ("./no-such-model", "no model folder ./no-such-model"),
        (".", "has no model.safetensors"),
        ("no-such-organisation/no-such-model", "neither a folder nor to be had"),
    ],
)
def test_an_unknown_model_is_told_at_once(
    small: Command, corpus: Path, tmp_path: Path, environment: dict[str, str], model: str, words: str
) -> None:
    command = [sys.executable, "-m", "assistant", "index", "more", "--model", model]
    write_corpus(tmp_path / "more", {"more.md": readout("More", "Minister Quist met Minister Oyelaran.")})
    before = fingerprint(small)
    # A closed port of this machine in place of the hub: were it asked again and again, the limit of time would tell.
    hub = {"HF_HUB_OFFLINE": "0", "HF_ENDPOINT": "http://127.0.0.1:9"}
    ran = subprocess.run(
        command, capture_output=True, text=True, cwd=tmp_path, env=environment | hub, timeout=100, check=False
    )
    assert_told(Ran(ran.returncode, ran.stdout, ran.stderr), 1, words)
    assert fingerprint(small) == before


# Questions, options, settings


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["ask"], ["Give a question"]),
        (["ask", ""], ["question is empty", "Type a question"]),
        (["ask", "  \n "], ["question is empty"]),
        (["ask", "x" * 10_000], ["10,000 characters", "fewer words"]),
        (["search", ""], ["question is empty"]),
        (["ask", "q", "--file", "-"], ["Give a question, or --file"]),
        (["ask", "q", "--no-such"], ["No such option '--no-such'"]),
        (["lst"], ["No such command 'lst'", "list"]),
        (["ask", "q", "--from", "soon"], ["“soon” is not a date", "2023-05-18"]),
        (["ask", "q", "--from", "2023-02-30"], ["is not a date"]),
        (["ask", "q", "--from", "2024", "--to", "2023"], ["is empty", "Swap"]),
        (["ask", "q from:2024 to:2023"], ["is empty", "Swap"]),
        (["ask", "q from:soon"], ["“soon” is not a date"]),
        (["ask", "q", "--kind", "party"], ["'party'", "'meeting'"]),
        (["ask", "q kind:party"], ["“party” is not a kind", "meeting"]),
        (["search", "q", "--limit", "0"], ["--limit", "1"]),
        (["list", "--limit", "many"], ["--limit", "many"]),
        (["show"], ["DOC_ID"]),
        (["remove"], ["DOC_IDS"]),
        (["evaluate", "no-such.jsonl"], ["no-such.jsonl", "does not exist"]),
        (["ask", "--file", "no-such.txt"], ["no-such.txt"]),
    ],
)
def test_wrong_usage_is_told_and_ends_with_two(small: Command, arguments: list[str], words: list[str]) -> None:
    assert_told(small(*arguments), 2, *words)


def test_a_question_with_bytes_that_are_no_text_is_answered_and_kept(small: Command) -> None:
    answer = small("ask", "Who promised barges \udce9?", "--json", "--conversation", "c").json()
    assert answer["citations"][0]["doc_id"] == "germany-meeting"
    assert small("history", "barges", "--json").lines()[0]["turns"] == 1


@pytest.mark.model
@pytest.mark.xfail(strict=True, raises=TypeError, reason="half a character reaches the model")
def test_a_question_with_bytes_that_are_no_text_does_not_stop_the_model(bundled: Command) -> None:
    assert bundled("ask", "Who met \udce9 in Baku?").code == 0


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("", "has no questions"),
        ('Who?\n{"id": 1}\n', ":2 is not a question"),
        ('{"question": 7}\n', ":1 is not a question"),
        ('Who?\n\n{"question": "Who?"\n', ":3 is not a question"),
    ],
)
def test_a_broken_question_file_is_told_by_its_line_before_anything_is_answered(
    small: Command, lines: str, words: str
) -> None:
    assert_told(small("ask", "--file", "-", "--json", text=lines), 2, words)


def test_a_question_file_that_is_no_text_is_told(small: Command, tmp_path: Path) -> None:
    (tmp_path / "latin.txt").write_bytes("Où ?".encode("latin-1"))
    assert_told(small("ask", "--file", "latin.txt"), 2, "latin.txt is not a text in UTF-8")


def test_a_broken_evaluation_file_is_told_by_its_line(small: Command, tmp_path: Path) -> None:
    (tmp_path / "q.jsonl").write_text(
        '{"type": "content", "question": "Who?", "gold": [{"doc": "qatar-call"}]}\n{oops\n'
    )
    assert_told(small("evaluate", "q.jsonl"), 2, "q.jsonl:2")
    assert_told(small("evaluate", "q.jsonl", "--output", "nowhere/run.json"), 2, "nowhere")


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ("limit = \n", ["cannot be read", "line 1"]),
        ("limitt = 3\n", ["unknown key “limitt”", "Did you mean “limit”?"]),
        ("qqqqqq = 3\n", ["unknown key “qqqqqq”", "index, history, model, limit"]),
        ("limit = 0\n", ["“limit”", "from 1 to 1000"]),
        ('limit = "many"\n', ["“limit”", "many"]),
        ("history = 3\n", ["“history”", "folder"]),
    ],
)
def test_broken_settings_are_told_with_file_and_key(
    small: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: str, words: list[str]
) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(settings)
    monkeypatch.setenv("READOUTS_SETTINGS", str(file))
    for command in (["ask", "who?"], ["config"], ["history"]):
        assert_told(small(*command), 2, str(file), *words)


def test_a_broken_variable_is_named(small: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("READOUTS_LIMIT", "many")
    assert_told(small("status"), 2, "READOUTS_LIMIT", "many")


def test_an_unknown_readout_is_told(small: Command) -> None:
    assert_told(small("show", "no-such"), 1, "“no-such”", "readouts list")


def test_a_damaged_history_is_told_and_left_as_it_is(
    small: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("READOUTS_HISTORY", str(tmp_path))
    (tmp_path / "history.sqlite").write_bytes(b"garbage" * 999)
    assert_told(small("history"), 1, "conversations", "READOUTS_HISTORY")
    assert_told(small("ask", "who?", "--conversation", "c"), 1, "conversations")
    assert small("ask", "Who promised barges?").code == 0
    assert (tmp_path / "history.sqlite").read_bytes() == b"garbage" * 999


# Interrupted, killed, cut off, full: in a process of its own


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

    assert_told(process("index", more, preexec_fn=shrink), 1, "cannot be used", "Free some space", "as it was before")
    assert fingerprint(small) == before
    assert small("ask", "Who promised barges?", "--json").json()["citations"][0]["doc_id"] == "germany-meeting"
    assert small("index", more, "--json").json()["added"] == len(names)


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
    assert running.wait(60) in (0, 1)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("arguments", [["list"], ["status", "--json"]])
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


# Nothing that a text holds can steer the terminal

STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
EVIL = "\x1b[31m\x07\u202e\x9b2J"


@pytest.fixture
def evil(cli: Command, tmp_path: Path) -> Command:
    records = [
        {
            "id": f"evil{EVIL}{n}",
            "title": f"Quist{EVIL} meets Oyelaran",
            "issuer": f"Ministry{EVIL}",
            "date": "2023-05-05",
            "url": f"https://example.org/{EVIL}",
            "text": f"Minister Quist {EVIL} met Minister Oyelaran. They spoke of\x1b]8;;https://x\x1b\\ kelp {EVIL}.",
        }
        for n in range(2)
    ]
    (tmp_path / "evil.jsonl").write_text("\n".join(map(json.dumps, records)))
    report = cli("index", "evil.jsonl", "--json").json()
    assert report["added"] == 2
    return cli


@pytest.mark.parametrize(
    "arguments",
    [
        ["ask", f"Who spoke of kelp {EVIL}?", "--explain"],
        ["ask", f"zeppelins {EVIL} gooseberries"],
        ["ask", "Who spoke of kelp?", "--json"],
        ["ask", f"{EVIL} zeppelins", "--json", "--conversation", "c"],
        ["ask", f'party:"{EVIL}Quist" kelp'],
        ["search", f"kelp {EVIL}", "--explain"],
        ["list"],
        ["list", "--json"],
        ["status"],
        ["show", f"no-such{EVIL}"],
        ["remove", f"no-such{EVIL}"],
        ["index", f"no-such{EVIL}"],
        ["status", "--index", f"no-such{EVIL}"],
        ["ask", "kelp", "--from", EVIL],
        ["ask", "kelp", "--kind", EVIL],
        ["ask", "kelp", f"--{EVIL}"],
        [f"list{EVIL}"],
        ["evaluate", f"no-such{EVIL}"],
    ],
)
def test_no_control_character_reaches_the_terminal(evil: Command, arguments: list[str]) -> None:
    ran = evil(*arguments)
    assert ran.out + ran.err != ""
    assert not STEERING.search(ran.out + ran.err)


def test_no_control_character_of_a_readout_or_a_conversation_is_shown(evil: Command) -> None:
    evil("ask", f"Who spoke of kelp {EVIL}?", "--conversation", "c")
    assert not STEERING.search(evil("history").out)
    for record in evil("list", "--json").lines():
        shown = evil("show", record["doc_id"])
        assert (shown.code, STEERING.search(shown.out)) == (0, None)


def test_markup_of_a_readout_is_shown_as_it_stands(cli: Command, tmp_path: Path) -> None:
    text = "Minister Quist spoke of [bold]kelp[/bold] and [link=https://x]herring :smile: with Minister Oyelaran."
    write_corpus(tmp_path / "markup", {"markup.md": readout("Quist on [red]kelp", text)})
    cli("index", "markup")
    for command in (["ask", "Who spoke of kelp?"], ["show", "markup"], ["search", "kelp"]):
        assert "[bold]kelp[/bold] and [link=https://x]herring :smile:" in cli(*command).out


def test_removing_everything_leaves_an_index_that_finds_nothing(small: Command, corpus: Path) -> None:
    shutil.rmtree(corpus)
    corpus.mkdir()
    (corpus / "one.md").write_text(readout("One", "Minister Quist met Minister Oyelaran."))
    assert small("index", corpus, "--json").json()["removed"] == len(READOUTS)
    assert small("remove", "one").code == 0
    assert small("ask", "Who promised barges?", "--json").json()["status"] == "abstained"
    assert small("search", "barges", "--json").json()["hits"] == []
