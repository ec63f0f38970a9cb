"""Readings wait in a file: whole, in order, and never many of them in memory."""

from __future__ import annotations

import datetime as dt
import gc
import resource
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from small_index import HashEncoder, readout, write_corpus

from index import build, readings
from index.datatypes import Document, Progress, Source
from index.plan import read
from index.readings import Reading, Readings

TEXT = "They spoke of kelp. They agreed to “meet” again 🐋.\n\nA second paragraph.\x0c\n\nA third, on the next page."


def reading(number: int) -> Reading:
    source = Source(
        doc_id=f"doc-{number}", title="Call with Quist", published=dt.date(2023, 5, 1), path=f"/at/{number}"
    )
    given = {"kind": "call", "parties": ["Quist", "Ada Fern"]}
    return read(f"r{number}", Document(source=source, text=TEXT * (number + 1), given=given, pages=(0, 60)))


@pytest.mark.parametrize("in_memory", [10, 16_000_000])
def test_what_was_appended_comes_back_whole_and_in_order_as_often_as_it_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, in_memory: int
) -> None:
    monkeypatch.setattr(readings, "IN_MEMORY", in_memory)
    wanted = [reading(number) for number in range(5)]
    with Readings(tmp_path, wanted[:2]) as kept:
        assert list(kept) == wanted[:2]
        for one in wanted[2:]:
            kept.append(one)
        halfway = iter(kept)
        assert next(halfway) == wanted[0]
        assert kept.get("doc-3") == wanted[3]
        assert next(halfway) == wanted[1]
        assert list(kept) == list(kept) == wanted
        assert (len(kept), list(kept.doc_ids())) == (5, [f"doc-{number}" for number in range(5)])
        assert kept.get("doc-9") is None


def test_what_json_does_not_know_is_kept_in_the_words_that_the_catalogue_keeps(tmp_path: Path) -> None:
    moment = dt.datetime(2023, 5, 1, 9, 30)
    source = Source(doc_id="one", title="One")
    with Readings(tmp_path, [read("r", Document(source=source, text="Kelp.", given={"event_date": moment}))]) as kept:
        (found,) = kept
    assert found.document.given == {"event_date": "2023-05-01 09:30:00"}


def test_the_file_has_no_name_and_needs_no_sweeping(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readings, "IN_MEMORY", 10)
    with Readings(tmp_path, [reading(1)]) as kept:
        assert list(kept) == [reading(1)]
        assert list(tmp_path.iterdir()) == []


def test_a_run_holds_no_more_than_a_few_readings_at_a_time(tmp_path: Path) -> None:
    corpus = write_corpus(
        tmp_path / "corpus", {f"{n}.md": readout(f"Kelp {n}", f"They spoke of farm {n}.") for n in range(40)}
    )
    alive: dict[str, int] = {}
    before = sum(isinstance(one, Reading) for one in gc.get_objects())

    def listen(said: Progress) -> None:
        count = sum(isinstance(one, Reading) for one in gc.get_objects()) - before
        alive[said.stage] = max(count, alive.get(said.stage, 0))

    assert build.add(tmp_path / "built", [corpus], HashEncoder, listener=listen).added == 40
    assert set(alive) == {"reading", "encoding", "writing"}
    assert max(alive.values()) <= 2


def test_a_disk_that_is_full_of_readings_leaves_the_index_as_it_was_and_says_so(tmp_path: Path) -> None:
    code = f"""
    import resource, signal
    from pathlib import Path
    from index import readings
    from index.errors import CatalogueError
    from test_readings import reading
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, {resource.RLIM_INFINITY}))
    readings.IN_MEMORY = 10
    try:
        with readings.Readings(Path({str(tmp_path)!r})) as kept:
            for number in range(100):
                kept.append(reading(number))
            list(kept)
    except CatalogueError as error:
        print(error.mend)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=False,
        cwd=Path(__file__).parent, env={"PYTHONPATH": ":".join(sys.path)},
    )  # fmt: skip
    assert done.stdout.startswith("Free some space"), done.stderr
