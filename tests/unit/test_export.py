"""Answers, conversations, searches and lists in a file: every quote with its source, and nothing that acts."""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner
from exported import NASTY, NOW, answer, hit, record, source, talk
from hypothesis import given
from hypothesis import strategies as st

from assistant import export, forms
from assistant.cli import main
from assistant.datatypes import Answer, Status
from assistant.errors import ExportError
from assistant.export.references import references
from assistant.export.sheet import Sheet, of_answers, of_conversation, of_hits, of_records
from assistant.history import History
from index.datatypes import Facts, Kind

ACTING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]")


def one(question: str, quote: str = "They agreed.", *, title: str = "A call", url: str = "https://x.org/a") -> Answer:
    return answer(question, (quote, source(title=title, url=url)))


def exported(form: str, *answers: Answer, title: str = "Talk") -> str:
    return export.export(of_conversation(talk(*answers, title=title)), form)


@pytest.mark.parametrize("form", ["markdown", "html", "json"])
def test_a_conversation_is_there_whole_with_questions_quotes_and_sources(form: str) -> None:
    text = exported(form, one("Who called?"), one("When?", "On Monday."))
    for word in ("Talk", "Who called?", "They agreed.", "When?", "On Monday.", "A call", "Office", "https://x.org/a"):
        assert word in text
    assert "zeppelin" in text


@pytest.mark.parametrize("form", forms.FORMS)
def test_every_form_takes_an_answer_a_search_a_list_and_nothing_at_all(form: str) -> None:
    of = source(title="A call on grain")
    for sheet in (
        of_answers([one("Who?", title="A call on grain")]),
        of_hits([hit(1, "They agreed.", of)], "grain"),
        of_records([record(of)]),
    ):
        text = export.export(sheet, form)
        assert "A call on grain" in text
        assert "https://x.org/a" in text
    for empty in (of_hits([], "grain", {"hits": []}), of_records([])):
        assert "x.org" not in export.export(empty, form)


def test_markdown_is_unwrapped_and_its_marks_are_those_of_the_program() -> None:
    text = exported("markdown", one("*Who* [x](y)?", "- one\nline <b>.", title="A [b] call"))
    assert "## 1. \\*Who\\* \\[x\\](y)?" in text
    assert "> \\- one line \\<b\\>." in text
    assert "— [1] [A \\[b\\] call](<https://x.org/a>) · Office · 2023-05-02, published 2023-05-03 · d" in text


def test_json_is_the_answers_as_scripts_have_them() -> None:
    asked = one("Who called?")
    whole = json.loads(exported("json", asked))
    assert whole["id"] == "c1"
    assert whole["turns"] == [{"number": 1, "asked_at": NOW.isoformat()} | asked.to_dict()]
    lines = export.export(of_answers([asked, asked]), "json").splitlines()
    assert [json.loads(line) for line in lines] == [asked.to_dict()] * 2


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]


@given(st.text(), st.text(min_size=1), st.text(), st.sampled_from(["javascript:alert(1)", "https://x.org/<\"'>", ""]))
def test_no_text_is_markup_of_the_page_or_acts_on_a_terminal(question: str, quote: str, title: str, url: str) -> None:
    tags = Tags()
    asked = one(question, quote, title=title, url=url)
    tags.feed(exported("html", asked, title=title))
    page = {"html", "meta", "title", "style", "h1", "h2", "p", "blockquote", "footer", "a"}
    assert set(tags.found) <= page
    assert all(link.startswith("https://") for link in tags.links)
    of = asked.citations[0].source
    for form in forms.FORMS:
        for sheet in (of_conversation(talk(asked)), of_hits([hit(1, quote, of)], question), of_records([record(of)])):
            assert not ACTING.search(export.export(sheet, form))


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@A1", "\t=1", "\r=1", "＝1"])
def test_no_cell_of_a_table_is_a_formula(cell: str) -> None:
    table = export.export(of_answers([one(cell, cell, title=cell)]), "csv")
    assert f"'{cell.strip()}" in table
    assert not re.search(r'(?:^|,|")[=+\-@＝\t]', table, re.MULTILINE)


def test_a_silent_answer_quotes_nothing_and_has_a_row_in_a_table() -> None:
    silent = answer("Who?", ("They agreed.", source()), status=Status.ABSTAINED)
    assert "The readouts do not say." in exported("markdown", silent)
    for form in set(forms.FORMS) - {"json"}:
        assert "They agreed." not in exported(form, silent)
    assert exported("csv", silent).splitlines()[1].startswith("Who?,abstained,0.8,,")


def keys(sheet: Sheet) -> list[str]:
    return [reference.key for reference in references(sheet)]


