from __future__ import annotations

from dataclasses import replace

import pytest

from index import full_text
from index.coverage import Asked, head_stems
from index.datatypes import Facts, Party, Passage, Query, Source, Span, Want
from index.recent import ReadPassage
from index.reranking import Terms, has_number, stages
from index.sentences import sentences

BRANDT = Facts(place="Bremen", parties=(Party(name="Lena Brandt", office="Chancellor", country="Germany"),))


def passage(text: str, *, paragraph: int = 0, title: str = "Call with Chancellor Brandt") -> Passage:
    return Passage(
        source=Source(doc_id="a", title=title), paragraph=paragraph, text=text, span=Span(start=0, end=len(text)),
        sentences=tuple(sentences(text)),
    )  # fmt: skip


def scores(query: Query, *texts: str, **rarity: float) -> dict[str, list[float]]:
    terms = Terms.of(query, lambda asked: {term: rarity.get(term, 1.0) for term in asked})
    found = stages(query, [ReadPassage.of(passage(text), BRANDT) for text in texts], terms)
    return {name: values.tolist() for name, values in found.items()}


class TestAsked:
    def test_a_country_is_held_under_any_of_its_names(self) -> None:
        asked = Asked.of("What was said of Pyongyang?", {"pyongyang": 1.0})
        assert asked.held(full_text.stems("the DPRK’s missiles")) == asked.bits(["pyongyang"])
        assert asked.held(full_text.stems("threats of North Korea")) == asked.bits(["pyongyang"])
        assert asked.held(full_text.stems("the shipyards of South Korea")) == 0

    def test_a_name_of_several_words_is_held_only_whole(self) -> None:
        asked = Asked.of("Did Beijing object?", {"beijing": 1.0})
        assert asked.held(full_text.stems("the Republic and its people")) == 0

    def test_terms_of_one_stem_are_held_together(self) -> None:
        asked = Asked.of("barge or barges", dict.fromkeys(("barge", "barges"), 1.0))
        assert asked.held(full_text.stems("a barge of salt")) == asked.bits(["barge", "barges"])

    def test_each_term_counts_by_its_rarity(self) -> None:
        asked = Asked.of("kelp barges", {"kelp": 3.0, "barges": 1.0})
        assert asked.share(asked.bits(["kelp", "barges"]), asked.held(full_text.stems("a barge of salt"))) == 0.25
        assert asked.share(asked.bits([]), asked.bits(["barges"])) == 0.0

    def test_the_head_of_a_readout_holds_title_place_and_parties(self) -> None:
        source = Source(doc_id="a", title="Readout of a call")
        assert {"call", "bremen", "lena", "brandt", "chancellor", "germani"} <= head_stems(source, BRANDT)


class TestStages:
    def test_the_topic_is_held_by_the_passage_or_the_place_of_the_event(self) -> None:
        query = Query(text="What did Brandt say on kelp and salt in Bremen?", topic=("kelp", "salt", "bremen"))
        assert scores(query, "Kelp grew. Salt sold.", "Kelp grew.", "Rain fell.")["topic"] == pytest.approx(
            [1, 2 / 3, 1 / 3]
        )

    def test_title_and_parties_cover_their_part_of_the_question(self) -> None:
        query = Query(text="What did Chancellor Brandt tell Germany of kelp?")
        assert scores(query, "Kelp grew.", "Rain fell.", kelp=7.0)["covered"] == pytest.approx([1.0, 0.3])

    def test_beyond_the_title_one_sentence_must_hold_the_terms(self) -> None:
        query = Query(text="Brandt on kelp and salt")
        together, apart = scores(query, "Kelp and salt. Rain fell.", "Kelp grew. Salt sold.")["beyond_title"]
        assert (together, apart) == (1.0, 0.5)

    def test_nothing_beyond_the_title_is_asked_for_counts_nothing(self) -> None:
        assert scores(Query(text="the call with Brandt"), "Kelp grew.")["beyond_title"] == [0.0]

    def test_an_opening_counts_only_where_the_event_is_asked_about(self) -> None:
        query = Query(text="When did they meet?")
        pair = [
            ReadPassage.of(passage("They met."), BRANDT),
            ReadPassage.of(passage("Kelp grew.", paragraph=1), BRANDT),
        ]
        terms = Terms.of(query, lambda asked: dict.fromkeys(asked, 1.0))
        assert "opening" not in stages(query, pair, terms)
        wanting = stages(replace(query, wants=frozenset({Want.EVENT})), pair, terms)
        assert wanting["opening"].tolist() == [1.0, 0.0]

    def test_a_number_counts_only_where_one_is_asked_for(self) -> None:
        query = Query(text="How many barges?")
        assert "number" not in scores(query, "19 barges.")
        assert scores(replace(query, wants=frozenset({Want.NUMBER})), "19 barges.", "Barges.")["number"] == [1.0, 0.0]

    @pytest.mark.parametrize("text", ["$65 million", "two barges", "dozens of divers"])
    def test_digits_and_words_are_numbers(self, text: str) -> None:
        assert has_number(text)

    def test_one_is_no_number(self) -> None:
        assert not has_number("one of the divers")
