from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from leaders import LEADERS, make_index, open_assistant
from small_index import readout

from assistant.api import Assistant
from assistant.datatypes import Answer, Intent, Status
from assistant.listings import SUPPORT, telling
from index.datatypes import Filters

#: A long text without parties, beside which a word of two readouts is rare.
ALMANAC = readout(
    "Almanac of Weather",
    "\n\n".join(f"Gauge {number} stood at {number % 7} spans." for number in range(400)),
    published="2020-01-01",
    event="2020-01-01",
    kind="statement",
)
WITH_PREAMBLE = readout(
    "President Tolliver’s Call with President Sarpong of Ghana",
    "The following is attributable to Spokesperson Ida Lund. President Mara Tolliver spoke with President Kwame Sarpong "
    "of Ghana. They came to speak of harbour dredging.",
    published="2023-12-01",
    event="2023-12-01",
    parties=["Mara Tolliver | President | United States", "Kwame Sarpong | President | Ghana"],
)
UNDER_AN_OFFICE = readout(
    "Secretary Orrin’s Call with Foreign Minister Vask of Estonia",
    "Office of the Spokesperson\n\nThe below is attributable to Spokesperson Ida Lund:\n\n"
    "Ada Orrin, Secretary of State\n\nWashington, D.C.\n\n"
    "Secretary of State Ada Orrin spoke with Foreign Minister Ilmar Vask of Estonia. They spoke of peat.",
    published="2018-12-01",
    event="2018-12-01",
    parties=["Ada Orrin | Secretary of State | United States", "Ilmar Vask | Foreign Minister | Estonia"],
)

#: South Sudan is not Sudan, and the People's Republic of China is no Republic of China.
SPOKEN_ABOUT = {
    "juba.md": readout(
        "President Tolliver’s Call with Foreign Minister Dumitru of Moldova",
        "President Mara Tolliver spoke with Foreign Minister Ion Dumitru of Moldova. They spoke of peat. They welcomed "
        "the vote in South Sudan and the word of the People’s Republic of China.",
        published="2017-03-01",
        event="2017-03-01",
        kind="call",
        parties=["Mara Tolliver | President | United States", "Ion Dumitru | Foreign Minister | Moldova"],
    ),
    "khartoum.md": readout(
        "Secretary Orrin’s Meeting with Foreign Minister Dumitru of Moldova",
        "Secretary of State Ada Orrin met Foreign Minister Ion Dumitru of Moldova. They spoke of peat. They deplored "
        "the fighting in Sudan. They spoke of wool.",
        published="2017-05-01",
        event="2017-05-01",
        kind="meeting",
        parties=["Ada Orrin | Secretary of State | United States", "Ion Dumitru | Foreign Minister | Moldova"],
    ),
}


@pytest.fixture(scope="module")
def leaders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    readouts = (
        LEADERS | {"almanac.md": ALMANAC, "preamble.md": WITH_PREAMBLE, "office.md": UNDER_AN_OFFICE} | SPOKEN_ABOUT
    )
    with open_assistant(make_index(tmp_path_factory.mktemp("leaders"), readouts)) as opened:
        yield opened


def cited(answer: Answer) -> tuple[str, ...]:
    return tuple(citation.source.doc_id for citation in answer.citations)


