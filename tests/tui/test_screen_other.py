"""Past conversations, all readouts, adding readouts."""

from __future__ import annotations

import datetime as dt
import random

from textual.widgets import Input
from tui_fakes import FakeBackend, make_readout
from tui_helpers import ask, chat, said, until

from assistant.tui.app import ReadoutsApp
from assistant.tui.browse import BrowseScreen, months
from assistant.tui.conversation import AT_A_TIME
from assistant.tui.history import ConversationList, HistoryScreen
from assistant.tui.table import RecordTable, cells
from index.datatypes import Filters, Record, Source


async def test_a_past_conversation_is_found_renamed_resumed_and_gone_on_with() -> None:
    backend = FakeBackend()
    backend.history.save("old", backend.answer("ferry of old"))
    backend.history.save("other", backend.answer("silent other"))
    async with ReadoutsApp(backend).run_test(size=(80, 24)) as pilot:
        screen = chat(pilot)
        await pilot.press("ctrl+r")
        await until(pilot, lambda: isinstance(pilot.app.screen, HistoryScreen))
        await until(pilot, lambda: pilot.app.screen.query_one(ConversationList).option_count == 2)
        await pilot.press("slash", *"ferry")
        await until(pilot, lambda: pilot.app.screen.query_one(ConversationList).option_count == 1)
        await pilot.press("enter", "r")
        await until(pilot, lambda: type(pilot.app.screen).__name__ == "Ask")
        await pilot.press("end", *"!", "enter")
        await until(pilot, lambda: backend.history.kept["old"].title == "ferry of old!")
        await pilot.press("enter")
        await until(pilot, lambda: screen.exchange is not None and pilot.app.screen is screen)
        assert "ferry of old" in said(screen)
        assert "2 Jan 2024" in said(screen)
        assert screen.top.title == "ferry of old!"
        await ask(pilot, "more")
        assert backend.asked[-1]["conversation"] == "old"


async def test_a_conversation_is_deleted_only_after_asking() -> None:
    backend = FakeBackend()
    backend.history.save("old", backend.answer("ferry"))
    async with ReadoutsApp(backend).run_test(size=(80, 24)) as pilot:
        await pilot.press("ctrl+r")
        await until(pilot, lambda: isinstance(pilot.app.screen, HistoryScreen))
        await until(pilot, lambda: pilot.app.screen.query_one(ConversationList).option_count == 1)
        await pilot.press("d")
        await until(pilot, lambda: type(pilot.app.screen).__name__ == "Confirm")
        await pilot.press("enter")  # the harmless answer has the focus
        await until(pilot, lambda: isinstance(pilot.app.screen, HistoryScreen))
        assert "old" in backend.history.kept
        await pilot.press("d")
        await until(pilot, lambda: type(pilot.app.screen).__name__ == "Confirm")
        await pilot.press("tab", "enter")
        await until(pilot, lambda: "old" not in backend.history.kept)
        await until(pilot, lambda: pilot.app.screen.query_one(ConversationList).option_count == 0)
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is chat(pilot))


async def test_the_app_opens_on_the_conversation_it_is_given_and_tells_of_one_that_is_gone() -> None:
    backend = FakeBackend()
    backend.history.save("old", backend.answer("ferry"))
    async with ReadoutsApp(backend, conversation="old").run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: chat(pilot).exchange is not None)
        assert "ferry" in said(chat(pilot))
    async with ReadoutsApp(backend, conversation="gone").run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: any("There is no conversation gone." in n.message for n in pilot.app._notifications))


async def test_a_long_conversation_is_mounted_from_its_end_and_grows_upward() -> None:
    backend = FakeBackend()
    for number in range(500):
        backend.history.save("long", backend.answer(f"question {number}"))
    async with ReadoutsApp(backend, conversation="long").run_test(size=(120, 40)) as pilot:
        screen = chat(pilot)
        await until(pilot, lambda: screen.exchange is not None)
        assert len(screen.conversation.turns) == AT_A_TIME
        assert len(screen.conversation.exchanges) == 500
        assert "question 499" in said(screen)
        await until(pilot, lambda: screen.conversation.scroll_offset.y > 0)
        await pilot.press("tab", "g")
        await until(pilot, lambda: len(screen.conversation.turns) == 2 * AT_A_TIME)
        await ask(pilot, "one more")
        assert "question 499" in said(screen)


async def test_readouts_are_filtered_sorted_and_opened_in_the_table() -> None:
    async with ReadoutsApp(FakeBackend()).run_test(size=(120, 40)) as pilot:
        screen = chat(pilot)
        await pilot.press("ctrl+b")
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowseScreen))
        table = pilot.app.screen.query_one(RecordTable)
        await until(pilot, lambda: len(table.records) == 4)
        assert [cells(r)[0] for r in table.records] == ["2023-05-05", "2023-05-04", "2023-05-03", "2023-05-02"]
        await pilot.press("ctrl+x")
        assert cells(table.records[0])[0] == "2023-05-02"
        await pilot.press("ctrl+s")
        assert [cells(r)[1] for r in table.records] == ["call", "call", "meeting", "meeting"]
        await pilot.press(*"call bergstrom 05-03")
        await until(pilot, lambda: len(table.records) == 1)
        await pilot.press("enter", "enter")
        await until(pilot, lambda: pilot.app.screen is screen and screen.reading.readout is not None)
        assert screen.reading.readout is not None
        assert screen.reading.readout.source.doc_id == "doc-2"
        assert screen.reading.body.has_focus


