"""A text that was posted more than once: one posting leads and is shown, the others are named beside it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from building import ask, ids, never, never_if_nothing_new
from small_index import HashEncoder

from assistant import Assistant
from assistant.history import History
from index import build
from index.catalogue import Catalogue
from index.datatypes import Filters, Folded, IndexReport, Progress, Query
from index.search import PassageIndex

TEXT = (
    "President Mara Tolliver spoke today with Prime Minister Ada Okafor of Nigeria about the ferry line across the gulf. "
    "The leaders agreed that two new ships will sail before winter, and that customs officers of both sides will work in one "
    "hall. They also discussed the price of grain and the search for the lost trawler. They will remain in close contact."
)
Write = Callable[..., IndexReport]


def posting(text: str = TEXT, day: str = "2023-02-03", issuer: str = "White House (United States)") -> str:
    return f"---\ntitle: Call with the Prime Minister of Nigeria\npublished: {day}\nissuer: {issuer}\n---\n{text}\n"


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Put files into a folder and index it."""
    folder = tmp_path / "posted"
    folder.mkdir()

    def put(files: dict[str, str], *, gone: tuple[str, ...] = ()) -> IndexReport:
        for name, content in files.items():
            (folder / f"{name}.md").write_text(content, encoding="utf-8")
        for name in gone:
            (folder / f"{name}.md").unlink()
        return build.add(tmp_path / "built", [folder], HashEncoder)

    return put


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "built"


def shown(folder: Path, **filters: object) -> dict[str, list[str]]:
    """Readouts of a listing, each with the other postings of its text."""
    catalogue = Catalogue(folder)
    found = catalogue.records(Filters(**filters), limit=None)  # type: ignore[arg-type]
    catalogue.close()
    return {record.source.doc_id: [one.doc_id for one in record.also] for record in found}


def hits(folder: Path, **parts: object) -> dict[str, list[str]]:
    found = ask(folder, "ferry line across the gulf", **parts)
    return {hit.passage.source.doc_id: [one.doc_id for one in hit.also] for hit in found}


def test_the_posting_of_the_first_day_leads_then_the_longest_then_the_first_id(write: Write, folder: Path) -> None:
    longer = "FOR IMMEDIATE RELEASE. Office of the Press Secretary. " + TEXT
    report = write(
        {
            "a-later": posting(day="2023-02-04"),
            "d-first": posting(),
            "b-first": posting(),
            "c-longest": posting(longer),
            "undated": posting().replace("published: 2023-02-03\n", ""),
        }
    )
    copies = ["b-first", "d-first", "a-later", "undated"]
    assert shown(folder) == {"c-longest": copies}
    assert set(report.folded) == {Folded(doc_id=copy, leader="c-longest") for copy in copies}


def test_a_search_and_a_count_see_one_posting(write: Write, folder: Path) -> None:
    other = posting("President Tolliver met envoys of the coast and spoke of the ferry.", day="2023-02-05")
    write({"first": posting(), "second": posting(day="2023-02-04"), "other": other})
    assert hits(folder)["first"] == ["second"]
    assert set(hits(folder)) == {"first", "other"}
    assert set(hits(folder, phrases=("ferry line",))) == {"first"}
    with Assistant(folder, history=History(None), encoder=HashEncoder()) as assistant:
        answer = assistant.ask("How many calls were there with Nigeria?")
        assert answer.documents == ("first", "other")
        assert [one.doc_id for one in answer.citations[0].also] == ["second"]
        assert answer.to_dict()["citations"][0]["also"][0]["doc_id"] == "second"
        status = assistant.status()
        assert (status.documents, status.copies) == (3, 1)


def test_all_postings_are_shown_on_request(write: Write, folder: Path) -> None:
    write({"first": posting(), "second": posting(day="2023-02-04")})
    assert shown(folder, copies=True) == {"second": ["first"], "first": ["second"]}
    every = Filters(copies=True)
    assert set(hits(folder, filters=every)) == {"first", "second"}
    with Assistant(folder, history=History(None), encoder=HashEncoder()) as assistant:
        assert {record.source.doc_id for record in assistant.records(every)} == {"first", "second"}
        assert (assistant.count(), assistant.count(every)) == (1, 2)


def test_a_filter_that_leaves_out_the_leader_shows_the_next(write: Write, folder: Path) -> None:
    write({"first": posting(), "second": posting(day="2023-02-04", issuer="Presidency of Nigeria")})
    assert shown(folder, issuers=("Nigeria",)) == {"second": ["first"]}
    assert shown(folder, issuers=("White House",)) == {"first": ["second"]}
    assert hits(folder, filters=Filters(issuers=("Nigeria",))) == {"second": ["first"]}
    assert hits(folder, filters=Filters(doc_ids=("second",))) == {"second": ["first"]}
    assert set(hits(folder, filters=Filters(parties=("Nigeria",)))) == {"first"}


