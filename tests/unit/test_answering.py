from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from leaders import make_index, open_assistant

from assistant import answering
from assistant.api import Assistant
from assistant.datatypes import Answer, Status, Understanding
from assistant.evidence import Evidence
from assistant.weights import SENTENCE, SUPPORT
from index.datatypes import Facts, Hit, Party, Passage, Source, Span, StageScore
from index.sentences import sentences


@pytest.fixture(scope="module")
def leaders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with open_assistant(make_index(tmp_path_factory.mktemp("leaders"))) as opened:
        yield opened


def hit(text: str, doc_id: str = "a", *, score: float = 1.0, facts: Facts | None = None) -> Hit:
    passage = Passage(
        source=Source(doc_id=doc_id, title="A call"), paragraph=0, text=text, span=Span(start=0, end=len(text)),
        sentences=tuple(sentences(text)),
    )  # fmt: skip
    return Hit(
        passage=passage, facts=facts or Facts(), rank=1, score=score, best_sentence=passage.sentences[0], trail=()
    )


def scored(found: Hit, *scores: float, **more: float) -> list[Evidence]:
    """The sentences of a passage, with the scores they shall have."""
    kept = {"topic": 0.0, "cosine": 0.0} | more
    return [
        Evidence(hit=found, span=span, features=kept | {"gap": (value - sum_of(kept)) / SENTENCE["gap"]})
        for span, value in zip(found.passage.sentences, scores, strict=True)
    ]


def sum_of(features: dict[str, float]) -> float:
    return sum(SENTENCE[name] * value for name, value in features.items())


def quotes(chosen: Sequence[Evidence]) -> list[str]:
    return [item.text for item in chosen]


class TestChoice:
    def test_the_best_sentence_comes_first_and_those_near_to_it_follow_by_their_scores(self) -> None:
        candidates = [*scored(hit("Kelp grew.", "a"), 7.0), *scored(hit("Salt sold.", "b"), 9.0)]
        assert quotes(answering.choose(candidates)) == ["Salt sold.", "Kelp grew."]

    def test_a_sentence_far_behind_the_best_is_not_quoted(self) -> None:
        candidates = [
            *scored(hit("Salt sold.", "b"), 9.0),
            *scored(hit("Kelp grew.", "a"), 9.0 - answering.NEAR - 0.1),
        ]
        assert quotes(answering.choose(candidates)) == ["Salt sold."]

    def test_there_are_never_more_quotes_than_the_most(self) -> None:
        texts = ["Salt sold.", "Kelp grew.", "Rain fell.", "Ice broke.", "Wind rose."]
        candidates = [item for place, text in enumerate(texts) for item in scored(hit(text, str(place)), 9.0)]
        assert quotes(answering.choose(candidates)) == texts[: answering.MOST_QUOTES]

    def test_the_sentence_beside_the_best_joins_it_in_one_quote(self) -> None:
        found = hit("They met. Ms. Brandt asked for divers. She wanted thirty of them.")
        assert quotes(answering.choose(scored(found, 1.0, 8.0, 7.5))) == [
            "Ms. Brandt asked for divers. She wanted thirty of them."
        ]

    def test_of_two_neighbours_the_better_joins(self) -> None:
        found = hit("Rain fell. Kelp grew. Salt sold.")
        assert quotes(answering.choose(scored(found, 7.9, 8.0, 7.0)))[0] == "Rain fell. Kelp grew."

    def test_a_neighbour_that_is_much_worse_stays_out(self) -> None:
        found = hit("Rain fell. Kelp grew.")
        assert quotes(answering.choose(scored(found, 8.0, 8.0 - answering.BESIDE - 0.1)))[0] == "Rain fell."

    def test_a_sentence_of_another_passage_never_joins(self) -> None:
        candidates = [*scored(hit("Rain fell.", "a"), 8.0), *scored(hit("Kelp grew.", "b"), 8.0)]
        assert quotes(answering.choose(candidates)) == ["Rain fell.", "Kelp grew."]

    def test_only_the_neighbour_joins_though_a_sentence_further_off_is_as_good(self) -> None:
        found = hit("Rain fell. Kelp grew. Salt sold.")
        assert quotes(answering.choose(scored(found, 8.0, 1.0, 8.0))) == ["Rain fell.", "Salt sold."]

    def test_quotes_that_say_nearly_the_same_are_folded_into_the_better_one(self) -> None:
        candidates = [
            *scored(hit("She handed over a fireboat.", "ours"), 8.0),
            *scored(hit("She handed over the fireboat.", "theirs"), 8.5),
            *scored(hit("They spoke of dredging.", "other"), 7.0),
        ]
        assert quotes(answering.choose(candidates)) == ["She handed over the fireboat.", "They spoke of dredging."]

    def test_a_stock_sentence_gives_way_to_one_of_equal_standing(self) -> None:
        (stock,) = scored(hit("They agreed to stay in touch on kelp.", "a"), 8.0)
        (plain,) = scored(hit("They banned the kelp trade.", "b"), 8.0)
        assert answering.choose([stock, plain])[0] is stock
        assert answering.choose([replace(stock, features={**stock.features, "stock": 1.0}), plain])[0] is plain

    def test_nothing_found_makes_no_quotes(self) -> None:
        assert answering.choose([]) == []

    def test_a_feature_that_has_no_weight_counts_nothing(self) -> None:
        assert answering.score({"cosine": 1.0, "colour": 9.0}) == SENTENCE["cosine"]


