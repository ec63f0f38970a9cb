"""Every command as scripts and persons use it: what it prints, in which form, with which code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from e2e_helpers import Command, Ran
from public_form import RECORD, STATUS, assert_answer, assert_fields, assert_hits
from small_index import READOUTS, readout

import assistant


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--issuer", "Kremlin"], {"kremlin-call"}),
        (["--kind", "visit"], {"japan-visit"}),
        (["--party", "Japan", "--from", "2023"], {"japan-call"}),
        (["--party", "Japan", "--to", "2022"], {"japan-visit"}),
        (["--party", "Japan", "--party", "Okafor"], {"japan-visit"}),
        (["--from", "2023-03", "--to", "2023-03-04"], {"kremlin-call"}),
        (["--kind", "meeting", "--kind", "statement"], {"germany-meeting", "nato-meeting", "elysee-statement"}),
    ],
)
def test_filters_given_as_options_leave_only_what_fits(
    small: Command, arguments: list[str], expected: set[str]
) -> None:
    assert {record["doc_id"] for record in small("list", *arguments, "--json").lines()} == expected
    assert {hit["doc_id"] for hit in small("search", "they spoke", *arguments, "--json").json()["hits"]} == expected
    answer = small("ask", "what did they say of the pipeline and the barges?", *arguments, "--json").json()
    assert {hit["doc_id"] for hit in answer["hits"]} == expected
    assert {citation["doc_id"] for citation in answer["citations"]} <= expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("issuer:Kremlin", {"kremlin-call"}),
        ("kind:visit", {"japan-visit"}),
        ("party:Japan from:2023", {"japan-call"}),
        ("party:Japan to:2022", {"japan-visit"}),
        ('"Vistula protocol"', {"germany-meeting"}),
    ],
)
def test_filters_typed_in_a_question_leave_only_what_fits(small: Command, typed: str, expected: set[str]) -> None:
    found = small("search", f"they spoke {typed}", "--json").json()
    assert {hit["doc_id"] for hit in found["hits"]} == expected
    answer = small("ask", f"what did they speak about {typed}", "--json").json()
    assert {hit["doc_id"] for hit in answer["hits"]} == expected


def test_filters_are_told_back_in_the_public_form(small: Command) -> None:
    ask = (
        "ask",
        "grain party:Germany",
        "--from",
        "2023",
        "--to",
        "2023-02",
        "--issuer",
        "White House",
        "--kind",
        "meeting",
    )
    filters = small(*ask, "--json").json()["filters"]
    assert filters == {
        "from": "2023-01-01",
        "to": "2023-02-28",
        "parties": ["Germany"],
        "issuers": ["White House"],
        "kinds": ["meeting"],
    }


def test_the_limit_bounds_the_passages_that_are_carried_along(small: Command) -> None:
    assert len(small("search", "they spoke", "-n", 3, "--json").json()["hits"]) == 3
    assert len(small("ask", "who spoke of the pipeline?", "--limit", 2, "--json").json()["hits"]) == 2
    assert len(small("list", "--limit", 2, "--json").lines()) == 2


def test_a_search_prints_whole_passages_and_in_json_their_public_form(small: Command) -> None:
    text = small("search", "undersea cables")
    assert "They discussed undersea cables. Mr. Whitlock asked the allies to map every cable by spring." in text.out
    found = small("search", "undersea cables", "--json").json()
    assert set(found) == {"query", "filters", "hits", "seconds"}
    assert_hits(found["hits"])
    assert found["hits"][0]["doc_id"] == "nato-meeting"


def test_offsets_count_code_points(cli: Command, tmp_path: Path) -> None:
    folder = tmp_path / "odd"
    folder.mkdir()
    text = "𝄞𝄞 Élodie spoke in São Tomé 🎻. The envoys praised the 🎼 orchestra of Ālsund. They left."
    (folder / "odd.md").write_text(readout("Élodie 𝄞 meets Quist", text), encoding="utf-8")
    cli("index", folder)
    answer = cli("ask", "Who praised the orchestra?", "--json").json()
    assert_answer(answer)
    assert "🎼 orchestra" in answer["citations"][0]["quote"]
    assert answer["citations"][0]["start"] > 0


@pytest.mark.parametrize("command", ["ask", "search"])
def test_explain_shows_the_score_of_every_stage(small: Command, command: str) -> None:
    explained = small(command, "who sends mobile bridges?", "--explain")
    for word in ("full_text", "paragraph", "sentence", "fused", "ukraine-call ¶0", "bridges"):
        assert word in explained.out
    assert "full_text" not in small(command, "who sends mobile bridges?").out


def test_a_listing_shows_one_whole_line_a_readout_the_latest_first(small: Command) -> None:
    ran = small("list")
    lines = ran.out.splitlines()[1:]
    assert [line.split()[-1] for line in lines][:2] == ["qatar-call", "japan-call"]
    assert len(lines) == len(READOUTS)
    assert ran.err == f"{len(READOUTS)} readouts\n"
    for record in small("list", "--json").lines():
        assert_fields(record, RECORD)


def test_a_readout_is_shown_whole_with_its_facts(small: Command) -> None:
    text = small("show", "germany-meeting").out
    for words in (
        "President Tolliver Meets Chancellor Brandt",
        "2023-01-16",
        "meeting",
        "Lena Brandt (",
        "nine tenths full.",
    ):
        assert words in text
    shown = small("show", "germany-meeting", "--json").json()
    assert_fields(shown, RECORD | {"text": str, "passages": list, "note": str})
    assert [shown["text"][p["start"] : p["end"]] for p in shown["passages"]] == [p["text"] for p in shown["passages"]]


def test_removing_takes_readouts_out_and_leaves_their_files(small: Command, corpus: Path) -> None:
    assert small("remove", "qatar-call", "kremlin-call", "--json").json() == {"removed": 2}
    left = {record["doc_id"] for record in small("list", "--json").lines()}
    assert left == {Path(name).stem for name in READOUTS} - {"qatar-call", "kremlin-call"}
    assert (corpus / "qatar-call.md").exists()
    assert "lagoon" not in json.dumps(small("search", "lagoon ceasefire", "--json").json()["hits"])
    assert small("remove", "nato-meeting").out == "1 removed\n"


def test_removing_an_unknown_id_removes_none_of_those_named(small: Command) -> None:
    ran = small("remove", "qatar-call", "no-such")
    assert (ran.code, ran.out) == (1, "")
    assert "no-such" in ran.err
    assert small("status", "--json").json()["documents"] == len(READOUTS)


def test_a_changed_a_new_and_a_lost_file_change_just_that(small: Command, corpus: Path) -> None:
    (corpus / "qatar-call.md").unlink()
    (corpus / "new.md").write_text(readout("A new one", "Minister Quist met Minister Oyelaran about kelp."))
    changed = corpus / "nato-meeting.md"
    changed.write_text(changed.read_text().replace("undersea cables", "satellites"))
    report = small("index", corpus, "--json").json()
    assert (report["added"], report["updated"], report["removed"], report["unchanged"]) == (1, 1, 1, len(READOUTS) - 2)
    assert small("search", "satellites", "--json").json()["hits"][0]["doc_id"] == "nato-meeting"


def test_the_status_counts_in_numbers_and_names_model_and_place(small: Command, tmp_path: Path) -> None:
    status = small("status", "--json").json()
    assert_fields(status, STATUS | {"from": str, "to": str})
    assert (status["documents"], status["from"], status["to"]) == (len(READOUTS), "2021-11-10", "2023-10-13")
    assert status["path"] == str(tmp_path / "built")
    text = small("status").out
    assert ["documents:", str(len(READOUTS))] in [line.split() for line in text.splitlines()]
    assert "Kremlin (President of Russia)" in text


def test_a_named_conversation_is_kept_and_found_by_its_words(small: Command) -> None:
    small("ask", "Which protocol did Brandt agree on?", "--conversation", "talk-1")
    followed = small("ask", "and on gas?", "--conversation", "talk-1", "--json").json()
    assert followed["conversation"] == "talk-1"
    (talk,) = small("history", "--json").lines()
    assert_fields(talk, {"id": str, "title": str, "started_at": str, "turns": int})
    assert (talk["id"], talk["title"], talk["turns"]) == ("talk-1", "Which protocol did Brandt agree on?", 2)
    assert "talk-1" in small("history", "protocol").out
    assert small("history", "zeppelin").out == ""
    assert small("history", "zeppelin", "--json").out == ""


def test_a_question_without_a_conversation_is_kept_nowhere(small: Command) -> None:
    small("ask", "Which protocol did Brandt agree on?")
    assert small("history").out == ""


def test_the_configuration_tells_each_value_and_where_it_came_from(
    cli: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tmp_path / "settings.toml"
    settings.write_text('limit = 7\nmodel = "some/folder"\n')
    monkeypatch.setenv("READOUTS_SETTINGS", str(settings))
    monkeypatch.setenv("READOUTS_LIMIT", "5")
    found = cli("config", "--json").json()
    assert found["limit"] == {"value": "5", "origin": "READOUTS_LIMIT"}
    assert found["model"] == {"value": "some/folder", "origin": str(settings)}
    assert found["index"] == {"value": str(tmp_path / "built"), "origin": "READOUTS_INDEX"}
    assert found["history"]["origin"] == "default"
    text = cli("config").out
    assert "READOUTS_LIMIT" in text
    assert f"settings file: {settings}\n" in text
    monkeypatch.setenv("READOUTS_SETTINGS", str(tmp_path / "gone.toml"))
    assert f"{tmp_path / 'gone.toml'}  (not there; readouts config --init writes it)" in cli("config").out


def test_the_configuration_refuses_keys_that_the_chat_would_refuse(
    cli: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tmp_path / "settings.toml"
    monkeypatch.setenv("READOUTS_SETTINGS", str(settings))
    settings.write_text('[keys]\nchat.new = "f9"\n')
    assert f"keys     chat.new = f9  [{settings}]" in cli("config").out
    for line, complaint in (
        ('chat.knew = "f9"', "Did you mean “chat.new”?"),
        ('chat.new = "f99"', "“f99”, which is not a key"),
        ('chat.new = "ctrl+q"', "but “app.quit” has it"),
    ):
        settings.write_text(f"[keys]\n{line}\n")
        refused = cli("config")
        assert (refused.code, refused.out) == (2, "")
        assert complaint in refused.err
    assert cli("config", "--path").code == 0  # whoever is to mend the file must find it


def test_the_configuration_shows_an_option_and_where_the_file_is_and_writes_one(
    cli: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "own" / "settings.toml"
    monkeypatch.setenv("READOUTS_SETTINGS", str(file))
    found = cli("config", "--index", tmp_path / "given", "--engine", "reference", "--json").json()
    assert found["index"] == {"value": str(tmp_path / "given"), "origin": "--index"}
    assert found["engine"] == {"value": "reference", "origin": "--engine"}
    assert cli("config", "--path") == Ran(0, f"{file}\n", "")
    assert not file.exists()
    assert cli("config", "--init", "--json").json() == {"path": str(file)}
    assert "# limit = 10" in file.read_text()
    again = cli("config", "--init")
    assert (again.code, again.out) == (2, "")
    assert "is there already" in again.err
    assert cli("config", "--path", "--init").code == 2


def test_an_option_beats_a_variable_which_beats_the_settings_file(
    small: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tmp_path / "settings.toml"
    settings.write_text("limit = 3\n")
    monkeypatch.setenv("READOUTS_SETTINGS", str(settings))
    assert len(small("search", "they spoke", "--json").json()["hits"]) == 3
    monkeypatch.setenv("READOUTS_LIMIT", "2")
    assert len(small("search", "they spoke", "--json").json()["hits"]) == 2
    assert len(small("search", "they spoke", "--json", "--limit", 1).json()["hits"]) == 1


def test_quiet_leaves_data_and_drops_notes(small: Command, corpus: Path) -> None:
    assert small("index", corpus, "--quiet") == Ran(0, "", "")
    ran = small("list", "--quiet")
    assert (len(ran.out.splitlines()), ran.err) == (len(READOUTS) + 1, "")
    assert small("search", "grain from:2030", "--quiet") == Ran(0, "", "")


def test_finding_nothing_is_valid_json_and_no_failure(small: Command) -> None:
    answer = small("ask", "grain", "--from", "2030", "--json").json()
    assert_answer(answer)
    assert (answer["status"], answer["citations"], answer["hits"], answer["text"]) == ("abstained", [], [], "")
    assert small("search", "grain", "--from", "2030", "--json").json()["hits"] == []
    assert small("list", "--from", "2030", "--json") == Ran(0, "", "")
    assert small("list", "--from", "2030") == Ran(0, "", "0 readouts\n")


def test_questions_of_a_file_are_answered_in_order(small: Command, tmp_path: Path) -> None:
    file = tmp_path / "questions.txt"
    file.write_text('Who promised barges?\n\n{"id": "b", "question": "Who sends bridges?"}\n', encoding="utf-8")
    answers = small("ask", "--file", file, "--json").lines()
    assert [(a["id"], a["question"]) for a in answers] == [(None, "Who promised barges?"), ("b", "Who sends bridges?")]
    text = small("ask", "--file", file).out
    assert text.index("> Who promised barges?") < text.index("> Who sends bridges?")


def test_the_version_is_printed(cli: Command) -> None:
    assert cli("--version").out.strip().endswith(assistant.__version__)


@pytest.mark.parametrize(
    ("arguments", "begins"),
    [
        (
            ("ask", "Who promised barges?"),
            {"csv": "question,", "markdown": "# Who promised barges?", "bibtex": "@misc{"},
        ),
        (("search", "barges"), {"csv": "rank,", "markdown": "# barges", "ris": "TY  - ", "csl-json": "["}),
        (("list", "--party", "Japan"), {"csv": "doc_id,", "html": "<!doctype html>", "bibtex": "@misc{"}),
    ],
)
def test_answers_searches_and_lists_are_printed_or_written_in_every_form(
    small: Command, tmp_path: Path, arguments: tuple[str, ...], begins: dict[str, str]
) -> None:
    for form, head in begins.items():
        printed = small(*arguments, "--format", form)
        assert printed.out.startswith(head)
        path = tmp_path / f"out.{form}"
        assert small(*arguments, "--format", form, "--output", path) == Ran(0, "", f"Wrote {path}\n")
        assert path.read_text(encoding="utf-8").removeprefix("\ufeff") == printed.out
    json_form, json_option = (small(*arguments, *more).out for more in (("--format", "json"), ("--json",)))
    assert [line.partition('"seconds"')[0] for line in json_form.splitlines()] == [
        line.partition('"seconds"')[0] for line in json_option.splitlines()
    ]


def test_many_answers_are_one_file_and_a_bad_file_is_refused_before_the_work(small: Command, tmp_path: Path) -> None:
    file = tmp_path / "questions.txt"
    file.write_text("Who promised barges?\nWho sends bridges?\n", encoding="utf-8")
    page = small("ask", "--file", file, "--format", "markdown").out
    assert "## 1. Who promised barges?" in page
    assert "## 2. Who sends bridges?" in page
    ran = small("ask", "--file", tmp_path / "questions.txt", "--output", file)
    assert (ran.code, ran.out) == (1, "")
    assert "stands for no form of export" in ran.err
    ran = small("ask", "x", "--format", "csv", "--output", file)
    assert (ran.code, "is there already" in ran.err) == (1, True)
    assert small("ask", "x", "--json", "--format", "csv").code == 2
    for command in ("ask", "search"):
        assert small(command, "x", "--explain", "--format", "csv").code == 2


def test_options_before_a_command_are_the_commands(small: Command, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "kelp.md").write_text(readout("Call on kelp", "They spoke of kelp."))
    assert small("--index", tmp_path / "kelp", "index", tmp_path / "other").code == 0
    assert [one["doc_id"] for one in small("--index", tmp_path / "kelp", "list", "--json").lines()] == ["kelp"]
    assert small("--index", tmp_path / "kelp", "status", "--json").json()["path"] == str(tmp_path / "kelp")
    assert len(small("list", "--json").lines()) == len(READOUTS)
    assert small("--index", tmp_path / "no", "status", "--index", tmp_path / "kelp", "--json").json()["documents"] == 1
    assert small("--index", tmp_path / "kelp", "watch", "add", "kelp", "kelp", "--json").json()["matching"] == 1
    assert small("--conversation", "c", "ask", "Who promised barges?", "--json").json()["conversation"] == "c"
    assert small("--engine", "reference", "status", "--json").json()["engine"] == "sentence-transformers"
