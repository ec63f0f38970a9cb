"""Every key does what help and palette say, and neither leaves one out."""

from __future__ import annotations

import inspect
import webbrowser
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from textual.binding import Binding
from tui_fakes import FakeBackend
from tui_helpers import ask, chat, said, until

from assistant.tui import app as app_module
from assistant.tui import (
    browse,
    clipboard,
    conversation,
    dialogs,
    external,
    facets,
    helping,
    history,
    indexing,
    paragraph,
    question,
    reading,
    related_list,
    sources,
    table,
)
from assistant.tui import chat as chat_module
from assistant.tui.app import ReadoutsApp
from assistant.tui.exchange import Exchange
from assistant.tui.greeting import Greeting
from assistant.tui.keymap import COMMANDS, Part, commands
from assistant.tui.palette import ActionsProvider
from assistant.tui.why import STAGES
from index.fusion import Weights

SIZES = [(80, 24), (120, 40), (200, 50)]
OWNERS: tuple[Any, ...] = (
    app_module.ReadoutsApp,
    chat_module.ChatScreen,
    question.QuestionBox,
    conversation.ConversationView,
    sources.SourcesList,
    reading.ReadingText,
    related_list.RelatedList,
    paragraph.FindBox,
    browse.BrowseScreen,
    table.RecordTable,
    facets.FacetList,
    indexing.IndexScreen,
    indexing.SkippedList,
    history.HistoryScreen,
    history.ConversationList,
    dialogs.Dialog,
    helping.HelpScreen,
)


def test_every_binding_of_every_part_comes_from_the_table() -> None:
    ids = {command.id for command in COMMANDS}
    assert len(ids) == len(COMMANDS)
    for owner in OWNERS:
        for binding in owner.__dict__["BINDINGS"]:
            assert isinstance(binding, Binding)
            assert binding.id is not None
            assert binding.id.rsplit(".", 1)[0] in ids or binding.id in ids, (owner, binding)


def test_every_action_of_the_table_is_a_method_of_its_part() -> None:
    parts = {Part.APP: app_module.ReadoutsApp} | {o.PART: o for o in OWNERS if getattr(o, "PART", None)}
    for command in COMMANDS:
        name = command.action.partition("(")[0]
        owner = parts[command.part]
        if name.startswith("screen."):
            owner = {Part.CONVERSATION: chat_module.ChatScreen, Part.HISTORY_LIST: history.HistoryScreen}[command.part]
        assert inspect.isfunction(getattr(owner, f"action_{name.removeprefix('screen.')}", None)), command


@pytest.mark.parametrize("part", list(Part))
def test_help_on_a_part_names_all_its_commands_and_those_that_work_anywhere(part: Part) -> None:
    listed = {command.id for _, found in helping.help_rows(part) for command in found}
    assert {c.id for c in commands(part)} <= listed
    assert {c.id for c in commands(Part.APP)} <= listed


@pytest.mark.parametrize("part", [Part.QUESTION, Part.CONVERSATION, Part.SOURCES, Part.READING, Part.FIND])
def test_help_on_the_main_screen_names_what_works_on_all_of_it(part: Part) -> None:
    listed = {command.id for _, found in helping.help_rows(part) for command in found}
    assert {c.id for c in commands(Part.CHAT)} <= listed


async def test_the_palette_offers_every_command_of_the_main_screen() -> None:
    async with ReadoutsApp(FakeBackend()).run_test(size=(120, 40)) as pilot:
        screen = await ask(pilot, "filters of the ferry")
        await pilot.press("tab", "1", "slash")
        offered = {name: about for name, about, _ in ActionsProvider(screen).offered()}
        parts = (Part.APP, Part.CHAT, Part.QUESTION, Part.CONVERSATION, Part.SOURCES, Part.READING, Part.FIND)
        for command in COMMANDS:
            if command.part in parts and command.id != "chat.cite_typing":
                assert any(command.help in about for about in offered.values()), command.id


