import pytest

from index.sentences import sentences


def parts(text: str) -> list[str]:
    return [text[span.start : span.end] for span in sentences(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Minister Bo Q. Lind, Jr. spoke with Dr. Ito.",
        "The U.S. President met the U.N. envoy and Lt. Gen. Marsh at St. Mary.",
        "The U.S.-Norland talks cost $3.5 million, i.e. 2.1 percent.",
        "They met at 5 p.m. Monday and again at 9 a.m. ET.",
        "See No. 5 of Vol. 2, adopted on Nov. 4.",
        "Portal.Gov and www.Trade.Org/News are named.",
        "Roe v. Lind was named.",
        "James P. Marsh came.",
        "They will ... continue to talk.",
        "He asked “why now?” and left.",
    ],
)
def test_stops_inside_a_sentence_do_not_end_it(text: str) -> None:
    assert parts(text) == [text]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("They met in Washington, D.C.", "Secretary Marsh spoke."),
        ("He visited the U.S.", "The two agreed."),
        ("She met Bo Lind, Jr.", "They agreed."),
        ("“We go on.”", "They left."),
        ('"We go on."', "They left."),
        ("It ended in 2022.", "Talks went on."),
        ("They joined NATO.", "Lind agreed."),
        ("Who came?", "All came."),
        ("(Applause.)", "Thank you."),
        ("They spoke …", "Then they left."),
        ("He said no.", "The others agreed."),
        ("It grew by 3.5.", "Trade rose."),
    ],
)
def test_a_stop_before_a_new_sentence_ends_the_old_one(first: str, second: str) -> None:
    assert parts(f"{first} {second}") == [first, second]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They thanked them.The envoy left.", ["They thanked them.", "The envoy left."]),
        ("It ended.(Laughter.) Go on.", ["It ended.", "(Laughter.)", "Go on."]),
        ('It went on."We agree" was heard.', ["It went on.", '"We agree" was heard.']),
        ('He said "we agree."Lind left.', ['He said "we agree."', "Lind left."]),
    ],
)
def test_a_lost_space_still_ends_a_sentence(text: str, expected: list[str]) -> None:
    assert parts(text) == expected


def test_list_items_on_lines_are_sentences_of_their_own() -> None:
    assert parts("Present were:\nAda Ito\n1. Bo Lind. He left.") == [
        "Present were:",
        "Ada Ito",
        "1. Bo Lind.",
        "He left.",
    ]


@pytest.mark.parametrize("mark", ["-", "–", "•"])
def test_three_items_of_a_flattened_list_are_sentences_of_their_own(mark: str) -> None:
    text = f"They agreed on: {mark} Trade {mark} Energy links {mark} Peace"
    assert parts(text) == ["They agreed on:", f"{mark} Trade", f"{mark} Energy links", f"{mark} Peace"]


def test_dashes_in_prose_part_nothing() -> None:
    text = "Lind – Minister of Trade – met Ito – Envoy of Norland."
    assert parts(text) == [text]


def test_a_list_parted_by_semicolons_stays_whole_unless_it_is_very_long() -> None:
    short = "They will: open ports; lower fees; and meet again."
    assert parts(short) == [short]
    long = "They will: " + "; ".join("word " * 20 + "end" for _ in range(8)) + "."
    assert len(parts(long)) == 2
    assert all(part.endswith((";", ".")) for part in parts(long))


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("双方举行会谈。双方同意继续对话。", 2),
        ("ඔවුහු හමුවූහ. ඔවුහු එකඟ වූහ.", 2),
        ("அவர்கள் சந்தித்தனர். அவர்கள் ஒப்புக்கொண்டனர்.", 2),
        ("वे मिले। वे सहमत हुए।", 2),
        ("双方同意“继续对话。”他们将再次会面！", 2),
        ("ඔවුහු හමුවූහ෴ ඔවුහු එකඟ වූහ .", 2),
        ("ते मिले॥ ते गए।", 2),
        ("Նրանք հանդիպեցին։ Նրանք խոսեցին։", 2),
        ("وہ ملے۔ وہ متفق ہوئے۔", 2),
        ("متى التقيا؟ التقيا اليوم.", 2),
        ("Они встретились. Они договорились.", 2),
    ],
)
def test_sentences_end_in_other_scripts_too(text: str, count: int) -> None:
    assert len(parts(text)) == count


def test_marks_without_words_stay_with_the_sentence_before() -> None:
    assert parts("Thank you. <…> Go on. <…>") == ["Thank you. <…>", "Go on. <…>"]


@pytest.mark.parametrize("text", ["", " \n ", "\u2003"])
def test_nothing_has_no_sentences(text: str) -> None:
    assert sentences(text) == ()