async def test_only_the_listed_readouts_can_be_asked() -> None:
    backend = FakeBackend()
    async with ReadoutsApp(backend).run_test(size=(80, 24)) as pilot:
        screen = chat(pilot)
        await pilot.press("ctrl+b")
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowseScreen))
        table = pilot.app.screen.query_one(RecordTable)
        await until(pilot, lambda: len(table.records) == 4)
        await pilot.press(*"meeting")
        await until(pilot, lambda: len(table.records) == 2)
        await pilot.press("ctrl+a")
        await until(pilot, lambda: pilot.app.screen is screen)
        assert screen.scope == Filters(doc_ids=("doc-3", "doc-1"))
        await ask(pilot, "ferry")
        assert backend.asked[-1]["filters"] == screen.scope


async def test_the_table_moves_by_vim_keys_and_sorts_by_a_click_on_a_heading() -> None:
    backend = FakeBackend([make_readout(n) for n in range(1, 200)])
    async with ReadoutsApp(backend).run_test(size=(120, 40)) as pilot:
        await pilot.press("ctrl+b")
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowseScreen))
        table = pilot.app.screen.query_one(RecordTable)
        await until(pilot, lambda: len(table.records) == 199)
        await pilot.press("enter")
        await until(pilot, lambda: table.has_focus)
        for key, cursor in (
            ("j", 1),
            ("k", 0),
            ("G", 198),
            ("g", 0),
            ("down", 1),
            ("up", 0),
            ("end", 198),
            ("home", 0),
        ):
            await pilot.press(key)
            assert table.cursor == cursor, key
        await pilot.press("pagedown")
        assert table.cursor > 20
        await pilot.press("pageup")
        assert table.cursor == 0
        await pilot.click("#table", offset=(3, 0))
        await pilot.pause()
        assert cells(table.records[0])[0] == "2023-05-02"
        await pilot.click("#table", offset=(3, 5))
        assert table.cursor == 4
        assert "Readout" in table.render_line(1).text


async def test_a_hundred_thousand_rows_draw_only_those_in_view() -> None:
    some = make_readout(1)
    titles = [f"Title {number}" for number in range(100_000)]
    random.Random(0).shuffle(titles)
    records = tuple(Record(source=Source(doc_id=title, title=title), facts=some.facts) for title in titles)
    drawn: list[int] = []

    class Counting(RecordTable):
        def render_line(self, y: int):  # type: ignore[no-untyped-def]
            drawn.append(y)
            return super().render_line(y)

    from textual.app import App, ComposeResult

    class Only(App[None]):
        def compose(self) -> ComposeResult:
            yield Counting()

    async with Only().run_test(size=(100, 30)) as pilot:
        table = pilot.app.query_one(Counting)
        drawn.clear()
        table.show(records, column=0, backwards=True)
        table.focus()
        await pilot.press("G")
        await pilot.pause(0.1)
        assert table.cursor == 99_999
        assert titles[-1] in table.render_line(29).text
        assert len(drawn) < 500


def test_months_without_a_readout_count_as_none() -> None:
    records = [Record(source=make_readout(n).source, facts=make_readout(n).facts) for n in (0, 1, 70)]
    assert months(records) == [2.0, 0.0, 1.0]
    assert records[0].facts.event_date == dt.date(2023, 5, 1)


async def test_readouts_are_added_while_the_conversation_goes_on_and_skipped_files_are_told() -> None:
    backend = FakeBackend()
    async with ReadoutsApp(backend).run_test(size=(80, 24)) as pilot:
        screen = chat(pilot)
        backend.gate.clear()
        await pilot.press("f5", *"more", "enter")
        await until(pilot, lambda: screen.top.model.startswith("reading 1 of 2"))
        await pilot.press(*"typing")
        assert screen.question.text == "typing"
        backend.gate.set()
        await until(pilot, lambda: type(pilot.app.screen).__name__ == "Report")
        words = "\n".join(str(w.render()) for w in pilot.app.screen.query("Static"))
        assert "1 added, 0 updated, 0 unchanged, 1 skipped" in words
        assert "[bold]x.bin\nIt is a binary file." in words


async def test_adding_can_be_stopped() -> None:
    backend = FakeBackend()
    async with ReadoutsApp(backend).run_test(size=(80, 24)) as pilot:
        screen = chat(pilot)
        backend.gate.clear()
        await pilot.press("f5", *"more", "enter")
        await until(pilot, lambda: screen.adding.running and backend.added)
        await pilot.press("f5")
        await until(pilot, lambda: type(pilot.app.screen).__name__ == "Confirm")
        await pilot.press("tab", "enter")
        await until(pilot, lambda: pilot.app.screen is screen)
        backend.gate.set()
        await until(pilot, lambda: any("Adding was stopped." in n.message for n in pilot.app._notifications))


async def test_an_empty_index_and_no_conversations_are_said_in_words() -> None:
    backend = FakeBackend()
    async with ReadoutsApp(backend).run_test(size=(80, 24)) as pilot:
        await pilot.press("ctrl+r")
        await until(pilot, lambda: "None yet" in str(pilot.app.screen.query_one("#none").render()))
        pilot.app.screen.query_one(Input).value = "x"
        await until(
            pilot, lambda: "No conversation holds these words" in str(pilot.app.screen.query_one("#none").render())
        )
