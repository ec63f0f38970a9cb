"""Scripts of peers: what drives them, and the launcher that times them, with scripts that need no library."""

import importlib.util
import json
import sys
import textwrap
from pathlib import Path

import pytest

from benchmarks.peers.launching import PeerError, launch
from benchmarks.peers.lines import code_lines
from benchmarks.peers.roster import PEERS, SCRIPTS, chosen
from index.encoder import find_model

ECHO = """
    from pathlib import Path

    from protocol import passages, run


    def build(source, folder):
        print("a library that prints")
        Path(folder, "ids.txt").write_text(" ".join(name for name, _ in passages(source)))


    def load(folder):
        ids = Path(folder, "ids.txt").read_text().split()
        return lambda question, conversation="none": [*ids, question, conversation]


    run(build, load)
"""


@pytest.fixture
def script(tmp_path: Path) -> Path:
    """A peer that finds every passage, and says what it was asked."""
    path = tmp_path / "echo_script.py"
    (tmp_path / "protocol.py").write_bytes((SCRIPTS / "protocol.py").read_bytes())
    path.write_text(textwrap.dedent(ECHO), encoding="utf-8")
    (tmp_path / "passages.jsonl").write_text('{"id": "a#0", "text": "A."}\n{"id": "b#1", "text": "B."}\n')
    return path


def built(script: Path) -> Path:
    folder = script.parent
    launch([sys.executable, script, "build", folder / "passages.jsonl", folder], home=folder)
    return folder


def test_building_tells_its_seconds_and_nothing_that_a_library_prints(script: Path) -> None:
    folder = script.parent
    done = launch([sys.executable, script, "build", folder / "passages.jsonl", folder], home=folder)
    assert [list(json.loads(line)) for line in done.lines] == [["seconds"]]
    assert (folder / "ids.txt").read_text() == "a#0 b#1"


def test_asking_once_prints_the_ids(script: Path) -> None:
    done = launch([sys.executable, script, "ask", built(script), "Who?"], home=script.parent)
    assert [json.loads(line) for line in done.lines] == [{"ids": ["a#0", "b#1", "Who?", "none"]}]
    assert 0 < done.first <= done.seconds
    assert done.peak > 1_000_000


def test_serving_answers_each_request_in_order_and_passes_the_conversation_on(script: Path) -> None:
    asked = [{"question": "Who?"}, {"question": "And when – “then”?", "conversation": "c1"}]
    given = "".join(json.dumps(request) + "\n" for request in asked)
    done = launch([sys.executable, script, "serve", built(script)], home=script.parent, given=given)
    found = [json.loads(line) for line in done.lines]
    assert [row["ids"][2:] for row in found] == [["Who?", "none"], ["And when – “then”?", "c1"]]
    assert all(row["seconds"] >= 0 for row in found)


def test_a_script_that_fails_is_an_error_with_its_last_word(script: Path) -> None:
    with pytest.raises(PeerError, match=r"exit status 1: FileNotFoundError"):
        launch([sys.executable, script, "ask", script.parent / "nowhere", "Who?"], home=script.parent)


def test_a_command_that_takes_too_long_is_killed(tmp_path: Path) -> None:
    with pytest.raises(PeerError, match="killed after"):
        launch([sys.executable, "-c", "import time; time.sleep(600)"], home=tmp_path, limit=0.5)


def test_a_command_that_prints_no_answer_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(PeerError, match="no answer"):
        launch([sys.executable, "-c", "print('hello')"], home=tmp_path)


def test_a_command_sees_no_setting_of_the_user_and_no_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("READOUTS_INDEX", "somewhere")
    code = "import json, os; print(json.dumps(dict(os.environ)))"
    seen = json.loads(launch([sys.executable, "-c", code], home=tmp_path).lines[0])
    assert "READOUTS_INDEX" not in seen
    assert seen["HOME"] == str(tmp_path)
    assert seen["HF_HUB_OFFLINE"] == "1"


def test_the_launcher_weighs_the_command_and_not_who_started_it(tmp_path: Path) -> None:
    ballast = bytearray(b"x") * 300_000_000
    small = launch([sys.executable, "-S", "-E", "-c", "print('{}')"], home=tmp_path)
    assert small.peak < len(ballast) / 3


def test_lines_are_counted_without_comments_docstrings_and_empty_ones() -> None:
    source = '''
    """What it is
    about."""

    import os  # not a line of its own

    # A comment.
    TEXT = """two
    lines"""


    def given(
        name,
    ):
        "What it gives."
        return name
    '''
    assert code_lines(textwrap.dedent(source)) == 7


def test_an_empty_source_has_no_lines() -> None:
    assert code_lines("") == code_lines('"""Words alone."""\n') == 0


def test_every_peer_has_its_script_and_its_pinned_requirements() -> None:
    for peer in PEERS:
        compile(peer.path.read_text(encoding="utf-8"), peer.path, "exec")
        pins = [line for line in peer.requirements.read_text(encoding="utf-8").splitlines() if line[0] != "#"]
        assert [pin for pin in pins if "==" not in pin] == []
        assert "torch==2.13.0" in pins
        names = {pin.partition("==")[0].lower().replace("_", "-") for pin in pins} | {"readouts"}
        assert set(peer.packages) <= names


def test_every_peer_of_one_environment_has_a_name_of_its_own() -> None:
    assert len({peer.name for peer in PEERS}) == len({peer.script for peer in PEERS}) == len(PEERS)


def test_no_script_hides_a_library_of_its_peer() -> None:
    """A script's folder comes first on the path, so ``txtai.py`` there would be imported in the library's stead."""
    names = {path.stem for path in SCRIPTS.glob("*.py")}
    imported = {
        line.split()[1].partition(".")[0]
        for peer in PEERS
        for line in peer.path.read_text(encoding="utf-8").splitlines()
        if line.startswith(("import ", "from "))
    }
    assert names & imported == {"protocol"}


def test_peers_are_chosen_by_name_and_an_unknown_name_is_told() -> None:
    assert [peer.name for peer in chosen("chroma, readouts")] == ["readouts", "chroma"]
    assert chosen(None) == PEERS
    with pytest.raises(ValueError, match="no peer grep; there are readouts"):
        chosen("grep,chroma")


def test_the_weights_that_a_script_loads_are_those_that_we_verify() -> None:
    spec = importlib.util.spec_from_file_location("peer_protocol", SCRIPTS / "protocol.py")
    assert spec is not None
    assert spec.loader is not None
    protocol = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(protocol)
    assert Path(protocol.model()) == find_model().folder
