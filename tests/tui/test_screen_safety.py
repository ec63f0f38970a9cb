"""No text of a document, a question or a file acts on the terminal, or is lost."""

from __future__ import annotations

import datetime as dt
import gzip
import os
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tui_fakes import FakeBackend, make_readout
from tui_helpers import ask, chat, click, lines, said, until

from assistant.datatypes import Status
from assistant.filter_words import read_filters
from assistant.tui import clipboard, external, places, state, texts
from assistant.tui.app import ReadoutsApp
from assistant.tui.themes import THEMES
from assistant.understanding import understand
from index.datatypes import Filters
from index.facts.directory import Directory

NASTY = (
    "[red]x[/]",
    "[@click=app.quit]quit[/]",
    "\x1b[31mred\x1b[0m",
    "\x1b]52;c;aGk=\x07",
    "\x9b2J",
    "a\rb\x08\x00",
    "\u202eevil\u2066",
    "[/]",
    "$accent [link=x]",
    "\ud800",
)
_ACTING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@given(st.text())
def test_harmless_text_has_the_same_length_and_nothing_that_acts(text: str) -> None:
    assert len(texts.plain(text)) == len(text)
    assert not _ACTING.search(texts.plain(text))
    assert "\n" not in texts.line(text)
    texts.plain(text).encode("utf-8")


@given(st.text())
def test_the_folded_form_for_finding_has_the_same_length(text: str) -> None:
    assert len(texts.alike(text)) == len(text)


def test_ordinary_text_of_any_script_is_left_as_it_is() -> None:
    text = "Zelenskyy’s “visit” – 東京 සිංහල தமிழ் العربية Кирилица\nnext"
    assert texts.plain(text) == text


@pytest.mark.parametrize("theme", [theme.name for theme in THEMES])
async def test_nasty_titles_quotes_and_questions_are_shown_and_never_obeyed(theme: str) -> None:
    readouts = [
        make_readout(
            n + 1,
            title=f"Title {nasty}",
            paragraphs=(f"Before {nasty} after.", f"Quote {nasty} end."),
            url=f"https://x/{nasty}",
        )
        for n, nasty in enumerate(NASTY)
    ]
    app = ReadoutsApp(FakeBackend(readouts))
    async with app.run_test(size=(120, 40)) as pilot:
        app.theme = theme
        for nasty in NASTY[:4]:
            screen = await ask(pilot, f"what of {nasty} filters")
        await ask(pilot, "list filters")
        for _ in range(len(NASTY)):
            await pilot.press("alt+n")
            await pilot.pause(0.02)
        svg = app.export_screenshot()
        assert not _ACTING.search(svg.replace("\n", ""))
        assert "what of [red]x[/] filters" in said(screen)
        assert "what of [@click=app.quit]quit[/] filters" in said(screen)
        assert not _ACTING.search(said(screen).replace("\n", ""))
        for key in ("ctrl+b", "escape", "ctrl+r"):
            await pilot.press(key)
            await pilot.pause(0.1)
            assert not _ACTING.search(app.export_screenshot().replace("\n", ""))
        assert app.is_running


async def test_a_click_on_words_that_look_like_an_action_opens_the_quote_and_nothing_else() -> None:
    words = "[@click=app.quit]quit[/]"
    app = ReadoutsApp(FakeBackend([make_readout(1, paragraphs=(words, words))]))
    async with app.run_test(size=(120, 40)) as pilot:
        await ask(pilot, "x")
        await click(pilot, "quit")
        await until(pilot, lambda: chat(pilot).reading.body.has_focus)
        assert app.is_running


async def test_no_colour_is_honoured_and_support_and_marks_are_words_and_signs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = ReadoutsApp(FakeBackend())
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await ask(pilot, "filters")
        await pilot.press("tab")
        assert app.no_color
        assert "●●● Well supported" in said(screen)
        assert any(line.lstrip().startswith("▸ 1  “The two") for line in lines(screen))


# Copying


def test_the_clipboard_program_of_a_desktop_is_tried_first(tmp_path: Path) -> None:
    program = tmp_path / "bin" / "xclip"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\ncat > {tmp_path}/got\n")
    program.chmod(0o755)
    sent: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
        note, done = clipboard.copy("words", sent.append, environment={"DISPLAY": ":0"}, folder=tmp_path)
    assert (note, done, sent) == ("Copied with xclip.", True, [])
    assert (tmp_path / "got").read_text() == "words"


