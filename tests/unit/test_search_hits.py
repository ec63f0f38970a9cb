"""How hits are ranked and what they say of themselves: scores, trail, best sentence, terms; full text without a vector."""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from searching import ids, search
from small_index import HashEncoder, readout, write_corpus

from index import build, full_text
from index.datatypes import Filters, Query
from index.fusion import Weights
from index.protocols import Vectors
from index.search import TOLD_APART, PassageIndex


class TestHits:
    QUESTIONS = (
        "grain barges",
        "What did the Chancellor say about the caverns?",
        "Caspian pipeline",
        "zzz",
        "Tolliver",
        "",
    )

    @pytest.mark.parametrize("question", QUESTIONS)
    def test_they_are_ranked_from_one_by_falling_score(self, passages: PassageIndex, question: str) -> None:
        hits = search(passages, question)
        assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
        assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)

    @pytest.mark.parametrize("question", QUESTIONS)
    def test_the_trail_adds_up_to_the_score(self, passages: PassageIndex, question: str) -> None:
        weights = Weights()
        preferred = Filters(date_from="2023", parties=("Japan",), kinds=("call",), doc_ids=("qatar-call",))
        for hit in search(passages, question, preferred=preferred):
            *stages, fused = hit.trail
            assert {stage.stage for stage in stages} == {
                "full_text", "paragraph", "sentence", "peak", "date", "party", "kind", "document", "topic",
                "covered", "beyond_title",
            }  # fmt: skip
            assert (fused.stage, fused.score, fused.rank) == ("fused", hit.score, hit.rank)
            total = sum(getattr(weights, stage.stage) * stage.score for stage in stages)
            assert hit.score == pytest.approx(total, abs=0.5 * 10**-TOLD_APART)

    def test_each_stage_ranks_from_one_without_gaps_what_it_scored(self, passages: PassageIndex) -> None:
        hits = search(passages, "grain for the pipeline", top_k=100)
        assert len(hits) == 10
        for place in range(len(hits[0].trail) - 1):
            ranked = [(hit.trail[place].rank, hit.trail[place].score) for hit in hits]
            scored = sorted((rank, score) for rank, score in ranked if rank is not None)
            assert [rank for rank, _ in scored] == list(range(1, len(scored) + 1))
            assert [score for _, score in scored] == sorted((score for _, score in scored), reverse=True)
            assert all(score <= 0 for rank, score in ranked if rank is None)

    def test_cosines_are_those_of_the_texts_with_title_and_date_in_front(self, passages: PassageIndex) -> None:
        encoder = HashEncoder()
        question = "grain barges"
        hit = search(passages, question)[0]
        lead = f"{hit.passage.source.title}. 16 January 2023. "
        texts = [lead + hit.passage.text] + [lead + hit.passage.text[s.start : s.end] for s in hit.passage.sentences]
        cosines = encoder.encode(texts) @ encoder.encode([question])[0]
        stages = {stage.stage: stage.score for stage in hit.trail}
        assert stages["paragraph"] == pytest.approx(cosines[0], abs=2e-3)
        assert stages["sentence"] == pytest.approx(max(cosines[1:]), abs=2e-3)
        assert hit.sentence_scores == pytest.approx(cosines[1:], abs=2e-3)

    @pytest.mark.parametrize("question", QUESTIONS)
    def test_the_best_sentence_is_one_of_the_passage_and_the_one_of_the_highest_cosine(
        self, passages: PassageIndex, question: str
    ) -> None:
        for hit in search(passages, question):
            assert hit.best_sentence == hit.passage.sentences[int(np.argmax(hit.sentence_scores))]
            assert len(hit.sentence_scores) == len(hit.passage.sentences)

    def test_matched_terms_are_those_of_the_passage_or_its_title_as_asked(self, passages: PassageIndex) -> None:
        hit = search(passages, "Which protocols did Brandt double for submarines?")[0]
        assert hit.terms == ("protocols", "brandt", "double")

    def test_no_more_are_given_than_asked_for(self, passages: PassageIndex) -> None:
        for top_k in (1, 7):
            assert len(search(passages, "grain barges", top_k=top_k)) == top_k

    def test_weights_decide_what_counts(self, passages: PassageIndex) -> None:
        nothing = dict.fromkeys(Weights.__slots__, 0.0)
        only = Weights(**{**nothing, "document": 1.0})
        hits = search(passages, "grain barges", preferred=Filters(doc_ids=("nato-meeting",)), weights=only)
        assert (ids(hits)[0], hits[0].score, hits[1].score) == ("nato-meeting", 1.0, 0.0)

    def test_equal_scores_stand_in_the_order_of_adding(self, tmp_path: Path) -> None:
        texts = {f"same-{n:02}.md": readout("Kelp", "They spoke of kelp. They left.") for n in range(20)}
        build.add(tmp_path / "built", [write_corpus(tmp_path / "c", texts)], HashEncoder)
        opened = PassageIndex(tmp_path / "built")
        assert ids(search(opened, "kelp", filters=Filters(copies=True), top_k=12)) == [
            f"same-{n:02}" for n in range(12)
        ]
        opened.close()