@pytest.mark.parametrize(
    ("key", "parts"),
    [
        ("ctrl+b", (Part.BROWSE, Part.TABLE, Part.FACETS)),
        ("ctrl+r", (Part.HISTORY, Part.HISTORY_LIST)),
    ],
)
async def test_the_palette_offers_every_command_of_the_other_screens(key: str, parts: tuple[Part, ...]) -> None:
    async with ReadoutsApp(FakeBackend()).run_test(size=(120, 40)) as pilot:
        await ask(pilot, "ferry")
        await pilot.press(key)
        await until(pilot, lambda: pilot.app.screen is not chat(pilot))
        await pilot.pause(0.1)
        offered = {about for _, about, _ in ActionsProvider(pilot.app.screen).offered()}
        for command in COMMANDS:
            if command.part in parts:
                assert any(command.help in about for about in offered), command.id


async def test_an_action_chosen_in_the_palette_is_done() -> None:
    async with ReadoutsApp(FakeBackend()).run_test(size=(120, 40)) as pilot:
        screen = await ask(pilot, "ferry")
        await pilot.press("ctrl+p")
        await pilot.pause(0.2)
        await pilot.press(*"new conv")
        await pilot.pause(0.5)
        await pilot.press("enter")
        await until(pilot, lambda: screen.exchange is None)
        assert screen.conversation.exchanges == []


# The question box


async def test_enter_sends_and_ctrl_j_breaks_the_line_and_a_paste_never_sends() -> None:
    backend = FakeBackend()
    async with ReadoutsApp(backend).run_test(size=(80, 24)) as pilot:
        screen = chat(pilot)
        from textual import events

        await pilot.press("a", "ctrl+j", "b", "alt+enter", "c")
        assert screen.question.text == "a\nb\nc"
        screen.question.post_message(events.Paste("x\r\ny\x1b[31m\n"))
        await pilot.pause()
        assert screen.question.text == "a\nb\ncx\ny[31m"
        assert backend.asked == []
        await pilot.press("enter")
        await until(pilot, lambda: len(backend.asked) == 1)
        assert backend.asked[0]["question"] == "a\nb\ncx\ny[31m"
        assert screen.question.text == ""


async def test_enter_never_overtakes_the_letters_before_it() -> None:
    from textual import events

    backend = FakeBackend()
    async with ReadoutsApp(backend).run_test(size=(80, 24)) as pilot:
        for key in [*"ferry", "enter", *"next"]:
            pilot.app.post_message(events.Key(key, "\r" if key == "enter" else key))
        await until(pilot, lambda: backend.asked)
        assert backend.asked[0]["question"] == "ferry"
        assert chat(pilot).question.text == "next"


async def test_up_and_down_fetch_earlier_questions_and_keep_the_draft() -> None:
    async with ReadoutsApp(FakeBackend()).run_test(size=(80, 24)) as pilot:
        screen = await ask(pilot, "one")
        await ask(pilot, "two")
        await pilot.press(*"draft", "up")
        assert screen.question.text == "two"
        await pilot.press("up")
        assert screen.question.text == "one"
        await pilot.press("down", "down")
        assert screen.question.text == "draft"


async def test_escape_empties_the_box_and_up_brings_the_words_back() -> None:
    async with ReadoutsApp(FakeBackend()).run_test(size=(80, 24)) as pilot:
        screen = chat(pilot)
        await pilot.press(*"draft", "escape")
        assert screen.question.text == ""
        await pilot.press("up")
        assert screen.question.text == "draft"


async def test_pages_scroll_the_conversation_from_the_question_box() -> None:
    async with ReadoutsApp(FakeBackend()).run_test(size=(80, 24)) as pilot:
        screen = await ask(pilot, "one")
        await ask(pilot, "two")
        await until(pilot, lambda: screen.conversation.scroll_offset.y > 0)
        y = screen.conversation.scroll_offset.y
        await pilot.press("pageup")
        await until(pilot, lambda: screen.conversation.scroll_offset.y < y)
        higher = screen.conversation.scroll_offset.y
        await pilot.press("pagedown")
        await until(pilot, lambda: screen.conversation.scroll_offset.y > higher)
        assert screen.question.has_focus


# Quotes


