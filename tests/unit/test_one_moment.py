"""What is read by several statements is of one moment, though another process writes between two of them."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from building import ids
from small_index import HashEncoder, readout, write_corpus

from assistant.history import History
from assistant.lookup import Lookup
from index import build, keeping, lexical, rows, search
from index.catalogue import Catalogue
from index.database import Database
from index.datatypes import Filters, Query
from index.encoder.numpy_bert import NumpyBert
from index.errors import CatalogueError
from index.search import PassageIndex


@pytest.fixture
def looked_up(built: Path) -> Iterator[Lookup]:
    opened = Lookup(built)
    yield opened
    opened.close()


def between(monkeypatch: pytest.MonkeyPatch, name: str, work: Callable[[], object]) -> None:
    """Do something else, once, before a function of ``rows`` is called."""
    call, done = getattr(rows, name), []

    def first(*values: Any) -> Any:
        if not done:
            done.append(True)
            work()
        return call(*values)

    monkeypatch.setattr(rows, name, first)


def test_a_readout_that_goes_while_it_is_read_is_read_whole(
    built: Path, looked_up: Lookup, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = Lookup(built).readout("qatar-call")
    between(monkeypatch, "read_readout", lambda: build.remove(built, ["qatar-call"]))
    assert looked_up.readout("qatar-call") == before
    assert "qatar-call" not in ids(built)


def test_a_list_of_readouts_of_which_one_goes_meanwhile_is_of_one_moment(
    built: Path, looked_up: Lookup, monkeypatch: pytest.MonkeyPatch
) -> None:
    between(monkeypatch, "read_records", lambda: build.remove(built, ["qatar-call", "japan-call"]))
    assert len(looked_up.records()) == 8
    assert len(looked_up.records()) == 6


def test_the_long_list_has_the_parties_of_its_own_moment(
    built: Path, looked_up: Lookup, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Lookup(built).listed()
    monkeypatch.setattr(rows, "_dated", _then(rows._dated, lambda: build.remove(built, ["qatar-call"])))
    assert looked_up.listed() == whole


def _then(call: Callable[..., Any], work: Callable[[], object]) -> Callable[..., Any]:
    def first(*values: Any) -> Any:
        work()
        return call(*values)

    return first


def test_a_moment_whose_vectors_were_swept_away_gives_way_to_the_next(
    built: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there, asked = keeping.are_there, []

    def late(catalogue: Catalogue) -> bool:
        asked.append(True)
        if len(asked) == 1:
            write_corpus(corpus, {"kelp.md": readout("Kelp", "They spoke of kelp farms.")})
            build.add(built, [corpus], HashEncoder)
        return there(catalogue)

    monkeypatch.setattr(search, "are_there", late)
    monkeypatch.setattr(keeping, "FlatIndex", None)  # nothing is to be made in memory
    opened = PassageIndex(built)
    (first, *_) = opened.search(Query(text="kelp farms"), HashEncoder().encode(["kelp farms"])[0])
    assert first.passage.source.doc_id == "kelp"
    assert len(asked) == 2
    opened.close()


def test_within_a_transaction_no_moment_is_begun(built: Path) -> None:
    catalogue = Catalogue(built, write=True)
    with catalogue.transaction():
        catalogue.remove_document(catalogue.row_of("qatar-call"))
        assert len(catalogue.records(Filters(), limit=None)) == 7
    catalogue.close()


def test_a_catalogue_that_is_locked_is_not_taken_for_one_that_nobody_writes_to(
    built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def locked(uri: str) -> sqlite3.Connection:
        asked.append(uri.rpartition("?")[2])
        raise sqlite3.OperationalError("database is locked")

    monkeypatch.setattr(Database, "_connect", staticmethod(locked))
    with pytest.raises(CatalogueError) as caught:
        Catalogue(built)
    assert asked == ["mode=ro"]
    assert "try again" in caught.value.mend


def test_who_begins_to_keep_conversations_while_another_does_finds_its_tables(tmp_path: Path) -> None:
    one, other = History(tmp_path), History(tmp_path)
    make = other._storage._bring_up_to_date

    def late(database: sqlite3.Connection, version: int) -> None:
        assert version == 0
        assert one.conversations() == ()
        make(database, version)

    vars(other._storage)["_bring_up_to_date"] = late
    assert other.conversations() == ()
    one.close()
    other.close()


def test_counts_of_words_that_are_kept_have_a_bound_and_stay_right(
    built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lexical, "COUNTS_KEPT", 10)
    catalogue = Catalogue(built)
    wanted = catalogue.frequencies(["barg", "grain"])
    for number in range(40):
        catalogue.frequencies([f"nothing{number}", f"nowhere{number}"])
    assert len(catalogue._counted) <= 10 + 2
    assert catalogue.frequencies(["barg", "grain"]) == wanted != {}
    catalogue.close()


def test_two_questions_are_not_encoded_by_numpy_at_once_for_its_threads_are_the_process_own() -> None:
    inside, most = [0], [0]

    class Threads:
        @contextmanager
        def limit(self, limits: int) -> Iterator[None]:
            inside[0] += 1
            most[0] = max(most[0], inside[0])
            yield
            inside[0] -= 1

    bert = NumpyBert.__new__(NumpyBert)
    met = threading.Event()
    vars(bert).update(_threads=Threads(), _lock=threading.Lock(), _forward=lambda _: (met.wait(0.05), np.ones(3))[1])
    running = [threading.Thread(target=lambda: bert.encode([np.array([1])])) for _ in range(4)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    assert most == [1]