class TestLists:
    @pytest.mark.parametrize(
        ("question", "expected"),
        [
            ("List all calls with Moriyama", ("first-call", "second-call", "group-call")),
            ("List all meetings between Tolliver and Moriyama", ("autumn-meeting", "june-meeting")),
            (
                "How many times did Tolliver and Moriyama speak or meet?",
                ("first-call", "autumn-meeting", "second-call", "group-call", "june-meeting"),
            ),
            ("List all conversations with Moriyama in 2022", ("first-call", "autumn-meeting")),
            ("How many calls were there in 2022?", ("first-call", "brandt-call")),
            ("Which leaders did Tolliver call in 2022?", ("first-call", "brandt-call")),
            ("List all visits to Ghana", ("accra-visit",)),
            ("Calls with Moriyama in 2022", ("first-call",)),
            ("Moriyama meetings", ("autumn-meeting", "june-meeting")),
        ],
    )
    def test_a_list_counts_every_readout_that_fits_and_only_these_by_date_and_cites_each(
        self, leaders: Assistant, question: str, expected: tuple[str, ...]
    ) -> None:
        answer = leaders.ask(question)
        assert answer.documents == cited(answer) == expected
        assert (answer.status, answer.support) == (Status.ANSWERED, SUPPORT)

    @pytest.mark.parametrize(
        ("question", "expected"),
        [
            ("How many times did Tolliver call Moriyama after 2022-03-10?", ("second-call", "group-call")),
            ("How many times did Tolliver call Moriyama since 2023-02-14?", ("second-call", "group-call")),
            ("List all calls with Moriyama before 2023-02-14", ("first-call",)),
            ("List all calls with Moriyama until 2023-02-14", ("first-call", "second-call")),
            ("List all calls with Moriyama after the death of Queen Elizabeth", ("second-call", "group-call")),
        ],
    )
    def test_only_what_lies_before_or_after_the_days_named_is_counted(
        self, leaders: Assistant, question: str, expected: tuple[str, ...]
    ) -> None:
        assert leaders.ask(question).documents == expected

    @pytest.mark.parametrize(
        ("question", "expected"),
        [
            ("Which leaders did Tolliver call about the flooding?", ("second-call",)),
            ("How many times did Tolliver and Moriyama discuss cobalt?", ("group-call",)),
            ("Which calls with Moriyama mention Germany?", ("group-call",)),
            ("List all meetings with Moriyama in Honolulu", ("autumn-meeting",)),
        ],
    )
    def test_what_a_list_is_about_and_where_leaves_out_all_others(
        self, leaders: Assistant, question: str, expected: tuple[str, ...]
    ) -> None:
        assert leaders.ask(question).documents == expected

    @pytest.mark.parametrize(
        ("question", "expected"),
        [
            ("Which readouts mention Sudan?", ("khartoum",)),
            ("How many readouts mention South Sudan?", ("juba",)),
            ("In which meetings did Sudan come up?", ("khartoum",)),
            ("In which calls was South Sudan mentioned?", ("juba",)),
            ("Which readouts mention China?", ("juba",)),
        ],
    )
    def test_a_country_that_is_spoken_about_is_topic_enough_for_a_list(
        self, leaders: Assistant, question: str, expected: tuple[str, ...]
    ) -> None:
        assert leaders.ask(question).documents == expected

    def test_a_list_quotes_the_sentence_that_names_what_it_is_about(self, leaders: Assistant) -> None:
        (citation,) = leaders.ask("Which readouts mention Sudan?").citations
        assert citation.quote == "They deplored the fighting in Sudan."

    def test_no_readout_mentions_what_is_only_part_of_another_name(self, leaders: Assistant) -> None:
        assert leaders.ask("Which readouts mention Taiwan?").documents == ()

    def test_those_who_never_met_are_counted_as_silence(self, leaders: Assistant) -> None:
        answer = leaders.ask("How many times did Brandt and Sarpong meet?")
        assert (answer.status, answer.citations, answer.documents) == (Status.ABSTAINED, (), ())

    @pytest.mark.parametrize("words", ["one-on-one", "bilateral"])
    def test_a_group_call_is_none_between_two(self, leaders: Assistant, words: str) -> None:
        answer = leaders.ask(f"List every {words} conversation between Tolliver and Moriyama")
        assert answer.documents == ("first-call", "autumn-meeting", "second-call", "june-meeting")

    def test_either_of_two_is_enough_where_the_question_says_or(self, leaders: Assistant) -> None:
        assert leaders.ask("List all calls with Moriyama and Brandt").documents == ("group-call",)
        assert leaders.ask("List all calls with Moriyama or Brandt").documents == (
            "first-call", "brandt-call", "second-call", "group-call",
        )  # fmt: skip

    def test_who_stands_outside_the_or_must_take_part(self, leaders: Assistant) -> None:
        answer = leaders.ask("List all calls of Tolliver with Moriyama or Brandt")
        assert answer.documents == ("first-call", "brandt-call", "second-call", "group-call")

    def test_an_announcement_of_what_is_to_come_is_no_event(self, leaders: Assistant) -> None:
        assert "coming-visit" in {record.source.doc_id for record in leaders.records(Filters(parties=("Moriyama",)))}
        assert "coming-visit" not in leaders.ask("List every contact with Moriyama").documents

    def test_announcements_are_listed_where_they_are_typed_for(self, leaders: Assistant) -> None:
        assert leaders.ask("List all events with Moriyama kind:announcement").documents == ("coming-visit",)

    @pytest.mark.parametrize(
        ("question", "expected"),
        [
            ("List all readouts on harbour dredging", ("harbour-forum",)),
            ("List all meetings on the tidal dam", ("brandt-meeting",)),
            ("Which meetings discussed cherry trees?", ("june-meeting",)),
            ("Which calls with Moriyama were about cobalt?", ("group-call",)),
        ],
    )
    def test_a_list_about_a_topic_goes_by_title_or_else_by_the_rare_words_of_the_text(
        self, leaders: Assistant, question: str, expected: tuple[str, ...]
    ) -> None:
        assert leaders.ask(question).documents == expected

    def test_typed_filters_exclude_from_a_list(self, leaders: Assistant) -> None:
        question = "List all calls with Moriyama"
        assert leaders.ask(f"{question} party:Germany").documents == ("group-call",)
        assert leaders.ask(f"{question} from:2023 to:2023-02").documents == ("second-call",)
        assert leaders.ask(question, filters=Filters(date_to="2022")).documents == ("first-call",)

    def test_days_that_a_question_names_beyond_those_that_are_typed_are_no_error_and_count_nothing(
        self, leaders: Assistant
    ) -> None:
        answer = leaders.ask("List all calls with Moriyama in 2023", filters=Filters(date_to="2022"))
        assert answer.documents == ()
        assert {citation.source.doc_id for citation in answer.citations} <= {"first-call", "autumn-meeting"}

    def test_exact_words_exclude_from_a_list(self, leaders: Assistant) -> None:
        assert leaders.ask('List all calls with Moriyama "rescue helicopters"').documents == ("second-call",)

    def test_each_readout_is_quoted_with_the_sentence_that_tells_of_the_event(self, leaders: Assistant) -> None:
        answer = leaders.ask("List all calls with Sarpong")
        assert [citation.quote for citation in answer.citations] == [
            "President Mara Tolliver spoke with President Kwame Sarpong of Ghana."
        ]

    def test_an_office_and_a_byline_above_the_text_are_not_quoted_for_it(self, leaders: Assistant) -> None:
        answer = leaders.ask("List all calls with Vask")
        assert [citation.quote for citation in answer.citations] == [
            "Secretary of State Ada Orrin spoke with Foreign Minister Ilmar Vask of Estonia."
        ]

    def test_a_list_of_nothing_is_no_list(self, leaders: Assistant) -> None:
        answer = leaders.ask("List all calls with Okafor")
        assert answer.understanding.intent is Intent.LIST
        assert answer.documents == ()
        assert answer.status is not Status.ANSWERED

    def test_a_list_of_everything_is_not_counted_from_a_question_that_names_nothing(self, leaders: Assistant) -> None:
        assert leaders.ask("List all calls").documents == ()

    def test_only_as_many_passages_come_along_as_were_asked_for_though_all_are_cited(self, leaders: Assistant) -> None:
        answer = leaders.ask("List all calls with Moriyama", top_k=2)
        assert (len(answer.hits), len(answer.citations)) == (2, 3)

    @pytest.mark.parametrize(
        "question",
        ["List all calls between Tolliver and Zebulon Quaid", "How many times did Tolliver meet President Quaid?"],
    )
    def test_a_list_with_a_person_whom_no_readout_knows_is_never_whole(self, leaders: Assistant, question: str) -> None:
        answer = leaders.ask(question)
        assert answer.status is not Status.ANSWERED
        assert "quaid" in answer.missing


