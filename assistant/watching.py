"""Files and folders watched: what changes below them is indexed as soon as it is quiet, or after a second if it never is."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from assistant.api import Assistant
from assistant.errors import ReadoutsError
from index.datatypes import IndexReport, Progress
from index.errors import BusyError, CorpusError

#: Seconds without a change after which a file counts as written; programs that write in pieces pause less.
QUIET = 0.3
#: Seconds for which a vanished file may come back: many programs save by removing the old file and renaming a new one.
GONE = 1.0
#: Seconds after which a file that is still being written is indexed as far as it is there.
PATIENCE = 0.8
#: Seconds until a run that failed is done again at the soonest, and at the latest.
AGAIN = 5.0
SELDOM = 300.0
#: Milliseconds: changes are gathered until there is none for the first, but no longer than the second; and how often we look
#: at what has become quiet.
_STEP, _GATHERED, _TICK = 50, 300, 150


def watch(
    assistant: Assistant,
    paths: Sequence[str | Path],
    *,
    progress: Callable[[Progress], None] | None = None,
    stop: threading.Event | None = None,
) -> Iterator[IndexReport | ReadoutsError]:
    """Index files and folders, then index again whenever something below them changes.

    The index is locked only while a change is written: questions and other writers continue meanwhile, and a change that
    arrives while somebody else writes waits.

    Args:
        assistant: Whose index it is.
        paths: Files and folders; a folder may still be empty.
        progress: Called with the progress of the first run.
        stop: Ends the watch when set; without it, only an exception does (``KeyboardInterrupt``).

    Yields:
        The report of the first run, then of each that changed something, its ``skipped`` and ``notes`` only those that
        are new; the error of a run that failed, which is done again after a while. What fails as before is not yielded again.

    Raises:
        ReadoutsError: The first run failed.
    """
    roots = _Roots([Path(path).expanduser().resolve() for path in paths], assistant.folder.resolve())
    if not all(root.exists() for root in roots.named):
        assistant.add(paths)  # says which is missing
    noticed = _noticed(roots, stop)
    # Watching begins with the first look; what changes while the first run reads is indexed by the second.
    pending, failure, told = _Pending(next(noticed, ())), _Failure(), set[object]()
    try:
        yield _news(assistant.add(paths, progress=progress), told)
    except CorpusError as error:
        yield error  # an empty folder: something may come
    for changes in noticed:
        pending.add(changes)
        if not (pending.ripe() or failure.due()):
            continue
        growing = pending.take()
        try:
            report = assistant.add(paths)
        except BusyError:
            pending.add(growing or [str(roots.named[0])])
        except ReadoutsError as error:
            if failure.note(error):
                yield error
        else:
            failure = _Failure()
            report = _news(report, told, besides=growing)
            if report.changes or report.skipped or report.notes:
                yield report


class _Roots:
    """What is watched, and what of it counts.

    Args:
        named: Files and folders, resolved.
        index: Folder of the index, whose own files change with every run.
    """

    def __init__(self, named: Sequence[Path], index: Path) -> None:
        self.named = named
        self._index = index
        self.recursive = any(root.is_dir() for root in named)

    def folders(self) -> list[Path]:
        """The folders to watch: a file is watched through its own, because saving may put another file in its place."""
        return list(dict.fromkeys(root if root.is_dir() else root.parent for root in self.named))

    def holds(self, path: Path) -> bool:
        """Whether a change of this path counts: a named file, or what is not hidden in a named folder."""
        if path.is_relative_to(self._index):
            return False
        return any(
            path == root
            or (path.is_relative_to(root) and not any(part.startswith(".") for part in path.relative_to(root).parts))
            for root in self.named
        )


class _Pending:
    """Paths that changed and are not indexed yet, with the times of their first and last change."""

    def __init__(self, paths: Iterable[str] = ()) -> None:
        self._changed: dict[str, tuple[float, float]] = {}
        self.add(paths)

    def add(self, paths: Iterable[str]) -> None:
        """Note changes that were seen now."""
        now = time.monotonic()
        for path in paths:
            self._changed[path] = self._changed.get(path, (now, now))[0], now

    def ripe(self) -> bool:
        """Whether to index now: all have become quiet, or one has changed for too long to wait for."""
        now = time.monotonic()
        overdue = any(now - first >= max(PATIENCE, _needed(path)) for path, (first, _) in self._changed.items())
        return bool(self._changed) and (overdue or all(map(self._is_quiet, self._changed)))

    def take(self) -> set[str]:
        """Forget those that are quiet; those that are still changing stay, and are returned."""
        now = time.monotonic()
        self._changed = {path: (now, times[1]) for path, times in self._changed.items() if not self._is_quiet(path)}
        return set(self._changed)

    def _is_quiet(self, path: str) -> bool:
        return time.monotonic() - self._changed[path][1] >= _needed(path)


class _Failure:
    """What failed last: since what changed is still to be indexed, it is done again, after pauses that become longer."""

    def __init__(self) -> None:
        self._said, self._due, self._pause = "", math.inf, AGAIN

    def due(self) -> bool:
        """Whether to do it again now."""
        return time.monotonic() >= self._due

    def note(self, error: ReadoutsError) -> bool:
        """Put it off; whether it failed otherwise than before."""
        self._due, self._pause = time.monotonic() + self._pause, min(2 * self._pause, SELDOM)
        before, self._said = self._said, str(error)
        return before != self._said


def _noticed(roots: _Roots, stop: threading.Event | None) -> Iterator[list[str]]:
    """Paths that changed, gathered for a moment; mostly none, as every tick is yielded so that quiet paths are noticed."""
    # Not above: nothing else needs it.
    import watchfiles

    for changes in watchfiles.watch(
        *roots.folders(),
        watch_filter=lambda _, path: roots.holds(Path(path)),
        step=_STEP,
        debounce=_GATHERED,
        rust_timeout=_TICK,
        yield_on_timeout=True,
        stop_event=stop,
        recursive=roots.recursive,
        ignore_permission_denied=True,
    ):
        yield [path for _, path in changes]


def _needed(path: str) -> float:
    return QUIET if Path(path).exists() else GONE


def _news(report: IndexReport, told: set[object], besides: Iterable[str] = ()) -> IndexReport:
    """A report without what was reported before, and without what was skipped in files that are still being written."""
    growing = tuple(besides)
    skipped = tuple(one for one in report.skipped if one not in told and not one.path.startswith(growing))
    notes = tuple(note for note in report.notes if note not in told)
    told.update(skipped, notes)
    return replace(report, skipped=skipped, notes=notes)
