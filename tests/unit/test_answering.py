from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from leaders import make_index, open_assistant
from scored import hit, scored

from assistant import answering
from assistant.api import Assistant
from assistant.datatypes import Answer, Status, Understanding
from assistant.support_weights import SUPPORT
from index.datatypes import Facts, Party, StageScore


@pytest.fixture(scope="module")
def leaders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with open_assistant(make_index(tmp_path_factory.mktemp("leaders"))) as opened:
        yield opened


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
