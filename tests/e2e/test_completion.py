"""Completion as a shell asks for it: through the real process, and through bash itself."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from e2e_helpers import REAL, Command, run
from small_index import readout, write_corpus

from index.readers.markup import escaped

Complete = Callable[..., list[str]]


@pytest.fixture
def complete(environment: dict[str, str], tmp_path: Path) -> Complete:
    """What is offered behind these words, the last of which was begun; nothing may be said beside it."""

    def completed(*words: str, shell: str = "fish", **variables: str) -> list[str]:
        asked = {"_READOUTS_COMPLETE": f"{shell}_complete", "COMP_WORDS": "\n".join(["readouts", *words[:-1]])}
        asked |= {"COMP_CWORD": words[-1]} if shell == "fish" else {"COMP_CWORD": str(len(words))}
        asked["COMP_WORDS"] += "" if shell == "fish" else "\n" + words[-1]
        code = "from assistant.cli import main; main(prog_name='readouts')"
        ran = run([sys.executable, "-c", code], cwd=tmp_path, environment=environment | asked | variables)
        assert ran.err == ""
        return [line for line in ran.out.splitlines() if line]

    return completed


def values(lines: list[str]) -> list[str]:
    """Values alone, of what fish is told: ``plain,value<tab>help``."""
    return [line.partition(",")[2].partition("\t")[0] for line in lines]


def test_commands_and_options_are_completed(complete: Complete, cli: Command) -> None:
    assert values(complete("")) >= ["ask"]
    assert set(values(complete("re"))) >= {"remove"}
    assert "--party" in values(complete("ask", "--p"))
    assert set(values(complete("list", "--kind", "v"))) == {"video call", "visit"}
    assert values(complete("completion", "")) == ["bash", "zsh", "fish"]


def test_ids_issuers_and_parties_of_the_index_are_completed(complete: Complete, small: Command) -> None:
    assert values(complete("show", "j")) == ["japan-call", "japan-visit"]
    assert complete("show", "japan-c") == [
        "plain,japan-call\tPresident Tolliver’s Call with Prime Minister Moriyama of Japan"
    ]
    assert values(complete("remove", "japan-call", "q")) == ["qatar-call"]
    assert values(complete("list", "--issuer", "k")) == ["Kremlin (President of Russia)"]
    assert values(complete("ask", "--issuer", "elys")) == ["Élysée (President of France)"]
    assert values(complete("search", "--party", "")) >= ["Anton Belov"]
    assert values(complete("list", "--party", "ja")) == ["Jane Okafor", "Japan"]


def test_ids_of_conversations_are_completed_with_their_titles(complete: Complete, small: Command) -> None:
    assert values(complete("export", "")) == []
    small("ask", "Which protocol did Brandt agree on?", "--conversation", "talk-1")
    assert complete("export", "ta") == ["plain,talk-1\tWhich protocol did Brandt agree on?"]
    assert values(complete("ask", "--conversation", "t")) == ["talk-1"]
    assert values(complete("--conversation", "t")) == ["talk-1"]


def test_names_of_saved_searches_are_completed_with_their_queries(complete: Complete, small: Command) -> None:
    assert complete("watch", "run", "") == []
    assert small("watch", "add", "grain", "grain barges").code == 0
    assert complete("watch", "run", "g") == ["plain,grain\tgrain barges"]
    assert values(complete("watch", "remove", "")) == ["grain"]


def test_the_index_that_the_line_names_is_the_one_that_is_read(
    complete: Complete, cli: Command, tmp_path: Path
) -> None:
    other = write_corpus(tmp_path / "other", {"heron.md": readout("Quist and the heron", "Quist fed the heron.")})
    assert cli("index", other, "--index", tmp_path / "two").code == 0
    assert values(complete("show", "--index", str(tmp_path / "two"), "h")) == ["heron"]
    assert values(complete("show", "h")) == []


def test_nothing_is_offered_and_nothing_said_where_there_is_no_index_or_wrong_settings(
    complete: Complete, tmp_path: Path
) -> None:
    wrong = tmp_path / "settings.toml"
    wrong.write_text("limt = 3\n")
    for words in (("show", ""), ("list", "--issuer", ""), ("list", "--party", ""), ("export", "")):
        assert complete(*words) == []
        assert complete(*words, READOUTS_SETTINGS=str(wrong)) == []
    (tmp_path / "built").mkdir()
    (tmp_path / "built" / "catalogue.sqlite").write_bytes(b"no database" * 100)
    assert complete("show", "") == []


def test_a_name_that_acts_on_a_terminal_is_not_offered(complete: Complete, small: Command, tmp_path: Path) -> None:
    # No reader lets such an id in; an index can come from anywhere.
    database = sqlite3.connect(tmp_path / "built" / "catalogue.sqlite")
    with database:
        database.execute("UPDATE documents SET doc_id = 'japan' || char(27) || '[2J' WHERE doc_id = 'japan-visit'")
        database.execute("UPDATE documents SET title = 'a' || char(155) || '2J' WHERE doc_id = 'japan-call'")
    database.close()
    (tmp_path / "built" / "catalogue.sqlite.sum").unlink()
    assert complete("show", "ja") == ["plain,japan-call\ta2J"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_gets_its_script_and_takes_it(cli: Command, shell: str, tmp_path: Path) -> None:
    script = cli("completion", shell)
    assert (script.code, script.err) == (0, "")
    assert f"_READOUTS_COMPLETE={shell}_complete" in script.out
    if shutil.which(shell):
        (tmp_path / "script").write_text(script.out)
        checked = subprocess.run([shell, "-n", str(tmp_path / "script")], capture_output=True, text=True, check=False)
        assert (checked.returncode, checked.stderr) == (0, "")
    assert cli("completion", "tcsh").code == 2


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash here")
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["readouts", "show", "jap"], ["japan-call", "japan-visit"]),
        (["readouts", "list", "--issuer", "K"], ["Kremlin\\ \\(President\\ of\\ Russia\\)"]),
        (["readouts", "list", "--issuer", "Kremlin\\ \\(P"], ["Kremlin\\ \\(President\\ of\\ Russia\\)"]),
        (["readouts", "list", "--party", '"Lena'], ["Lena Brandt"]),
        (["readouts", "show", "no such"], []),
    ],
)
def test_bash_completes_names_of_several_words_as_one(
    small: Command, environment: dict[str, str], tmp_path: Path, words: list[str], expected: list[str]
) -> None:
    assert offered_by_bash(environment, tmp_path, words) == expected


def offered_by_bash(environment: dict[str, str], folder: Path, words: list[str]) -> list[str]:
    """What bash itself puts into the line, of which these words were typed."""
    program = folder / "bin" / "readouts"
    program.parent.mkdir(exist_ok=True)
    code = "from assistant.cli import main; main(prog_name='readouts')"
    program.write_text(f'#!/bin/sh\nexec {REAL[0]} -c "{code}" "$@"\n')
    program.chmod(0o755)
    quoted = (word.replace("\\", "\\\\").replace("'", "\\'") for word in words)
    script = [
        'eval "$(readouts completion bash)"',
        "COMP_WORDS=(" + " ".join(f"$'{word}'" for word in quoted) + ")",
        f"COMP_CWORD={len(words) - 1}",
        "compopt() { :; }",
        "$(complete -p readouts | sed 's/.*-F \\([^ ]*\\).*/\\1/') readouts",
        'for found in "${COMPREPLY[@]}"; do printf "%s\\n" "$found"; done',
    ]
    path = f"{program.parent}{os.pathsep}{environment['PATH']}"
    ran = run(["bash", "-c", "\n".join(script)], cwd=folder, environment=environment | {"PATH": path})
    assert (ran.code, ran.err) == (0, "")
    return ran.out.splitlines()


ACTING = "kelp$(touch owned)`touch owned`\\$HOME!x'y\"; touch owned"


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash here")
@pytest.mark.parametrize("mark", ["", '"', "'"])
def test_no_name_that_is_completed_is_a_command_whatever_mark_stands_before_it(
    cli: Command, environment: dict[str, str], tmp_path: Path, mark: str
) -> None:
    (tmp_path / "acts.json").write_text(
        json.dumps([{"id": escaped(ACTING), "text": "The ministers met and spoke of kelp."}])
    )
    assert cli("index", "acts.json").code == 0
    (offered,) = offered_by_bash(environment, tmp_path, ["readouts", "show", f"{mark}kel"])
    # As bash reads the line once it is sent off, history and all.
    ran = subprocess.run(
        ["bash", "--norc", "-ic", f"set -H; printf %s {mark}{offered}{mark}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.stdout == ACTING
    assert not (tmp_path / "owned").exists()