@pytest.mark.parametrize("size", SIZES)
async def test_digits_open_quotes_and_escape_backs_out_to_the_question(size: tuple[int, int]) -> None:
    async with ReadoutsApp(FakeBackend()).run_test(size=size) as pilot:
        screen = await ask(pilot, "ferry")
        await pilot.press("tab", "3")
        await until(pilot, lambda: screen.reading.readout and screen.reading.readout.source.doc_id == "doc-3")
        assert screen.reading.body.has_focus
        assert screen.reading.region.area > 0
        for _ in range(3):
            await pilot.press("escape")
        assert screen.question.has_focus
        assert screen.conversation.region.area > 0


async def test_alt_and_a_digit_open_a_quote_while_typing_and_a_digit_alone_is_text() -> None:
    async with ReadoutsApp(FakeBackend()).run_test(size=(120, 40)) as pilot:
        screen = await ask(pilot, "ferry")
        await pilot.press("2")
        assert screen.question.text == "2"
        await pilot.press("alt+2")
        await until(pilot, lambda: screen.reading.readout and screen.reading.readout.source.doc_id == "doc-2")
        assert screen.question.text == "2"


@pytest.mark.parametrize("size", SIZES)
async def test_n_and_p_go_through_the_passages_of_the_answer(size: tuple[int, int]) -> None:
    async with ReadoutsApp(FakeBackend()).run_test(size=size) as pilot:
        screen = await ask(pilot, "ferry")
        await pilot.press("tab", "1", "n")
        await until(pilot, lambda: screen.reading.place and screen.reading.place.number == 2)
        await pilot.press("n", "n")
        await until(pilot, lambda: screen.reading.place and screen.reading.place.number == 0)
        await pilot.press("p", "p")
        await until(pilot, lambda: screen.reading.place and screen.reading.place.number == 2)


async def test_y_copies_unwrapped_markdown_and_says_how(monkeypatch: pytest.MonkeyPatch) -> None:
    copied: list[str] = []

    def pigeon(text: str, osc52: object) -> tuple[str, bool]:
        copied.append(text)
        return "Copied with a pigeon.", True

    monkeypatch.setattr(clipboard, "copy", pigeon)
    async with ReadoutsApp(FakeBackend()).run_test(size=(120, 40)) as pilot:
        await ask(pilot, "ferry")
        await pilot.press("tab", "y")
        await until(pilot, lambda: any("pigeon" in n.message for n in pilot.app._notifications))
    assert copied == [
        "> The two ministers agreed to reopen the Sael ferry line before the end of the summer.\n\n"
        "— Foreign Ministry (Nordland), [Readout 1: Bergström meets Haddad in Port Sael](https://example.org/r), "
        "meeting of 2 May 2023, published 3 May 2023\n"
    ]


@pytest.mark.parametrize(
    ("works", "word"), [(True, "Opened https://example.org/r"), (False, "No browser could be started")]
)
async def test_o_opens_the_source_or_says_that_it_cannot(
    monkeypatch: pytest.MonkeyPatch, works: bool, word: str
) -> None:
    monkeypatch.setattr(webbrowser, "open", lambda url: works)
    async with ReadoutsApp(FakeBackend()).run_test(size=(120, 40)) as pilot:
        await ask(pilot, "ferry")
        await pilot.press("tab", "o")
        await until(pilot, lambda: any(word in n.message for n in pilot.app._notifications))


async def test_w_explains_the_passage_by_stages_and_matched_words() -> None:
    async with ReadoutsApp(FakeBackend()).run_test(size=(120, 40)) as pilot:
        await ask(pilot, "ferry")
        await pilot.press("tab", "w")
        await until(pilot, lambda: type(pilot.app.screen).__name__ == "Why")
        words = str(pilot.app.screen.query_one(".stages").render())
        assert "words it shares with the question" in words
        assert "0.500  ▇▇▇▇▇▇▇       no. 2" in words
        assert "Words of the question in it: ferry" in words
        await pilot.press("escape")
        assert pilot.app.screen is chat(pilot)


def test_every_stage_of_the_ranking_has_words_for_a_reader() -> None:
    assert set(STAGES) == {field.name for field in fields(Weights)} | {"fused"}


