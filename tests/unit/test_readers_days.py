import datetime as dt
from typing import Any

import pytest

from index.readers.days import parse_day
from index.readers.issuers import issuer_of


@pytest.mark.parametrize(
    "value",
    [
        dt.date(2022, 8, 2),
        dt.datetime(2022, 8, 2, 23, 59, tzinfo=dt.timezone(dt.timedelta(hours=-4))),
        "2022-08-02",
        "2022-08-02 17:59:06-04:00",
        "2022-08-02T23:59:59Z",
        "2022/08/02",
        "20220802",
        "2 August 2022",
        "2nd of August 2022",
        "Tue, 02 Aug 2022 17:59:06 GMT",
        "August 2, 2022",
        "Tuesday, August 2nd, 2022",
        "Aug. 2, 2022",
        "02.08.2022",
    ],
)
def test_a_day_is_read_as_it_is_written(value: object) -> None:
    assert parse_day(value) == dt.date(2022, 8, 2)


@pytest.mark.parametrize("value", [None, "", "  "])
def test_no_words_are_no_day(value: object) -> None:
    assert parse_day(value) is None


def test_slashes_are_read_only_where_they_can_mean_one_day() -> None:
    assert parse_day("13/05/2023") == parse_day("05/13/2023") == dt.date(2023, 5, 13)
    with pytest.raises(ValueError, match="is not a day"):
        parse_day("05/06/2023")


@pytest.mark.parametrize(
    "value", ["soon", "2023", 2023, "May 2023", "31 June 2023", "2023-13-01", "1 Brumaire 2023", ["x"]]
)
def test_what_names_no_day_is_an_error(value: Any) -> None:
    with pytest.raises(ValueError, match="is not a day"):
        parse_day(value)


@pytest.mark.parametrize(
    ("url", "issuer"),
    [
        ("https://www.state.gov/a", "Department of State (United States)"),
        ("http://en.kremlin.ru/events", "Kremlin (President of Russia)"),
        ("https://bidenwhitehouse.archives.gov/x", "White House (United States)"),
        ("https://web.archive.org/web/2022/https://www.state.gov/a", "Department of State (United States)"),
        ("https://notstate.gov.example.org/", ""),
        ("https://mystate.gov/", ""),
        ("http://[broken", ""),
        ("", ""),
    ],
)
def test_issuers_are_told_by_the_host(url: str, issuer: str) -> None:
    assert issuer_of(url) == issuer
