"""All readouts in a table: filtered, narrowed, sorted, marked, opened and asked."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.widgets import Input, Sparkline, Static
from tui_fakes import FakeBackend, listed, make_readout
from tui_helpers import ask, chat, until

from assistant.tui.app import ReadoutsApp
from assistant.tui.browse import BrowseScreen
from assistant.tui.facets import Facet, FacetList
from assistant.tui.scope import filters_of, scope_of
from assistant.tui.shelf import Shelf
from assistant.tui.table import RecordTable
from index.datatypes import Filters, Listed, Record

SIZES = [(80, 24), (120, 40), (200, 50)]


def shelf_of(*numbers: int) -> Shelf:
    return Shelf([listed(Record(source=make_readout(n).source, facts=make_readout(n).facts)) for n in numbers])


async def opened(pilot: Pilot[int], count: int) -> RecordTable:
    await pilot.press("ctrl+b")
    await until(pilot, lambda: isinstance(pilot.app.screen, BrowseScreen))
    table = pilot.app.screen.query_one(RecordTable)
    await until(pilot, lambda: len(table.places) == count)
    return table


def column(table: RecordTable, number: int) -> list[str]:
    assert table.shelf is not None
    return [table.shelf.cells[place][number] for place in table.places]


async def test_of_many_readouts_the_latest_are_shown_while_the_others_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.tui.browse.FIRST", 3)
    backend = FakeBackend([make_readout(n) for n in range(1, 9)])
    backend.list_gate.clear()
    async with ReadoutsApp(backend).run_test(size=(120, 40)) as pilot:
        table = await opened(pilot, 3)
        screen = pilot.app.screen

        def count() -> str:
            return str(screen.query_one("#count", Static).render())

        assert "3 of the latest 3, reading all …" in count()
        assert screen.check_action("ask", ()) is False  # what is listed is not yet what fits
        await pilot.press("enter", "j", "space")
        here = table.doc_id
        backend.list_gate.set()
        await until(pilot, lambda: len(table.places) == 8)
        assert "8 of 8 readouts" in count()
        assert (table.cursor, table.doc_id, len(table.marked)) == (2, here, 1)
        assert screen.check_action("ask", ()) is True


# Without a screen


def test_all_words_must_stand_in_a_row_and_accents_and_capitals_do_not_matter() -> None:
    shelf = shelf_of(4, 3, 2, 1)
    assert shelf.find("CALL bergstrom 05-03", {})[0].tolist() == [2]
    assert shelf.find("call zeppelin", {})[0].tolist() == []
    assert shelf.find("", {})[0].tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize("word", ["m", "meet", "meeting", "2023-05-0", "x"])
def test_a_word_that_grows_finds_what_it_would_find_at_once(word: str) -> None:
    grown, fresh = shelf_of(*range(1, 9)), shelf_of(*range(1, 9))
    for end in range(1, len(word) + 1):
        last = grown.find(word[:end], {})[0].tolist()
    assert last == fresh.find(word, {})[0].tolist()


def test_values_of_one_facet_widen_and_those_of_different_facets_narrow() -> None:
    rows = [
        Listed("a", "2021-01-02", "call", "X", "A", ("Own",), ("P",), ("Qasr",)),
        Listed("b", "2022-01-02", "call", "X", "B", ("Own",), ("R",), ("Rum",)),
        Listed("c", "2022-03-02", "visit", "Y", "C", ("Own",), ("P", "R"), ("Qasr", "Rum")),
        Listed("d", "", "other", "", "D", (), (), ()),
    ]
    shelf = Shelf(rows)

    def found(**chosen: str) -> list[str]:
        wanted = {Facet[name.upper()]: frozenset(value.split()) for name, value in chosen.items()}
        return [shelf.doc_ids[place] for place in shelf.find("", wanted)[0]]

    assert found(year="2022") == ["b", "c"]
    assert found(kind="call visit") == ["a", "b", "c"]
    assert found(year="2022", party="Qasr") == ["c"]
    counts = shelf.find("", {Facet.YEAR: frozenset({"2022"})})[1]
    assert counts[Facet.YEAR] == [("2022", 2), ("2021", 1)]
    assert counts[Facet.PARTY] == [("Rum", 2), ("Qasr", 1)]
    assert shelf.months(shelf.find("", {})[0]) == [1.0, *[0.0] * 11, 1.0, 0.0, 1.0]
    assert shelf.between(shelf.find("B", {})[0]) == "2 Jan 2022"
    assert shelf.months(shelf.find("other", {})[0]) == []
    assert shelf.between(shelf.find("other", {})[0]) == "undated"


# On the screen


@pytest.mark.parametrize("size", SIZES)
async def test_readouts_are_filtered_sorted_and_opened(size: tuple[int, int]) -> None:
    async with ReadoutsApp(FakeBackend()).run_test(size=size) as pilot:
        screen = chat(pilot)
        table = await opened(pilot, 4)
        assert column(table, 0) == ["2023-05-05", "2023-05-04", "2023-05-03", "2023-05-02"]
        await pilot.press("ctrl+x")
        assert column(table, 0)[0] == "2023-05-02"
        await pilot.press("ctrl+s")
        assert column(table, 1) == ["call", "call", "meeting", "meeting"]
        await pilot.press(*"call bergstrom 05-03")
        await until(pilot, lambda: len(table.places) == 1)
        await pilot.press("enter", "enter")
        await until(pilot, lambda: pilot.app.screen is screen and screen.reading.readout is not None)
        assert screen.reading.readout is not None
        assert screen.reading.readout.source.doc_id == "doc-2"
        assert screen.reading.body.has_focus


@pytest.mark.parametrize("size", SIZES)
async def test_years_kinds_issuers_and_parties_narrow_the_table_and_escape_backs_out(size: tuple[int, int]) -> None:
    async with ReadoutsApp(FakeBackend()).run_test(size=size) as pilot:
        table = await opened(pilot, 4)
        browse = pilot.app.screen
        await pilot.press("ctrl+f")
        facets = browse.query_one(FacetList)
        assert facets.has_focus
        assert facets.region.area > 0
        await pilot.press("j", "k", "j", "enter")  # the year, then the first kind
        await until(pilot, lambda: len(table.places) == 2)
        assert set(column(table, 1)) == {"call"}
        assert "call" in str(browse.query_one("#count", Static).render())
        await pilot.press("G", "g", "escape")
        assert table.has_focus
        assert table.region.area > 0
        await pilot.press("escape")
        await until(pilot, lambda: len(table.places) == 4)
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is chat(pilot))


async def test_only_the_listed_readouts_can_be_asked() -> None:
    backend = FakeBackend()
    async with ReadoutsApp(backend).run_test(size=(80, 24)) as pilot:
        screen = chat(pilot)
        table = await opened(pilot, 4)
        await pilot.press(*"meeting")
        await until(pilot, lambda: len(table.places) == 2)
        await pilot.press("ctrl+a")
        await until(pilot, lambda: pilot.app.screen is screen)
        assert screen.scope == Filters(doc_ids=("doc-3", "doc-1"))
        await ask(pilot, "ferry")
        assert backend.asked[-1]["filters"] == screen.scope


async def test_marked_readouts_alone_are_asked() -> None:
    async with ReadoutsApp(FakeBackend()).run_test(size=(120, 40)) as pilot:
        screen = chat(pilot)
        table = await opened(pilot, 4)
        await pilot.press("enter", "j", "space", "space", "k", "space")
        assert table.marked == {"doc-3"}
        assert "✓" in table.render_line(2).text
        assert "1 marked" in str(pilot.app.screen.query_one("#count", Static).render())
        await pilot.press("ctrl+a")
        await until(pilot, lambda: pilot.app.screen is screen)
        assert screen.scope == Filters(doc_ids=("doc-3",))


@pytest.mark.parametrize("size", SIZES)
async def test_what_facets_say_is_asked_by_filters_and_what_they_do_not_by_ids(size: tuple[int, int]) -> None:
    async with ReadoutsApp(FakeBackend()).run_test(size=size) as pilot:
        screen = chat(pilot)
        table = await opened(pilot, 4)
        await pilot.press("ctrl+f", "j", "enter")  # the first kind
        await until(pilot, lambda: len(table.places) == 2)
        await pilot.press("ctrl+a")
        await until(pilot, lambda: screen.scope == Filters(kinds=("call",)))
        assert "only  calls ✕" in screen.query_one("#scope Rows").text  # type: ignore[attr-defined]
        table = await opened(pilot, 4)
        await pilot.press(*"05-03", "ctrl+f", "j", "enter")
        await until(pilot, lambda: len(table.places) == 1)
        await pilot.press("ctrl+a")
        await until(pilot, lambda: screen.scope == Filters(doc_ids=("doc-2",)))


def test_years_with_a_gap_and_one_party_or_another_are_no_filters() -> None:
    assert filters_of({Facet.YEAR: frozenset({"2021", "2022"})}) == Filters(date_from="2021", date_to="2022")
    assert not filters_of({Facet.YEAR: frozenset({"2021", "2023"})})
    assert not filters_of({Facet.PARTY: frozenset({"Qasr", "Rum"})})
    assert filters_of({Facet.PARTY: frozenset({"Qasr"}), Facet.ISSUER: frozenset({"A", "B"})}) == Filters(
        parties=("Qasr",), issuers=("A", "B")
    )
    assert not filters_of({Facet.KIND: frozenset({"brunch"})})


def test_a_filter_that_leaves_other_readouts_than_the_table_is_not_taken_for_it() -> None:
    backend = FakeBackend()
    chosen = {Facet.KIND: frozenset({"call"})}
    assert scope_of(backend, chosen, ("doc-2",)) == Filters(doc_ids=("doc-2",))
    assert scope_of(backend, chosen, ("doc-4", "doc-2")) == Filters(kinds=("call",))


async def test_any_number_of_readouts_can_be_asked_and_given_up_again() -> None:
    backend = FakeBackend()
    one = backend.listed()[0]
    many = tuple(replace_id(one, n) for n in range(30_000))
    backend.listed = lambda filters=None, *, limit=None: many[:limit]  # type: ignore[method-assign]
    async with ReadoutsApp(backend).run_test(size=(120, 40)) as pilot:
        screen = chat(pilot)
        table = await opened(pilot, len(many))
        pilot.app.screen.query_one(Input).value = "nordland"
        await until(pilot, lambda: len(table.places) == len(many) - 1)
        await pilot.press("ctrl+a")
        await until(pilot, lambda: len(screen.scope.doc_ids) == len(many) - 1)
        await until(pilot, lambda: screen.query("#scope Rows"))
        await pilot.click("#scope Rows", offset=(17, 0))
        await until(pilot, lambda: not screen.scope)


def replace_id(row: Listed, number: int) -> Listed:
    return row._replace(
        doc_id=f"d{number}", title="no-word" if number == 0 else "t", issuer="" if number == 0 else "Nordland"
    )


async def test_the_table_moves_by_vim_keys_and_sorts_by_a_click_on_a_heading() -> None:
    backend = FakeBackend([make_readout(n) for n in range(1, 200)])
    async with ReadoutsApp(backend).run_test(size=(80, 40)) as pilot:
        table = await opened(pilot, 199)
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
        await pilot.click("#table", offset=(4, 0))
        await until(pilot, lambda: column(table, 0)[0] == "2023-05-02")
        await pilot.click("#table", offset=(4, 5))
        assert table.cursor == 4
        assert "Readout" in table.render_line(1).text
        await pilot.click("#table", offset=(1, 6))
        assert table.marked == {table.shelf.doc_ids[table.places[5]]}  # type: ignore[union-attr]
        await pilot.press("slash")
        assert pilot.app.screen.query_one(Input).has_focus


async def test_the_line_of_bars_counts_readouts_a_month() -> None:
    backend = FakeBackend([make_readout(n) for n in (0, 1, 70)])
    async with ReadoutsApp(backend).run_test(size=(80, 24)) as pilot:
        await opened(pilot, 3)
        assert pilot.app.screen.query_one(Sparkline).data == [2.0, 0.0, 1.0]
        await pilot.press(*"2023-07")
        await until(pilot, lambda: pilot.app.screen.query_one(Sparkline).data == [1.0])


async def test_a_hundred_thousand_rows_draw_only_those_in_view() -> None:
    titles = [f"Title {number}" for number in range(100_000)]
    random.Random(0).shuffle(titles)

    class Titles:
        doc_ids = titles
        cells = [("", "", "", "", title) for title in titles]  # noqa: RUF012 - of this test alone

    drawn: list[int] = []

    class Counting(RecordTable):
        def render_line(self, y: int):  # type: ignore[no-untyped-def]
            drawn.append(y)
            return super().render_line(y)

    class Only(App[None]):
        def compose(self) -> ComposeResult:
            yield Counting()

    async with Only().run_test(size=(100, 30)) as pilot:
        table = pilot.app.query_one(Counting)
        drawn.clear()
        table.show(Titles(), range(100_000), column=0, backwards=True)
        table.focus()
        await pilot.press("G")
        await until(pilot, lambda: table.scroll_offset.y > 0)  # type: ignore[arg-type]
        assert table.cursor == 99_999
        assert titles[-1] in table.render_line(29).text
        assert len(drawn) < 500


@pytest.mark.parametrize("size", SIZES)
async def test_rows_of_any_script_are_as_wide_as_the_table(size: tuple[int, int]) -> None:
    titles = ("東京での会談", "හමුව සහ සාකච්ඡාව", "சந்திப்பு மற்றும்", "لقاء في باكو", "Встреча в Баку", "Zelenskyy’s “visit”")
    backend = FakeBackend([make_readout(n, title=title * 9) for n, title in enumerate(titles, start=1)])
    async with ReadoutsApp(backend).run_test(size=size) as pilot:
        table = await opened(pilot, len(titles))
        for line in range(len(titles) + 1):
            assert table.render_line(line).cell_length == table.size.width


async def test_an_error_of_the_catalogue_is_told_in_place_of_the_count() -> None:
    backend = FakeBackend()

    def broken(filters: Filters | None = None, *, limit: int | None = None) -> tuple[Listed, ...]:
        raise RuntimeError("torn [bold]pages")

    backend.listed = broken  # type: ignore[method-assign]
    async with ReadoutsApp(backend).run_test(size=(80, 24)) as pilot:
        await pilot.press("ctrl+b")
        await until(pilot, lambda: "torn [bold]pages" in str(pilot.app.screen.query_one("#count", Static).render()))
        await pilot.press("a", "escape", "escape")
        await until(pilot, lambda: pilot.app.screen is chat(pilot))


def test_the_catalogue_lists_what_its_records_say() -> None:
    record = Record(source=make_readout(1).source, facts=replace(make_readout(1).facts, parties=()))
    assert Shelf([listed(record)]).cells[0][3] == ""
