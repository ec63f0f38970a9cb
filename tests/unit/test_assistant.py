"""The one object that everything else uses: asking, searching, and what it loads when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from leaders import LEADERS, make_index, open_assistant
from small_index import TOLLIVER, HashEncoder, readout, write_corpus

import assistant.api
from assistant.api import CONSIDERED, Assistant
from assistant.datatypes import Answer, Intent, Status
from assistant.errors import QuestionError
from assistant.filter_words import LONGEST_QUESTION
from assistant.history import History
from index.datatypes import Filters, Hit
from index.errors import DocumentError, NoIndexError


@pytest.fixture
def without_model(leaders_index: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Assistant]:
    def refuse(model: object, **_: object) -> HashEncoder:
        raise AssertionError("a model was loaded")

    monkeypatch.setattr(assistant.api, "find_model", lambda name, **_: name)
    monkeypatch.setattr(assistant.api, "load_encoder", refuse)
    with Assistant(leaders_index, history=History(None)) as opened:
        yield opened


def ids(hits: tuple[Hit, ...]) -> set[str]:
    return {found.passage.source.doc_id for found in hits}


def untimed(answer: Answer) -> Answer:
    return replace(answer, seconds=0.0)


class TestAsking:
    def test_the_answer_carries_as_many_passages_as_asked_for_best_first(self, leaders: Assistant) -> None:
        answer = leaders.ask("Who promised a museum of kites?", top_k=3)
        assert [found.rank for found in answer.hits] == [1, 2, 3]
        assert [found.score for found in answer.hits] == sorted((f.score for f in answer.hits), reverse=True)

    def test_how_many_passages_are_shown_does_not_change_the_answer(self, leaders: Assistant) -> None:
        few, many = (leaders.ask("Who promised a museum of kites?", top_k=top_k) for top_k in (1, CONSIDERED))
        assert (few.citations, few.support) == (many.citations, many.support)

    @pytest.mark.parametrize("question", ["", "  \n\t", "x" * (LONGEST_QUESTION + 1)])
    def test_an_empty_or_endless_question_is_refused_with_its_mend(self, leaders: Assistant, question: str) -> None:
        with pytest.raises(QuestionError) as caught:
            leaders.ask(question)
        assert caught.value.mend

    def test_a_question_of_the_greatest_length_is_answered(self, leaders: Assistant) -> None:
        assert leaders.ask("kelp " * (LONGEST_QUESTION // 5)).status is Status.ABSTAINED

    @pytest.mark.parametrize("typed", ["party:Germany", "from:2023-07 to:2023-07", "kind:meeting party:Brandt"])
    def test_filters_typed_exclude(self, leaders: Assistant, typed: str) -> None:
        assert "june-meeting" in ids(leaders.ask("Who promised a museum of kites?").hits)
        left = ids(leaders.ask(f"Who promised a museum of kites? {typed}").hits)
        assert "brandt-meeting" in left
        assert left <= {"group-call", "brandt-call", "brandt-meeting"}

    def test_filters_given_and_typed_count_together(self, leaders: Assistant) -> None:
        answer = leaders.ask("Who met? party:Germany", filters=Filters(date_from="2023"))
        assert ids(answer.hits) == {"group-call", "brandt-meeting"}
        assert answer.understanding.filters == Filters(date_from="2023", parties=("Germany",))

    def test_what_is_only_named_in_passing_excludes_nothing(self, leaders: Assistant) -> None:
        assert not ids(leaders.ask("What did Brandt ask for in July 2023?").hits) <= {
            "brandt-meeting", "brandt-call", "group-call",
        }  # fmt: skip

    def test_an_index_that_is_not_there_is_told(self, tmp_path: Path) -> None:
        with open_assistant(tmp_path / "nowhere") as opened, pytest.raises(NoIndexError):
            opened.ask("Who?")


class TestIgnoring:
    def test_a_guessed_kind_that_is_ignored_no_longer_counts(self, leaders: Assistant) -> None:
        question = "List all calls with Brandt"
        assert leaders.ask(question).documents == ("brandt-call", "group-call")
        ignored = leaders.ask(question, ignore=Filters(kinds=("call",)))
        assert ignored.understanding.preferred.kinds == ()
        assert ignored.documents == ("brandt-call", "group-call", "brandt-meeting")

    def test_a_guessed_party_that_is_ignored_no_longer_counts(self, leaders: Assistant) -> None:
        guessed = leaders.understand("List all meetings between Tolliver and Brandt").preferred.parties
        answer = leaders.ask("List all meetings between Tolliver and Brandt", ignore=Filters(parties=(guessed[1],)))
        assert answer.understanding.preferred.parties == guessed[:1]
        assert answer.documents == ("autumn-meeting", "june-meeting", "brandt-meeting")

    def test_a_day_that_is_ignored_no_longer_raises(self, leaders: Assistant) -> None:
        preferred = leaders.understand("What did they open in June 2023?").preferred
        days = Filters(date_from=preferred.date_from, date_to=preferred.date_to)
        answer = leaders.ask("What did they open in June 2023?", ignore=days)
        assert preferred.date_from is not None
        assert not answer.understanding.preferred
        assert "date" not in {stage.stage for stage in answer.hits[0].trail}

    def test_a_filter_that_was_typed_can_be_ignored_too(self, leaders: Assistant) -> None:
        ignored = leaders.ask("Who promised a museum of kites? party:Germany", ignore=Filters(parties=("Germany",)))
        assert ignored.citations[0].source.doc_id == "june-meeting"

    def test_what_was_never_guessed_is_ignored_without_effect(self, leaders: Assistant) -> None:
        question = "Who promised a museum of kites?"
        assert untimed(leaders.ask(question, ignore=Filters(kinds=("visit",)))) == untimed(leaders.ask(question))


class TestMany:
    QUESTIONS = ("Who promised a museum of kites?", "List all calls with Brandt", "What of glaciers?")

    def test_many_questions_get_the_answers_they_get_alone_and_are_encoded_together(self, leaders_index: Path) -> None:
        encoder = HashEncoder()
        with Assistant(leaders_index, history=History(None), encoder=encoder) as opened:
            many = opened.ask_many(self.QUESTIONS, top_k=2)
            assert encoder.encoded[: len(self.QUESTIONS)] == list(self.QUESTIONS)  # the words quoted follow
            assert [untimed(a) for a in many] == [untimed(opened.ask(q, top_k=2)) for q in self.QUESTIONS]

    def test_filters_hold_for_every_one_of_many(self, leaders: Assistant) -> None:
        for answer in leaders.ask_many(self.QUESTIONS, filters=Filters(parties=("Ghana",))):
            assert ids(answer.hits) == {"accra-visit", "accra-palace"}

    def test_none_of_many_is_nothing(self, leaders: Assistant) -> None:
        assert leaders.ask_many([]) == ()


class TestSearching:
    def test_passages_are_found_by_meaning_and_by_words_alone(self, leaders: Assistant) -> None:
        for found in (leaders.search("cherry orchard"), leaders.search_text("cherry orchard")):
            assert found[0].passage.source.doc_id in {"june-meeting", "coming-visit"}
            assert {"cherry", "orchard"} <= set(found[0].terms)

    def test_filters_given_or_typed_exclude_from_a_search(self, leaders: Assistant) -> None:
        meetings = {"autumn-meeting", "june-meeting", "brandt-meeting", "harbour-forum", "accra-palace"}
        assert ids(leaders.search("cherry orchard", filters=Filters(kinds=("meeting",)), top_k=50)) == meetings
        assert ids(leaders.search("cherry orchard kind:meeting", top_k=50)) == meetings
        assert ids(leaders.search_text("cherry orchard kind:meeting", top_k=50)) == {"june-meeting"}

    def test_exact_words_must_stand_in_every_passage(self, leaders: Assistant) -> None:
        assert ids(leaders.search('"rescue helicopters"', top_k=50)) == {"second-call"}

    def test_no_more_are_found_than_asked_for(self, leaders: Assistant) -> None:
        assert len(leaders.search("Moriyama", top_k=2)) == len(leaders.search_text("Moriyama", top_k=2)) == 2

    def test_full_text_alone_needs_no_model(self, without_model: Assistant) -> None:
        assert ids(without_model.search_text("cobalt")) == {"group-call"}
        with pytest.raises(AssertionError, match="a model was loaded"):
            without_model.search("cobalt")

    def test_understanding_and_looking_up_need_no_model(self, without_model: Assistant) -> None:
        assert without_model.understand("What did Moriyama promise?").people == ("Kenji Moriyama",)
        assert without_model.status().documents == len(without_model.records()) == len(LEADERS)
        assert without_model.readout("group-call").facts.parties[2].name == "Lena Brandt"
        assert without_model.rarity(["cobalt", "met"])["cobalt"] > without_model.rarity(["met"])["met"]

    def test_a_readout_that_is_not_there_is_told(self, leaders: Assistant) -> None:
        with pytest.raises(DocumentError):
            leaders.readout("no-such")


class TestEncoding:
    @pytest.fixture
    def encoder(self) -> HashEncoder:
        return HashEncoder()

    @pytest.fixture
    def encoding(self, leaders_index: Path, encoder: HashEncoder) -> Iterator[Assistant]:
        with Assistant(leaders_index, history=History(None), encoder=encoder) as opened:
            yield opened

    def test_a_question_is_encoded_once_as_it_was_typed(self, encoding: Assistant, encoder: HashEncoder) -> None:
        encoding.ask("Who promised a museum of kites?")
        assert encoder.encoded == ["Who promised a museum of kites?"]

    def test_a_question_that_is_understood_otherwise_is_ranked_by_what_is_understood(
        self, encoding: Assistant, encoder: HashEncoder
    ) -> None:
        answer = encoding.ask("Who promised a museum of kites? from:2020")
        assert answer.understanding.text != answer.question
        expected = encoding.search("Who promised a museum of kites? from:2020")
        assert [found.trail for found in answer.hits] == [found.trail for found in expected]

    def test_a_follow_up_is_encoded_as_it_stands_on_its_own_alone(
        self, encoding: Assistant, encoder: HashEncoder
    ) -> None:
        talk = encoding.talk()
        talk.ask("What did President Olsen say?")
        encoder.encoded.clear()
        answer = talk.ask("And in 2023?")
        assert encoder.encoded == [answer.understanding.text]


class TestLoading:
    def test_warming_loads_model_and_index_once_and_answers_nothing(
        self, leaders_index: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        loaded: list[HashEncoder] = []

        def load(model: object, **_: object) -> HashEncoder:
            loaded.append(HashEncoder())
            return loaded[-1]

        monkeypatch.setattr(assistant.api, "find_model", lambda name, **_: name)
        monkeypatch.setattr(assistant.api, "load_encoder", load)
        with Assistant(leaders_index, history=History(None)) as opened:
            assert loaded == []
            opened.warm()
            opened.warm()
            opened.ask("Who promised a museum of kites?")
            assert len(loaded) == 1
            assert opened.history.conversations() == ()

    def test_one_question_reads_nothing_ahead_and_the_second_does(self, leaders: Assistant) -> None:
        leaders.ask("Who promised a museum of kites?")
        assert leaders._opened().reading_ahead is None
        leaders.ask("Who spoke of salt?")
        assert leaders._opened().reading_ahead is not None

    def test_the_model_is_the_one_that_the_index_was_made_with(
        self, leaders_index: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked: list[tuple[str, bool]] = []
        monkeypatch.setattr(assistant.api, "find_model", lambda name, fetch: asked.append((name, fetch)))
        monkeypatch.setattr(assistant.api, "load_encoder", lambda model, **_: HashEncoder())
        with Assistant(leaders_index, history=History(None)) as opened:
            opened.encoder()
        with Assistant(leaders_index, history=History(None), model="another") as opened:
            opened.encoder()
        # One that only the index names may be anybody's: it is looked for on this machine alone.
        assert asked == [("hashed-words", False), ("another", True)]

    def test_what_is_added_and_removed_changes_the_next_answer_and_who_is_known(self, tmp_path: Path) -> None:
        new = readout(
            "President Tolliver’s Call with Prime Minister Quaid of Malta",
            "President Mara Tolliver spoke with Prime Minister Zebulon Quaid of Malta. They banned drift nets.",
            published="2024-01-09",
            event="2024-01-09",
            parties=[TOLLIVER, "Zebulon Quaid | Prime Minister | Malta"],
        )
        with open_assistant(make_index(tmp_path)) as opened:
            assert opened.understand("What did Quaid ban?").people == ()
            assert opened.ask("List all calls with Quaid").documents == ()
            opened.add([write_corpus(tmp_path / "new", {"malta-call.md": new})])
            assert opened.understand("What did Quaid ban?").people == ("Zebulon Quaid",)
            assert opened.ask("List all calls with Quaid").documents == ("malta-call",)
            assert opened.remove(["malta-call"]) == 1
            assert opened.understand("What did Quaid ban?").people == ()

    def test_words_for_days_count_from_the_day_it_is(self, leaders: Assistant) -> None:
        understood = leaders.understand("What was said last month?")
        assert str(understood.dates[0].first) == "2024-02-01"
        assert understood.intent is Intent.QUOTE

    def test_closing_twice_does_nothing(self, leaders_index: Path) -> None:
        opened = open_assistant(leaders_index)
        opened.ask("Who?")
        opened.close()
        opened.close()
        assert opened.exists()
