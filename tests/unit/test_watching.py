"""``assistant.watching``: what a run that failed was to index is indexed as soon as it can be, though nothing changes again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from small_index import HashEncoder, readout

from assistant import watching
from assistant.api import Assistant
from assistant.history import History
from index.datatypes import IndexReport, Progress
from index.errors import CatalogueError


class OnFullDisk(Assistant):
    """Says that the disk is full as often as it is told to."""

    failures = 0

    def add(
        self,
        paths: Sequence[str | Path],
        *,
        progress: Callable[[Progress], None] | None = None,
        follow: bool = False,
        fields: Mapping[str, str] | None = None,
    ) -> IndexReport:
        if self.failures:
            self.failures -= 1
            raise CatalogueError("The index cannot be written: the disk is full.", mend="Make room.")
        return super().add(paths, progress=progress, follow=follow, fields=fields)


@pytest.fixture
def assistant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OnFullDisk]:
    monkeypatch.setattr(watching, "AGAIN", 0.05)
    with OnFullDisk(tmp_path / "index", history=History(None), encoder=HashEncoder()) as made:
        yield made


def test_what_a_full_disk_kept_from_the_index_is_told_once_and_indexed_when_there_is_room(
    assistant: OnFullDisk, corpus: Path
) -> None:
    stop = threading.Event()
    patience = threading.Timer(60, stop.set)
    patience.start()
    found = watching.watch(assistant, [corpus], stop=stop)
    next(found)
    for name in ("kelp", "dulse"):
        assistant.failures = 3
        (corpus / f"{name}.md").write_text(readout(name, f"Minister Quist praised the {name} of the north."))
        failed, done = next(found), next(found)
        assert isinstance(failed, CatalogueError)
        assert isinstance(done, IndexReport)
        assert [change.doc_id for change in done.changes] == [name]
        assert not assistant.failures
    stop.set()
    patience.cancel()
    assert not list(found)


def test_pauses_after_a_failure_become_longer_up_to_a_limit() -> None:
    failure = watching._Failure()
    assert not failure.due()
    told = [failure.note(CatalogueError(reason)) for reason in ("full", "full", "broken", *["full"] * 20)]
    assert told == [True, False, True, True, *[False] * 19]
    assert failure._pause == watching.SELDOM
    assert not failure.due()
