from __future__ import annotations

import datetime as dt

import pytest

from index.datatypes import KIND_FILTERS, Filters, Kind, parse_bound
from index.errors import FilterError

DAY = dt.date


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2023", DAY(2023, 1, 1), DAY(2023, 12, 31)),
        ("2023-05", DAY(2023, 5, 1), DAY(2023, 5, 31)),
        ("2024-02", DAY(2024, 2, 1), DAY(2024, 2, 29)),
        ("2023-5-8", DAY(2023, 5, 8), DAY(2023, 5, 8)),
        (" 2023-05-18 ", DAY(2023, 5, 18), DAY(2023, 5, 18)),
        (DAY(2023, 5, 18), DAY(2023, 5, 18), DAY(2023, 5, 18)),
        ("", None, None),
        ("  ", None, None),
        (None, None, None),
    ],
)
def test_a_bound_is_a_day_a_month_or_a_year(written: str, first: dt.date | None, last: dt.date | None) -> None:
    assert parse_bound(written, last=False) == first
    assert parse_bound(written, last=True) == last


@pytest.mark.parametrize(
    "written",
    [
        "yesterday",
        "2023-13",
        "2023-00",
        "2023-02-30",
        "05-2023",
        "2023/05/01",
        "0000",
        "23",
        "2023-05-18T10",
        "٢٠٢٣-١٣",
        "-1",
    ],
)
def test_what_is_no_date_is_refused_with_the_forms_that_are(written: str) -> None:
    for last in (False, True):
        with pytest.raises(FilterError) as caught:
            parse_bound(written, last=last)
        assert written in caught.value.message
        assert "2023-05" in caught.value.mend


def test_filters_take_dates_as_written_and_hold_days() -> None:
    filters = Filters(date_from="2023-05", date_to="2023-05")
    assert (filters.date_from, filters.date_to) == (DAY(2023, 5, 1), DAY(2023, 5, 31))


def test_an_empty_range_is_refused() -> None:
    with pytest.raises(FilterError, match="empty"):
        Filters(date_from="2023-06", date_to="2023-05")


def test_one_day_is_a_range() -> None:
    assert Filters(date_from="2023-05-18", date_to="2023-05-18")


def test_an_unknown_kind_is_refused_with_the_known_ones() -> None:
    with pytest.raises(FilterError) as caught:
        Filters(kinds=("phone",))
    assert all(kind in caught.value.mend for kind in KIND_FILTERS)


def test_kinds_are_known_whatever_their_case() -> None:
    assert Filters(kinds=(" Call", "MEETING")).kinds == ("call", "meeting")


def test_calls_include_video_calls_and_every_kind_can_be_asked_for() -> None:
    assert KIND_FILTERS["call"] == {Kind.CALL, Kind.VIDEO_CALL}
    assert set(Kind) == frozenset().union(*KIND_FILTERS.values())


def test_lists_become_tuples() -> None:
    filters = Filters(parties=["Japan"], issuers=["Kremlin"], kinds=["call"], doc_ids=["a"])
    assert filters == Filters(parties=("Japan",), issuers=("Kremlin",), kinds=("call",), doc_ids=("a",))
    assert hash(filters) == hash(Filters(parties=("Japan",), issuers=("Kremlin",), kinds=("call",), doc_ids=("a",)))


@pytest.mark.parametrize(
    "filters",
    [
        Filters(date_from="2023"),
        Filters(date_to="2023"),
        Filters(parties=("Japan",)),
        Filters(issuers=("Kremlin",)),
        Filters(kinds=("call",)),
        Filters(doc_ids=("a",)),
    ],
)
def test_filters_with_any_part_are_true(filters: Filters) -> None:
    assert filters


def test_filters_without_parts_are_false() -> None:
    assert not Filters()


class TestBoth:
    def test_the_narrower_range_and_all_parties_count(self) -> None:
        both = Filters(date_from="2022", date_to="2023", parties=("Japan", "Moriyama")) & Filters(
            date_from="2023", date_to="2024", parties=("Moriyama", "Qatar")
        )
        assert both == Filters(date_from="2023", date_to="2023", parties=("Japan", "Moriyama", "Qatar"))

    def test_open_ends_take_the_other_side(self) -> None:
        assert Filters(date_from="2023") & Filters(date_to="2024") == Filters(date_from="2023", date_to="2024")

    def test_issuers_kinds_and_ids_of_one_side_stay(self) -> None:
        one = Filters(issuers=("Kremlin",), kinds=("call",), doc_ids=("a", "b"))
        assert one & Filters() == one
        assert Filters() & one == one

    def test_issuers_kinds_and_ids_of_both_sides_are_those_in_both(self) -> None:
        both = Filters(kinds=("call", "visit"), doc_ids=("a", "b")) & Filters(kinds=("visit",), doc_ids=("b", "c"))
        assert both == Filters(kinds=("visit",), doc_ids=("b",))

    def test_ranges_that_do_not_meet_are_refused(self) -> None:
        with pytest.raises(FilterError, match="empty"):
            Filters(date_to="2022") & Filters(date_from="2023")


def test_taking_filters_away_leaves_the_other_parts() -> None:
    whole = Filters(date_from="2023", date_to="2023", parties=("Japan", "Qatar"), kinds=("call",), issuers=("Kremlin",))
    rest = whole - Filters(date_from="2023", parties=("Japan",), kinds=("call",), issuers=("White House",))
    assert rest == Filters(date_to="2023", parties=("Qatar",), issuers=("Kremlin",))
    assert not whole - whole


def test_filters_say_themselves_as_the_public_json() -> None:
    assert Filters(date_from="2023-05", parties=("Japan",), kinds=("call",)).to_dict() == {
        "from": "2023-05-01", "to": None, "parties": ["Japan"], "issuers": [], "kinds": ["call"],
    }  # fmt: skip
