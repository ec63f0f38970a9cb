"""A comparison from corpus to page, over scripts that need no library, in environments that are made of nothing."""

import json
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from small_index import HashEncoder

from assistant.evaluation import read_questions
from benchmarks.peers import environments, measuring
from benchmarks.peers.__main__ import main
from benchmarks.peers.corpus import Corpus, write_corpus
from benchmarks.peers.environments import Environment, prepare, weigh
from benchmarks.peers.judging import alone, in_conversation, quality
from benchmarks.peers.launching import PeerError
from benchmarks.peers.measuring import Run
from benchmarks.peers.page import page
from benchmarks.peers.plots import draw
from benchmarks.peers.roster import SCRIPTS, Peer
from index import build
from index.passages import split
from index.readers import read_file

QUESTIONS = (
    {
        "type": "content",
        "question": "Who sheltered a survey vessel?",
        "gold": [{"doc": "japan-call", "quote": "sheltering the crew"}],
    },
    {"type": "content", "question": "Who spoke on the moon?", "gold": [{"doc": "elsewhere", "quote": "moon"}]},
    {
        "type": "followup",
        "turns": [
            {"question": "Did they speak of glass?", "gold": [{"doc": "japan-call", "quote": "optical glass"}]},
            {"question": "And by when?", "gold": [{"doc": "japan-call", "quote": "by autumn"}]},
        ],
    },
    {"type": "list", "question": "Which calls were there?", "gold_docs": ["japan-call"]},
    {"type": "unanswerable", "question": "Who won?", "why": "absent"},
)

#: Finds the passages of Japan's call, its second paragraph first.
SCRIPT = """
    from pathlib import Path

    from protocol import run


    def build(source, folder):
        Path(folder, "made").write_text(Path(source).name)


    def load(folder):
        Path(folder, "made").read_text()
        return lambda question, conversation=None: ["japan-call#1", "japan-call#0"]


    run(build, load)
"""


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    path = tmp_path / "questions.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in QUESTIONS), encoding="utf-8")
    return path


@pytest.fixture
def shared(tmp_path: Path, corpus: Path) -> Corpus:
    """The invented readouts as every peer gets them."""
    folder = tmp_path / "shared"
    folder.mkdir()
    return write_corpus(corpus, folder)


def peer(folder: Path, name: str, script: str = SCRIPT, *, ours: bool = False) -> Peer:
    path = folder / f"{name}_script.py"
    path.write_text(textwrap.dedent(script), encoding="utf-8")
    (folder / "protocol.py").write_bytes((SCRIPTS / "protocol.py").read_bytes())
    return Peer(name=name, title=name.title(), environment=name, script=str(path), packages=("thing",), ours=ours)


def environment(folder: Path) -> Environment:
    """An environment with an interpreter, and a command that answers in two lines."""
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").symlink_to(sys.executable)
    command = folder / "bin" / "readouts"
    command.write_text(f"#!{sys.executable}\nprint('an answer')\nprint('and where it stands')\n", encoding="utf-8")
    command.chmod(0o755)
    return Environment(folder=folder, versions={"thing": "1.2"}, size=3_000_000, torch=1_000_000)