@pytest.mark.parametrize(("key", "program"), [("f3", "pager"), ("f4", "editor")])
async def test_pager_and_editor_are_told_missing_by_the_variable_that_names_them(
    monkeypatch: pytest.MonkeyPatch, key: str, program: str
) -> None:
    monkeypatch.setattr(external, program, lambda: None)
    async with ReadoutsApp(FakeBackend()).run_test(size=(120, 40)) as pilot:
        await ask(pilot, "ferry")
        await pilot.press(key)
        await until(pilot, lambda: any(f"No {program} was found" in n.message for n in pilot.app._notifications))


async def test_s_and_r_go_to_sources_and_reading_and_enter_opens_a_source() -> None:
    async with ReadoutsApp(FakeBackend()).run_test(size=(80, 24)) as pilot:
        screen = await ask(pilot, "ferry")
        await pilot.press("tab", "s")
        assert screen.sources.has_focus
        assert screen.sources.region.area > 0
        await pilot.press("j", "j", "enter")
        await until(pilot, lambda: screen.reading.readout and screen.reading.readout.source.doc_id == "doc-3")
        await pilot.press("escape")
        assert screen.sources.has_focus
        await pilot.press("G", "g", "k", "r")
        assert screen.reading.body.has_focus


# Reading


async def test_slash_finds_without_accents_and_enter_goes_through_the_places() -> None:
    async with ReadoutsApp(FakeBackend()).run_test(size=(120, 40)) as pilot:
        screen = await ask(pilot, "ferry")
        await pilot.press("tab", "1")
        await until(pilot, lambda: screen.reading.body.has_focus)
        await pilot.press("slash", *"BERGSTROM")
        await until(pilot, lambda: screen.reading.border_subtitle == "place 1 of 2")
        await pilot.press("enter")
        assert screen.reading.border_subtitle == "place 2 of 2"
        await pilot.press("up")
        assert screen.reading.border_subtitle == "place 1 of 2"
        await pilot.press("escape")
        assert not screen.reading.finding
        assert screen.reading.body.has_focus


async def test_vim_keys_scroll_the_reading_pane_and_q_comes_back_to_the_quote() -> None:
    async with ReadoutsApp(FakeBackend()).run_test(size=(80, 14)) as pilot:
        screen = await ask(pilot, "ferry")
        await pilot.press("tab", "1")
        await until(pilot, lambda: screen.reading.body.has_focus and screen.reading.body.scroll_offset.y > 0)
        home = screen.reading.body.scroll_offset.y
        for key, way in (("G", 1), ("g", -1), ("space", 1), ("b", -1), ("j", 1), ("k", -1)):
            before = screen.reading.body.scroll_target_y
            await pilot.press(key)
            for _ in range(100):
                await pilot.pause(0.01)
                if (screen.reading.body.scroll_target_y - before) * way > 0:
                    break
            assert (screen.reading.body.scroll_target_y - before) * way > 0, key
        await pilot.press("G", "q")
        await until(pilot, lambda: screen.reading.body.scroll_offset.y == home)


async def test_facts_note_and_related_readouts_stand_with_the_text() -> None:
    async with ReadoutsApp(FakeBackend()).run_test(size=(200, 50)) as pilot:
        screen = await ask(pilot, "ferry")
        await until(pilot, lambda: screen.reading.query(".related"))
        from textual.widgets import Static

        from assistant.tui.hanging import Hanging
        from assistant.tui.turn import Rows

        head = screen.reading.query_one(".head", Static).content
        assert isinstance(head, Hanging)
        for word in (
            "2 May 2023",
            "meeting",
            "Port Sael",
            "Karim Haddad (Minister, Qasr)",
            "https://example.org/r",
            "summary in our own",
        ):
            assert word in head.text
        assert "3 May 2023  Readout 2" in screen.reading.query_one(".related", Rows).text