class TestMoments:
    @pytest.mark.parametrize(
        ("question", "expected"),
        [
            ("When did Tolliver first call Moriyama?", "first-call"),
            ("When did Tolliver first meet Moriyama?", "autumn-meeting"),
            ("What was the latest meeting between Tolliver and Moriyama?", "june-meeting"),
            ("What was the last call with Moriyama?", "group-call"),
            ("What was the first one-on-one call with Brandt?", "brandt-call"),
            ("What was the first meeting between Tolliver and Moriyama after their March 2022 call?", "autumn-meeting"),
            ("When did Tolliver next meet Moriyama after 2022-09-21?", "june-meeting"),
            ("What was the last call with Moriyama before June 2023?", "group-call"),
            ("What was the previous call with Moriyama before 2023-03-20?", "second-call"),
            ("When was Sudan last raised?", "khartoum"),
            ("When did Tolliver first mention cobalt with Moriyama?", "group-call"),
        ],
    )
    def test_a_moment_is_answered_out_of_the_right_readout_alone(
        self, leaders: Assistant, question: str, expected: str
    ) -> None:
        answer = leaders.ask(question)
        assert set(cited(answer)) == {expected}
        assert answer.status is Status.ANSWERED
        assert answer.documents == ()

    def test_the_readout_of_the_moment_leads_the_passages_that_are_numbered_anew(self, leaders: Assistant) -> None:
        answer = leaders.ask("When did Tolliver first call Moriyama?")
        assert answer.hits[0].passage.source.doc_id == "first-call"
        assert [found.rank for found in answer.hits] == list(range(1, len(answer.hits) + 1))

    def test_what_was_said_at_the_moment_is_quoted_first(self, leaders: Assistant) -> None:
        assert leaders.ask("When was Sudan last raised?").citations[0].quote == "They deplored the fighting in Sudan."

    def test_a_moment_before_all_readouts_or_after_them_is_none(self, leaders: Assistant) -> None:
        after = leaders.ask("When did Tolliver next meet Moriyama after January 2030?")
        before = leaders.ask("What was the last call with Moriyama before January 2019?")
        assert after.understanding.intent is Intent.AFTER
        assert before.understanding.intent is Intent.BEFORE
        assert after.citations == before.citations == ()

    def test_a_moment_with_a_person_whom_no_readout_knows_is_never_answered_in_full(self, leaders: Assistant) -> None:
        answer = leaders.ask("What was the last call of Tolliver with Zebulon Quaid?")
        assert {"zebulon", "quaid"} <= set(answer.missing)
        assert answer.status is not Status.ANSWERED

    def test_exact_words_exclude_from_the_readouts_of_which_one_is_the_last(self, leaders: Assistant) -> None:
        answer = leaders.ask('What was the last call with Moriyama "rescue helicopters"?')
        assert set(cited(answer)) == {"second-call"}


