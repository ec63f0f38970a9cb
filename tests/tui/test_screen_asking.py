"""Questions, answers and what becomes of them."""

from __future__ import annotations

import gc
import weakref
from dataclasses import replace
from typing import Any

import pytest
from tui_fakes import PARAGRAPHS, FakeBackend, make_readout
from tui_helpers import ask, chat, click, line_of, said, until

from assistant.datatypes import Answer, Intent
from assistant.tui import housekeeping
from assistant.tui.app import ReadoutsApp
from assistant.tui.conversation import ConversationView
from assistant.tui.exchange import Exchange, State
from assistant.tui.paragraph import Paragraph
from index.datatypes import Filters

SIZES = [(80, 24), (120, 40), (200, 50)]


@pytest.mark.parametrize("size", SIZES)
async def test_an_answer_shows_numbered_quotes_with_issuer_date_and_title(size: tuple[int, int]) -> None:
    async with ReadoutsApp(FakeBackend()).run_test(size=size) as pilot:
        screen = await ask(pilot, "what of the ferry")
        words = said(screen)
        assert "❯ what of the ferry" in words
        assert "Well supported" in words
        for number in (1, 2, 3):
            assert f" {number}  “The two ministers agreed to reopen the Sael ferry line" in words
        assert "Foreign Ministry (Nordland) · 2 May 2023 · meeting" in words
        assert "Readout 3: Bergström meets Haddad in Port Sael" in words
        assert [p.number for p in screen.sources.places] == [1, 2, 3, 0, 0]


async def test_an_answer_that_could_not_be_kept_is_shown_and_that_is_said() -> None:
    backend = FakeBackend()
    given = backend.ask

    def unkept(*args: Any, **named: Any) -> Answer:
        return replace(given(*args, **named), unkept="The disk is full.")

    backend.ask = unkept  # type: ignore[method-assign]
    async with ReadoutsApp(backend).run_test(size=(120, 40), notifications=True) as pilot:
        screen = await ask(pilot, "what of the ferry")
        assert "agreed to reopen" in said(screen)
        (note,) = pilot.app._notifications
        assert "not kept yet" in note.message
        assert "The disk is full." in note.message


async def test_what_answers_leave_behind_is_collected_however_long_it_lived(monkeypatch: pytest.MonkeyPatch) -> None:
    class Line:
        def __init__(self) -> None:
            self.parts = [self]

    monkeypatch.setattr(housekeeping, "COLLECTED_AFTER", 2)
    monkeypatch.setattr(housekeeping, "WHILE_READ", 0.01)
    monkeypatch.setattr(gc, "freeze", lambda: None)
    async with ReadoutsApp(FakeBackend()).run_test(size=(120, 40)) as pilot:
        line = Line()
        for _ in range(3):
            gc.collect()
        old = weakref.ref(line)
        del line
        gc.collect(1)
        assert old() is not None
        for question in ("ferry", "port"):
            await ask(pilot, question)
        await until(pilot, lambda: old() is None)


async def test_painted_lines_of_what_is_no_longer_on_the_screen_are_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(housekeeping, "COLLECTED_AFTER", 2)
    monkeypatch.setattr(housekeeping, "WHILE_READ", 0.01)
    monkeypatch.setattr(gc, "freeze", lambda: None)
    async with ReadoutsApp(FakeBackend()).run_test(size=(120, 40)) as pilot:
        screen = await ask(pilot, "ferry")
        await until(pilot, lambda: bool(screen.reading.paragraphs) and bool(screen.reading.paragraphs[0].size))
        painted = weakref.ref(screen.reading.paragraphs[0]._styles_cache)
        await screen.reading.empty()
        await pilot.pause()
        await ask(pilot, "port")
        await until(pilot, lambda: painted() is None)


async def test_the_screen_takes_questions_while_the_model_loads_and_shows_provisional_passages() -> None:
    backend = FakeBackend()
    backend.model_gate.clear()
    backend.gate.clear()
    async with ReadoutsApp(backend).run_test(size=(120, 40)) as pilot:
        screen = chat(pilot)
        assert "loading the model" in screen.top.render().plain
        await pilot.press(*"ferry", "enter")
        await until(pilot, lambda: "provisional" in said(screen))
        assert "fishing rights" in said(screen)
        turn = screen.conversation.turns[-1]
        top = line_of(screen, turn)
        backend.gate.set()
        await until(pilot, lambda: screen.exchange is not None)
        assert "provisional" not in said(screen)
        assert "agreed to reopen" in said(screen)
        assert line_of(screen, turn) == top
        backend.model_gate.set()
        await until(pilot, lambda: screen.top.model == "ready")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("away", [False, True])
