from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.textforms import fold, tidy


@pytest.mark.parametrize(
    ("raw", "tidied"),
    [
        ("a\u00a0b\u2009c\td", "a b c d"),
        ("  a  \r\n b\rc ", "a\nb\nc"),
        ("ze\u200bro wi\u00addth\ufeff \u2060", "zero width"),
        ("e\u0301", "é"),
        ("bell\x07 and \x1b[31mcolour\x9b", "bell and [31mcolour"),
        ("\u202eevil\u202c \u2066x\u2069", "evil x"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("“curly” – dash…", "“curly” – dash…"),
    ],
)
def test_tidying_removes_what_no_reader_sees_and_keeps_every_word(raw: str, tidied: str) -> None:
    assert tidy(raw) == tidied


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Türkiye", "turkiye"),
        ("Łukasz Øster", "lukasz oster"),
        ("O’Neil", "O'NEIL"),
        ("To\u0440ic", "Topic"),
        ("Straße", "STRASSE"),
        ("İstanbul", "istanbul"),
        ("ISTANBUL", "ıstanbul"),
        ("Al‑Nasri", "al-nasri"),
        ("Erdoğan", "ERDOGAN"),
        ("Æther", "aether"),
    ],
)
def test_folding_makes_spellings_of_one_name_equal(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_words_wholly_of_another_script_stay_in_it() -> None:
    assert fold("Москва") == "москва"
    assert fold("東京") == "東京"


@given(st.text())
def test_tidying_and_folding_twice_change_nothing_more(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_tidied_text_holds_no_control_character_but_the_newline(text: str) -> None:
    assert not [c for c in tidy(text) if c != "\n" and (ord(c) < 32 or 127 <= ord(c) < 160)]


def test_an_accented_look_alike_in_a_latin_word_is_folded() -> None:
    assert fold("Niinist\u04e7") == fold("Niinist\u00f6") == "niinisto"
