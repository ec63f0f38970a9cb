"""Which terms of a question a text holds."""

from __future__ import annotations

import pytest

from index import full_text
from index.coverage import Asked


@pytest.mark.parametrize(
    ("question", "text", "held"),
    [
        ("missiles of Pyongyang", "The DPRK fired them.", {"pyongyang"}),
        ("what of Taiwan", "President Bo of the People’s Republic of China", set()),
        ("what of Taiwan", "They spoke of Taipei.", {"taiwan"}),
        ("what of Taiwan", "Taiwanese ships", {"taiwan"}),
    ],
)
def test_a_country_is_held_under_any_name_that_is_not_part_of_anothers(
    question: str, text: str, held: set[str]
) -> None:
    asked = Asked.of(question, dict.fromkeys(full_text.terms(question), 1.0))
    assert asked.held(full_text.stems(text)) == asked.bits(held)
