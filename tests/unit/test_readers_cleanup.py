import pytest

from index.readers.cleanup import clean_line, clean_text


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("They met at [the old\nport](https://example.org/a_(b)) today.", "They met at the old port today."),
        ("On May 4<sup>th</sup> the <u>two sides</u> met.", "On May 4th the two sides met."),
        ("<span style='x'>Envoys</span> met<br>ministers", "Envoys met ministers"),
        ("They **firmly** and *warmly* agreed.", "They firmly and warmly agreed."),
        ("A _new_ port at the_quay was named.", "A new port at the_quay was named."),
        ("One\u00a0two \u2060three&nbsp;four &amp; five", "One two three four & five"),
        (r"He praised the build\[ing\] and 5\*", "He praised the build[ing] and 5*"),
        (r"Talks &amp; a build\[ing\]", "Talks & a build[ing]"),
        ("A text.<!-- left over -->\n\n<!-- -->\nAnother.", "A text.\n\nAnother."),
        ("Words.\n\n\\###", "Words."),
        ("Words.\n\n* * *\n\nMore.\n\n-30-", "Words.\n\nMore."),
        ("The talks ended. * * * The minister: Thank you.", "The talks ended.\n\nThe minister: Thank you."),
        ("5 * 3 < 20 and <3 for all <…>", "5 * 3 < 20 and <3 for all <…>"),
        ("See <https://example.org/x> for more.", "See https://example.org/x for more."),
        ("<script>alert(1)</script>Words", "Words"),
        ("> Quoted words\n> go on.", "Quoted words go on."),
        ("An **[envoy](https://example.org)** came.", "An envoy came."),
    ],
)
def test_markup_goes_and_words_stay(raw: str, clean: str) -> None:
    assert clean_text(raw) == clean


def test_hard_wrapped_lines_are_joined_and_empty_lines_part_paragraphs() -> None:
    raw = "The two ministers met\nin the capital.\n \u00a0\nThey agreed on follow-\nup talks.\n"
    assert clean_text(raw) == "The two ministers met in the capital.\n\nThey agreed on follow-up talks."


def test_lines_too_long_to_be_wrapped_are_paragraphs() -> None:
    first = "The minister said that " + "trade matters and " * 10 + "so it goes."
    assert clean_text(f"{first}\nThe guest agreed.") == f"{first}\n\nThe guest agreed."


@pytest.mark.parametrize("mark", ["-", "*", "•", "+"])
def test_each_list_item_stands_on_its_own_line_without_its_mark(mark: str) -> None:
    raw = f"Those present:\n\n{mark}   Ada Ito,\n    Minister of Trade\n{mark}   Bo Lind\n"
    assert clean_text(raw) == "Those present:\n\nAda Ito, Minister of Trade\nBo Lind"


def test_numbers_of_list_items_stay() -> None:
    assert clean_text("1.  First aim\n2.  Second aim") == "1. First aim\n2. Second aim"


def test_a_year_or_a_number_at_the_start_of_a_wrapped_line_begins_no_list() -> None:
    assert clean_text("They met on June\n24. The talks went on in\n2024. All agreed.") == (
        "They met on June 24. The talks went on in 2024. All agreed."
    )


def test_bullets_in_the_middle_of_a_line_part_items() -> None:
    assert clean_text("They were joined by: • Ada Ito • Bo Lind\n• Cy Marsh") == (
        "They were joined by:\nAda Ito\nBo Lind\nCy Marsh"
    )


def test_short_items_parted_by_empty_lines_are_one_list_and_long_ones_are_paragraphs() -> None:
    assert clean_text("- Ada Ito\n\n- Bo Lind") == "Ada Ito\nBo Lind"
    long = "word " * 30 + "end."
    assert clean_text(f"- {long}\n\n- {long}") == f"{long}\n\n{long}"


@pytest.mark.parametrize("end", ["  ", "\\"])
def test_both_spellings_of_a_line_break_are_kept_before_a_capital(end: str) -> None:
    assert clean_text(f"Oslo{end}\nLima{end}\nRome") == "Oslo\nLima\nRome"


def test_headings_are_paragraphs_without_their_marks() -> None:
    assert clean_text("## On trade ##\nThey agreed.\n\nOn peace\n---\nThey talked.") == (
        "On trade\n\nThey agreed.\n\nOn peace\n\nThey talked."
    )


def test_a_cyrillic_letter_in_a_latin_name_stays_for_display() -> None:
    assert clean_line("Call with Рresident Lind") == "Call with Рresident Lind"


def test_a_title_becomes_one_line() -> None:
    assert (
        clean_line("Readout of\\_the **Call** with\u00a0Minister\n Lind\u2060")
        == "Readout of the Call with Minister Lind"
    )


def test_what_could_steer_a_terminal_or_break_a_file_is_gone() -> None:
    assert clean_text("A\x1b[31m&#27;[0m\x07 word\ud800\ufdd0") == "A[31m[0m word"


@pytest.mark.parametrize(
    "text", ["&#" + "9" * 5_000 + ";", "&#xffffffff;", "&nosuchname;", "https://example.org/?a=1&copy=2"]
)
def test_what_only_looks_like_an_entity_stays(text: str) -> None:
    assert clean_text(text) == text


def test_headings_may_end_in_a_sharp() -> None:
    assert clean_text("# On C#\n## On trade ##") == "On C#\n\nOn trade"


def test_plain_prose_passes_through_unchanged() -> None:
    text = "Ms. Ito — at 5 p.m. — said: “We’ll go on.”\n\nMr. Lind agreed (twice)."
    assert clean_text(text) == text
