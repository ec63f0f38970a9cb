from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from assistant.bundled import SAMPLE_QUESTION, bundled_corpus
from index import full_text
from index.datatypes import Skipped
from index.errors import CorpusError
from index.readers import find_files, read_file


def test_every_bundled_readout_can_be_read_with_its_title_issuer_and_day() -> None:
    files, skipped = find_files([bundled_corpus()])
    assert len(files) >= 10
    assert [path for path in skipped if path.path.endswith(".md")] == []
    for path in files:
        (document,) = read_file(path, path.read_bytes())
        assert not isinstance(document, Skipped)
        assert document.source.title
        assert document.source.issuer
        assert document.source.published
        assert document.source.url.startswith(("https://", "http://"))


def test_the_sample_question_is_about_a_bundled_readout() -> None:
    asked = set(full_text.terms(SAMPLE_QUESTION))
    texts = [path.read_text(encoding="utf-8") for path in bundled_corpus().glob("*.md")]
    assert any(len(full_text.matched(asked, text)) >= len(asked) - 1 for text in texts)


def test_an_installation_without_them_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(CorpusError) as caught:
        bundled_corpus()
    assert caught.value.mend


def test_a_folder_without_readouts_is_no_installation(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    class Spec:
        submodule_search_locations = (str(tmp_path),)

    monkeypatch.setattr(importlib.util, "find_spec", lambda name: Spec)
    with pytest.raises(CorpusError):
        bundled_corpus()
