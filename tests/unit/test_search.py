"""The path of a question: filter first, then rank, and say why."""

from __future__ import annotations

import datetime as dt
import math
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from small_index import HashEncoder, readout, write_corpus

from index import build, full_text
from index.datatypes import Filters, Hit, Query
from index.fusion import Weights
from index.pending import Pending
from index.protocols import Vectors
from index.recent import ReadPassage
from index.reranking import Terms
from index.search import TOLD_APART, PassageIndex


def search(
    passages: PassageIndex, text: str, *, top_k: int = 10, weights: Weights | None = None, **parts: object
) -> tuple[Hit, ...]:
    vector = HashEncoder().encode([text])[0]
    return passages.search(Query(text=text, **parts), vector, top_k=top_k, weights=weights)  # type: ignore[arg-type]


def ids(hits: tuple[Hit, ...]) -> list[str]:
    return [hit.passage.source.doc_id for hit in hits]


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PassageIndex]:
    """Four hundred readouts that all speak of kelp but one, which speaks of salt and nothing that is asked for here."""
    folder = tmp_path_factory.mktemp("many")
    texts = {
        f"kelp-{n:03}.md": readout(
            f"Call on kelp, number {n}", f"They spoke of kelp and of farm {n}.",
            event=str(dt.date(2022, 1, 1) + dt.timedelta(days=n)),
            parties=["Mara Tolliver | President | United States", "Lena Brandt | Chancellor | Germany"],
        )
        for n in range(399)
    }  # fmt: skip
    texts["odd.md"] = readout(
        "Talks in Kyoto", "Salt was spoken about.", event="2024-02-29", kind="meeting", issuer="Kremlin (President of Russia)",
        parties=["Anton Belov | President | Russia", "Kenji Moriyama | Prime Minister | Japan"],
    )  # fmt: skip
    build.add(folder / "built", [write_corpus(folder / "readouts", texts)], HashEncoder)
    opened = PassageIndex(folder / "built")
    yield opened
    opened.close()