async def test_passages_by_words_come_while_the_answer_is_ranked_and_give_way_without_the_page_jumping(
    size: tuple[int, int], away: bool
) -> None:
    backend = FakeBackend([make_readout(n, paragraphs=PARAGRAPHS * 3) for n in range(1, 5)])
    async with ReadoutsApp(backend).run_test(size=size) as pilot:
        screen = await ask(pilot, "first")
        await until(pilot, lambda: screen.asking.ready)
        backend.gate.clear()
        await pilot.press(*"second", "enter")
        await until(pilot, lambda: "provisional" in said(screen))
        view, turn = screen.conversation, screen.conversation.turns[-1]
        await until(pilot, lambda: line_of(screen, turn) == 0)
        if away:  # whoever reads an earlier answer meanwhile is left there
            view.scroll_to(y=0, animate=False, immediate=True)
            await pilot.pause()
        before = view.scroll_offset.y, line_of(screen, turn), screen.question.region
        assert (view.scroll_offset.y == 0) is away
        backend.gate.set()
        await until(pilot, lambda: screen.asking.pending is None and "provisional" not in said(screen))
        await pilot.pause(0.1)
        assert (view.scroll_offset.y, line_of(screen, turn), screen.question.region) == before


async def test_a_question_is_shown_with_its_answer_where_that_comes_soon_and_before_it_where_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    backend = FakeBackend()
    shown: list[State] = []
    put = ConversationView.put

    def noted(view: ConversationView, exchange: Exchange) -> None:
        shown.append(exchange.state)
        put(view, exchange)

    monkeypatch.setattr(ConversationView, "put", noted)
    async with ReadoutsApp(backend).run_test(size=(120, 40)) as pilot:
        monkeypatch.setattr("assistant.tui.chat.TOGETHER", 60)
        await ask(pilot, "first")
        assert shown == [State.ANSWERED]
        monkeypatch.setattr("assistant.tui.chat.TOGETHER", 0.01)
        backend.gate.clear()
        await pilot.press(*"second", "enter")
        await until(pilot, lambda: "❯ second" in said(chat(pilot)))
        assert shown[1] is State.PENDING
        backend.gate.set()
        await until(pilot, lambda: shown[-1] is State.ANSWERED)


async def test_a_newer_question_wins_and_the_stale_answer_is_dropped() -> None:
    backend = FakeBackend()
    async with ReadoutsApp(backend).run_test(size=(120, 40)) as pilot:
        screen = chat(pilot)
        backend.gate.clear()
        await pilot.press(*"first", "enter")
        await until(pilot, lambda: len(backend.asked) == 1)
        await pilot.press(*"second", "enter")
        await until(pilot, lambda: len(backend.asked) == 2)
        backend.gate.set()
        await until(pilot, lambda: screen.asking.pending is None)
        first, second = screen.conversation.exchanges
        assert (first.state, second.state) == (State.DROPPED, State.ANSWERED)
        assert screen.exchange is second
        assert "another question came first" in said(screen)
        assert backend.asked[0]["conversation"] == backend.asked[1]["conversation"] == "c1"


async def test_understood_filters_stand_as_chips_and_dropping_one_asks_again_in_place() -> None:
    backend = FakeBackend()
    async with ReadoutsApp(backend).run_test(size=(120, 40)) as pilot:
        screen = await ask(pilot, "filters")
        assert "prefers" in said(screen)
        assert "May 2023 ✕" in said(screen)
        assert "Qasr ✕" in said(screen)
        await pilot.press("tab", "x")
        await until(pilot, lambda: len(backend.asked) == 2 and screen.asking.pending is None)
        assert backend.asked[1]["ignore"] == Filters(parties=("Qasr",))
        assert "Qasr ✕" not in said(screen)
        assert "May 2023 ✕" in said(screen)
        assert len(screen.conversation.turns) == 1
        await pilot.press("x")
        await until(pilot, lambda: len(backend.asked) == 3 and screen.asking.pending is None)
        assert backend.asked[2]["ignore"] == Filters(parties=("Qasr",), date_from="2023-05", date_to="2023-05")
        assert "understood" not in said(screen)


async def test_a_chip_can_be_dropped_with_the_mouse() -> None:
    backend = FakeBackend()
    async with ReadoutsApp(backend).run_test(size=(120, 40)) as pilot:
        screen = await ask(pilot, "filters")
        await pilot.pause()
        await click(pilot, "May 2023")
        await until(pilot, lambda: len(backend.asked) == 2 and screen.asking.pending is None)
        assert backend.asked[1]["ignore"] == Filters(date_from="2023-05", date_to="2023-05")


async def test_missing_terms_and_the_standalone_question_are_named() -> None:
    async with ReadoutsApp(FakeBackend()).run_test(size=(120, 40)) as pilot:
        screen = await ask(pilot, "was it a submarine")
        assert "No passage here mentions: submarine" in said(screen)
        assert "read as  was the Sael ferry line a submarine" in said(screen)
        await pilot.press("f2")
        assert screen.question.text == "was the Sael ferry line a submarine"
        await pilot.press("escape")
        await click(pilot, "was the Sael ferry")
        await until(pilot, lambda: screen.question.text == "was the Sael ferry line a submarine")


