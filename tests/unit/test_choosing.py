from __future__ import annotations

from dataclasses import replace

from scored import hit, quotes, scored

from assistant import choosing
from assistant.sentence_weights import SENTENCE


def test_the_best_sentence_comes_first_and_those_near_to_it_follow_by_their_scores() -> None:
    candidates = [*scored(hit("Kelp grew.", "a"), 7.0), *scored(hit("Salt sold.", "b"), 9.0)]
    assert quotes(choosing.choose(candidates)) == ["Salt sold.", "Kelp grew."]


def test_a_sentence_far_behind_the_best_is_not_quoted() -> None:
    candidates = [
        *scored(hit("Salt sold.", "b"), 9.0),
        *scored(hit("Kelp grew.", "a"), 9.0 - choosing.NEAR - 0.1),
    ]
    assert quotes(choosing.choose(candidates)) == ["Salt sold."]


def test_there_are_never_more_quotes_than_the_most() -> None:
    texts = ["Salt sold.", "Kelp grew.", "Rain fell.", "Ice broke.", "Wind rose."]
    candidates = [item for place, text in enumerate(texts) for item in scored(hit(text, str(place)), 9.0)]
    assert quotes(choosing.choose(candidates)) == texts[: choosing.MOST_QUOTES]


def test_the_sentence_beside_the_best_joins_it_in_one_quote() -> None:
    found = hit("They met. Ms. Brandt asked for divers. She wanted thirty of them.")
    assert quotes(choosing.choose(scored(found, 1.0, 8.0, 7.5))) == [
        "Ms. Brandt asked for divers. She wanted thirty of them."
    ]


def test_of_two_neighbours_the_better_joins() -> None:
    found = hit("Rain fell. Kelp grew. Salt sold.")
    assert quotes(choosing.choose(scored(found, 7.9, 8.0, 7.0)))[0] == "Rain fell. Kelp grew."


def test_a_neighbour_that_is_much_worse_stays_out() -> None:
    found = hit("Rain fell. Kelp grew.")
    assert quotes(choosing.choose(scored(found, 8.0, 8.0 - choosing.BESIDE - 0.1)))[0] == "Rain fell."


def test_a_sentence_of_another_passage_never_joins() -> None:
    candidates = [*scored(hit("Rain fell.", "a"), 8.0), *scored(hit("Kelp grew.", "b"), 8.0)]
    assert quotes(choosing.choose(candidates)) == ["Rain fell.", "Kelp grew."]


def test_only_the_neighbour_joins_though_a_sentence_further_off_is_as_good() -> None:
    found = hit("Rain fell. Kelp grew. Salt sold.")
    assert quotes(choosing.choose(scored(found, 8.0, 1.0, 8.0))) == ["Rain fell.", "Salt sold."]


def test_quotes_that_say_nearly_the_same_are_folded_into_the_better_one() -> None:
    candidates = [
        *scored(hit("She handed over a fireboat.", "ours"), 8.0),
        *scored(hit("She handed over the fireboat.", "theirs"), 8.5),
        *scored(hit("They spoke of dredging.", "other"), 7.0),
    ]
    assert quotes(choosing.choose(candidates)) == ["She handed over the fireboat.", "They spoke of dredging."]


def test_a_stock_sentence_gives_way_to_one_of_equal_standing() -> None:
    (stock,) = scored(hit("They agreed to stay in touch on kelp.", "a"), 8.0)
    (plain,) = scored(hit("They banned the kelp trade.", "b"), 8.0)
    assert choosing.choose([stock, plain])[0] is stock
    assert choosing.choose([replace(stock, features={**stock.features, "stock": 1.0}), plain])[0] is plain


def test_nothing_found_makes_no_quotes() -> None:
    assert choosing.choose([]) == []


def test_a_feature_that_has_no_weight_counts_nothing() -> None:
    assert choosing.score({"cosine": 1.0, "colour": 9.0}) == SENTENCE["cosine"]