@pytest.fixture
def compared(tmp_path: Path, questions: Path, shared: Corpus, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Results of two peers that do well, one that cannot be installed and one that cannot answer."""

    def prepared(who: Peer, parent: Path, *, install: bool) -> Environment:
        if who.name == "absent":
            raise PeerError("It cannot be installed: no such thing as `thing` | here")
        return environment(parent / who.name)

    monkeypatch.setattr(measuring, "prepare", prepared)
    peers = (
        peer(tmp_path, "ours", ours=True),
        peer(tmp_path, "theirs"),
        peer(tmp_path, "absent"),
        peer(tmp_path, "broken", SCRIPT.replace('["japan-call#1", "japan-call#0"]', "1 / 0")),
    )
    folder = tmp_path / "work"
    folder.mkdir()
    run = Run(peers=peers, corpus=shared, lines=read_questions([questions]), folder=folder, say=lambda words: None)
    run.install(tmp_path / "environments", install=True)
    run.index()
    run.first_answers(2)
    run.running(2)
    return {
        "date": "2024-02-29",
        "machine": dict.fromkeys(("processor", "cores", "memory_gb", "system", "python", "instructions"), "x"),
        "load": [0.1, 0.2],
        "corpus": {"documents": 8, "passages": len(shared.by_id), "texts": 99, "timed": 3},
        "rounds": {"first_answer": 2, "running": 2},
        "peers": list(run.results.values()),
    }


def row_of(words: str, title: str) -> list[str]:
    """Cells of a peer in every table, one list."""
    return [
        cell.strip()
        for line in words.splitlines()
        if line.startswith(f"| {title} |")
        for cell in line.strip("|").split("|")[1:]
    ]


def test_the_passages_are_those_of_the_index_with_title_and_day_in_front(corpus: Path, shared: Corpus) -> None:
    path = corpus / "japan-call.md"
    (document,) = read_file(path, path.read_bytes())
    records = [json.loads(line) for line in shared.passages.read_text(encoding="utf-8").splitlines()]
    texts = {record["id"]: record["text"] for record in records}
    assert list(texts) == list(shared.by_id)
    for passage in split(document):
        text = texts[f"japan-call#{passage.paragraph}"]
        assert text.startswith("President Tolliver’s Call with Prime Minister Moriyama of Japan. 19 May 2023. ")
        assert text.endswith(passage.text)


def test_a_rehearsal_takes_the_readouts_that_are_asked_about_first(tmp_path: Path, corpus: Path) -> None:
    last = max(path.stem for path in corpus.glob("*.md"))
    folder = tmp_path / "few"
    folder.mkdir()
    few = write_corpus(corpus, folder, limit=1, first=[last])
    assert few.documents == {last}
    assert [path.stem for path in few.folder.rglob("*.md")] == [last]


def test_the_program_indexes_all_readouts_that_the_others_get_the_passages_of(tmp_path: Path, shared: Corpus) -> None:
    report = build.add(tmp_path / "built", [shared.folder], HashEncoder)
    assert (report.documents, report.passages, report.skipped) == (len(shared.documents), len(shared.by_id), ())


def test_questions_are_those_with_a_quote_for_an_answer_each_by_itself_or_in_its_conversation(questions: Path) -> None:
    lines = read_questions([questions])
    single = ["Who sheltered a survey vessel?", "Who spoke on the moon?"]
    turns = ["Did they speak of glass?", "And by when?"]
    assert [request.to_dict() for request in alone(lines)] == [{"question": q} for q in single + turns]
    assert [request.to_dict()["question"] for request in in_conversation(lines)] == turns
    assert len({request.to_dict()["conversation"] for request in in_conversation(lines)}) == 1


def test_a_hit_is_right_where_readout_and_words_are_and_what_the_corpus_lacks_is_not_asked(
    questions: Path, shared: Corpus
) -> None:
    requests = alone(read_questions([questions]))
    found: Sequence[Sequence[str]] = [["japan-call#1", "japan-call#0"]] * len(requests)
    figures = quality(requests, found, shared)
    assert {group: row["mrr"]["value"] for group, row in figures.items()} == {"stand-alone": 0.75, "followup": 1.0}
    assert {group: row["mrr"]["count"] for group, row in figures.items()} == {"stand-alone": 2, "followup": 1}
    with pytest.raises(PeerError, match="found nothing#7"):
        quality(requests, [["nothing#7"]] * len(requests), shared)


def test_a_peer_that_fails_is_a_row_that_says_so_and_the_others_go_on(compared: dict[str, Any]) -> None:
    failures = {found["name"]: found.get("failure", {}).get("step") for found in compared["peers"]}
    assert failures == {"ours": None, "theirs": None, "absent": "installing", "broken": "first answer"}
    words = page(compared)
    assert set(row_of(words, "Absent")[:-2]) == {"–"}
    assert "- Absent, installing: It cannot be installed: no such thing as 'thing' / here" in words
    assert "- Broken, first answer: exit status 1: ZeroDivisionError: division by zero" in words


def test_every_round_counts_but_the_first_of_the_first_answers(compared: dict[str, Any]) -> None:
    for found in compared["peers"][:2]:
        assert len(found["first_answer"]["seconds"]) == 2
        assert [len(found["query"][name]) for name in ("p50_ms", "p95_ms", "peak_mb")] == [2, 2, 2]
        assert found["query"]["questions"] == 3


def test_ours_reads_the_files_and_is_asked_in_conversation_too(compared: dict[str, Any], tmp_path: Path) -> None:
    ours, theirs, *_ = compared["peers"]
    assert (tmp_path / "work" / "ours-index" / "made").read_text() == "readouts"
    assert (tmp_path / "work" / "theirs-index" / "made").read_text() == "passages.jsonl"
    assert ours["quality_in_conversation"]["followup"]["mrr"]["value"] == 1.0
    assert "quality_in_conversation" not in theirs


def test_the_page_tells_what_was_measured(compared: dict[str, Any]) -> None:
    ours = compared["peers"][0]
    ours["first_answer"] = {"seconds": [0.2, 0.4], "peak_mb": [90.0, 100.0]}
    compared["peers"][1]["first_answer"] = {"seconds": [3.0, 3.0], "peak_mb": [500.0, 500.0]}
    words = page(compared)
    assert row_of(words, "Ours")[:3] == ["0.30", "1.0", "95"]
    assert row_of(words, "Theirs")[:3] == ["3.00", "10.0", "500"]
    assert "0.750 [" in row_of(words, "Theirs")[7]
    assert row_of(words, "Theirs")[11:13] == ["3", "2"]
    assert row_of(words, "Theirs")[-2:] == [str(compared["peers"][1]["lines"]), "thing 1.2"]
    assert "Asked in their conversation, Readouts reaches 1.000 on them." in " ".join(words.split())
    assert [line for line in words.splitlines() if len(line) > 120 and not line.startswith("|")] == []


@pytest.mark.parametrize("part", [["--limit", "9"], ["--peers", "bare"]])
def test_a_part_of_the_comparison_does_not_go_over_the_page_of_the_whole(
    part: list[str], corpus: Path, questions: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main([str(corpus), str(questions), *part])
    assert "give --output" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere", "questions.jsonl"], "There is no file or folder nowhere"),
        (["readouts", "nothing.jsonl"], "nothing.jsonl cannot be read"),
        (["readouts", "questions.jsonl", "--peers", "grep"], "There is no peer grep"),
    ],
)
def test_what_cannot_be_compared_is_told_in_words(
    arguments: list[str],
    said: str,
    corpus: Path,
    questions: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(corpus.parent)
    with pytest.raises(SystemExit):
        main([*arguments, "--output", "out", "--environments", "environments"])
    assert said in capsys.readouterr().err


def test_the_page_of_others_alone_has_no_ratio_to_ours(compared: dict[str, Any]) -> None:
    words = page(compared | {"peers": compared["peers"][1:]})
    assert row_of(words, "Theirs")[1] == "–"


def test_the_pictures_are_the_same_for_the_same_results(compared: dict[str, Any], tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        draw(compared, tmp_path / name)
    for picture in ("peers-speed.svg", "peers-quality.svg"):
        drawn = (tmp_path / "one" / picture).read_text(encoding="utf-8")
        assert drawn == (tmp_path / "other" / picture).read_text(encoding="utf-8")
        assert "Theirs" in drawn
        assert len(drawn) < 100_000


def test_an_environment_weighs_its_packages_without_pip_and_tells_the_share_of_pytorch(tmp_path: Path) -> None:
    for name, size in {
        "pip": 900,
        "setuptools-84.dist-info": 800,
        "torch": 50,
        "torch-2.13.dist-info": 5,
        "x": 7,
    }.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_bytes(b"x" * size)
    (tmp_path / "single.py").write_bytes(b"x" * 3)
    (tmp_path / "distutils-precedence.pth").symlink_to("nowhere")
    assert weigh(tmp_path) == (65, 55)


def test_an_environment_that_is_not_there_is_not_made_where_nothing_shall_be_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environments, "_make", lambda *_: pytest.fail("installs"))
    monkeypatch.setattr(Peer, "requirements", tmp_path / "pins.txt")
    (tmp_path / "pins.txt").write_text("thing==1\n", encoding="utf-8")
    with pytest.raises(PeerError, match="--skip-install"):
        prepare(peer(tmp_path, "theirs"), tmp_path, install=False)


def test_an_environment_of_other_versions_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    def make(who: Peer, folder: Path) -> None:
        made.append(who.name)
        (folder / "lib" / "python3.11" / "site-packages").mkdir(parents=True, exist_ok=True)

    monkeypatch.setattr(environments, "_make", make)
    monkeypatch.setattr(environments, "_check_weights", lambda site: None)
    monkeypatch.setattr(Peer, "requirements", tmp_path / "pins.txt")
    for pins in ("thing==1\n", "thing==1\n", "thing==2\n"):
        (tmp_path / "pins.txt").write_text(pins, encoding="utf-8")
        prepare(peer(tmp_path, "theirs"), tmp_path, install=True)
    assert made == ["theirs", "theirs"]
