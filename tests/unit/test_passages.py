import datetime as dt

import pytest

from index.datatypes import Document, Source
from index.passages import embedding_text, split

SOURCE = Source(doc_id="d", title="Talks with Lind", published=dt.date(2023, 5, 18))


def parts(text: str) -> list[str]:
    return [passage.text for passage in split(Document(source=SOURCE, text=text))]


def test_each_paragraph_is_a_passage_with_its_place_and_its_source() -> None:
    passages = split(Document(source=SOURCE, text="They met.\n\nThey agreed. They left."))
    assert [(passage.paragraph, passage.text) for passage in passages] == [
        (0, "They met."),
        (1, "They agreed. They left."),
    ]
    assert all(passage.source is SOURCE for passage in passages)
    assert [len(passage.sentences) for passage in passages] == [1, 2]


def test_a_heading_goes_with_the_paragraph_under_it() -> None:
    assert parts("On trade\n\nThey agreed to trade.\n\nOn peace\n\nThey talked.") == [
        "On trade\n\nThey agreed to trade.",
        "On peace\n\nThey talked.",
    ]


def test_a_heading_at_the_end_stands_alone() -> None:
    assert parts("They met.\n\nAnnex") == ["They met.", "Annex"]


def test_a_lead_in_goes_with_the_list_under_it_and_with_nothing_else() -> None:
    assert parts("Present were:\n\nAda Ito\nBo Lind") == ["Present were:\n\nAda Ito\nBo Lind"]
    assert parts("The following is attributable to the spokesperson:\n\nThey met.") == [
        "The following is attributable to the spokesperson:",
        "They met.",
    ]


def test_a_run_of_short_lines_is_one_passage_of_its_own() -> None:
    assert parts("Ada Ito\n\nBo Lind\n\nCy Marsh\n\nThey met in Lima.") == [
        "Ada Ito\n\nBo Lind\n\nCy Marsh",
        "They met in Lima.",
    ]


def test_a_paragraph_of_four_hundred_words_stays_whole() -> None:
    assert len(parts("They met and agreed on trade today. " * 57)) == 1


def test_a_longer_paragraph_is_parted_at_sentence_ends_into_even_parts() -> None:
    lengths = [len(part.split()) for part in parts("They met and agreed on trade today. " * 130)]
    assert sum(lengths) == 910
    assert max(lengths) - min(lengths) <= 7
    assert max(lengths) <= 250


def test_a_transcript_is_parted_where_the_speaker_changes() -> None:
    talk = "We met and agreed on trade and on much else. " * 22
    text = f"President of Norland Bo Lind: {talk}Minister Ada Ito: {talk}".strip()
    assert [part[:10] for part in parts(text)] == ["President ", "Minister A"]


def test_a_long_text_without_a_stop_stays_one_passage() -> None:
    text = ("word " * 900).strip()
    assert parts(text) == [text]


@pytest.mark.parametrize(
    ("title", "event", "expected"),
    [
        ("Talks with Lind", dt.date(2023, 5, 17), "Talks with Lind. 17 May 2023. They met. All agreed."),
        ("Talks with Lind", None, "Talks with Lind. 18 May 2023. They met. All agreed."),
        ("Who came?", dt.date(2023, 5, 17), "Who came? 17 May 2023. They met. All agreed."),
    ],
)
def test_title_and_date_stand_before_what_is_encoded(title: str, event: dt.date | None, expected: str) -> None:
    source = Source(doc_id="d", title=title, published=dt.date(2023, 5, 18))
    assert embedding_text(source, event, "They met.\nAll  agreed.") == expected


def test_a_readout_without_any_date_is_encoded_without_one() -> None:
    assert embedding_text(Source(doc_id="d", title="Talks"), None, "They met.") == "Talks. They met."