@pytest.mark.parametrize("size", SIZES)
async def test_m_goes_to_readouts_of_the_same_days_and_parties_beside_the_text_or_at_its_foot(
    size: tuple[int, int],
) -> None:
    async with ReadoutsApp(FakeBackend()).run_test(size=size) as pilot:
        screen = await ask(pilot, "ferry")
        await until(pilot, lambda: screen.related.records)
        await pilot.press("tab", "1")
        await until(pilot, lambda: screen.reading.body.has_focus)
        before = screen.place.source.doc_id if screen.place else ""
        await pilot.press("m")
        if size[0] < 100:
            await until(pilot, lambda: screen.reading.body.scroll_offset.y == screen.reading.body.max_scroll_y)
            assert screen.reading.query_one(".related").display
            return
        assert screen.related.has_focus
        assert not screen.reading.query_one(".related").display
        await pilot.press("j", "k", "G", "g", "enter")
        await until(pilot, lambda: screen.place is not None and screen.place.source.doc_id != before)


# The conversation


async def test_vim_keys_go_through_all_that_can_be_pressed() -> None:
    async with ReadoutsApp(FakeBackend()).run_test(size=(120, 40)) as pilot:
        screen = await ask(pilot, "filters")
        await pilot.press("tab")
        assert screen.conversation.marked == screen.exchange.places[0]  # type: ignore[union-attr]
        await pilot.press("k")
        assert getattr(screen.conversation.marked, "label", "") == "Qasr"
        await pilot.press("G")
        assert getattr(screen.conversation.marked, "number", 0) == 3
        await pilot.press("g")
        assert getattr(screen.conversation.marked, "label", "") == "May 2023"
        await pilot.press("j", "j", "j", "enter")
        await until(pilot, lambda: screen.reading.body.has_focus)
        assert screen.place is not None
        assert screen.place.number == 2


async def test_a_click_opens_a_quote_a_source_a_tab_and_an_example() -> None:
    async with ReadoutsApp(FakeBackend()).run_test(size=(80, 24)) as pilot:
        screen = chat(pilot)
        await until(pilot, lambda: "speak in 2023?" in said(screen))
        greeting = screen.query_one(Greeting)
        row = next(n for n, stop in enumerate(greeting.stops) if stop)
        await pilot.click(".greeting", offset=(10, greeting.line_of(row) + 1))
        await until(pilot, lambda: screen.question.text.startswith("What did Anna Bergström and Karim Haddad discuss"))
        await ask(pilot, "ferry")
        await pilot.click(".quotes", offset=(10, 6))
        await until(pilot, lambda: screen.reading.body.has_focus)
        assert screen.place is not None
        assert screen.place.number == 2
        await pilot.click("#tabs", offset=(18, 0))
        assert screen.sources.has_focus
        await pilot.click("#sources", offset=(8, 6))
        await until(pilot, lambda: screen.place is not None and screen.place.number == 3)
        await pilot.click("#tabs", offset=(3, 0))
        assert screen.question.has_focus


# Everywhere


@pytest.mark.parametrize("size", SIZES)
async def test_help_is_about_the_part_in_front_and_closes_with_escape(size: tuple[int, int]) -> None:
    async with ReadoutsApp(FakeBackend()).run_test(size=size) as pilot:
        screen = await ask(pilot, "ferry")
        steps: list[tuple[tuple[str, ...], str, Part]] = [
            ((), "f1", Part.QUESTION),
            (("tab",), "question_mark", Part.CONVERSATION),
        ]
        if size == (120, 40):
            steps += [
                (("s",), "question_mark", Part.SOURCES),
                (("r",), "f1", Part.READING),
                (("slash",), "f1", Part.FIND),
            ]
        for go, key, part in steps:
            await pilot.press(*go, key)
            await until(pilot, lambda: isinstance(pilot.app.screen, helping.HelpScreen))
            assert pilot.app.screen.part is part  # type: ignore[attr-defined]
            await pilot.press("j", "k", "escape")
            await until(pilot, lambda: pilot.app.screen is screen)


async def test_jump_mode_goes_to_any_part_by_a_letter() -> None:
    async with ReadoutsApp(FakeBackend()).run_test(size=(120, 40)) as pilot:
        screen = await ask(pilot, "ferry")
        for letter, part in (
            ("c", screen.conversation),
            ("s", screen.sources),
            ("r", screen.reading.body),
            ("q", screen.question),
        ):
            await pilot.press("ctrl+o", letter)
            await pilot.pause(0.1)
            assert part.has_focus


