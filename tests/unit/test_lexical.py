"""Full text that stays quick: the rarest terms first, words counted once, filters heeded before the ranking."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from small_index import READOUTS, HashEncoder, readout, write_corpus

from index import build, lexical
from index.catalogue import Catalogue
from index.datatypes import Query


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    texts = {
        f"r{n}.md": readout(f"Call {n}", f"They spoke of herring{' and of kelp' if n % 4 == 0 else ''}. Item w{n}.")
        for n in range(40)
    }
    build.add(tmp_path / "built", [write_corpus(tmp_path / "corpus", texts)], HashEncoder)
    return Catalogue(tmp_path / "built")


def test_terms_are_all_asked_for_while_few_passages_hold_them(catalogue: Catalogue) -> None:
    assert catalogue.affordable(("herring", "kelp", "w7", "absent"), 51) == ("herring", "kelp", "w7", "absent")


def test_beyond_that_the_rarest_are_asked_for_and_one_at_least(catalogue: Catalogue) -> None:
    assert catalogue.affordable(("herring", "kelp", "w7", "absent"), 50) == ("kelp", "w7", "absent")
    assert catalogue.affordable(("herring", "kelp", "absent"), 3) == ("kelp", "absent")
    assert catalogue.affordable(("herring",), 1) == ("herring",)
    assert catalogue.affordable((), 1) == ()


def test_a_term_of_several_words_is_as_rare_as_its_rarest(catalogue: Catalogue) -> None:
    assert catalogue.affordable(("herring kelp", "herring"), 20) == ("herring kelp",)


def test_a_term_of_several_words_costs_what_comparing_their_places_does(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert catalogue.affordable(("herring kelp", "w7"), 14) == ("herring kelp", "w7")
    monkeypatch.setattr(lexical, "COMPARED", 1)
    assert catalogue.affordable(("herring kelp", "w7"), 14) == ("w7",)


def test_what_is_ranked_heeds_filters_and_the_budget(catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    everything = catalogue.ranked(Query(text="herring kelp"), 100, None, 40)
    assert len(everything) == 40
    allowed = np.array(sorted(everything)[:9], dtype=np.int64)
    few = catalogue.ranked(Query(text="herring kelp"), 100, allowed, 40)
    assert few == {row: score for row, score in everything.items() if row in set(allowed.tolist())}
    monkeypatch.setattr(lexical, "LISTED", 3)
    assert catalogue.ranked(Query(text="herring kelp"), 100, allowed, 40) == few
    assert catalogue.full_text('"herring"', None, allowed).keys() == few.keys()
    monkeypatch.setattr(lexical, "SCORED", 20)
    assert len(catalogue.ranked(Query(text="herring kelp"), 100, None, 40)) == 10
    assert catalogue.ranked(Query(text="herring kelp"), 100, allowed, 40) == few


def test_a_word_is_counted_once_and_in_a_snapshot_as_well_as_after_it(catalogue: Catalogue) -> None:
    told: list[str] = []
    with catalogue.snapshot():
        assert catalogue.frequencies(["kelp"]) == {"kelp": 10}
    assert catalogue.frequencies(["kelp", "absent"]) == {"kelp": 10}
    catalogue._connection.set_trace_callback(told.append)
    assert catalogue.frequencies(["kelp", "absent"]) == {"kelp": 10}
    assert not [statement for statement in told if "words" in statement]


def test_common_words_of_a_large_index_are_counted_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lexical, "COUNTED_FROM", 5)
    monkeypatch.setattr(lexical, "COMMON", 0.5)
    corpus = write_corpus(tmp_path / "corpus", READOUTS)
    build.add(tmp_path / "built", [corpus], HashEncoder)
    catalogue = Catalogue(tmp_path / "built")
    kept = dict(catalogue.run("SELECT * FROM common"))
    catalogue.run("CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab (main, full_text, row)")
    assert kept == dict(catalogue.run("SELECT term, doc FROM temp.vocabulary WHERE doc >= 5"))
    assert catalogue.frequencies(["presid", "kelp"]) == {"presid": kept["presid"]}
    catalogue.close()
    write_corpus(corpus, {f"k{n}.md": readout(f"Kelp {n}", f"They spoke of kelp {n}.") for n in range(20)})
    build.add(tmp_path / "built", [corpus], HashEncoder)
    catalogue = Catalogue(tmp_path / "built")
    assert catalogue.frequencies(["kelp", "presid", "nowher"]).keys() == {"kelp", "presid"}
    assert catalogue.frequencies(["kelp"]) == {"kelp": 20}
    catalogue.close()


def test_counts_of_words_are_those_of_the_present_index(catalogue: Catalogue) -> None:
    assert catalogue.is_word("kelp")
    build.remove(catalogue.folder, [f"r{n}" for n in range(0, 40, 4)])
    assert not catalogue.is_word("kelp")
    assert catalogue.frequencies(["her", "kelp"]) == {"her": 30}
