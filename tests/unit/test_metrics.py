import pytest

from assistant.evaluation.metrics import (
    calibration,
    holds,
    mean_figure,
    plain,
    quote_right,
    reciprocal_rank,
    roc_figure,
    set_scores,
    within,
)


def test_plain_words_lose_markup_typographic_quotes_case_and_spacing() -> None:
    text = "The **2<sup>nd</sup>** round\u00a0of\n [grain talks](https://x.org/a) — “Ankara’s” \\_idea\\_<!-- note -->"
    assert plain(text) == " the 2nd round of grain talks ankara s idea "


def test_accents_and_html_entities_do_not_keep_words_apart() -> None:
    assert plain("Türkiye &amp; Côte d&rsquo;Ivoire") == plain("Turkiye, Cote d'Ivoire")


def test_a_text_holds_a_gold_only_by_whole_words_in_order() -> None:
    text = "They spoke of grain shipments and of ports."
    assert holds(text, "Grain shipments, and of ports")
    assert not holds(text, "rain shipments")
    assert not holds(text, "ports and grain")


def test_a_gold_without_words_is_held_by_nothing() -> None:
    assert not holds("Any words at all.", "…")


def test_a_quote_is_right_where_it_holds_the_gold_or_lies_inside_it() -> None:
    sentence = "She promised ten boats."
    assert quote_right(f"In Oslo, {sentence}", sentence)
    assert quote_right(sentence, f"{sentence} He thanked her.")
    assert not quote_right(sentence, "He thanked her.")


@pytest.mark.parametrize(("kept", "right"), [(6, True), (5, False)])
def test_a_quote_that_overlaps_is_right_from_six_tenths_of_the_gold_words_unbroken(kept: int, right: bool) -> None:
    gold = "one two three four five six seven eight nine ten"
    quote = "before " + " ".join(gold.split()[:kept]) + " after"
    assert quote_right(quote, gold) is right


def test_scattered_gold_words_do_not_make_a_quote_right() -> None:
    assert not quote_right("one x two x three x four x five", "one two three four five")


def test_an_empty_quote_is_never_right() -> None:
    assert not quote_right("", "one two")


def test_reciprocal_rank_ends_at_its_cutoff() -> None:
    assert [reciprocal_rank(rank) for rank in (1, 4, 10, 11, None)] == [1.0, 0.25, 0.1, 0.0, 0.0]


def test_a_rank_is_within_a_cutoff_up_to_and_with_it() -> None:
    assert [within(rank, 5) for rank in (1, 5, 6, None)] == [1.0, 1.0, 0.0, 0.0]


def test_set_scores_follow_the_definitions() -> None:
    # Three found, two of them among four right ones: 2/3, 2/4, and 2·(2/3)(1/2)/(2/3+1/2) = 4/7.
    assert set_scores(["a", "b", "x"], ["a", "b", "c", "d"]) == pytest.approx((2 / 3, 1 / 2, 4 / 7))


def test_set_scores_of_nothing_found_are_zero() -> None:
    assert set_scores([], ["a"]) == (0.0, 0.0, 0.0)


def test_a_mean_has_an_interval_around_it() -> None:
    figure = mean_figure([0.0, 1.0] * 50)
    assert figure is not None
    assert (figure.value, figure.count) == (0.5, 100)
    # The standard error is 0.05: an interval of 95 % is about 0.1 to each side.
    assert (figure.low, figure.high) == (pytest.approx(0.4, abs=0.03), pytest.approx(0.6, abs=0.03))


def test_the_bootstrap_is_the_same_in_every_run() -> None:
    values = [0.0, 0.2, 1.0, 0.5, 0.25]
    assert mean_figure(values) == mean_figure(values)
    assert roc_figure(values, [0.1, 0.3]) == roc_figure(values, [0.1, 0.3])


def test_equal_values_have_an_interval_without_width() -> None:
    figure = mean_figure([1.0, 1.0, 1.0])
    assert figure is not None
    assert (figure.value, figure.low, figure.high) == (1.0, 1.0, 1.0)


def test_no_values_have_no_figure() -> None:
    assert mean_figure([]) is None
    assert roc_figure([0.5], []) is None
    assert roc_figure([], [0.5]) is None


def test_the_roc_area_counts_pairs_won_and_half_of_those_tied() -> None:
    # Pairs: 0.9>0.4, 0.9>0.1, 0.4=0.4 (half), 0.4>0.1, 0.2<0.4 (lost), 0.2>0.1: 4.5 of 6.
    figure = roc_figure([0.9, 0.4, 0.2], [0.4, 0.1])
    assert figure is not None
    assert (figure.value, figure.count) == (0.75, 5)
    assert figure.low < 0.75 < figure.high


def test_full_separation_has_area_one_and_an_interval_without_width() -> None:
    figure = roc_figure([0.8, 0.9], [0.1, 0.2, 0.3])
    assert figure is not None
    assert (figure.value, figure.low, figure.high) == pytest.approx((1.0, 1.0, 1.0))


def test_calibration_sets_mean_support_beside_the_share_that_holds() -> None:
    bins, error = calibration([0.1, 0.9, 1.0, 0.8], [False, True, True, False])
    assert [(b.low, b.high, b.count) for b in bins] == [(0.0, 0.2, 1), (0.8, 1.0, 3)]
    assert [b.support for b in bins] == pytest.approx([0.1, 0.9])
    assert [b.held for b in bins] == pytest.approx([0.0, 2 / 3])
    # (1 · |0.1 - 0| + 3 · |0.9 - 2/3|) / 4
    assert error == pytest.approx(0.2)


def test_calibration_of_no_answers_is_empty() -> None:
    assert calibration([], []) == ((), None)
