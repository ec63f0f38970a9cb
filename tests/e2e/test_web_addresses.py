"""Web addresses on the command line, against a site on this machine."""

from __future__ import annotations

from e2e_helpers import Command

from benchmarks.web_site import site


def test_an_address_is_indexed_listed_with_language_and_address_and_found(cli: Command) -> None:
    with site() as here:
        address = here.give("/news/call")
        report = cli("index", "--json", address).json()
        assert (report["added"], report["skipped"], report["notes"]) == (1, [], [])
    (record,) = cli("list", "--json").lines()
    assert (record["doc_id"], record["url"], record["language"]) == ("call", address, "en")
    assert cli("status", "--json").json()["languages"] == {"en": 1}
    assert "language:" in cli("show", "call").out
    # The site is gone: what is kept is read.
    report = cli("index", "--json", address).json()
    assert (report["unchanged"], len(report["notes"])) == (1, 1)


def test_an_address_that_cannot_be_had_is_skipped_and_the_files_beside_it_are_taken(
    cli: Command, corpus: object
) -> None:
    with site() as here:
        ran = cli("index", "--json", corpus, f"{here.address}/nothing")
    report = ran.json()
    assert report["added"] == 8
    assert "status 404" in report["skipped"][0]["reason"]


def test_an_address_that_is_not_fetched_is_the_reason_for_exit_code_1_where_there_is_nothing_else(cli: Command) -> None:
    ran = cli("index", "ftp://example.org/readouts")
    assert ran.code == 1
    assert "only http and https" in ran.out
    assert "Traceback" not in ran.err


def test_an_address_cannot_be_watched(cli: Command) -> None:
    ran = cli("index", "--watch", "https://example.org/feed")
    assert ran.code == 2
    assert "Only files and folders can be watched" in ran.err
