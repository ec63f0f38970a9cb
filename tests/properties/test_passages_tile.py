from hypothesis import given
from hypothesis import strategies as st

from index.datatypes import Document, Source
from index.passages import split
from index.readers.cleanup import clean_text

# fmt: off
PIECES = st.sampled_from([
    "They met", ". ", ".", "U.S.", "Dr. ", "\n", "\n\n", "\n \n", " - A", "\u2022 ", "; ", ":", "“", "”", '"',
    "<…>", "。", "?", " ", "Bo Lind: ", "(Applause.)", "1. ", "\xa0", "\u2003", "a", "Heading", "word " * 60,
    "No. 5", "…",
])
# fmt: on
TEXTS = st.one_of(st.lists(PIECES, max_size=60).map("".join), st.text(max_size=300))


def passages_tile(text: str) -> None:
    place = 0
    passages = split(Document(source=Source(doc_id="d", title="t"), text=text))
    for number, passage in enumerate(passages):
        assert passage.paragraph == number
        assert passage.text == text[passage.span.start : passage.span.end]
        assert passage.text
        assert passage.text == passage.text.strip()
        assert text[place : passage.span.start].strip() == ""
        place = passage.span.end
    assert text[place:].strip() == ""
    assert (place == 0) == (text.strip() == "")


def sentences_tile(text: str) -> None:
    for passage in split(Document(source=Source(doc_id="d", title="t"), text=text)):
        place = 0
        for span in passage.sentences:
            words = passage.text[span.start : span.end]
            assert words
            assert words == words.strip()
            assert passage.text[place : span.start].strip() == ""
            assert span.start >= place
            place = span.end
        assert passage.text[place:].strip() == ""
        assert passage.sentences


@given(TEXTS)
def test_passages_tile_any_text(text: str) -> None:
    passages_tile(text)


@given(TEXTS)
def test_sentences_cover_every_passage(text: str) -> None:
    sentences_tile(text)


@given(TEXTS)
def test_passages_and_sentences_tile_cleaned_text(text: str) -> None:
    cleaned = clean_text(text)
    passages_tile(cleaned)
    sentences_tile(cleaned)
