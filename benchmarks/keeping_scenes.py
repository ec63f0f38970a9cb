"""Disturbed scenes of keeping and restoring work: backups, restoring, repairing, exports, and fetched pages."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path

import index.web
from assistant import history, saved_searches
from benchmarks.forked import Child, command
from benchmarks.older import make_old_kept
from benchmarks.scenes import Place, Scene, indexed
from index import private
from index.database import FILE_NAME
from index.web import copies
from index.web.fetching import Page

_ASK = ("ask", "What did the leaders say about Ukraine?", "--conversation")
_SOME = "SELECT key FROM embeddings ORDER BY key LIMIT 9"
_ADDRESS = "https://example.org/a-call"
_PAGE = (
    b"<!doctype html><html lang='en'><title>A call about salt (3 May 2024)</title>"
    b"<p>The two ministers spoke of salt and of the price of barges.</p></html>"
)


def _worked(place: Place) -> None:
    """An index with a page that was fetched, two conversations, and a saved search."""
    indexed(place)
    copies.keep(place.index, _ADDRESS, Page(address=_ADDRESS, content=_PAGE, headers={}))
    for name in ("first", "second"):
        place.ran(*_ASK, name)
    place.ran("watch", "add", "calls", "kind:call")
    place.ran("watch", "run", code=10)


def _backup(place: Place) -> Path:
    return place.named / "all.zip"


def _backed_up(place: Place) -> None:
    """The same, a backup of it, and work that came after that."""
    _worked(place)
    place.ran("backup", _backup(place))
    place.ran("remove", place.files()[1].stem)
    place.ran(*_ASK, "third")
    place.ran("watch", "add", "coast", "whelk harvest")


def _lost(place: Place) -> None:
    """A backup alone."""
    _worked(place)
    place.ran("backup", _backup(place))
    for folder in (place.index, place.history):
        shutil.rmtree(folder)


def _damaged(place: Place) -> None:
    """An embedding and a turn that are not as they were written, and a search that is; what changed last lies in journals."""
    _worked(place)
    _changed(place.index / FILE_NAME, f"UPDATE embeddings SET vector = zeroblob(length(vector)) WHERE key IN ({_SOME})")
    _changed(place.history / history.FILE_NAME, "UPDATE turns SET answer = answer || ' ' WHERE conversation = 'first'")
    _changed(place.history / saved_searches.FILE_NAME, "UPDATE searches SET seal = seal + 1")


def _changed(path: Path, statement: str) -> None:
    """Change a database as one does who is killed then: its journal stays beside it."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute(statement)
        there = [path, path.with_name(path.name + "-wal")]
        copies = [file.read_bytes() for file in there]
    for file, content in zip(there, copies, strict=True):
        file.unlink(missing_ok=True)
        private.write(file, content)


def _worked_long_ago(place: Place) -> None:
    """Conversations and searches in the first version of their tables."""
    _worked(place)
    make_old_kept(place.history)


def _bring_up_to_date(place: Place) -> int:
    """Reading them does; a second command, as nothing of the first stands in its way."""
    return command(["history"]) or command(["watch", "list"])


def _write_as_well(place: Place) -> int:
    """Sweeps as well, as whoever writes does."""
    code = _bring_up_to_date(place) or command(["watch", "run"])
    with contextlib.closing(history.History(place.history)) as kept:
        kept.rename("first", kept.conversation("first").title)
    return code


def _back_up(place: Place) -> int:
    return command(["backup", _backup(place)])


def _back_up_over(place: Place) -> int:
    return command(["backup", _backup(place), "--force"])


def _restore(place: Place) -> int:
    return command(["restore", _backup(place)])


def _restore_over(place: Place) -> int:
    return command(["restore", _backup(place), "--force"])


def _repair(place: Place) -> int:
    return command(["doctor", "--repair"])


def _repair_again(place: Place) -> int:
    """Sweeps as well, and makes the checksum that could not be written: the next run of indexing does."""
    return _repair(place) or command(["index", place.corpus])


def _export(place: Place) -> int:
    return command(["export", "first", "--output", place.named / "talk.md"])


def _export_again(place: Place) -> int:
    """Refused where it is there; what was left beside it goes all the same."""
    there = (place.named / "talk.md").exists()
    code = _export(place)
    return 0 if there and code == 1 else code


def _fetches(content: bytes) -> Callable[[Place], int]:
    """A run of indexing with an address, whose page holds this."""

    class Fetcher:
        def __init__(self) -> None:
            self.trusted: set[object] = set()

        def fetch(self, address: str, _: Mapping[str, str] | None = None) -> Page:
            return Page(address=address, content=content, headers={"etag": str(len(content))})

    def work(place: Place) -> int:
        vars(index.web).update(Fetcher=Fetcher)
        return command(["index", place.corpus, _ADDRESS])

    return work


def _fetched(place: Place) -> None:
    """An index with a page that was fetched."""
    ended = Child(lambda: _fetches(_PAGE)(place), place.environment).end()
    if ended.code:
        raise SystemExit(f"a page could not be fetched:\n{ended.err}")


KEEPING = (
    Scene(
        name="bring older conversations up to date",
        prepare=_worked_long_ago,
        work=_bring_up_to_date,
        again=_write_as_well,
    ),
    Scene(name="back up", prepare=_worked, work=_back_up, again=_back_up_over, windows=("packing",)),
    Scene(name="back up over a backup", prepare=_backed_up, work=_back_up_over, windows=("packing",)),
    Scene(name="restore", prepare=_lost, work=_restore, again=_restore_over, windows=("putting in place",)),
    Scene(name="restore over other work", prepare=_backed_up, work=_restore_over, windows=("putting in place",)),
    Scene(
        name="repair",
        prepare=_damaged,
        work=_repair,
        again=_repair_again,
        windows=("an index replaced", "a database replaced"),
    ),
    Scene(name="export a conversation", prepare=_worked, work=_export, again=_export_again),
    Scene(name="fetch a page", prepare=indexed, work=_fetches(_PAGE), windows=("fetching",)),
    Scene(
        name="fetch a page that changed",
        prepare=_fetched,
        work=_fetches(_PAGE.replace(b"salt", b"malt and rice")),
        windows=("fetching",),
    ),
)