def flat(terms: Sequence[str]) -> dict[str, float]:
    return dict.fromkeys(terms, 3.0)


class TestSupport:
    def test_no_quote_has_no_support(self) -> None:
        assert answering.estimate([], [], Understanding(text="kelp"), flat) == 0.0
        assert answering.support_features([], [], Understanding(text="kelp"), flat) == {}

    def test_every_learned_weight_has_its_feature(self) -> None:
        found = hit("Kelp grew.")
        features = answering.support_features(scored(found, 8.0), [found], Understanding(text="kelp"), flat)
        assert sorted(features) == sorted(SUPPORT)

    def test_support_is_a_share_that_grows_with_the_nearness_of_the_quote(self) -> None:
        found = hit("Kelp grew.")
        asked = Understanding(text="kelp")
        shares = [answering.estimate(scored(found, 8.0, cosine=c), [found], asked, flat) for c in (-1.0, 0.2, 0.6, 1.0)]
        assert shares == sorted(shares)
        assert 0 < shares[0] < shares[-1] < 1

    def test_what_title_parties_and_day_hold_counts_as_covered(self) -> None:
        party = Party(name="Lena Brandt", office="Chancellor", country="Germany")
        found = hit("They met.", facts=Facts(parties=(party,), place="Bremen"))
        covered = answering.covered_stems(scored(found, 8.0))
        assert {"brandt", "germani", "chancellor", "bremen", "call", "met"} <= covered
        assert "kelp" not in covered

    def test_the_features_tell_how_much_of_the_question_is_met(self) -> None:
        found = replace(hit("Kelp grew."), trail=(StageScore(stage="party", score=0.5, rank=1),))
        asked = Understanding(text="Has kelp or salt grown near Zembla?")
        features = answering.support_features(scored(found, 8.0), [found], asked, flat)
        assert features["topic"] == pytest.approx(1 / 5)
        assert (features["unmet"], features["silent"], features["parties"]) == (1.0, 0.0, 0.5)
        nothing = answering.support_features(scored(found, 8.0), [found], Understanding(text="ice on Mars"), flat)
        assert nothing["silent"] == 1.0

    def test_the_gap_is_taken_from_the_mean_of_the_next_four(self) -> None:
        hits = [
            hit("Kelp grew.", str(place), score=score) for place, score in enumerate([0.9, 0.5, 0.3, 0.2, 0.2, 0.0])
        ]
        features = answering.support_features(scored(hits[0], 8.0), hits, Understanding(text="kelp"), flat)
        assert features["gap"] == pytest.approx(0.6)


