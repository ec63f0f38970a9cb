"""What a person sees of a watch; the JSON of it is held by tests/e2e/test_watch.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant import Assistant
from assistant.cli import following
from index.datatypes import IndexReport, Skipped
from index.errors import CorpusError


def seen(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *found: IndexReport | CorpusError, quiet: bool = False
) -> None:
    monkeypatch.setattr(following, "watch", lambda *_, **__: iter(found))
    with Assistant.open(tmp_path) as assistant:
        following.follow(assistant, [tmp_path], as_json=False, quiet=quiet)


def test_a_folder_with_nothing_in_it_yet_is_no_failure(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seen(monkeypatch, tmp_path, CorpusError("Nothing to index in /x."))
    out, err = capsys.readouterr()
    assert out == ""
    assert "Nothing to index in /x. New files will be indexed." in err
    seen(monkeypatch, tmp_path, CorpusError("Nothing to index in /x."), quiet=True)
    assert capsys.readouterr() == ("", "")


def test_a_run_that_fails_later_is_told_as_failed_and_a_name_with_line_breaks_on_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    skipped = Skipped(path="/x/a\n00:00:00  added  b", reason="It is empty.")
    report = IndexReport(
        added=0, updated=0, unchanged=0, removed=0, skipped=(skipped,), documents=0, passages=0, encoded=0, seconds=0.0
    )
    nothing = CorpusError("Nothing to index in /x.")
    seen(monkeypatch, tmp_path, nothing, report, CorpusError("The disk is full."))
    first, second = capsys.readouterr().out.splitlines()
    assert "skipped  /x/a 00:00:00 added b  It is empty." in first
    assert "failed  The disk is full." in second
