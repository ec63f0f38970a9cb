"""The question box: sending, breaking lines, pasting, earlier questions."""

from __future__ import annotations

from tui_fakes import FakeBackend
from tui_helpers import ask, chat, until

from assistant.tui.app import ReadoutsApp


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