def test_when_the_leader_goes_the_next_leads_and_nothing_is_encoded(write: Write, folder: Path) -> None:
    write({name: posting(day=f"2023-02-0{day}") for day, name in enumerate(("first", "second", "third"), start=3)})
    build.remove(folder, ["first"])
    assert shown(folder) == {"second": ["third"]}
    assert hits(folder) == {"second": ["third"]}
    report = write({}, gone=("second",))
    assert (report.encoded, shown(folder)) == (0, {"third": []})


def test_a_posting_that_is_reworded_stands_alone_and_joins_again(write: Write, folder: Path) -> None:
    write({"first": posting(), "second": posting(day="2023-02-04")})
    assert write({"first": posting(TEXT.replace("Nigeria", "Senegal"))}).folded == ()
    assert shown(folder) == {"second": [], "first": []}
    report = write({"first": posting()})
    assert report.folded == (Folded(doc_id="second", leader="first"),)
    assert shown(folder) == {"first": ["second"]}


def test_what_is_folded_already_is_not_told_again(write: Write, folder: Path) -> None:
    write({"first": posting(), "second": posting(day="2023-02-04")})
    assert write({"other": posting("President Tolliver met envoys of the coast.")}).folded == ()
    rebuilt = build.rebuild(folder, never_if_nothing_new)
    assert rebuilt.folded == ()
    assert shown(folder)["first"] == ["second"]


def test_the_same_words_on_another_day_are_another_statement(write: Write, folder: Path) -> None:
    write({"may": posting(day="2023-05-01"), "june": posting(day="2023-06-01")})
    assert shown(folder) == {"june": [], "may": []}


def test_two_sides_accounts_of_one_call_are_two(write: Write, folder: Path) -> None:
    theirs = (
        "Prime Minister Ada Okafor received a call today from President Mara Tolliver of the United States. The Prime "
        "Minister raised the ferry line and asked for a third ship. Both spoke of grain and of the lost trawler."
    )
    write({"ours": posting(), "theirs": posting(theirs, issuer="Presidency of Nigeria")})
    assert shown(folder) == {"theirs": [], "ours": []}


def test_an_index_of_older_rules_is_looked_through_once_with_nothing_to_encode(write: Write, folder: Path) -> None:
    write({"first": posting(), "second": posting(day="2023-02-04")})
    catalogue = Catalogue(folder, write=True)
    for statement in (
        "DELETE FROM postings",
        "DELETE FROM bands",
        "UPDATE meta SET value = '0' WHERE key = 'duplicates'",
    ):
        catalogue.run(statement)
    catalogue.close()
    assert shown(folder) == {"second": [], "first": []}
    report = build.add(folder, [folder.parent / "posted"], never)
    assert (report.unchanged, report.folded) == (2, (Folded(doc_id="second", leader="first"),))
    assert shown(folder) == {"first": ["second"]}
    assert build.add(folder, [folder.parent / "posted"], never).folded == ()


def test_a_reader_that_is_open_sees_what_was_folded_since(write: Write, folder: Path) -> None:
    write({"first": posting()})
    opened = PassageIndex(folder)
    vector = HashEncoder().encode(["ferry line"])[0]
    assert not opened.search(Query(text="ferry line"), vector)[0].also
    write({"second": posting(day="2023-02-04")})
    (hit,) = opened.search(Query(text="ferry line"), vector)
    assert [one.doc_id for one in hit.also] == ["second"]
    opened.close()


def test_a_run_that_fails_while_writing_leaves_what_is_folded_as_it_was(write: Write, folder: Path) -> None:
    write({"first": posting(), "second": posting(day="2023-02-04")})

    def fail(progress: Progress) -> None:
        if progress.stage == "writing" and progress.done:
            raise RuntimeError("stopped")

    (folder.parent / "posted" / "first.md").write_text(posting(TEXT.replace("Nigeria", "Senegal")), encoding="utf-8")
    with pytest.raises(RuntimeError):
        build.add(folder, [folder.parent / "posted"], HashEncoder, listener=fail)
    assert shown(folder) == {"first": ["second"]}


def test_nothing_of_the_folding_stays_when_all_is_removed(write: Write, folder: Path) -> None:
    write({"first": posting(), "second": posting(day="2023-02-04")})
    build.remove(folder, sorted(ids(folder) | {"second"}))
    catalogue = Catalogue(folder)
    assert catalogue.run("SELECT (SELECT count(*) FROM postings) + (SELECT count(*) FROM bands)") == [(0,)]
    catalogue.close()
