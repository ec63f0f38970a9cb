"""The tables of speed: what is measured over, and how it is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.tables import median, percentile, tell, texts_of


def test_a_percentile_is_one_of_the_measurements() -> None:
    values = [float(value) for value in range(100, 0, -1)]
    assert (median(values), percentile(values, 0.5), percentile(values, 0.95), percentile(values, 1.0)) == (
        50.5, 51.0, 96.0, 100.0,
    )  # fmt: skip


def test_the_texts_are_what_is_encoded_each_once_and_a_sample_is_the_same_every_time(corpus: Path) -> None:
    texts = texts_of(corpus)
    assert len(set(texts)) == len(texts) > 20
    assert all("202" in text for text in texts)
    assert texts_of(corpus, 5) == texts_of(corpus, 5)
    assert len(texts_of(corpus, 5)) == 5
    assert set(texts_of(corpus, 5)) <= set(texts)
    assert texts_of(corpus, 10_000) == texts


def test_a_table_is_printed_and_written_with_the_machine_and_the_versions(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tell(
        "Speed", ("engine", "ms"), [["fast", 1.23456], ["slow", 0.99996]], output=tmp_path / "t.json", notes=["Quiet."]
    )
    printed = capsys.readouterr().out
    assert "| engine | ms |\n|---|---|\n| fast | 1.23 |\n| slow | 0.99996 |" in printed
    assert "Quiet." in printed
    written = json.loads((tmp_path / "t.json").read_text())
    assert written["rows"] == [["fast", 1.23456], ["slow", 0.99996]]
    assert written["machine"]["cores"] > 0
    assert "torch" in written["versions"]
