"""Answers of one question: quotes with their support, and silence where the readouts do not say."""

from __future__ import annotations

import pytest

from assistant import answering
from assistant.api import Assistant
from assistant.datatypes import Answer, Status


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
        country = leaders.ask("Who adopted a code for silt, in the forum on harbour dredging, Portugal or Bolivia?")
        assert (country.status, "Bolivia" in country.missing) == (Status.PARTIAL, True)
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