async def test_a_silent_answer_says_so_and_shows_the_nearest_passages_unquoted() -> None:
    async with ReadoutsApp(FakeBackend()).run_test(size=(120, 40)) as pilot:
        screen = await ask(pilot, "silent")
        words = said(screen)
        assert "The readouts do not say  0.04 s\nNearest passages, which may not answer:" in words
        assert "“" not in words
        assert "No passage here mentions: zeppelin" in words
        await pilot.press("tab", "2")
        await until(pilot, lambda: screen.place is not None and screen.place.number == 2)
        assert screen.reading.body.has_focus


async def test_a_list_answer_is_a_dated_table_with_its_count() -> None:
    backend = FakeBackend([make_readout(n) for n in range(1, 21)])
    async with ReadoutsApp(backend).run_test(size=(120, 60)) as pilot:
        screen = await ask(pilot, "list")
        words = said(screen)
        assert "20 readouts, 2 May 2023 to 21 May 2023" in words
        assert words.index("2 May 2023  Readout 1: Bergström") < words.index("3 May 2023  Readout 2: Bergström")
        assert "and 8 readouts more" in words
        await pilot.press("tab", "G", "enter")
        await until(pilot, lambda: type(pilot.app.screen).__name__ == "BrowseScreen")


async def test_a_question_how_often_without_a_count_says_that_none_could_be_made() -> None:
    class Uncounted(FakeBackend):
        def answer(self, question, filters=None, ignore=None):  # type: ignore[no-untyped-def]
            found = super().answer(question, filters, ignore)
            return replace(found, understanding=replace(found.understanding, intent=Intent.COUNT))

    async with ReadoutsApp(Uncounted()).run_test(size=(120, 40)) as pilot:
        screen = await ask(pilot, "how often of the ferry")
        assert "Well supported (0.86)  0.04 s\nNo readouts could be counted for this; the nearest words:" in said(
            screen
        )
        await ask(pilot, "list")
        assert "No readouts could be counted" not in said(screen).split("❯")[-1]


async def test_an_error_becomes_a_notice_with_its_mend_and_the_next_question_works() -> None:
    async with ReadoutsApp(FakeBackend()).run_test(size=(120, 40)) as pilot:
        screen = chat(pilot)
        await pilot.press(*"fail", "enter")
        await until(
            pilot, lambda: screen.conversation.exchanges and screen.conversation.exchanges[0].state is State.FAILED
        )
        assert "The catalogue is on holiday. Come back tomorrow." in said(screen)
        assert any("Come back tomorrow." in n.message for n in pilot.app._notifications)
        await ask(pilot, "ferry")
        assert screen.exchange is not None


async def test_a_model_that_cannot_be_loaded_is_told_and_the_screen_lives_on() -> None:
    class Broken(FakeBackend):
        def warm(self) -> None:
            raise RuntimeError("torn [bold]weights")

    async with ReadoutsApp(Broken()).run_test(size=(80, 24)) as pilot:
        screen = chat(pilot)
        await until(pilot, lambda: screen.top.model == "model not loaded")
        assert any("torn [bold]weights" in n.message for n in pilot.app._notifications)


async def test_escape_stops_waiting_and_gives_the_question_back() -> None:
    backend = FakeBackend()
    async with ReadoutsApp(backend).run_test(size=(80, 24)) as pilot:
        screen = chat(pilot)
        backend.gate.clear()
        await pilot.press(*"ferry", "enter")
        await until(pilot, lambda: len(backend.asked) == 1)
        await pilot.press("escape")
        assert screen.question.text == "ferry"
        assert screen.asking.pending is None
        backend.gate.set()
        await until(pilot, lambda: "Not waited for" in said(screen))
        assert screen.exchange is None


async def test_the_filters_of_the_dialog_narrow_every_question_until_dropped() -> None:
    backend = FakeBackend()
    async with ReadoutsApp(backend).run_test(size=(80, 24)) as pilot:
        screen = chat(pilot)
        await pilot.press("ctrl+f", *"2023x", "enter")
        await until(pilot, lambda: "is not a date" in str(pilot.app.screen.query_one("#complaint").render()))
        await pilot.press("backspace", "enter")
        await until(pilot, lambda: pilot.app.screen is screen)
        assert screen.scope == Filters(date_from="2023")
        await ask(pilot, "ferry")
        assert backend.asked[-1]["filters"] == Filters(date_from="2023")
        assert "only  since 1 Jan 2023 ✕" in said(screen)
        await pilot.click("#scope .chips", offset=(17, 0))
        await until(pilot, lambda: not screen.scope)


async def test_the_same_passages_are_marked_wherever_they_show() -> None:
    async with ReadoutsApp(FakeBackend()).run_test(size=(120, 40)) as pilot:
        screen = await ask(pilot, "ferry")
        await pilot.press("tab", "j")
        await until(pilot, lambda: screen.place is not None and screen.place.number == 2)
        assert screen.sources.highlighted == 1
        await until(pilot, lambda: screen.reading.readout and screen.reading.readout.source.doc_id == "doc-2")
        quoted = [p for p in screen.query(Paragraph) if p.has_class("-quoted")]
        assert [p.paragraph for p in quoted] == [1]
        assert screen.reading.border_title == "Reading  quote 2 of 3"