def test_a_readout_cited_twice_is_one_reference_with_both_quotes() -> None:
    of = source()
    sheet = of_conversation(talk(answer("Who?", ("One.", of), ("Two.", of)), answer("What?", ("One.", of))))
    (reference,) = references(sheet)
    assert reference.quotes == ("“One.”", "“Two.”")


def test_a_quote_keeps_its_page_in_every_form() -> None:
    asked = one("Who?")
    paged = replace(asked, citations=(replace(asked.citations[0], pages=(3, 4)),))
    for form in ("markdown", "html", "csl-json", "bibtex", "ris"):
        assert "pp. 3–4" in exported(form, paged)
    assert re.search(r",3,4,", exported("csv", paged))


def test_the_key_of_a_reference_is_issuer_year_and_word_the_same_in_every_export() -> None:
    titles = ["Readout of President Tolliver’s Call with Chancellor Brandt", "Ceasefire talks in Geneva, May 3", "会谈"]
    first = [source(f"d{n}", title, issuer="White House (United States)") for n, title in enumerate(titles)]
    again = source("other", titles[0], issuer="White House (United States)")
    found = keys(of_records([record(one) for one in first]))
    assert [key.rpartition("-")[0] for key in found] == [
        "white-house-2023-brandt",
        "white-house-2023-geneva",
        "white-house-2023-readout",
    ]
    other = keys(of_hits([hit(1, "x", again), hit(2, "y", first[0])]))
    assert other[1] == found[0]
    assert len({*found, *other}) == 4


def test_a_work_is_called_what_it_is() -> None:
    called = record(source("a"))
    other = replace(called, facts=Facts(kind=Kind.OTHER))
    titled = replace(other, source=source("c", "Readout of a walk"))
    said = replace(called, facts=Facts(kind=Kind.STATEMENT))
    for one, genre in ((called, "Readout"), (titled, "Readout"), (said, "Statement"), (other, None)):
        (item,) = json.loads(export.export(of_records([one]), "csl-json"))
        assert item.get("genre") == genre


def test_two_readouts_never_share_a_key_in_one_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.export.references._key", lambda source, facts: "k")
    assert keys(of_records([record(source(str(n))) for n in range(3)])) == ["k", "k-2", "k-3"]


def test_a_file_that_is_there_is_left_alone_and_an_ending_says_the_form(tmp_path: Path) -> None:
    path, sheet = tmp_path / "talk.html", of_conversation(talk(one("Who?")))
    export.write(sheet, path)
    before = path.read_bytes()
    assert before.startswith(b"<!doctype html>")
    for refuse in (lambda: export.write(of_records([]), path), lambda: forms.refuse(path)):
        with pytest.raises(ExportError, match="is there already"):
            refuse()
    assert path.read_bytes() == before
    with pytest.raises(ExportError) as caught:
        forms.form_of(tmp_path / "talk.doc")
    assert ".md" in caught.value.mend
    for refuse in (lambda: export.write(sheet, tmp_path / "a" / "b.md"), lambda: forms.refuse(tmp_path / "a" / "b.md")):
        with pytest.raises(ExportError, match="cannot be written"):
            refuse()
    with pytest.raises(ExportError, match="“doc”"):
        export.export(sheet, "doc")
    assert {forms.form_of(Path(f"x{ending.upper()}")) for ending in forms.ENDINGS} == set(forms.FORMS)
    assert forms.form_of(Path("x.csl.json")) == "csl-json"


def test_what_an_export_that_was_killed_left_beside_its_file_goes_when_that_is_refused(tmp_path: Path) -> None:
    path, left = tmp_path / "talk.md", tmp_path / f".talk.md.{'a' * 16}"
    for file in (path, left):
        file.touch()
        os.utime(file, (1, 1))
    with pytest.raises(ExportError, match="there already"):
        forms.refuse(path)
    assert list(tmp_path.iterdir()) == [path]


def test_a_table_in_a_file_begins_with_a_mark_and_a_printed_one_does_not(tmp_path: Path) -> None:
    export.write(of_answers([one("Who?", NASTY)]), tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_bytes().startswith("\ufeffquestion,".encode())
    assert export.export(of_answers([one("Who?", NASTY)]), "csv").startswith("question,")


def test_the_command_prints_or_writes_a_conversation(tmp_path: Path) -> None:
    history = History(tmp_path / "talks")
    history.add_turn("c1", one("Who called?"))
    history.close()
    environment = {"READOUTS_HISTORY": str(tmp_path / "talks"), "READOUTS_SETTINGS": str(tmp_path / "none.toml")}

    def run(*arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(main, ["export", *arguments], env=environment)
        return done.exit_code, done.output

    assert run("c1")[1].startswith("# Who called?")
    assert json.loads(run("c1", "--json")[1])["turns"][0]["question"] == "Who called?"
    assert "<!doctype html>" in run("c1", "--format", "html")[1]
    assert run("c1", "--format", "bibtex")[1].startswith("@misc{office-2023-")
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
