"""One text posted twice, and what only looks like it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from index.duplicates import BANDS, bands, same_text, words_of

TEXT = (
    "President Mara Tolliver spoke today with Prime Minister Ada Okafor of Nigeria about the ferry line across the gulf. "
    "The leaders agreed that two new ships will sail before winter, and that customs officers of both sides will work in one "
    "hall. They also discussed the price of grain, the school exchange and the search for the lost trawler, and thanked the "
    "fishermen who had joined it. They will remain in close contact."
)
HEAD = "FOR IMMEDIATE RELEASE Office of the Press Secretary February 3, 2023 Readout of a Call WASHINGTON, D.C. – "
#: Nothing but what is said of the two texts differs, so that a rule which looked at less would take them for one.
OTHERS = {
    "a country": TEXT.replace("Nigeria", "Senegal"),
    "a person": TEXT.replace("Ada Okafor", "Awa Diallo"),
    "a number in figures": TEXT.replace("two new", "2 new"),
    "a name added": TEXT.replace("spoke today", "and Minister Quist spoke today"),
    "a sentence in the middle": TEXT.replace(
        "They also",
        "They deplored the attack on the harbour and the loss of life among its crews and pilots. They also",
    ),
    "half of the text": TEXT[: len(TEXT) // 2],
}


def same(ours: str, theirs: str, our_title: str = "A call", their_title: str = "Another title") -> bool:
    one, other = words_of(our_title, ours), words_of(their_title, theirs)
    assert same_text(one, other) is same_text(other, one)
    return same_text(one, other)


def shared(ours: str, theirs: str) -> int:
    return len(set(bands(ours)) & set(bands(theirs)))


def test_one_text_is_found_again_whatever_its_case_marks_and_breaks() -> None:
    again = TEXT.upper().replace(". ", ".\n\n").replace(",", " –")
    assert same(TEXT, again)
    assert shared(TEXT, again) == BANDS


def test_a_heading_a_dateline_and_a_closing_line_do_not_count() -> None:
    for again in (HEAD + TEXT, TEXT + " ### Contact: press@office.example", HEAD + TEXT + " ### End of the text"):
        assert same(TEXT, again)
        assert shared(TEXT, again)


def test_a_slip_of_the_pen_and_a_few_small_words_do_not_count() -> None:
    assert same(TEXT, TEXT.replace("Minister", "Minster"))
    assert same(TEXT, TEXT.replace("remain in", "stay in").replace("also ", ""))
    assert shared(TEXT, TEXT.replace("Minister", "Minster"))


def test_what_differs_in_a_name_a_number_or_a_sentence_is_another_text() -> None:
    assert not {what for what, text in OTHERS.items() if same(TEXT, text)}


def test_countries_that_differ_by_one_letter_are_no_slip() -> None:
    for one, other in (("Gambia", "Zambia"), ("Niger", "Nigeria"), ("Iran", "Iraq"), ("Austria", "Australia")):
        assert not same(TEXT.replace("Nigeria", one), TEXT.replace("Nigeria", other)), one


def test_a_short_text_is_the_same_only_word_for_word_and_under_one_title() -> None:
    assert same("See the letter here.", "See the letter here!", "Letter", "Letter")
    assert not same("See the letter here.", "See the letter here.", "Letter of May", "Letter of June")
    assert not same("See the letter here.", "See this letter here.", "Letter", "Letter")


def test_texts_on_other_matters_share_no_number_and_an_empty_one_has_none() -> None:
    other = "The Secretary met the envoy in the old town, where rain had closed the airport for days and the bridges were shut."
    assert shared(TEXT, other) == 0
    assert bands("") == bands("–  – !") == ()
    assert len(bands("Kelp.")) == BANDS


@given(st.text(), st.text())
def test_any_two_texts_are_compared(ours: str, theirs: str) -> None:
    assert same(ours, ours, "One title", "One title")
    same(ours, theirs)
    assert len(bands(ours)) in (0, BANDS)
    assert all(-(2**63) <= key < 2**63 for key in bands(ours))
