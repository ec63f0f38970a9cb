"""Whatever is asked, every word of an answer stands in a readout, and silence is told as silence."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from leaders import LEADERS, open_assistant

from assistant.answering import ABSTAIN_BELOW
from assistant.api import Assistant
from assistant.datatypes import Answer, Status

OPENINGS = (
    "What did", "Who", "When did", "How many times did", "List all calls of", "Which meetings did", "Where did",
    "Did", "What was the last call of", "What was the first meeting of", "and", "",
)  # fmt: skip
NAMES = (
    "Tolliver", "Moriyama", "Chancellor Brandt", "Sarpong", "Okafor", "the Vice President", "Zebulon Quaid",
    "Kenji Moriyma", "Japan", "Ghana", "Germany or Japan",
)  # fmt: skip
REST = (
    "discuss", "agree to stay in touch", "the flooding of the Kiso valley", "a fireboat", "cobalt", "cherry trees",
    "dredging", "thirty divers", "glaciers", "in 2022", "in March 2023", "after June 2022",
    "before their 2023 meeting", "the day after", "kind:call", "party:Germany", "from:2023", '"museum of kites"',
    "one-on-one", "?", "\x00", "نص", "👩‍🚀", "(", '"', "🇯🇵",
)  # fmt: skip
SENTENCES = st.tuples(
    st.sampled_from(OPENINGS),
    st.lists(st.sampled_from(NAMES), max_size=2).map(" and ".join),
    st.lists(st.sampled_from(REST), max_size=3).map(" ".join),
).map(" ".join)
QUESTIONS = st.one_of(SENTENCES, st.text(max_size=40)).filter(lambda text: bool(text.strip()))


@pytest.fixture(scope="module")
def leaders(leaders_index: Path) -> Iterator[Assistant]:
    with open_assistant(leaders_index) as opened:
        yield opened


@pytest.fixture(scope="module")
def texts(leaders: Assistant) -> dict[str, str]:
    return {name.removesuffix(".md"): leaders.readout(name.removesuffix(".md")).text for name in LEADERS}


def check(answer: Answer, texts: dict[str, str]) -> None:
    said = answer.to_dict()
    assert [citation["number"] for citation in said["citations"]] == list(range(1, len(said["citations"]) + 1))
    for citation in said["citations"]:
        assert citation["quote"]
        assert citation["passage"][citation["start"] : citation["end"]] == citation["quote"]
        assert citation["passage"] in texts[citation["doc_id"]]
        assert f"“{citation['quote']}” [{citation['number']}]" in said["text"]
    assert 0 <= answer.support <= 1
    assert set(answer.documents) <= set(texts)
    if answer.documents:
        assert tuple(citation.source.doc_id for citation in answer.citations) == answer.documents
        days = [str(citation.facts.event_date) for citation in answer.citations]
        assert days == sorted(days)
    silent = answer.status is Status.ABSTAINED
    assert silent == (not answer.citations) == (answer.support < ABSTAIN_BELOW)
    assert silent == (answer.text == "")


@given(QUESTIONS)
@settings(deadline=None, max_examples=150)
def test_every_quote_of_any_answer_stands_verbatim_in_its_readout(
    leaders: Assistant, texts: dict[str, str], question: str
) -> None:
    # What is typed in the form of a filter may be refused, which other tests pin; here it is made a word.
    check(leaders.ask(question.replace("doc:", "doc ").replace("date:", "date ")), texts)


@given(QUESTIONS)
@settings(deadline=None, max_examples=60)
def test_an_answer_of_silence_still_carries_the_passages_that_were_found(leaders: Assistant, question: str) -> None:
    answer = leaders.ask(f"{question} glaciers of Zembla", top_k=3)
    found = leaders.search(f"{question} glaciers of Zembla", top_k=3)
    if answer.status is Status.ABSTAINED:
        assert answer.hits == found
    if not answer.understanding.filters and not answer.understanding.phrases:
        assert len(answer.hits) == 3


@given(SENTENCES.filter(str.strip), SENTENCES.filter(str.strip))
@settings(deadline=None, max_examples=50)
def test_every_quote_of_a_follow_up_stands_verbatim_too(
    leaders: Assistant, texts: dict[str, str], question: str, follow_up: str
) -> None:
    talk = leaders.talk()
    check(talk.ask(question), texts)
    answer = talk.ask(follow_up)
    check(answer, texts)
    assert answer.standalone_question.startswith(follow_up.strip()) or answer.standalone_question == follow_up
