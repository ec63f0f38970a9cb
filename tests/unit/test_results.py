"""What scripts get lists of: tuples all the same, which can be exported, made a data frame and shown in a notebook."""

from __future__ import annotations

import pickle
import sys
from dataclasses import replace

import pandas
import pytest
from exported import NASTY, answer, hit, record, source, talk
from hypothesis import given
from hypothesis import strategies as st
from test_export import Tags

from assistant.datatypes import Status
from assistant.errors import ExportError
from assistant.results import Answers, Hits, Records, Results
from index.datatypes import Span
from index.markup import one_line
from index.pages import Pages

FIRST = hit(1, "Before. The barges. After.", source("a"), Span(start=8, end=19))
HITS = Hits([FIRST, hit(2, f"- {NASTY}", source("b", url=""))], title="barges")


def test_results_are_tuples_and_a_slice_of_them_is_one_too() -> None:
    assert tuple(HITS) == HITS
    assert isinstance(HITS, tuple)
    assert [one.rank for one in HITS] == [1, 2]
    assert HITS[0] is FIRST
    part = HITS[1:]
    assert (type(part), part.title, len(part)) == (Hits, "barges", 1)
    again = pickle.loads(pickle.dumps(HITS))
    assert (again, again.title) == (HITS, "barges")


def test_passages_as_a_data_frame_are_verbatim_with_days_and_numbers() -> None:
    frame = HITS.to_frame()
    assert frame["quote"].tolist() == ["The barges.", f"- {NASTY}"]
    assert frame["passage"][0] == FIRST.passage.text
    assert frame["published"].tolist() == [pandas.Timestamp(2023, 5, 3)] * 2
    assert frame["rank"].tolist() == [1, 2]
    assert frame["score"].tolist() == [1.0, 0.5]
    assert frame["event_end"].isna().all()


def test_readouts_and_answers_as_data_frames() -> None:
    frame = Records([record(source("a"))]).to_frame()
    assert frame["event_end"][0] == pandas.Timestamp(2023, 5, 4)
    assert frame["kind"].tolist() == ["visit"]
    of = source("a")
    asked = answer("Who?", ("One.", of), ("Two.", of))
    assert asked.to_frame()["quote"].tolist() == ["One.", "Two."]
    both = Answers([asked, answer("What?", status=Status.ABSTAINED)]).to_frame()
    assert both["question"].tolist() == ["Who?", "Who?", "What?"]
    assert both["number"].isna().tolist() == [False, False, True]
    assert both["parties"][0] == "Ada Quist (Japan)"


@pytest.mark.parametrize("empty", [Hits(), Records(), Answers()])
def test_nothing_found_is_an_empty_frame_with_its_columns_and_a_page(empty: Results[object]) -> None:
    frame = empty.to_frame()
    assert (len(frame), "doc_id" in frame.columns) == (0, True)
    assert "<div>" in empty._repr_html_()


def test_without_pandas_the_command_that_installs_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ExportError) as caught:
        HITS.to_frame()
    assert caught.value.mend == "pip install 'readouts[pandas]'"


def test_results_answers_and_conversations_are_exported_by_the_name_of_a_form() -> None:
    asked = answer("Who?", ("One.", source("a")))
    for thing in (HITS, Records([record(source("a"))]), Answers([asked]), asked, talk(asked)):
        assert thing.export("bibtex").startswith("@misc{office-2023-")
    with pytest.raises(ExportError, match="“doc”"):
        asked.export("doc")


def test_a_quote_that_holds_a_number_in_brackets_is_taken_for_no_quote_of_another_readout() -> None:
    asked = answer("Who?", ("One” [2] “Forged.", source("a")), ("Two.", source("b")))
    assert asked.text == "“One” ［2］ “Forged.” [1] “Two.” [2]"
    assert asked.citations[0].quote == "One” [2] “Forged."


@given(st.text(), st.text(min_size=1), st.sampled_from(["javascript:alert(1)", "https://x.org/\"'>", ""]))
def test_a_notebook_shows_quotes_with_links_and_nothing_that_acts(question: str, quote: str, url: str) -> None:
    of = source(title=question, url=url)
    asked = answer(question, (quote, of))
    one = hit(1, quote, of)
    for thing in (asked, Answers([asked, asked]), Hits([one], title=question), one, Records([record(of)])):
        tags = Tags()
        tags.feed(thing._repr_html_())
        assert set(tags.found) <= {
            "div",
            "p",
            "strong",
            "h2",
            "blockquote",
            "footer",
            "a",
            "mark",
            *"table tr th td".split(),
        }
        assert all(link.startswith("https://") for link in tags.links)


def test_a_notebook_shows_the_words_of_an_answer_and_marks_the_best_sentence() -> None:
    asked = answer(NASTY, ("They agreed.", source("a")))
    assert "They agreed." in asked._repr_html_()
    assert "zeppelin" in asked._repr_html_()
    assert "> They agreed." in asked._repr_markdown_()
    assert "<mark>The barges.</mark>" in HITS._repr_html_()
    assert "<mark>The barges.</mark>" in FIRST._repr_html_()
    assert one_line("- " + NASTY).split()[1] in HITS._repr_markdown_()


def test_a_passage_alone_in_a_notebook_names_the_pages_of_its_best_sentence_where_there_are_any() -> None:
    paged = replace(FIRST, passage=replace(FIRST.passage, pages=Pages(first=4, breaks=(12,))))
    assert "pp. 4–5" in paged._repr_html_()
    assert "p. " not in FIRST._repr_html_()