class TestAnswers:
    def test_the_sentence_that_answers_is_quoted_and_well_supported(self, leaders: Assistant) -> None:
        answer = leaders.ask("Who promised a museum of kites?")
        assert [(c.source.doc_id, c.quote) for c in answer.citations] == [
            ("june-meeting", "The Prime Minister promised a museum of kites.")
        ]
        assert (answer.status, answer.missing) == (Status.ANSWERED, ())
        assert answer.support > answering.PARTIAL_BELOW

    def test_what_nobody_spoke_of_is_met_with_silence_that_names_it_and_keeps_the_passages(
        self, leaders: Assistant
    ) -> None:
        answer = leaders.ask("What did they say about krill and submarine cables?")
        assert (answer.status, answer.citations, answer.text) == (Status.ABSTAINED, (), "")
        assert "krill" in answer.missing
        assert answer.support < answering.ABSTAIN_BELOW
        assert len(answer.hits) == 10

    @pytest.mark.parametrize(
        ("question", "nowhere"),
        [
            ("What did Zebulon Quaid say about cobalt?", ("zebulon", "quaid")),
            ("Who handed over a fireboat to Zebulon Quaid?", ("zebulon", "quaid")),
            ("Which code for silt did Quaid adopt at the forum in Lisbon?", ("quaid",)),
        ],
    )
    def test_a_person_whom_no_readout_knows_is_named_as_missing_and_never_answered_for(
        self, leaders: Assistant, question: str, nowhere: tuple[str, ...]
    ) -> None:
        answer = leaders.ask(question)
        assert answer.missing == nowhere
        assert answer.status is not Status.ANSWERED

    @pytest.mark.parametrize(
        ("question", "absent"),
        [
            ("Did Sarpong promise a museum of kites?", "Kwame Sarpong"),
            ("Did Lena Brandt promise a museum of kites?", "Lena Brandt"),
        ],
    )
    def test_a_person_who_was_elsewhere_is_missing_and_the_answer_partial(
        self, leaders: Assistant, question: str, absent: str
    ) -> None:
        answer = leaders.ask(question)
        assert (answer.status, answer.missing) == (Status.PARTIAL, (absent,))
        assert "museum of kites" in answer.text

    def test_a_named_place_that_is_missing_makes_the_answer_partial_however_well_supported(
        self, leaders: Assistant
    ) -> None:
        answer = leaders.ask("Who adopted a code for silt, in the forum on harbour dredging, Zembla?")
        assert (answer.status, answer.missing) == (Status.PARTIAL, ("zembla",))
        assert answer.support > answering.PARTIAL_BELOW

    def test_one_event_told_by_both_sides_is_quoted_once(self, leaders: Assistant) -> None:
        answer = leaders.ask("Who handed over a fireboat?")
        assert [c.quote for c in answer.citations] == ["She handed over a fireboat."]
        assert {"accra-visit", "accra-palace"} <= {found.passage.source.doc_id for found in answer.hits}

    def test_substance_comes_before_a_stock_sentence_with_the_same_words(self, leaders: Assistant) -> None:
        answer = leaders.ask("What did Tolliver offer Moriyama on the flooding of the Kiso valley?")
        assert "stay in close touch" not in answer.citations[0].quote

    def test_a_question_for_just_the_stock_sentence_gets_it(self, leaders: Assistant) -> None:
        assert "stay in close touch" in leaders.ask("Did they agree to stay in close touch?").citations[0].quote

    def test_a_filter_that_leaves_nothing_is_met_with_silence_without_passages(self, leaders: Assistant) -> None:
        answer: Answer = leaders.ask("Who promised a museum of kites? from:2030")
        assert (answer.status, answer.support, answer.hits) == (Status.ABSTAINED, 0.0, ())
