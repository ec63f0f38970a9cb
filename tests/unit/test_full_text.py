from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence

import pytest
from small_index import READOUTS

from assistant.bundled import bundled_corpus
from index import full_text, stems
from index.datatypes import Query
from index.schema import TABLES

#: Endings that Porter's rules tell apart, on words of this field.
WORDS = """
agreement agreements agreed agrees agreeing ally allies alliance allied relational relation responsibly responsible technology
technologies biology theology apology assembly assemblies possibly notably ably negotiate negotiations negotiator ministers
ministerial security securities sanctions sanctioned generalization feasibility humanitarian crises crisis treaty treaties
dying lying hopping hoped fizzed falling hissing failing filing plotted motoring conflated sized caresses ponies ties cats feed
us as is by u s ms gas bus this pass un eu day days boy enjoy sky happy singly electricity electrical hopefulness goodness
revival allowance inference airliner gyroscopic adjustable defensible irritant replacement adjustment dependent adoption
homologous communism activate angularity effective bowdlerize probate rate cease controll roll 2023 f16 1990s côte düsseldorf
""".split()


def sqlite_stems(words: Sequence[str]) -> list[list[str]]:
    """What the catalogue's own full text makes of each word."""
    database = sqlite3.connect(":memory:")
    database.executescript(TABLES)
    database.execute("CREATE VIRTUAL TABLE temp.tokens USING fts5vocab (main, full_text, instance)")
    database.executemany("INSERT INTO full_text (rowid, body) VALUES (?, ?)", list(enumerate(words)))
    found: list[list[str]] = [[] for _ in words]
    for term, row in database.execute("SELECT term, doc FROM temp.tokens ORDER BY doc, offset"):
        found[row].append(term)
    database.close()
    return found


def test_stems_are_those_that_sqlite_makes() -> None:
    words = [word for text in WORDS for word in full_text.words(text)]
    assert [[full_text.stem(word)] for word in words] == sqlite_stems(words)


def test_stems_of_every_word_of_the_bundled_readouts_are_those_that_sqlite_makes() -> None:
    texts = [path.read_text(encoding="utf-8") for path in sorted(bundled_corpus().glob("*.md"))]
    words = sorted({word for text in [*texts, *READOUTS.values()] for word in full_text.words(text)})
    assert len(words) > 1000
    assert [[full_text.stem(word)] for word in words] == sqlite_stems(words)


def test_a_word_with_a_letter_that_the_tokenizer_does_not_know_is_its_own_stem() -> None:
    words = ["grain\u19b0s", "ports", "\u19b0\u19b1", "ports"]
    stems._known.clear()
    assert full_text.words(" ".join(words)) == words
    assert stems.stem_all(words) == {"grain\u19b0s", "port", "\u19b0\u19b1"}
    assert [full_text.stem(word) for word in words] == ["grain\u19b0s", "port", "\u19b0\u19b1", "port"]


def test_threads_that_stem_at_once_get_the_stems_of_their_own_words() -> None:
    words = [f"{beginning}{word}" for beginning in ("ab", "co", "di", "ex") for word in WORDS if word.isascii()]
    expected = {word: full_text.stem(word) for word in words}
    stems._known.clear()
    found: list[dict[str, str]] = []
    together = threading.Barrier(4)

    def work() -> None:
        together.wait()
        found.append({word: full_text.stem(word) for word in words})

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 4


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The U.S. and the U.N.", ["the", "us", "and", "the", "un"]),
        ("Japan’s ports, the allies' ports", ["japan", "ports", "the", "allies", "ports"]),
        ("Côte d’Ivoire", ["cote", "divoire"]),
        ("O'Neil's", ["oneil"]),
        ("Al-Nasri, 3.5 and a_b", ["al", "nasri", "35", "and", "a", "b"]),
        ("…!?", []),
        ("", []),
    ],
)
def test_words_are_folded_without_possessives_and_the_stops_of_acronyms(text: str, words: list[str]) -> None:
    assert full_text.words(text) == words


def test_terms_are_the_words_that_carry_content_each_once() -> None:
    assert full_text.terms("What did the President say to the Emir about water and WATER?") == (
        "president",
        "emir",
        "water",
    )


def test_a_question_of_empty_words_alone_is_asked_by_them() -> None:
    assert full_text.terms("Who said what to whom?") == ("who", "said", "what", "to", "whom")


def test_a_query_asks_for_any_of_its_terms_and_their_expansions() -> None:
    asked = full_text.expression(Query(text="tariffs in Tokyo", expansions=("Japan", "Japanese side", "…")))
    assert asked == '"tariffs" OR "tokyo" OR "japan" OR "japanese side"'


def test_phrases_are_asked_for_all_of_them_with_or_without_terms() -> None:
    assert (
        full_text.expression(Query(text="", phrases=("water convoys", "?", "lagoon"))) == '"water convoys" AND "lagoon"'
    )
    assert full_text.expression(Query(text="", phrases=("lagoon", "Lagoon", "LAGOON."))) == '"lagoon"'
    both = full_text.expression(Query(text="emir", phrases=("lagoon",)))
    assert both == '"lagoon" AND ("emir" OR ("lagoon"))'


def test_a_query_without_words_asks_nothing() -> None:
    assert full_text.expression(Query(text=" …?! ", phrases=('"',))) == ""


