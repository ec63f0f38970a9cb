"""Pages that were fetched and are kept: with their notes or not at all, and named where they are not as they were written."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from small_index import HashEncoder

from benchmarks.web_site import PAGE, Site, site
from index import build, private
from index.catalogue import Catalogue
from index.datatypes import Filters, IndexReport
from index.readers.origins import FETCHED, checksum
from index.web.copies import copy_of, damaged_copies, keep
from index.web.fetching import Page


@pytest.fixture
def here() -> Iterator[Site]:
    with site() as made:
        yield made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "built"


def add(folder: Path, address: str) -> IndexReport:
    return build.add(folder, [address], HashEncoder)


@pytest.mark.parametrize("name", ["about.json", "call.html"])
def test_what_was_fetched_and_is_not_as_it_was_written_is_named_not_read_and_fetched_again(
    folder: Path, here: Site, name: str
) -> None:
    address = here.give("/call", ETag='"one"')
    add(folder, address)
    assert not list(damaged_copies(folder))
    (path,) = (folder / FETCHED).rglob(name)
    sound = path.read_bytes()
    path.write_bytes(sound.replace(b"salt", b"malt").replace(b"one", b"own"))
    assert list(damaged_copies(folder)) == [path.parent]
    here.give("/call", b"", status=503)
    report = add(folder, address)
    assert "503" in report.skipped[0].reason
    catalogue = Catalogue(folder)
    (record,) = catalogue.records(Filters(), limit=None)
    assert catalogue.readout(record.source.doc_id).text == "They spoke of salt."
    catalogue.close()
    here.give("/call", ETag='"one"')
    assert add(folder, address).unchanged == 1
    assert path.read_bytes() == sound
    assert not list(damaged_copies(folder))


def kept_by_an_older_version(folder: Path, *, check: bool) -> Path:
    """Have what is noted of the one page that is kept be in an older form; returns the note."""
    (path,) = (folder / FETCHED).rglob("about.json")
    (about,) = json.loads(path.read_text())["pages"]
    about.pop("sum")
    if check:
        page = (path.parent / about["file"]).read_bytes()
        about["check"] = checksum(json.dumps(about, sort_keys=True).encode(), page)
    path.write_text(json.dumps(about, indent=1))
    return path


@pytest.mark.parametrize("check", [False, True])
def test_what_an_older_version_fetched_is_read_and_sealed_when_it_is_fetched_again(
    folder: Path, here: Site, check: bool
) -> None:
    address = here.give("/call", ETag='"one"')
    add(folder, address)
    path = kept_by_an_older_version(folder, check=check)
    assert not list(damaged_copies(folder))
    assert add(folder, address).unchanged == 1
    assert here.asked[-1][1]["If-None-Match"] == '"one"'
    here.give("/call", PAGE.replace(b"salt", b"malt"), ETag='"two"')
    assert add(folder, address).updated == 1
    assert json.loads(path.read_text())["check"]
    assert not list(damaged_copies(folder))


@pytest.mark.parametrize("form", ["now", "of two pages", "with a checksum"])
def test_a_bit_that_flips_anywhere_in_what_is_noted_of_a_page_is_found(folder: Path, here: Site, form: str) -> None:
    address = here.give("/call", ETag='"one"')
    add(folder, address)
    if form == "of two pages":
        here.give("/call", PAGE.replace(b"salt", b"malt"), ETag='"two"')
        add(folder, address)
    (path,) = (folder / FETCHED).rglob("about.json")
    if form == "with a checksum":
        kept_by_an_older_version(folder, check=True)
    sound = path.read_bytes()
    assert copy_of(folder, address) is not None
    for place, was in enumerate(sound):
        path.write_bytes(sound[:place] + bytes([was ^ 1 << place % 8]) + sound[place + 1 :])
        assert copy_of(folder, address) is None, place


def end_at(last: int, patch: pytest.MonkeyPatch) -> None:
    """Have what is written end, as where the process is killed, before its ``last``-th step."""
    steps: list[str] = []

    def stopped(plain: Callable[..., object]) -> Callable[..., object]:
        def step(*given: object) -> object:
            steps.append(plain.__name__)
            if len(steps) >= last:
                raise KeyboardInterrupt
            return plain(*given)

        return step

    for owner, name in ((private, "write"), (private, "settle"), (Path, "replace"), (Path, "rename")):
        patch.setattr(owner, name, stopped(getattr(owner, name)))


@pytest.mark.parametrize("first", [True, False])
def test_wherever_keeping_a_page_ends_the_old_is_there_or_the_new_and_nothing_is_damaged(
    folder: Path, monkeypatch: pytest.MonkeyPatch, first: bool
) -> None:
    address = "https://example.org/call"
    old, new = (
        Page(address=address, content=PAGE.replace(b"salt", word), headers={"etag": word.decode()})
        for word in (b"malt", b"rice")
    )
    found = []
    for last in range(1, 30):
        shutil.rmtree(folder, ignore_errors=True)
        if not first:
            keep(folder, address, old)
        with monkeypatch.context() as patch:
            end_at(last, patch)
            try:
                keep(folder, address, new)
                break
            except KeyboardInterrupt:
                pass
        assert not list(damaged_copies(folder))
        copy = copy_of(folder, address)
        found.append(copy and copy.origin.marks["If-None-Match"])
        assert copy is None or copy.origin.marks["If-None-Match"].encode() in copy.path.read_bytes()
    assert len(found) > 4
    assert set(found) == {None if first else "malt", "rice"}
    assert not list(damaged_copies(folder))


def test_of_two_processes_that_keep_a_page_at_once_one_has_kept_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = "https://example.org/call"
    pages = [Page(address=address, content=PAGE + bytes([n]), headers={}) for n in b"abc"]
    keep(folder, address, pages[0])
    replace, others = private.replace, [pages[1]]

    def overtaken(path: Path, content: bytes) -> None:
        if path.name != "about.json" and others:
            keep(folder, address, others.pop())
        replace(path, content)

    monkeypatch.setattr(private, "replace", overtaken)
    path = keep(folder, address, pages[2])
    assert path.read_bytes() == pages[2].content
    assert not list(damaged_copies(folder))