def test_a_list_of_what_holds_quoted_words_has_all_of_them_however_many(tmp_path: Path) -> None:
    # More than a search proposes.
    texts = {
        f"kelp-{number:03}.md": readout(f"Call {number}", f"They spoke of kelp {'farms' if number % 2 else 'farmers'}.")
        for number in range(340)
    }
    with open_assistant(make_index(tmp_path, texts)) as assistant:
        answer = assistant.ask('List all readouts that mention "of kelp farms"')
    assert sorted(answer.documents) == [f"kelp-{number:03}" for number in range(1, 340, 2)]


def test_a_list_of_many_takes_as_many_statements_as_a_list_of_few(leaders: Assistant) -> None:
    catalogue = leaders._opened().catalogue
    records = catalogue.records(Filters(), limit=None)
    counts = []
    for some in (records[:2], records):
        told: list[str] = []
        catalogue._connection.set_trace_callback(told.append)
        assert [hit.passage.source.doc_id for hit in telling(leaders._opened(), some)] == [
            record.source.doc_id for record in some
        ]
        catalogue._connection.set_trace_callback(None)
        counts.append(len(told))
    assert len(records) > 10
    assert counts[0] == counts[1]


def test_readouts_of_one_day_stand_in_the_order_of_their_ids_whichever_was_added_first(tmp_path: Path) -> None:
    same_day = {f"{name}.md": LEADERS["second-call.md"] for name in ("kelp", "amber")}
    for order in (list(same_day), list(same_day)[::-1]):
        folder = tmp_path / order[0]
        for name in order:
            make_index(folder, {name: same_day[name]})
        with open_assistant(folder / "built") as assistant:
            assert [one.source.doc_id for one in assistant.records(Filters(copies=True))] == ["kelp", "amber"]
