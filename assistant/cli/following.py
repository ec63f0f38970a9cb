"""``readouts index --watch``: a line for each change, until somebody stops it."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from assistant import printing
from assistant.api import Assistant
from assistant.cli.options import progress_bar
from assistant.errors import ReadoutsError
from assistant.watching import watch
from index.datatypes import IndexReport
from index.markup import one_line


def follow(assistant: Assistant, paths: Sequence[Path], *, as_json: bool, quiet: bool) -> None:
    """Print the report of the first run, then each change as it is indexed."""
    with progress_bar(quiet) as listener:
        found = watch(assistant, paths, progress=listener)
        first = next(found)
    if not quiet:
        printing.notes().print("Watching; Ctrl+C ends it.")
    if isinstance(first, ReadoutsError):
        # Folders with nothing in them yet: to a person that is not a failure, since new files will be indexed.
        if as_json:
            _tell([first], as_json)
        elif not quiet:
            printing.notes().print(f"{one_line(first.message)} New files will be indexed.", soft_wrap=True)
    elif as_json:
        printing.print_json(first.to_dict())
    elif not quiet or first.skipped:
        printing.print_report(printing.out(), first)
    sys.stdout.flush()
    for one in found:
        _tell([one], as_json)


def _tell(found: Sequence[IndexReport | ReadoutsError], as_json: bool) -> None:
    now = dt.datetime.now().astimezone().replace(microsecond=0)
    for one in found:
        for told in _lines(one):
            if as_json:
                printing.print_json({"time": now.isoformat(), **told})
            else:
                words = "  ".join(one_line(str(word)) for word in told.values() if word)
                printing.out().print(f"{now:%H:%M:%S}  {words}", soft_wrap=True)
    # Whoever reads from a pipe waits for the line.
    sys.stdout.flush()


def _lines(one: IndexReport | ReadoutsError) -> Iterator[dict[str, Any]]:
    if isinstance(one, ReadoutsError):
        yield {"change": "failed", "reason": one.message, "mend": one.mend}
        return
    for change in one.changes:
        yield {"change": change.what, "doc_id": change.doc_id, "path": change.path}
    for folded in one.folded:
        yield {"change": "folded", "doc_id": folded.doc_id, "leader": folded.leader}
    for skipped in one.skipped:
        yield {"change": "skipped", "path": skipped.path, "reason": skipped.reason}
    for note in one.notes:
        yield {"change": "note", "path": note.path, "note": note.text}