class TestFilters:
    @pytest.mark.parametrize(
        "filters",
        [
            Filters(date_from="2024"),
            Filters(parties=("Japan",)),
            Filters(parties=("Moriyama",)),
            Filters(issuers=("Kremlin",)),
            Filters(kinds=("meeting",)),
            Filters(doc_ids=("odd",)),
        ],
    )
    def test_they_come_before_the_ranking_so_the_last_of_many_is_found(
        self, many: PassageIndex, filters: Filters
    ) -> None:
        assert "odd" not in ids(search(many, "kelp farm", top_k=300))
        assert ids(search(many, "kelp farm", top_k=1, filters=filters)) == ["odd"]
        assert ids(many.search(Query(text="Salt", filters=filters), None, top_k=1)) == ["odd"]

    def test_all_hits_fit_them(self, passages: PassageIndex) -> None:
        hits = search(
            passages, "call with the President", filters=Filters(date_from="2023", date_to="2023-03", kinds=("call",))
        )
        assert sorted(ids(hits)) == ["kremlin-call", "ukraine-call"]

    def test_filters_that_leave_nothing_find_nothing(self, passages: PassageIndex) -> None:
        assert search(passages, "grain barges", filters=Filters(date_from="2030")) == ()

    def test_more_than_can_be_gathered_may_be_allowed(
        self, many: PassageIndex, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("index.nearness.FEW", 10)
        selected = search(many, "kelp farm 7", filters=Filters(parties=("Germany",)))
        monkeypatch.undo()
        assert ids(selected) == ids(search(many, "kelp farm 7", filters=Filters(parties=("Germany",))))


class TestPreferences:
    PREFERRED = (
        (Filters(date_from="2024", date_to="2024"), {"date"}),
        (Filters(date_from="2024-02-20", date_to="2024-03-10"), {"date"}),
        (Filters(parties=("Japan",)), {"party"}),
        (Filters(doc_ids=("odd",)), {"document"}),
    )

    @pytest.mark.parametrize(("preferred", "stages"), PREFERRED)
    def test_what_fits_is_raised_by_the_weights_of_the_stages(
        self, many: PassageIndex, preferred: Filters, stages: set[str]
    ) -> None:
        plain = {hit.passage.source.doc_id: hit.score for hit in search(many, "salt and kelp", top_k=400)}
        raised = {
            hit.passage.source.doc_id: hit for hit in search(many, "salt and kelp", top_k=400, preferred=preferred)
        }
        gain = sum(getattr(Weights(), stage) for stage in stages)
        assert raised["odd"].score == pytest.approx(plain["odd"] + gain)
        assert raised["kelp-000"].score == pytest.approx(plain["kelp-000"])
        shown = {stage.stage: stage for stage in raised["odd"].trail}
        assert all(shown[stage].score == 1.0 for stage in stages)
        assert {shown[stage].rank for stage in stages} == {1}

    @pytest.mark.parametrize(
        "preferred",
        [
            Filters(date_from="2030"),
            Filters(parties=("Fiji",)),
            Filters(kinds=("statement",)),
            Filters(doc_ids=("none",)),
        ],
    )
    def test_what_nothing_fits_excludes_nothing(self, many: PassageIndex, preferred: Filters) -> None:
        plain = search(many, "kelp farm 7")
        preferring = search(many, "kelp farm 7", preferred=preferred)
        assert ids(preferring) == ids(plain)
        assert [hit.score for hit in preferring] == pytest.approx([hit.score for hit in plain])

    def test_what_fits_dates_and_parties_is_proposed_however_far_its_words_are(self, many: PassageIndex) -> None:
        wanted = Filters(date_from="2024", date_to="2024", parties=("Japan",))
        weights = Weights(date=5.0)
        assert ids(search(many, "kelp farm 7", top_k=1, preferred=wanted, weights=weights)) == ["odd"]

    def test_what_was_held_at_the_place_named_is_raised(self, tmp_path: Path) -> None:
        texts = {
            f"{city.lower()}.md": readout(
                "Talks on kelp", f"The ministers met today in {city}, Japan. They spoke of kelp.", kind="meeting"
            )
            for city in ("Osaka", "Nagoya", "Sapporo")
        }
        build.add(tmp_path / "built", [write_corpus(tmp_path / "readouts", texts)], HashEncoder)
        with closing(PassageIndex(tmp_path / "built")) as opened:
            assert ids(search(opened, "kelp", places=("Nagoya",), weights=Weights(place=5.0)))[0] == "nagoya"
            assert ids(search(opened, "kelp", places=("Sapporo",), weights=Weights(place=5.0)))[0] == "sapporo"

    def test_a_share_of_the_parties_counts_by_its_third_power(self, passages: PassageIndex) -> None:
        hits = search(passages, "call", top_k=20, preferred=Filters(parties=("Japan", "Tolliver")))
        scores = {hit.passage.source.doc_id: {s.stage: s.score for s in hit.trail} for hit in hits}
        assert scores["japan-call"]["party"] == 1.0
        assert scores["japan-visit"]["party"] == 0.125
        assert scores["kremlin-call"]["party"] == 0.0

    def test_filters_hold_whatever_is_preferred(self, passages: PassageIndex) -> None:
        hits = search(passages, "call", filters=Filters(parties=("Qatar",)), preferred=Filters(parties=("Japan",)))
        assert ids(hits) == ["qatar-call"]


class TestPhrases:
    @pytest.mark.parametrize(
        ("phrase", "found"),
        [
            ("convoys that bring water", ["qatar-call"]),
            ("CONVOYS   that bring water!", ["qatar-call"]),
            ("convoy that brings water", []),
            ("water that bring convoys", []),
            ("Meets Chancellor Brandt", ["germany-meeting", "germany-meeting"]),
            ("engineers of the U.N.", ["elysee-statement"]),
            ("Cote d'Ivoire's ports", ["elysee-statement"]),
            ("Russia's president gave", ["elysee-statement"]),
            ("Vistula protocol. The leaders", []),
        ],
    )
    def test_a_passage_or_its_title_must_hold_them_exactly(
        self, passages: PassageIndex, phrase: str, found: list[str]
    ) -> None:
        assert ids(search(passages, "anything at all", phrases=(phrase,))) == found
        assert ids(passages.search(Query(text="", phrases=(phrase,)), None)) == found

    def test_every_phrase_must_be_held(self, passages: PassageIndex) -> None:
        assert ids(search(passages, "x", phrases=("grain", "Vistula protocol"))) == ["germany-meeting"]
        assert search(passages, "x", phrases=("grain", "lagoon")) == ()

    def test_filters_and_phrases_hold_together(self, passages: PassageIndex) -> None:
        assert ids(search(passages, "x", phrases=("Caspian pipeline",), filters=Filters(kinds=("call",)))) == [
            "kremlin-call"
        ]

    def test_of_very_many_passages_with_its_stems_the_best_alone_are_looked_at(
        self, many: PassageIndex, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert len(many.saying(["spoke of Kelp"])) == 399
        monkeypatch.setattr("index.search.PHRASED", 20)
        hits = search(many, "farm 77", phrases=("spoke of kelp",), top_k=400)
        assert len(hits) == 20
        assert hits[0].passage.source.doc_id == "kelp-077"

    def test_the_same_words_typed_many_times_are_one_phrase(self, passages: PassageIndex) -> None:
        typed = tuple("".join(c.upper() if n & 1 << i else c for i, c in enumerate("grain")) for n in range(32))
        told: list[str] = []
        passages.catalogue._connection.set_trace_callback(told.append)
        asked = []
        for phrases in (("grain",), typed):
            told.clear()
            assert ids(search(passages, "x", phrases=phrases)) == ["germany-meeting"]
            asked.append(list(told))
        passages.catalogue._connection.set_trace_callback(None)
        assert asked[0] == asked[1]

    def test_a_phrase_without_words_excludes_nothing(self, passages: PassageIndex) -> None:
        assert ids(search(passages, "grain barges", phrases=("…",))) == ids(search(passages, "grain barges"))


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

    def test_no_more_are_given_than_asked_for(self, many: PassageIndex) -> None:
        for top_k in (1, 7, 100):
            assert len(search(many, "kelp farm", top_k=top_k)) == top_k

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


@pytest.mark.parametrize("filters", [Filters(), Filters(kinds=("call",))])
def test_full_text_and_vectors_searched_at_the_same_time_find_the_same(
    passages: PassageIndex, filters: Filters, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "the ceasefire and grain"
    expected = search(passages, text, filters=filters)
    monkeypatch.setattr("index.search.TOGETHER_FROM", 0)
    assert search(passages, text, filters=filters) == expected
    monkeypatch.setattr("index.search._near", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        search(passages, text, filters=filters)


@pytest.mark.parametrize("question", ["grain barges", "Who spoke of herring quotas?"])
def test_what_is_held_against_a_question_before_its_vector_is_there_changes_no_hit(
    passages: PassageIndex, monkeypatch: pytest.MonkeyPatch, question: str
) -> None:
    vector = HashEncoder().encode([question])[0]
    at_once = passages.search(Query(text=question), vector)
    held: list[bool] = []
    coverage = Terms.coverage

    def late() -> Vectors:
        assert told.wait(timeout=60)
        return vector

    def holding(terms: Terms, one: ReadPassage) -> tuple[float, float, float]:
        held.append(told.is_set())
        told.set()
        return coverage(terms, one)

    told = threading.Event()
    monkeypatch.setattr(Terms, "coverage", holding)
    assert passages.search(Query(text=question), Pending(late)) == at_once
    assert held[0] is False


def test_several_threads_may_ask_at_once(passages: PassageIndex) -> None:
    questions = ["grain barges", "Caspian pipeline", "undersea cables", "mobile bridges"] * 6
    expected = [ids(search(passages, question)) for question in questions]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda question: ids(search(passages, question)), questions)) == expected


def test_opening_reads_no_vectors_before_they_are_needed(built: Path) -> None:
    for path in built.glob("*.rows"):
        path.unlink()
    opened = PassageIndex(built)
    assert ids(opened.search(Query(text="grain"), None)) == ["germany-meeting"]
    assert not opened._opened
    opened.close()


def test_what_was_read_ahead_is_not_read_again_until_the_index_changes(
    built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(ids: Sequence[int]) -> None:
        raise AssertionError(f"{ids} were read")

    opened = PassageIndex(built)
    for _ in range(2):
        opened.read_ahead()
        assert opened.reading_ahead is not None
        opened.reading_ahead.join()
        with monkeypatch.context() as patch:
            patch.setattr(opened._recent, "_read", refuse)
            assert search(opened, "grain barges")
        build.remove(built, [ids(search(opened, "grain barges"))[0]])
    opened.close()


def test_reading_ahead_ends_where_the_index_is_closed(built: Path) -> None:
    opened = PassageIndex(built)
    opened.read_ahead()
    assert opened.reading_ahead is not None
    opened.close()
    opened.reading_ahead.join()