async def test_the_theme_and_the_questions_are_remembered(tmp_path: Path) -> None:
    place = tmp_path / "made" / "screen.json"
    app = ReadoutsApp(FakeBackend(), remember=place)
    async with app.run_test(size=(80, 24)) as pilot:
        assert app.theme == "ink"
        await pilot.press("ctrl+t")
        assert app.theme == "paper"
        await ask(pilot, "ferry")
    again = ReadoutsApp(FakeBackend(), remember=place)
    async with again.run_test(size=(80, 24)) as pilot:
        assert again.theme == "paper"
        await pilot.press("up")
        assert chat(pilot).question.text == "ferry"
        await pilot.press("ctrl+t", "ctrl+t")
        assert again.theme == "ink"


async def test_the_layout_changes_by_one_key_and_is_remembered(tmp_path: Path) -> None:
    place = tmp_path / "screen.json"
    async with ReadoutsApp(FakeBackend(), remember=place).run_test(size=(120, 40)) as pilot:
        screen = await ask(pilot, "ferry")
        beside = screen.reading.region.width
        await pilot.press("f6")
        await until(pilot, lambda: screen.reading.region.width > beside)
        await pilot.press("f6")
        await until(pilot, lambda: screen.narrow and not screen.reading.region)
        await pilot.press("tab", "1")
        await until(pilot, lambda: screen.reading.region.width == 120)
    async with ReadoutsApp(FakeBackend(), remember=place).run_test(size=(120, 40)) as pilot:
        screen = chat(pilot)
        await until(pilot, lambda: screen.narrow and screen.question.region.width == 120)
        await pilot.press("f6")
        await until(pilot, lambda: not screen.narrow and screen.reading.region.area > 0)


async def test_ctrl_n_begins_anew_and_ctrl_q_leaves() -> None:
    backend = FakeBackend()
    app = ReadoutsApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await ask(pilot, "ferry")
        await pilot.press("ctrl+n")
        await until(pilot, lambda: not screen.conversation.exchanges)
        assert screen.question.has_focus
        await ask(pilot, "again")
        assert [a["conversation"] for a in backend.asked] == ["c1", "c2"]
        await pilot.press("ctrl+q")
        await pilot.pause()
    assert app._exit


async def test_keys_can_be_bound_anew_by_the_name_of_the_action() -> None:
    async with ReadoutsApp(FakeBackend(), keys={"chat.new": "f9"}).run_test(size=(80, 24)) as pilot:
        screen = await ask(pilot, "ferry")
        await pilot.press("ctrl+n")
        assert screen.conversation.exchanges
        await pilot.press("f9")
        await until(pilot, lambda: not screen.conversation.exchanges)


@pytest.mark.parametrize("size", SIZES)
async def test_the_footer_shows_only_keys_that_work_now_and_is_never_cut_off(size: tuple[int, int]) -> None:
    from textual.widgets._footer import FooterKey

    from assistant.tui.keybar import KeyBar

    async with ReadoutsApp(FakeBackend()).run_test(size=size) as pilot:
        screen = chat(pilot)

        def shown() -> dict[str, str]:
            return {key.description: key.key_display for key in screen.query_one(KeyBar).query(FooterKey)}

        await until(pilot, lambda: "Ask" in shown())
        assert "Copy" not in shown()
        await ask(pilot, "ferry")
        await pilot.press("tab")
        await until(pilot, lambda: "Copy" in shown())
        assert shown()["Open quote"] == "1–3"
        assert "Ask" not in shown()
        assert {"Help", "Actions"} <= set(shown())
        assert max(key.region.right for key in screen.query(FooterKey)) <= size[0]


async def test_nothing_scrolls_sideways_on_a_narrow_screen_with_wide_characters() -> None:
    async with ReadoutsApp(FakeBackend()).run_test(size=(60, 20)) as pilot:
        screen = await ask(pilot, " ".join(["東京での会談 සිංහල தமிழ் العربية Кирилица"] * 4))
        assert said(screen)
        for part in (screen.conversation, screen.sources, screen.reading.body):
            assert part.max_scroll_x == 0


def test_an_exchange_of_today_has_no_date() -> None:
    assert Exchange(ticket=1, question="x").asked == ""
