"""A conversation in a file: every quote with its source, and nothing that acts."""

from __future__ import annotations

import datetime as dt
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from assistant import export
from assistant.cli import main
from assistant.datatypes import Answer, Citation, Conversation, Status, Turn, Understanding
from assistant.errors import ExportError
from assistant.history import History
from index.datatypes import Facts, Source, Span

NOW = dt.datetime(2024, 1, 2, 10, 30, tzinfo=dt.UTC)


def answer(
    question: str, quote: str = "They agreed.", *, title: str = "A call", url: str = "https://x.org/a"
) -> Answer:
    source = Source(doc_id="d", title=title, issuer="Office", published=dt.date(2023, 5, 3), url=url)
    facts = Facts(event_date=dt.date(2023, 5, 2))
    citation = Citation(
        number=1, source=source, facts=facts, paragraph=0, passage=quote, span=Span(start=0, end=len(quote)), score=1.0
    )
    return Answer(
        question=question,
        standalone_question=question,
        understanding=Understanding(text=question),
        status=Status.ANSWERED,
        support=0.8,
        missing=("zeppelin",),
        citations=(citation,),
        hits=(),
    )


def talk(*answers: Answer, title: str = "Talk") -> Conversation:
    turns = tuple(Turn(number=n, asked_at=NOW, answer=a) for n, a in enumerate(answers, start=1))
    return Conversation(id="c1", title=title, started_at=NOW, turns=turns, count=len(turns))


@pytest.mark.parametrize("form", list(export.FORMS))
def test_every_form_holds_questions_quotes_and_sources(form: str) -> None:
    text = export.export(talk(answer("Who called?"), answer("When?", "On Monday.")), form)
    for word in (
        "Talk",
        "Who called?",
        "They agreed.",
        "When?",
        "On Monday.",
        "A call",
        "Office",
        "https://x.org/a",
        "zeppelin",
    ):
        assert word in text


def test_markdown_is_unwrapped_and_its_marks_are_those_of_the_program() -> None:
    text = export.export(talk(answer("*Who* [x](y)?", "Line one\nline two <b>.", title="A [b] call")), "markdown")
    assert "## 1. \\*Who\\* \\[x\\](y)?" in text
    assert "> Line one line two <b>." in text
    assert "— [1] [A \\[b\\] call](<https://x.org/a>) · Office · 2023-05-02, published 2023-05-03 · d" in text


def test_json_is_the_answers_as_scripts_have_them() -> None:
    one = answer("Who called?")
    whole = json.loads(export.export(talk(one), "json"))
    assert whole["id"] == "c1"
    assert whole["turns"] == [{"number": 1, "asked_at": NOW.isoformat()} | one.to_dict()]


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]


@given(st.text(), st.text(min_size=1), st.text(), st.sampled_from(["javascript:alert(1)", "https://x.org/<\"'>", ""]))
def test_no_text_is_markup_of_the_page_or_acts_on_a_terminal(question: str, quote: str, title: str, url: str) -> None:
    tags = Tags()
    whole = talk(answer(question, quote, title=title, url=url), title=title)
    page = export.export(whole, "html")
    tags.feed(page)
    assert set(tags.found) <= {"html", "meta", "title", "style", "h1", "h2", "p", "blockquote", "footer", "a"}
    assert all(link.startswith("https://") for link in tags.links)
    for form in export.FORMS:
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]", export.export(whole, form))


def test_a_silent_answer_quotes_nothing() -> None:
    from dataclasses import replace

    text = export.export(talk(replace(answer("Who?"), status=Status.ABSTAINED)), "markdown")
    assert "The readouts do not say." in text
    assert "They agreed." not in text


def test_a_file_that_is_there_is_left_alone_and_an_ending_says_the_form(tmp_path: Path) -> None:
    path = tmp_path / "talk.html"
    export.write(talk(answer("Who?")), path)
    before = path.read_bytes()
    assert before.startswith(b"<!doctype html>")
    with pytest.raises(ExportError, match="is there already"):
        export.write(talk(answer("What?")), path)
    assert path.read_bytes() == before
    with pytest.raises(ExportError) as caught:
        export.form_of(tmp_path / "talk.doc")
    assert ".md" in caught.value.mend
    with pytest.raises(ExportError, match="cannot be written"):
        export.write(talk(answer("Who?")), tmp_path / "none" / "talk.md")
    with pytest.raises(ExportError, match="“doc”"):
        export.export(talk(), "doc")


def test_the_command_prints_or_writes_a_conversation(tmp_path: Path) -> None:
    history = History(tmp_path / "talks")
    history.add_turn("c1", answer("Who called?"))
    history.close()
    environment = {"READOUTS_HISTORY": str(tmp_path / "talks"), "READOUTS_SETTINGS": str(tmp_path / "none.toml")}

    def run(*arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(main, ["export", *arguments], env=environment)
        return done.exit_code, done.output

    assert run("c1")[1].startswith("# Who called?")
    assert json.loads(run("c1", "--json")[1])["turns"][0]["question"] == "Who called?"
    assert "<!doctype html>" in run("c1", "--format", "html")[1]
    target = tmp_path / "out.json"
    assert run("c1", "--output", str(target))[0] == 0
    assert json.loads(target.read_text(encoding="utf-8"))["id"] == "c1"
    assert run("c1", "--output", str(target)) == (
        1,
        f"readouts: {target} is there already.\nChoose another name, or move it away first.\n",
    )
    code, said = run("gone")
    assert code == 1
    assert "There is no conversation gone." in said
    assert run("c1", "--json", "--format", "html")[0] == 2
