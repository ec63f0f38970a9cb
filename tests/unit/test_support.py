"""What backs an answer, and what tells that it does not hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import pytest
from scored import hit, scored

from assistant import answering, support
from assistant.datatypes import Understanding
from assistant.support_weights import SUPPORT
from index.datatypes import Facts, Filters, Hit, Party, StageScore


def flat(terms: Sequence[str]) -> dict[str, float]:
    return dict.fromkeys(terms, 3.0)


def features(found: Hit, text: str, *others: Hit, **more: object) -> dict[str, float]:
    asked = Understanding(text=text, **more)  # type: ignore[arg-type]
    return support.support_features(scored(found, 8.0), [found, *others], asked, flat)


def test_no_quote_has_no_support() -> None:
    assert support.estimate([], [], Understanding(text="kelp"), flat) == 0.0
    assert support.support_features([], [], Understanding(text="kelp"), flat) == {}


def test_every_learned_weight_has_its_feature() -> None:
    assert list(features(hit("Kelp grew."), "kelp")) == list(SUPPORT)


def test_support_is_a_share_that_grows_with_the_likeness_of_the_quoted_words() -> None:
    found = hit("Kelp grew.")
    asked = Understanding(text="kelp")
    near = [
        replace(one, features={**one.features, "cosine": c})
        for c in (-1.0, 0.2, 0.6, 1.0)
        for one in scored(found, 8.0)
    ]
    shares = [support.estimate([one], [found], asked, flat) for one in near]
    assert shares == sorted(shares)
    assert 0 < shares[0] < shares[-1] < 1


def test_a_sentence_stands_out_from_all_that_was_found_of_its_readout() -> None:
    first = replace(hit("Kelp grew. Salt fell."), sentence_scores=(0.2, 0.6))
    found = scored(first, 8.0, 7.0)
    found = [replace(found[0], features={**found[0].features, "cosine": 0.6})]
    other = replace(hit("Ice.", "another"), sentence_scores=(0.9,))
    read = support.support_features(found, [first, other], Understanding(text="kelp"), flat)
    assert read["cosine"] == 0.6
    assert read["peak"] == pytest.approx(0.2)


def test_what_title_parties_and_day_hold_counts_as_covered() -> None:
    party = Party(name="Lena Brandt", office="Chancellor", country="Germany")
    found = hit("They met.", facts=Facts(parties=(party,), place="Bremen"))
    covered = answering.covered_stems(scored(found, 8.0))
    assert {"brandt", "germani", "chancellor", "bremen", "call", "met"} <= covered
    assert "kelp" not in covered


def test_the_features_tell_how_much_of_the_topic_is_held() -> None:
    found = replace(hit("Kelp grew."), trail=(StageScore(stage="party", score=0.5, rank=1),))
    read = features(found, "Has kelp or salt grown near Zembla?")
    assert read["topic"] == pytest.approx(1 / 5)
    assert (read["silent"], read["parties"], read["length"]) == (0.0, 0.5, 5 / 8)
    assert read["unmet"] == pytest.approx(3 / 9)
    assert features(found, "ice on Mars")["silent"] == 1.0


def test_a_topic_that_another_readout_holds_and_this_one_does_not_is_elsewhere() -> None:
    found, other = hit("They spoke of salt.", "a"), hit("They spoke of kelp and krill.", "b")
    assert features(found, "kelp and krill", other)["elsewhere"] == 1.0
    assert features(other, "kelp and krill", found)["elsewhere"] == 0.0


def test_another_day_than_the_one_asked_for_is_told() -> None:
    missed = replace(hit("Kelp grew."), trail=(StageScore(stage="date", score=0.0, rank=1),))
    may = Filters(date_from=dt.date(2023, 5, 1), date_to=dt.date(2023, 6, 1))
    assert features(missed, "kelp in May 2023", preferred=may)["another_day"] == 1.0
    year = Filters(date_from=dt.date(2023, 1, 1), date_to=dt.date(2023, 12, 31))
    assert features(missed, "kelp in 2023", preferred=year)["another_day"] == 0.0


@pytest.mark.parametrize(("text", "lacks"), [("Kelp grew.", 1.0), ("Kelp grew by 4 metres.", 0.0)])
def test_a_figure_that_is_asked_for_and_not_there_is_told(text: str, lacks: float) -> None:
    assert features(hit(text), "how much did the kelp grow")["figure"] == lacks


def test_somebody_asked_about_who_is_not_there_is_absent() -> None:
    found = hit("Kelp grew.", facts=Facts(parties=(Party(name="Lena Brandt"),)))
    assert features(found, "kelp of Brandt", people=("Lena Brandt",))["absent"] == 0.0
    assert features(found, "kelp of Sarpong", people=("Kwame Sarpong",))["absent"] == 1.0


def test_the_gap_is_taken_from_the_mean_of_the_next_four() -> None:
    hits = [hit("Kelp grew.", str(place), score=score) for place, score in enumerate([0.9, 0.5, 0.3, 0.2, 0.2, 0.0])]
    assert features(hits[0], "kelp", *hits[1:])["gap"] == pytest.approx(0.6)


def test_a_question_for_parties_and_days_alone_has_no_topic_to_miss() -> None:
    known = features(
        hit("They met."), "when did Brandt meet", people=("Brandt",), preferred=Filters(parties=("brandt",))
    )
    assert (known["topic"], known["best"], known["missing"], known["silent"]) == (1.0, 1.0, 0.0, 0.0)