def test_over_ssh_the_terminal_is_asked_and_a_file_kept(tmp_path: Path) -> None:
    sent: list[str] = []
    note, done = clipboard.copy("words", sent.append, environment={"SSH_TTY": "x", "DISPLAY": ":0"}, folder=tmp_path)
    assert done
    assert "OSC 52" in note
    assert sent == ["words"]
    (written,) = tmp_path.iterdir()
    assert str(written) in note
    assert written.read_text() == "words"


def test_in_a_browser_its_own_clipboard_is_asked_whatever_this_machine_has(tmp_path: Path) -> None:
    sent: list[str] = []
    desktop = {"DISPLAY": ":0", "TERM": "linux"}
    note, done = clipboard.copy("words", sent.append, environment=desktop, folder=tmp_path, browser=True)
    assert done
    assert note.startswith("Sent to the browser's clipboard. In case it does not take it: ")
    assert sent == ["words"]


def test_a_terminal_without_a_clipboard_gets_a_file_alone(tmp_path: Path) -> None:
    sent: list[str] = []
    note, done = clipboard.copy("words", sent.append, environment={"SSH_TTY": "x", "TERM": "linux"}, folder=tmp_path)
    assert done
    assert sent == []
    assert "written to" in note


def test_where_nothing_works_it_says_so(tmp_path: Path) -> None:
    note, done = clipboard.copy("words", print, environment={"SSH_TTY": "x", "TERM": "dumb"}, folder=tmp_path / "gone")
    assert not done
    assert note.startswith("Not copied")


def test_a_citation_without_address_names_the_title() -> None:
    readout = make_readout(1, title="A [b] title", url="")
    words = texts.citation_markdown("Quote\nof two lines.", readout.source, readout.facts)
    assert words.startswith("> Quote of two lines.\n\n— Foreign Ministry (Nordland), “A \\[b\\] title”")


def test_nothing_of_a_citation_that_is_copied_acts_where_it_is_pasted() -> None:
    acts = "![a](http://evil.example/x) <img src=x> `x` [y](javascript:z)"
    readout = make_readout(1, title="x\\](http://evil.example) [y", url="https://a.b/c)d<e>")
    words = texts.citation_markdown(acts, replace(readout.source, issuer=acts), readout.facts)
    assert re.findall(r"(?<!\\)(?:\\\\)*\]\(([^)\s]*)", words) == ["<https://a.b/c"]
    assert "[x\\\\\\](http://evil.example) \\[y](<https://a.b/c)d%3Ce%3E>)" in words
    assert not re.search(r"(?<!\\)(?:\\\\)*(?:!\[|`|<(?!https))", words.replace("!\\[", ""))
    assert "](" not in texts.citation_markdown("x", make_readout(1, url="javascript:alert(1)").source, readout.facts)


# Programs of the reader


def test_the_pager_gets_text_without_escapes(tmp_path: Path) -> None:
    readout = make_readout(1, title="T\x1b[31m", paragraphs=("a\x1b]52;c;x\x07b",))
    assert not _ACTING.search(external.as_text(readout).replace("\n", ""))
    script = tmp_path / "show"
    script.write_text(f'#!/bin/sh\ncp "$1" {tmp_path}/seen\nexit 3\n')
    script.chmod(0o755)
    assert external.run_on_text([str(script)], external.as_text(readout)) == 3
    assert "a␛]52;c;x␇b" in (tmp_path / "seen").read_text(encoding="utf-8")


def test_the_first_variable_set_names_the_program() -> None:
    assert external.command(("ONE", "TWO"), ("sh",), {"TWO": "cat -n"}) == ["cat", "-n"]
    assert external.command(("ONE",), ("no-such-program", "sh"), {"ONE": "no-such-program"}) == ["sh"]
    assert external.command(("ONE",), (), {}) is None


def test_an_editor_gets_texts_from_the_disk_and_is_told_why_it_cannot_have_others(tmp_path: Path) -> None:
    for name, content in {
        "a.md": "Ünal met Søren.\n".encode(),
        "b.txt": "\ufeffÜnal".encode("utf-16"),
        "c.pdf": b"%PDF-1.7\n",
        "d.md.gz": gzip.compress(b"text"),
        "e.eml": b"From: a\n\nb\x00",
    }.items():
        (tmp_path / name).write_bytes(content)
    os.mkfifo(tmp_path / "f.md")
    assert not external.why_no_file(str(tmp_path / "a.md"))
    assert not external.why_no_file(str(tmp_path / "b.txt"))
    for name in ("c.pdf", "d.md.gz", "e.eml"):
        assert "is no text" in external.why_no_file(str(tmp_path / name))
    assert external.why_no_file(f"{tmp_path}/talks.zip!/may/a.md") == f"It lies within {tmp_path}/talks.zip."
    for name in ("f.md", "gone.md"):
        assert "is no longer there" in external.why_no_file(str(tmp_path / name))
    assert external.why_no_file("") == "It names no file."


