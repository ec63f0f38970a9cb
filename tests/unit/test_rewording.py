"""What was reworded: parts that give back both texts, and read as a person would mark them."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from index.rewording import Kind, changed, reworded

WORDS = st.lists(st.sampled_from(["kelp", "crab", "The", "met.", "\n\n", "  ", "and", "and,"]), max_size=30).map(
    " ".join
)


def marked(before: str, after: str) -> str:
    brackets = {Kind.SAME: "{}", Kind.GONE: "-{}-", Kind.NEW: "+{}+"}
    return "".join(brackets[part.kind].format(part.text) for part in reworded(before, after))


def test_words_that_were_replaced_stand_side_by_side() -> None:
    found = marked("They spoke of kelp and left.", "They spoke of the lobsters and left.")
    assert found == "They spoke of- kelp-+ the lobsters+ and left."


def test_a_new_paragraph_leaves_the_others_as_they_are() -> None:
    found = marked("One met two.\n\nThey left.", "One met two.\n\nThree came.\n\nThey left.")
    assert found == "One met two.\n\n+Three came.\n\n+They left."


def test_the_same_text_has_one_part_and_two_empty_ones_none() -> None:
    assert marked("They met.", "They met.") == "They met."
    assert not changed(reworded("They met.", "They met."))
    assert reworded("", "") == ()
    assert marked("", "They met.") == "+They met.+"


@given(st.one_of(WORDS, st.text()), st.one_of(WORDS, st.text()))
def test_what_stayed_and_went_is_the_one_text_and_what_stayed_and_came_the_other(before: str, after: str) -> None:
    parts = reworded(before, after)
    assert "".join(part.text for part in parts if part.kind is not Kind.NEW) == before
    assert "".join(part.text for part in parts if part.kind is not Kind.GONE) == after
    assert all(part.text for part in parts)
    assert all(one.kind is not other.kind for one, other in itertools.pairwise(parts))
