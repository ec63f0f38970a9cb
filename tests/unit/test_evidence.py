from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import replace

import pytest

from assistant.datatypes import Intent, Understanding
from assistant.evidence import DEPTH, Evidence, gather
from index import full_text
from index.datatypes import Facts, Hit, Passage, Source, Span
from index.sentences import sentences


def hit(text: str, *, title: str = "A call", paragraph: int = 0, score: float = 1.0, rank: int = 1) -> Hit:
    spans = tuple(sentences(text))
    passage = Passage(
        source=Source(doc_id=title, title=title),
        paragraph=paragraph,
        text=text,
        span=Span(start=0, end=len(text)),
        sentences=spans,
    )
    cosines = tuple(0.1 * place for place in range(len(spans)))
    return Hit(
        passage=passage, facts=Facts(event_date=dt.date(2023, 5, 1)), rank=rank, score=score, best_sentence=spans[0],
        trail=(), sentence_scores=cosines,
    )  # fmt: skip


def features(question: Understanding | str, *hits: Hit) -> list[Evidence]:
    asked = Understanding(text=question) if isinstance(question, str) else question
    return gather(hits, asked, dict.fromkeys(full_text.terms(asked.text), 1.0))


def of(name: str, found: list[Evidence]) -> list[float]:
    return [round(item.features[name], 6) for item in found]


def test_every_sentence_of_the_first_passages_is_looked_at_and_none_of_the_rest() -> None:
    hits = [hit("They met. They ate.", title=str(place), rank=place + 1) for place in range(DEPTH + 2)]
    found = features("Who ate?", *hits)
    assert [item.text for item in found] == ["They met.", "They ate."] * DEPTH


def test_the_gap_is_the_distance_of_a_passage_from_the_best() -> None:
    assert of("gap", features("x", hit("One.", score=0.9), hit("Two.", score=0.65, rank=2))) == [0.0, -0.25]


def test_a_sentence_without_vectors_counts_as_far_as_any_other() -> None:
    given = hit("One. Two.")
    plain = Hit(
        passage=given.passage, facts=given.facts, rank=1, score=1.0, best_sentence=given.best_sentence, trail=()
    )
    assert of("cosine", features("x", plain)) == [0.0, 0.0]


def test_words_that_the_title_holds_already_do_not_tell_its_sentences_apart() -> None:
    found = features("kelp farms and salt", hit("They ate kelp. They sold salt.", title="On kelp farms"))
    assert of("topic", found) == [round(1 / 3, 6), round(1 / 3, 6)]
    assert of("beyond", found) == [0.0, 1.0]


def test_a_country_counts_under_any_of_its_names() -> None:
    found = features("What of Pyongyang?", hit("They condemned the DPRK. They ate."))
    assert (of("topic", found), of("beyond", found)) == ([1.0, 0.0], [1.0, 0.0])


@pytest.mark.parametrize(
    "sentence",
    [
        "They agreed to stay in close touch.",
        "The two sides will look forward to their next meeting in the capital.",
        "Both pledged to remain in regular contact on the matter.",
        "The following is attributable to a spokesperson.",
        "She extended her best wishes to the nation.",
    ],
)
def test_a_phrase_that_only_fills_is_stock(sentence: str) -> None:
    assert of("stock", features("x", hit(sentence))) == [1.0]


@pytest.mark.parametrize("sentence", ["They agreed on a quota for tuna.", "The phone was out of touch for a day."])
def test_a_sentence_that_tells_something_is_not_stock(sentence: str) -> None:
    assert of("stock", features("x", hit(sentence))) == [0.0]


def test_the_opening_speaks_for_itself_where_a_moment_is_wanted_and_otherwise_apart() -> None:
    given = hit("They met. They ate."), hit("Later.", paragraph=1, rank=2)
    moment = features(Understanding(text="When?", intent=Intent.WHEN), *given)
    plain = features("What?", *given)
    assert (of("opening_moment", moment), of("opening", moment)) == ([1.0, 0.0, 0.0], [0.0] * 3)
    assert (of("opening_moment", plain), of("opening", plain)) == ([0.0] * 3, [1.0, 0.0, 0.0])


@pytest.mark.parametrize(
    ("question", "numbers"), [("How many divers?", [1.0, 1.0, 0.0]), ("Which divers?", [0.0, 0.0, 0.0])]
)
def test_a_number_speaks_for_a_sentence_only_where_one_is_wanted(question: str, numbers: list[float]) -> None:
    assert of("number", features(question, hit("Thirty-two divers came. It cost 1,200 crowns. They left."))) == numbers


def test_a_place_speaks_for_a_sentence_only_where_one_is_wanted() -> None:
    given = hit("They met in Bremen. They ate in silence.")
    assert of("place", features(Understanding(text="Where?", intent=Intent.WHERE), given)) == [1.0, 0.0]
    assert of("place", features("What?", given)) == [0.0, 0.0]


def test_the_one_whose_words_are_asked_for_must_open_the_sentence() -> None:
    given = hit("Ms. Brandt asked for divers. They listened for a very long while to the words of Ms. Brandt.")
    assert of("speaker", features(Understanding(text="x", speaker="Lena Brandt"), given)) == [1.0, 0.0]
    assert of("speaker", features("x", given)) == [0.0, 0.0]


def test_length_grows_with_the_words_up_to_forty() -> None:
    found = features("x", hit("One two three four."), hit(" ".join(["word"] * 90) + ".", rank=2))
    assert of("length", found) == [0.1, 1.0]


def test_every_feature_lies_between_its_bounds() -> None:
    found = features("How many divers did they send?", hit("They sent ten divers. They agreed to stay in touch."))
    names = [sorted(item.features) for item in found]
    assert all(a == b for a, b in itertools.pairwise(names))
    assert all(0 <= value <= 1 for item in found for name, value in item.features.items() if name != "gap")


def test_a_place_where_some_of_the_readouts_were_held_is_no_subject() -> None:
    there = replace(hit("They spoke of salt."), facts=Facts(place="Osaka, Japan"))
    elsewhere = hit("Salt was spoken of before in Osaka.", title="Another call")
    asked = Understanding(text="what was said of salt in Osaka", places=("Osaka",))
    assert of("topic", features(asked, there, elsewhere)) == [1.0, 1.0]
    assert of("topic", features(asked, elsewhere)) == [1.0]
    assert of("topic", features(asked, hit("Salt was spoken of.")))[0] < 1.0