# Remembering


def test_a_broken_file_of_remembered_things_is_as_none(tmp_path: Path) -> None:
    path = tmp_path / "screen.json"
    for words in ("{", "[]", '{"questions": 3, "theme": 1}'):
        path.write_text(words)
        assert state.read(path).questions == ()
    assert not state.write(tmp_path, state.Remembered(theme="ink"))


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    kept = state.Remembered(theme="paper").asked("one").asked("two").asked("one")
    assert state.write(tmp_path / "a" / "screen.json", kept)
    assert state.read(tmp_path / "a" / "screen.json") == state.Remembered(theme="paper", questions=("two", "one"))


# Chips


@given(
    st.builds(
        Filters,
        parties=st.lists(st.sampled_from(["a", "b"]), unique=True),
        issuers=st.lists(st.sampled_from(["i", "j"]), unique=True),
        kinds=st.lists(st.sampled_from(["call", "visit"]), unique=True),
        date_from=st.sampled_from([None, "2023"]),
    )
)
def test_dropping_every_chip_leaves_no_filter_and_their_union_is_the_whole(filters: Filters) -> None:
    left, dropped = filters, Filters()
    for chip in places.chips(filters, typed=True):
        left, dropped = left - chip.part, places.together(dropped, chip.part)
    assert not left
    assert dropped == filters


def test_days_are_said_as_short_as_they_can_be() -> None:
    def said_of(first: str | None, last: str | None) -> str:
        filters = Filters(date_from=first, date_to=last)
        return texts.days(filters.date_from, filters.date_to)

    assert said_of("2023", "2023") == "2023"
    assert said_of("2022", "2023") == "2022–2023"
    assert said_of("2023-05", "2023-05") == "May 2023"
    assert said_of("2023-05", "2023-06") == "May 2023 – Jun 2023"
    assert said_of("2023-05-04", "2023-05-04") == "4 May 2023"
    assert said_of("2023-05-04", None) == "since 4 May 2023"
    assert said_of(None, "2023-05-04") == "until 4 May 2023"
    assert said_of(None, None) == "any date"


def test_a_month_that_was_guessed_is_said_as_it_was_named() -> None:
    understood = understand("talks in December 2021", today=dt.date(2024, 1, 1), directory=Directory())
    assert [chip.label for chip in places.chips(understood.preferred, typed=False)] == ["Dec 2021"]
    assert understood.preferred.date_to == dt.date(2022, 1, 1)
    typed = Filters(date_from="2021-12-01", date_to="2022-01-01")
    assert [chip.label for chip in places.chips(typed, typed=True)] == ["1 Dec 2021 – 1 Jan 2022"]


def test_support_is_told_in_words_signs_and_a_number() -> None:
    answer = FakeBackend().answer("ferry")
    for support, mark, words in (
        (0.9, "●●●", "Well supported (0.90)"),
        (0.6, "●●○", "Fairly supported (0.60)"),
        (0.2, "●○○", "Weakly supported (0.20)"),
    ):
        assert texts.support_mark(replace(answer, support=support))[:2] == (mark, words)
    partial = texts.support_mark(replace(answer, support=0.9, status=Status.PARTIAL))
    assert partial[:2] == ("●●○", "Partly supported (0.90)")
    assert texts.support_mark(FakeBackend().answer("silent"))[1] == "The readouts do not say"


def test_a_dropped_filter_word_leaves_the_question_and_the_others_stay() -> None:
    question = 'party:"Port Sael" ferry from:2023-05 to:2023-06 at 10:30 kind:call'
    by_label = {chip.label: chip.part for chip in places.chips(read_filters(question).filters, typed=True)}
    assert list(by_label) == ["May 2023 – Jun 2023", "Port Sael", "calls"]
    assert places.without_words(question, by_label["Port Sael"]) == "ferry from:2023-05 to:2023-06 at 10:30 kind:call"
    assert (
        places.without_words(question, by_label["calls"]) == 'party:"Port Sael" ferry from:2023-05 to:2023-06 at 10:30'
    )
    assert (
        places.without_words(question, by_label["May 2023 – Jun 2023"]) == 'party:"Port Sael" ferry at 10:30 kind:call'
    )
