"""No question, however odd, stops a search, and none reaches SQLite as anything but words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_index import HashEncoder

from assistant.datatypes import Answer, Status, Understanding
from assistant.history import History
from index import full_text
from index.datatypes import Filters, Query
from index.schema import TABLES
from index.search import PassageIndex

PIECES = st.sampled_from(
    ["AND", "OR", "NOT", "NEAR(", ")", "(", "*", '"', "'", "^", ":", "{", "}", "+", "-", "title", "body:", "\\", ";", "--",
     "\x00", "\udcff",
     "U.N.", "d’Ivoire", "e\u0301", "👩‍🚀", "نص", "grain", "the", "%", "_", "?", "1", "\n"]
)  # fmt: skip
#: Letters to Python and marks to SQLite: the only ones, vowels of New Tai Lue and two Vedic signs.
MARKS = "".join(map(chr, [*range(0x19B0, 0x19C1), 0x19C8, 0x19C9, 0x1CF2, 0x1CF3]))
QUESTIONS = st.one_of(
    st.text(st.characters(exclude_characters=MARKS)),
    st.lists(PIECES, max_size=12).map(" ".join),
    st.lists(PIECES, max_size=12).map("".join),
)


@pytest.fixture(scope="module")
def table() -> Iterator[sqlite3.Connection]:
    database = sqlite3.connect(":memory:")
    database.executescript(TABLES)
    yield database
    database.close()


@given(QUESTIONS, st.lists(QUESTIONS, max_size=2), st.lists(QUESTIONS, max_size=2))
@settings(deadline=None, max_examples=400)
def test_what_full_text_is_asked_is_always_in_its_language(
    table: sqlite3.Connection, text: str, phrases: list[str], expansions: list[str]
) -> None:
    asked = full_text.expression(Query(text=text, phrases=tuple(phrases), expansions=tuple(expansions)))
    if asked:
        assert table.execute("SELECT rowid FROM full_text WHERE full_text MATCH ?", (asked,)).fetchall() == []
    else:
        assert not any(map(full_text.words, [text, *phrases, *expansions]))


@given(QUESTIONS)
@settings(deadline=None, max_examples=300)
def test_a_text_of_words_finds_itself(text: str) -> None:
    words = full_text.words(text)
    database = sqlite3.connect(":memory:")
    database.executescript(TABLES)
    database.execute("INSERT INTO full_text (rowid, body) VALUES (7, ?)", (full_text.plain(text),))
    for query in (Query(text=text), Query(text="", phrases=(text,))):
        asked = full_text.expression(query)
        found = database.execute("SELECT rowid FROM full_text WHERE full_text MATCH ?", (asked or '""',)).fetchall()
        assert found == ([(7,)] if words else [])
    assert not full_text.Exactly([text]).missing(text)
    database.close()


@given(QUESTIONS, QUESTIONS)
@settings(deadline=None, max_examples=40)
def test_any_question_phrase_and_name_can_be_searched_for(passages: PassageIndex, text: str, other: str) -> None:
    vector = HashEncoder().encode([text])[0]
    filters = Filters(parties=(other,), issuers=(text,))
    for query in (Query(text=text), Query(text=text, phrases=(other,)), Query(text=text, preferred=filters)):
        assert len(passages.search(query, vector)) <= 10
        assert len(passages.search(query, None)) <= 10
    for hit in passages.search(Query(text=text, filters=filters), vector):
        assert hit.passage.source.issuer
    assert all(rarity > 0 for rarity in passages.rarity(full_text.terms(text)).values())


@given(QUESTIONS, QUESTIONS)
@settings(deadline=None, max_examples=100)
def test_any_question_is_kept_in_the_history_and_any_words_can_be_looked_for_there(question: str, words: str) -> None:
    history = History(None)
    answer = Answer(
        question=question, standalone_question=question, understanding=Understanding(text=question), status=Status.ABSTAINED,
        support=0.0, missing=(), citations=(), hits=(),
    )  # fmt: skip
    history.add_turn("a", answer)
    assert history.turns("a")[0].answer.question == question.encode(errors="replace").decode()
    assert len(history.conversations(words)) <= 1
    assert len(history.conversations(question)) <= 1
    history.close()