class TestFullTextAlone:
    def test_it_ranks_without_a_vector(self, passages: PassageIndex) -> None:
        hits = passages.search(Query(text="the caverns of gas"), None)
        assert ids(hits) == ["germany-meeting"]
        assert hits[0].sentence_scores == ()
        assert not {"paragraph", "sentence"} & {stage.stage for stage in hits[0].trail}

    def test_the_best_sentence_holds_most_of_the_terms(self, passages: PassageIndex) -> None:
        (hit,) = passages.search(Query(text="caverns nine tenths"), None)
        best = hit.best_sentence
        assert (
            hit.passage.text[best.start : best.end] == "Chancellor Brandt said that the caverns were nine tenths full."
        )

    def test_titles_and_parties_are_searched_too(self, passages: PassageIndex) -> None:
        assert set(ids(passages.search(Query(text="Kyoto"), None))) == {"japan-visit"}
        assert set(ids(passages.search(Query(text="Belov"), None))) == {"kremlin-call"}

    def test_words_match_whatever_their_form_and_accents(self, passages: PassageIndex) -> None:
        for asked in ("pipelines", "PIPELINE", "inspections", "Elodie", "UN engineer", "declaration"):
            assert "elysee-statement" in ids(passages.search(Query(text=asked), None))

    def test_expansions_find_what_the_words_do_not(self, passages: PassageIndex) -> None:
        assert passages.search(Query(text="Tokyo"), None) == ()
        assert set(ids(passages.search(Query(text="Tokyo", expansions=("Japan",)), None))) == {
            "japan-call",
            "japan-visit",
        }

    def test_words_that_stand_nowhere_find_nothing(self, passages: PassageIndex) -> None:
        assert passages.search(Query(text="submarine"), None) == ()
        assert passages.search(Query(text="?!"), None) == ()


class TestRarity:
    def test_it_is_the_inverse_document_frequency_by_passage(self, passages: PassageIndex) -> None:
        found = passages.rarity(["pipeline", "pipelines", "submarine", "tolliver"])
        count = passages.catalogue.counts()[1]
        assert found["pipeline"] == found["pipelines"] == pytest.approx(math.log(1 + (count - 2 + 0.5) / 2.5))
        assert found["submarine"] == pytest.approx(math.log(1 + (count + 0.5) / 0.5))
        assert found["submarine"] > found["pipeline"] > found["tolliver"] > 0

    def test_no_terms_have_no_rarity(self, passages: PassageIndex) -> None:
        assert passages.rarity([]) == {}

    @pytest.mark.parametrize("word", ["assembly", "technology", "U.N.", "d’Ivoire", "agreement"])
    def test_a_word_is_known_in_every_form_in_which_it_is_asked(self, tmp_path: Path, word: str) -> None:
        texts = {"a.md": readout("Talks", f"They spoke of {word} and left.")}
        build.add(tmp_path / "built", [write_corpus(tmp_path / "c", texts)], HashEncoder)
        opened = PassageIndex(tmp_path / "built")
        (term,) = full_text.terms(word)
        assert opened.catalogue.is_word(term)
        assert not opened.catalogue.is_word("submarine")
        opened.close()


class Rounding(HashEncoder):
    """As an engine that rounds: vectors of texts with "of kelp" in them come out a little too long."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        return super().encode(texts) * np.array([[1.0006 if "of kelp" in text else 1.0] for text in texts], np.float32)


def test_passages_that_only_the_rounding_of_an_engine_tells_apart_go_in_the_order_of_reading(tmp_path: Path) -> None:
    text = "Kelp the port of Oslo took.\n\nThe port of kelp Oslo took."
    corpus = write_corpus(tmp_path / "readouts", {"one.md": readout("A talk", text)})
    build.add(tmp_path / "built", [corpus], Rounding)
    with closing(PassageIndex(tmp_path / "built")) as opened:
        hits = search(opened, "kelp in Oslo")
    sums = [sum(getattr(Weights(), stage.stage) * stage.score for stage in hit.trail[:-1]) for hit in hits]
    assert [hit.passage.paragraph for hit in hits] == [0, 1]
    assert sums[0] < sums[1]
