"""A text that was posted twice, as the commands tell it."""

from __future__ import annotations

from pathlib import Path

import pytest
from e2e_helpers import Command
from public_form import assert_answer, assert_hits
from small_index import READOUTS


@pytest.fixture
def twice(small: Command, corpus: Path) -> Command:
    """``cli`` over an index in which the meeting with Germany was posted again a day later, under a heading."""
    text = (corpus / "germany-meeting.md").read_text(encoding="utf-8")
    front, _, body = text.rpartition("---\n")
    again = front.replace("2023-01-17", "2023-01-18") + "---\nFOR IMMEDIATE RELEASE\n\n" + body
    (corpus / "zz-posted-again.md").write_text(again, encoding="utf-8")
    told = small("index", corpus)
    assert "folded zz-posted-again: its text is that of germany-meeting, which leads" in told.out
    return small


def test_a_report_names_what_was_folded(twice: Command, corpus: Path) -> None:
    assert twice("index", corpus, "--json").json()["folded"] == []
    (corpus / "zz-once-more.md").write_text(
        (corpus / "zz-posted-again.md").read_text(encoding="utf-8"), encoding="utf-8"
    )
    report = twice("index", corpus, "--json").json()
    assert report["folded"] == [{"doc_id": "zz-once-more", "leader": "germany-meeting"}]
    assert twice("status", "--json").json()["copies"] == 2
    assert report["documents"] == len(READOUTS) + 2


def test_lists_show_one_posting_and_say_where_the_others_are(twice: Command) -> None:
    listed = twice("list")
    assert len(listed.out.splitlines()) == len(READOUTS) + 1
    assert "(also posted as zz-posted-again (2023-01-18))" in listed.out
    assert listed.err == f"{len(READOUTS)} readouts, 1 posted again (--all shows each)\n"
    assert len(twice("list", "--all", "--json").lines()) == len(READOUTS) + 1
    (record,) = (one for one in twice("list", "--json").lines() if one["also"])
    assert (record["doc_id"], record["also"][0]["doc_id"]) == ("germany-meeting", "zz-posted-again")


def test_answers_and_searches_quote_one_posting_and_say_where_the_others_are(twice: Command) -> None:
    answer = twice("ask", "Who promised barges?", "--json").json()
    assert_answer(answer)
    assert answer["citations"][0]["doc_id"] == "germany-meeting"
    assert [one["doc_id"] for one in answer["citations"][0]["also"]] == ["zz-posted-again"]
    assert "zz-posted-again" not in {hit["doc_id"] for hit in answer["hits"]}
    assert "also posted as zz-posted-again" in twice("ask", "Who promised barges?").out
    assert "also posted as zz-posted-again" in twice("search", "barges").out
    every = twice("search", "barges", "--all", "--json").json()["hits"]
    assert_hits(every)
    assert {"germany-meeting", "zz-posted-again"} <= {hit["doc_id"] for hit in every}


def test_a_posting_that_is_folded_can_be_shown_and_leads_when_the_leader_goes(twice: Command) -> None:
    shown = twice("show", "zz-posted-again")
    assert "FOR IMMEDIATE RELEASE" in shown.out
    assert "Also posted as germany-meeting" in shown.err
    assert [one["doc_id"] for one in twice("show", "germany-meeting", "--json").json()["also"]] == ["zz-posted-again"]
    twice("remove", "germany-meeting")
    assert twice("ask", "Who promised barges?", "--json").json()["citations"][0]["doc_id"] == "zz-posted-again"
    assert "also posted" not in twice("list").out
