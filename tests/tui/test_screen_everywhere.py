"""Help, jump mode, looks, layout and footer."""

from __future__ import annotations

from pathlib import Path

import pytest
from tui_fakes import FakeBackend
from tui_helpers import ask, chat, said, until

from assistant.tui import (
    helping,
)
from assistant.tui.app import ReadoutsApp
from assistant.tui.exchange import Exchange
from assistant.tui.keymap import Part
from assistant.tui.palette import ActionsProvider

SIZES = [(80, 24), (120, 40), (200, 50)]


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


@pytest.mark.parametrize("size", [(1, 1), (1, 60), (3, 30), (20, 5), (200, 1)])
async def test_a_terminal_of_hardly_any_cells_ends_nothing(size: tuple[int, int]) -> None:
    async with ReadoutsApp(FakeBackend()).run_test(size=size) as pilot:
        screen = chat(pilot)
        await pilot.press(*"ferry", "enter")
        await until(pilot, lambda: screen.exchange is not None and screen.exchange.answer is not None)
        await pilot.resize_terminal(80, 24)
        await pilot.press("f1", "escape")
        assert pilot.app.is_running


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


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("key", "letter", "part"),
    [("ctrl+b", "t", "RecordTable"), ("ctrl+b", "f", "#filter"), ("ctrl+r", "w", "#search"), ("f5", "p", "#path")],
)
async def test_jump_mode_works_on_the_other_screens_too(
    size: tuple[int, int], key: str, letter: str, part: str
) -> None:
    async with ReadoutsApp(FakeBackend()).run_test(size=size) as pilot:
        await pilot.press(key)
        await until(pilot, lambda: pilot.app.screen is not chat(pilot))
        there = pilot.app.screen
        there.set_focus(None)
        await pilot.press("ctrl+o")
        await until(pilot, lambda: pilot.app.screen is not there)
        await pilot.press(letter)
        await until(pilot, lambda: pilot.app.screen is there and there.query_one(part).has_focus)


async def test_where_there_is_nowhere_to_jump_the_palette_does_not_offer_it() -> None:
    async with ReadoutsApp(FakeBackend()).run_test(size=(80, 24)) as pilot:
        offered = {name for name, _, _ in ActionsProvider(pilot.app.screen).offered()}
        await pilot.press("f1")
        await until(pilot, lambda: isinstance(pilot.app.screen, helping.HelpScreen))
        assert "Jump" in offered
        assert "Jump" not in {name for name, _, _ in ActionsProvider(pilot.app.screen).offered()}
        page = pilot.app.screen
        await pilot.press("ctrl+o")
        assert pilot.app.screen is page


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
