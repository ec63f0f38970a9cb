"""The real corpora with the real model: every readout taken, nothing done twice, and the figures that were promised.

``READOUTS_CORPORA`` names the folder that holds ``white-house/`` and the two ``.jsonl`` files; question files are looked for in
``questions/`` beside it.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from assistant import Assistant, Filters, IndexReport
from assistant.evaluation import Evaluation, evaluate
from assistant.history import History
from index.encoder import find_model, load_encoder
from index.protocols import Encoder

pytestmark = [pytest.mark.corpora, pytest.mark.model]

#: Files of the corpus ``white-house``; each is one readout.
WHITE_HOUSE = 1410
#: Records taken from the head of each of the other corpora.
HEAD = 60


@dataclass(frozen=True)
class Indexed:
    """An index of the White House's readouts, and what its first run said."""

    folder: Path
    first: IndexReport


@pytest.fixture(scope="module")
def model() -> Encoder:
    return load_encoder(find_model())


@pytest.fixture(scope="module")
def white_house(corpora: Path, model: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Indexed]:
    if not (corpora / "white-house").is_dir():
        pytest.skip(f"{corpora} holds no folder white-house")
    folder = tmp_path_factory.mktemp("white-house") / "built"
    with Assistant(folder, history=History(None), encoder=model) as assistant:
        yield Indexed(folder, assistant.add([corpora / "white-house"]))
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def evaluation(corpora: Path, white_house: Indexed, model: Encoder) -> Evaluation:
    questions = corpora.parent / "questions" / "dev.jsonl"
    if not questions.is_file():
        pytest.skip(f"there is no question file {questions}")
    with Assistant(white_house.folder, history=History(None), encoder=model) as assistant:
        return evaluate(assistant, [questions])


def test_every_readout_is_taken_and_none_skipped(white_house: Indexed) -> None:
    first = white_house.first
    assert (first.added, first.documents, first.skipped) == (WHITE_HOUSE, WHITE_HOUSE, ())
    assert (first.updated, first.unchanged, first.removed) == (0, 0, 0)


def test_a_second_run_finds_all_unchanged_and_needs_no_model(white_house: Indexed, corpora: Path) -> None:
    # The name of no model: were anything to be encoded, loading it would fail.
    with Assistant(white_house.folder, history=History(None), model="./no-such-model") as assistant:
        again = assistant.add([corpora / "white-house"])
    assert (again.unchanged, again.added, again.updated, again.removed) == (WHITE_HOUSE, 0, 0, 0)
    assert (again.encoded, again.skipped, again.documents) == (0, (), WHITE_HOUSE)


def test_the_issuer_filter_is_exact_over_several_corpora(
    white_house: Indexed, corpora: Path, model: Encoder, tmp_path: Path
) -> None:
    shutil.copytree(white_house.folder, tmp_path / "built")
    for name in ("state-department.jsonl", "kremlin-ukraine.jsonl"):
        if not (corpora / name).is_file():
            pytest.skip(f"{corpora} holds no file {name}")
        lines = (corpora / name).read_text(encoding="utf-8").splitlines(keepends=True)
        (tmp_path / name).write_text("".join(lines[:HEAD]), encoding="utf-8")
    with Assistant(tmp_path / "built", history=History(None), encoder=model) as assistant:
        report = assistant.add([tmp_path / "state-department.jsonl", tmp_path / "kremlin-ukraine.jsonl"])
        assert (report.added, report.skipped, report.documents) == (2 * HEAD, (), WHITE_HOUSE + 2 * HEAD)
        every = Filters(copies=True)
        issuers = Counter(record.source.issuer for record in assistant.records(every))
        assert sum(issuers.values()) == WHITE_HOUSE + 2 * HEAD
        assert len(issuers) == 4
        for issuer, count in issuers.items():
            short = issuer.partition(" (")[0]
            for name in (issuer, short):
                records = assistant.records(replace(every, issuers=(name,)))
                assert {record.source.issuer for record in records} == {issuer}
                assert len(records) == count
            hits = assistant.search("economic sanctions and energy", filters=Filters(issuers=(short,)), top_k=50)
            assert hits
            assert {hit.passage.source.issuer for hit in hits} == {issuer}


def test_no_quote_differs_from_its_readout(evaluation: Evaluation) -> None:
    assert evaluation.citations > 100
    assert evaluation.violations == ()


def test_questions_that_stand_alone_find_their_passages(evaluation: Evaluation) -> None:
    figures = evaluation.summary.figures["stand-alone"]
    assert figures["passage MRR@10"].value >= 0.70
    assert figures["passage hit@5"].value >= 0.90


def test_the_questions_are_about_this_corpus(evaluation: Evaluation) -> None:
    assert evaluation.left_out == ()
    assert len(evaluation.outcomes) >= evaluation.lines > 100
