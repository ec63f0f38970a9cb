"""The index from inside: what it holds, adding with progress, stopping, what was skipped, and the chat meanwhile."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, ProgressBar, Static
from tui_fakes import FakeBackend
from tui_helpers import ask, chat, until

from assistant.tui import texts
from assistant.tui.adding import Adding
from assistant.tui.app import ReadoutsApp
from assistant.tui.indexing import IndexScreen, Paths, SkippedList, holdings
from assistant.tui.keymap import Part, commands
from assistant.tui.palette import ActionsProvider
from index.datatypes import Note, Progress

SIZES = [(80, 24), (120, 40), (200, 50)]


def words(pilot: Pilot[int]) -> str:
    return str(pilot.app.screen.query_one("#progress-words", Static).render())


def rows(index: IndexScreen) -> list[str]:
    return [str(option.prompt) for option in index.query_one(SkippedList).options]


async def opened(pilot: Pilot[int]) -> IndexScreen:
    await until(pilot, lambda: chat(pilot).status is not None)
    await pilot.press("f5")
    await until(pilot, lambda: isinstance(pilot.app.screen, IndexScreen))
    assert isinstance(pilot.app.screen, IndexScreen)
    return pilot.app.screen


@pytest.mark.parametrize("size", SIZES)
async def test_readouts_are_added_while_one_asks_and_the_skipped_are_listed_with_reasons(size: tuple[int, int]) -> None:
    backend = FakeBackend()
    async with ReadoutsApp(backend).run_test(size=size) as pilot:
        screen = chat(pilot)
        index = await opened(pilot)
        backend.gate.clear()
        await pilot.press(*"more", "enter")
        await until(pilot, lambda: "more: reading 1 of 2" in words(pilot))
        bar = index.query_one(ProgressBar)
        assert (bar.display, bar.progress, bar.total) == (True, 1, 2)
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is screen)
        assert screen.top.model == "reading 1 of 2"
        await pilot.press(*"typing")
        assert screen.question.text == "typing"
        backend.gate.set()
        await until(pilot, lambda: not screen.adding.running)
        assert pilot.app.screen is screen
        assert screen.question.text == "typing"
        await until(pilot, lambda: any("f5 tells what was skipped" in n.message for n in pilot.app._notifications))
        index = await opened(pilot)
        assert "1 added, 0 updated, 0 unchanged, 0 removed, 1 skipped" in words(pilot)
        assert [rows(index)[0], index.query_one(SkippedList).border_title] == [
            " [bold]x.bin\n   It is a binary file.",
            "Skipped  1",
        ]
        await pilot.press("tab", "j", "k", "G", "g")
        assert index.query_one(SkippedList).has_focus


async def test_what_to_know_of_files_that_were_taken_stands_below_what_was_skipped() -> None:
    class Noting(FakeBackend):
        def add(self, paths, *, progress=None):  # type: ignore[no-untyped-def]
            notes = Note(path="feed.txt", text="It is read as RSS."), Note(path="", text="3 texts were posted twice.")
            return replace(super().add(paths, progress=progress), notes=notes)

    async with ReadoutsApp(Noting()).run_test(size=(80, 24)) as pilot:
        index = await opened(pilot)
        await pilot.press(*"more", "enter")
        await until(pilot, lambda: index.query_one(SkippedList).shown)
        assert index.query_one(SkippedList).border_title == "Skipped  1  ·  Notes  2"
        assert rows(index)[1:] == [
            " feed.txt\n   taken; It is read as RSS.",
            " the whole index\n   3 texts were posted twice.",
        ]
        notices = [n.message for n in pilot.app._notifications]
        assert any("f5 tells what was skipped and what to know." in notice for notice in notices)


async def test_what_the_index_holds_is_said() -> None:
    status = FakeBackend().status()
    said = holdings(status).text
    for word in (
        "4 readouts in 16 passages and 40 sentences",
        "2 May 2023 – 5 May 2023",
        "Foreign Ministry",
        "nowhere",
    ):
        assert word in said
    async with ReadoutsApp(FakeBackend()).run_test(size=(80, 24)) as pilot:
        index = await opened(pilot)
        assert index.query_one("#holdings", Static).region.height >= 4


async def test_adding_can_be_stopped_and_a_second_run_waits_for_the_first() -> None:
    backend = FakeBackend()
    async with ReadoutsApp(backend).run_test(size=(80, 24)) as pilot:
        screen = chat(pilot)
        index = await opened(pilot)
        assert index.check_action("stop", ()) is False
        backend.gate.clear()
        await pilot.press(*"more", "enter")
        await until(pilot, lambda: screen.adding.running and backend.added)
        await pilot.press("enter")
        await pilot.press("ctrl+x")
        await until(pilot, lambda: "stopping" in words(pilot))
        backend.gate.set()
        await until(pilot, lambda: "Adding was stopped." in words(pilot))
        assert len(backend.added) == 1
        assert not screen.adding.running
        await pilot.press("escape")
        await ask(pilot, "ferry")


async def test_the_palette_offers_every_command_of_the_index_when_it_can_be_done() -> None:
    backend = FakeBackend()
    async with ReadoutsApp(backend).run_test(size=(80, 24)) as pilot:
        index = await opened(pilot)
        backend.gate.clear()
        await pilot.press(*"more", "enter")
        await until(pilot, lambda: index.check_action("stop", ()))
        offered = {about for _, about, _ in ActionsProvider(index).offered()}
        backend.gate.set()
        await until(pilot, lambda: index.query_one(SkippedList).display)
        offered |= {about for _, about, _ in ActionsProvider(index).offered()}
        for command in (*commands(Part.INDEX), *commands(Part.SKIPPED)):
            assert any(command.help in about for about in offered), command.id


async def test_a_path_that_is_not_there_is_told_with_its_mend_in_the_panel() -> None:
    class Picky(FakeBackend):
        def add(self, paths, *, progress=None):  # type: ignore[no-untyped-def]
            raise texts_error()

    def texts_error() -> Exception:
        from index.errors import CorpusError

        return CorpusError("Nothing to index in nowhere.", mend="Name a folder.")

    async with ReadoutsApp(Picky()).run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press(*"nowhere", "enter")
        await until(pilot, lambda: "Nothing to index in nowhere. Name a folder." in words(pilot))


@pytest.mark.parametrize(
    ("typed", "added"),
    [("https://example.org/r?a=1", "https://example.org/r?a=1"), ("~/more", str(Path("~/more").expanduser()))],
)
async def test_a_web_address_is_added_as_it_stands_and_a_path_from_home(typed: str, added: str) -> None:
    backend = FakeBackend()
    async with ReadoutsApp(backend).run_test(size=(80, 24)) as pilot:
        index = await opened(pilot)
        index.query_one("#path", Input).value = typed
        await pilot.press("enter")
        await until(pilot, lambda: backend.added == [[added]])


async def test_names_of_files_and_folders_are_completed(tmp_path: Path) -> None:
    (tmp_path / "readouts").mkdir()
    (tmp_path / "reports.jsonl").touch()
    paths = Paths()
    assert await paths.get_suggestion(f"{tmp_path}/rea") == f"{tmp_path}/readouts/"
    assert await paths.get_suggestion(f"{tmp_path}/rep") == f"{tmp_path}/reports.jsonl"
    assert await paths.get_suggestion(f"{tmp_path}/x") is None
    assert await paths.get_suggestion(f"{tmp_path}/none/x") is None
    async with ReadoutsApp(FakeBackend()).run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        line = pilot.app.screen.query_one("#path", Input)
        line.value = f"{tmp_path}/rea"
        line.action_end()
        await until(pilot, lambda: line._suggestion)
        await pilot.press("right")
        assert line.value == f"{tmp_path}/readouts/"


def test_speed_and_time_left_are_those_of_the_present_stage(monkeypatch: pytest.MonkeyPatch) -> None:
    class Node:
        def post_message(self, message: object) -> None: ...

    now = 100.0
    monkeypatch.setattr("assistant.tui.adding.time.monotonic", lambda: now)
    adding = Adding(Node(), FakeBackend())  # type: ignore[arg-type]
    listen = adding._listener()
    listen(Progress(stage="reading", done=10, total=10))
    listen(Progress(stage="encoding", done=0, total=1000))
    assert adding.pace(Progress(stage="encoding", done=0, total=1000)) == ""
    now = 110.0
    assert adding.pace(Progress(stage="encoding", done=200, total=1000)) == "20 texts a second, 40 s left"
    assert adding.pace(Progress(stage="encoding", done=2, total=1000)) == "83 min left"


@pytest.mark.parametrize(("seconds", "said"), [(0.42, "0.4 s"), (12.4, "12 s"), (150, "2 min"), (7500, "2 h 5 min")])
def test_a_time_is_said_as_short_as_it_can_be(seconds: float, said: str) -> None:
    assert texts.lasting(seconds) == said
