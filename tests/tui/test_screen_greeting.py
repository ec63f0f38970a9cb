"""What a newcomer sees first: questions that this index answers, the keys that lead on, the conversation of last time."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tui_fakes import FakeBackend, make_readout
from tui_helpers import ask, chat, said, until

from assistant.tui.app import ReadoutsApp
from assistant.tui.examples import examples
from index.datatypes import Facts, Party, Record, Side, Source

SIZES = [(80, 24), (120, 40), (200, 50)]


def record(number: int, own: str = "Ada Own", other: str = "Bo Other", country: str = "Qasr") -> Record:
    readout = make_readout(number)
    parties = (
        Party(name=own, side=Side.OWN),
        Party(name=other, country=country, side=Side.COUNTERPART),
    )
    return Record(source=readout.source, facts=replace(readout.facts, parties=parties))


def test_examples_name_who_met_whom_how_often_and_a_filter() -> None:
    records = [record(5), *(record(n, other="Cy Often", country="New Land") for n in (4, 3))]
    assert examples(records) == (
        "What did Ada Own and Bo Other discuss in May 2023?",
        "How many times did Ada Own and Cy Often speak in 2023?",
        'party:"New Land" from:2023 security',
    )


def test_an_index_without_parties_or_days_gives_no_examples_that_it_cannot_answer() -> None:
    assert examples([Record(source=Source(doc_id="a", title="A"), facts=Facts())]) == ()
    assert examples([]) == ()


@pytest.mark.parametrize("size", SIZES)
async def test_the_first_screen_says_how_to_go_on_and_all_of_it_is_in_view(size: tuple[int, int]) -> None:
    app = ReadoutsApp(FakeBackend(), keys={"chat.browse": "f9"})
    async with app.run_test(size=size) as pilot:
        screen = chat(pilot)
        await until(pilot, lambda: "security" in said(screen))
        words = said(screen)
        for word in (
            "Type a question and press enter",
            "f9",
            "all readouts",
            "past conversations",
            "dates, parties, kinds",
        ):
            assert word in words
        assert screen.conversation.max_scroll_y == 0


async def test_the_conversation_of_last_time_is_gone_on_with_by_one_key() -> None:
    backend = FakeBackend()
    backend.history.save("old", backend.answer("ferry of old"))
    async with ReadoutsApp(backend).run_test(size=(80, 24)) as pilot:
        screen = chat(pilot)
        await until(pilot, lambda: "Go on with “ferry of old”" in said(screen))
        await pilot.press("tab", "enter")
        await until(pilot, lambda: screen.exchange is not None)
        assert "❯ ferry of old" in said(screen)
        await ask(pilot, "more")
        assert backend.asked[-1]["conversation"] == "old"
        await pilot.press("ctrl+n")
        await until(pilot, lambda: "security" in said(screen))


async def test_the_way_back_is_told_wherever_there_is_one() -> None:
    from textual.widgets._footer import FooterKey

    from assistant.tui.keybar import KeyBar

    async with ReadoutsApp(FakeBackend()).run_test(size=(80, 24)) as pilot:
        screen = chat(pilot)

        def shown() -> set[str]:
            return {key.description for key in screen.query_one(KeyBar).query(FooterKey)}

        await until(pilot, lambda: "Ask" in shown())
        assert "Back" not in shown()
        await ask(pilot, "ferry")
        await pilot.press("tab", "1")
        await until(pilot, lambda: screen.reading.body.has_focus and "Back" in shown())


@pytest.mark.parametrize("size", SIZES)
async def test_tab_and_enter_put_the_first_example_into_the_box(size: tuple[int, int]) -> None:
    async with ReadoutsApp(FakeBackend()).run_test(size=size) as pilot:
        screen = chat(pilot)
        await pilot.press("tab")  # sooner than the index has told what it holds
        await until(pilot, lambda: "security" in said(screen))
        await pilot.press("enter")
        await until(pilot, lambda: screen.question.text.startswith("What did Anna Bergström and Karim Haddad discuss"))
        assert screen.question.has_focus