@pytest.fixture(scope="module")
def table() -> Iterator[sqlite3.Connection]:
    database = sqlite3.connect(":memory:")
    database.executescript(TABLES)
    rows = ["They near or not near water", "nothing at all", "Japan’s ports and the U.N. in Côte d’Ivoire"]
    database.executemany(
        "INSERT INTO full_text (rowid, title, body) VALUES (?, '', ?)", enumerate(map(full_text.plain, rows), start=1)
    )
    yield database
    database.close()


def found(table: sqlite3.Connection, query: Query) -> list[int]:
    asked = full_text.expression(query)
    return [
        row for (row,) in table.execute("SELECT rowid FROM full_text WHERE full_text MATCH ? ORDER BY rowid", (asked,))
    ]


@pytest.mark.parametrize(
    "typed",
    [
        "AND", "OR", "NOT", "NEAR(water, 2)", "water AND", "AND OR NOT", "water*", "*", '"', '"water', '""', "^water",
        "title:water",
        "{title body}: water", "water - they", "(water", ")", "water; DROP TABLE full_text", "+water", "a:b:c", "'", "\\",
        "\x00",
        'NEAR("water" "they")', "water\n\nOR", "--", "/* water", "\udcff", "rowid", "full_text", "col : x", "-1", "€",
        "é\u0301",
    ],
)  # fmt: skip
def test_operators_typed_by_a_person_are_words_or_nothing(table: sqlite3.Connection, typed: str) -> None:
    for query in (Query(text=typed), Query(text="x", expansions=(typed,)), Query(text="x", phrases=(typed,))):
        if full_text.expression(query):
            assert set(found(table, query)) <= {1, 2, 3}
    if "water" in full_text.words(typed):
        assert 1 in found(table, Query(text=typed))


def test_operators_are_found_as_the_words_they_are(table: sqlite3.Connection) -> None:
    assert found(table, Query(text="", phrases=("near or not",))) == [1]
    assert found(table, Query(text="", phrases=("or near",))) == []


@pytest.mark.parametrize("phrase", ["Japan's ports", "the U.N. in", "Côte d’Ivoire", "cote d'ivoire", "UN"])
def test_phrases_with_apostrophes_and_stops_are_found(table: sqlite3.Connection, phrase: str) -> None:
    assert found(table, Query(text="", phrases=(phrase,))) == [3]


def test_a_text_holds_the_words_of_a_phrase_in_order_whatever_their_dress() -> None:
    text = "Élodie Marchand praised Côte d’Ivoire’s ports."
    for phrase in ("elodie MARCHAND", "marchand, praised!", "Cote d'Ivoire"):
        assert not full_text.Exactly([phrase]).missing(text)
    for phrase in ("marchand elodie", "port", "praise"):
        assert full_text.Exactly([phrase]).missing(text) == {f" {phrase} "}


@pytest.mark.parametrize("held", ["U.S. ports", "the president’s word", "a presidents' day", "x_port_y", "it's"])
def test_a_text_that_is_looked_at_once_for_its_letters_is_told_the_same(held: str) -> None:
    # The look at letters alone is for ASCII; a text with one more letter goes the long way.
    for phrase in ("us ports", "president", "presidents", "port", "it", "its", "president’s", "U.S."):
        exactly = full_text.Exactly([phrase, "nothing of it"])
        assert exactly.missing(held.replace("’", "'")) == exactly.missing(f"{held} é")


def test_matched_terms_are_those_whose_stem_a_text_holds() -> None:
    assert full_text.matched(("agreements", "rivers", "grain"), "They agreed, an agreement", "Grain") == (
        "agreements",
        "grain",
    )
    assert full_text.matched(("water",)) == ()


def test_the_share_of_terms_counts_each_by_its_rarity() -> None:
    held = full_text.stems("grain barges")
    assert full_text.share(("grain", "gas"), held, {"grain": 1.0, "gas": 3.0}) == pytest.approx(0.25)
    assert full_text.share(("grain", "barge"), held, {"grain": 1.0, "barge": 3.0}) == pytest.approx(1.0)
    assert full_text.share((), held, {}) == 0.0


#: A word each of Sinhala, Tamil, Hindi, Thai, Arabic, Hebrew, Russian, Georgian, Korean.
FOREIGN = "ජනාධිපතිවරයා ශ්‍රී புத்தாண்டு प्रधानमंत्री ประธานาธิบดี الرئيس נשיא Прем’єр პრეზიდენტი 대통령".split()


def test_a_word_with_signs_for_its_vowels_is_one_word_and_one_token_with_the_stem_that_sqlite_makes() -> None:
    folded = [full_text.words(word) for word in FOREIGN]
    assert [len(found) for found in folded] == [1] * len(FOREIGN)
    texts = [full_text.plain(word) for word in FOREIGN]
    assert [[full_text.stem(word)] for (word,) in folded] == sqlite_stems(texts)
    assert len({full_text.stem(word) for (word,) in folded}) == len(FOREIGN)


def test_joiners_that_are_not_seen_make_no_other_word_and_signs_do() -> None:
    assert full_text.words("ශ්‍රී") == full_text.words("ශ්රී")
    assert full_text.words("කල") != full_text.words("කාල")
    assert full_text.words("كَتَبَ") == full_text.words("كتب")


def test_chinese_and_japanese_are_words_of_two_characters() -> None:
    assert full_text.words("国家主席 G7会议 的 A级") == ["国家", "家主", "主席", "g7", "会议", "的", "a", "级"]
    assert not full_text.Exactly(["法国总统"]).missing("国家主席今天同法国总统通电话。")
    assert full_text.Exactly(["总统法国"]).missing("国家主席今天同法国总统通电话。")
