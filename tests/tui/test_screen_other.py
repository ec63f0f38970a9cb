"""Past conversations, adding readouts."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Input
from tui_fakes import FakeBackend, make_readout
from tui_helpers import ask, chat, line_of, said, until

from assistant.tui.app import ReadoutsApp
from assistant.tui.conversation import AT_A_TIME, KEPT
from assistant.tui.exchange import State
from assistant.tui.history import ConversationList, HistoryScreen
from assistant.tui.messages import EarlierLoaded


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


async def test_a_conversation_is_exported_from_the_chat_and_from_the_list_of_past_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    app = ReadoutsApp(FakeBackend())
    async with app.run_test(size=(80, 24)) as pilot:
        assert chat(pilot).check_action("export", ()) is False
        await ask(pilot, "ferry: why?")
        await pilot.press("f7")
        await until(pilot, lambda: type(app.screen).__name__ == "Ask")
        await pilot.press("enter")
        await until(pilot, (tmp_path / "ferry-why.md").exists)
        assert "## 1. ferry: why?" in (tmp_path / "ferry-why.md").read_text(encoding="utf-8")
        await pilot.press("ctrl+r")
        await until(pilot, lambda: isinstance(app.screen, HistoryScreen))
        await until(pilot, lambda: app.screen.query_one(ConversationList).option_count == 1)
        await pilot.press("e")
        await until(pilot, lambda: type(app.screen).__name__ == "Ask")
        app.screen.query_one(Input).value = "talk.json"
        await pilot.press("enter")
        await until(pilot, lambda: any("Exported to talk.json" in n.message for n in app._notifications))
        await pilot.press("e")
        await until(pilot, lambda: type(app.screen).__name__ == "Ask")
        app.screen.query_one(Input).value = "talk.json"
        await pilot.press("enter")
        await until(pilot, lambda: any("is there already" in n.message for n in app._notifications))


async def test_the_app_opens_on_the_conversation_it_is_given_and_tells_of_one_that_is_gone() -> None:
    backend = FakeBackend()
    backend.history.save("old", backend.answer("ferry"))
    async with ReadoutsApp(backend, conversation="old").run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: chat(pilot).exchange is not None)
        assert "ferry" in said(chat(pilot))
    async with ReadoutsApp(backend, conversation="gone").run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: any("There is no conversation gone." in n.message for n in pilot.app._notifications))


async def test_a_long_conversation_is_read_from_its_end_and_further_up_as_one_scrolls() -> None:
    backend = FakeBackend()
    for number in range(500):
        backend.history.save("long", backend.answer(f"question {number}"))
    async with ReadoutsApp(backend, conversation="long").run_test(size=(120, 40)) as pilot:
        screen = chat(pilot)
        await until(pilot, lambda: screen.exchange is not None)
        view = screen.conversation
        assert len(view.turns) == AT_A_TIME
        assert "question 499" in said(screen)
        await until(pilot, lambda: view.scroll_offset.y > 0)
        first = view.turns[0]
        await pilot.press("tab", "g")
        await until(pilot, lambda: len(view.turns) == 2 * AT_A_TIME)
        assert line_of(screen, first) == 0  # what one was reading stays where it was
        assert [turn.exchange.question for turn in view.turns] == [f"question {n}" for n in range(484, 500)]
        assert max(last for last, _ in backend.history.read if last) == AT_A_TIME
        await ask(pilot, "one more")
        assert "question 499" in said(screen)
        assert line_of(screen, view.turns[-1]) == 0


async def test_of_a_conversation_that_goes_on_and_on_the_end_is_kept_and_the_rest_read_back() -> None:
    backend = FakeBackend()
    async with ReadoutsApp(backend).run_test(size=(120, 40)) as pilot:
        screen = chat(pilot)
        view = screen.conversation
        for number in range(KEPT + 3):
            if number == 5:
                await pilot.press(*"fail", "enter")
                await until(pilot, lambda: view.exchanges[-1].state is State.FAILED)
            else:
                await ask(pilot, f"question {number}")
        assert len(view.turns) == KEPT
        await pilot.press("tab")
        view.scroll_home(animate=False)
        await until(pilot, lambda: len(view.turns) > KEPT)
        asked = [turn.exchange.question for turn in view.turns]
        assert asked == [f"question {number}" if number != 5 else "fail" for number in range(KEPT + 3)]
        assert not view.earlier
        await pilot.press("g", "enter")  # an answer that was read back is as good as any
        await until(pilot, lambda: screen.exchange is view.turns[0].exchange and screen.reading.body.has_focus)


async def test_earlier_turns_that_come_too_late_are_not_put_into_another_conversation() -> None:
    backend = FakeBackend()
    for number in range(20):
        backend.history.save("long", backend.answer(f"question {number}"))
    async with ReadoutsApp(backend, conversation="long").run_test(size=(120, 40)) as pilot:
        screen = chat(pilot)
        await until(pilot, lambda: screen.exchange is not None)
        late = EarlierLoaded(screen.conversation.exchanges[0].ticket, backend.history.turns("long", last=2), {}, True)
        await pilot.press("ctrl+n")
        screen.post_message(late)
        await pilot.pause()
        assert screen.conversation.turns == []


async def test_what_another_process_added_is_told_and_read_anew_with_the_next_answer() -> None:
    backend = FakeBackend()
    async with ReadoutsApp(backend).run_test(size=(80, 24)) as pilot:
        screen = await ask(pilot, "ferry")
        await until(pilot, lambda: "4 readouts" in screen.top.holdings)
        backend.readouts["doc-9"] = make_readout(9)
        backend.readouts["doc-1"] = make_readout(1, title="Told anew")
        await ask(pilot, "ferry again")
        await until(pilot, lambda: "5 readouts" in screen.top.holdings)
        await pilot.press("tab", "1")
        await until(pilot, lambda: screen.reading.readout and screen.reading.readout.source.title == "Told anew")


async def test_an_empty_index_and_no_conversations_are_said_in_words() -> None:
    backend = FakeBackend()
    async with ReadoutsApp(backend).run_test(size=(80, 24)) as pilot:
        await pilot.press("ctrl+r")
        await until(pilot, lambda: "None yet" in str(pilot.app.screen.query_one("#none").render()))
        pilot.app.screen.query_one(Input).value = "x"
        await until(
            pilot, lambda: "No conversation holds these words" in str(pilot.app.screen.query_one("#none").render())
        )
        pilot.app.screen.query_one(ConversationList).focus()
        await pilot.pause()
        offered = {binding.binding.action for binding in pilot.app.screen.active_bindings.values()}
        assert not offered & {"select", "screen.rename", "screen.export", "screen.delete"}
