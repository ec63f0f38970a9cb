"""Earlier wordings: kept when a source changes, never searched, gone with their readout."""

from __future__ import annotations

import datetime as dt
import signal
from pathlib import Path

import pytest
from building import ask, changes, never_if_nothing_new
from processes import in_process
from small_index import READOUTS, HashEncoder, readout

from index import build, versions
from index.catalogue import Catalogue
from index.datatypes import Progress
from index.errors import DocumentError
from index.versions import KEPT, Version, version, versions_of

FIRST = dt.datetime(2024, 5, 1, 12, tzinfo=dt.UTC)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[dt.datetime]:
    """The time; a test moves it on."""
    now = [FIRST]
    monkeypatch.setattr(versions, "_now", lambda: now[0])
    return now


@pytest.fixture
def folder(tmp_path: Path, clock: list[dt.datetime]) -> Path:
    folder = tmp_path / "changing"
    folder.mkdir()
    return folder


def write(folder: Path, text: str, title: str = "Call with Quist", name: str = "quist.md") -> Path:
    (folder / name).write_text(readout(title, text), encoding="utf-8")
    return folder


def index(folder: Path) -> tuple[int, int, int, int]:
    return changes(build.add(folder.parent / "built", [folder], HashEncoder))


def known(folder: Path, doc_id: str = "quist") -> tuple[Version, ...]:
    catalogue = Catalogue(folder.parent / "built")
    try:
        return versions_of(catalogue, doc_id)
    finally:
        catalogue.close()


def texts(folder: Path) -> list[str]:
    return [one.text for one in known(folder)]


def test_a_wording_that_is_replaced_is_kept_with_its_days(folder: Path, clock: list[dt.datetime]) -> None:
    index(write(folder, "They spoke of kelp."))
    clock[0] += dt.timedelta(days=2)
    index(write(folder, "They spoke of lobsters."))
    clock[0] += dt.timedelta(days=1)
    index(write(folder, "They spoke of lobsters.", title="Call with Minister Quist"))
    first, second, third = known(folder)
    assert [first.text, second.text, third.text] == [
        "They spoke of kelp.",
        "They spoke of lobsters.",
        "They spoke of lobsters.",
    ]
    assert (first.number, first.seen, first.superseded) == (1, FIRST, FIRST + dt.timedelta(days=2))
    assert (second.title, second.seen) == ("Call with Quist", first.superseded)
    assert (third.number, third.title, third.superseded) == (3, "Call with Minister Quist", None)


def test_an_earlier_wording_is_never_found(folder: Path, clock: list[dt.datetime]) -> None:
    index(write(folder, "They spoke of kelp and of the lagoon."))
    clock[0] += dt.timedelta(days=2)
    index(write(folder, "They spoke of lobsters."))
    assert all("kelp" not in hit.passage.text for hit in ask(folder.parent / "built", "kelp lagoon"))
    assert not ask(folder.parent / "built", "kelp", phrases=("kelp",))


def test_what_changes_around_the_wording_makes_no_version(folder: Path, clock: list[dt.datetime]) -> None:
    index(write(folder, "They spoke of kelp."))
    clock[0] += dt.timedelta(days=2)
    path = folder / "quist.md"
    path.write_text(path.read_text().replace("published: ", "published: 2021-02-03 # "), encoding="utf-8")
    assert index(folder) == (0, 1, 0, 0)
    (only,) = known(folder)
    assert only.seen == FIRST
    build.rebuild(folder.parent / "built", never_if_nothing_new)
    assert known(folder) == (only,)


def test_a_text_that_is_being_written_leaves_no_versions_and_a_later_addition_does(
    folder: Path, clock: list[dt.datetime]
) -> None:
    index(write(folder, "They spoke of kelp."))
    clock[0] += dt.timedelta(seconds=10)
    index(write(folder, "They spoke of kelp. They left."))
    assert len(known(folder)) == 1
    clock[0] += dt.timedelta(hours=1)
    index(write(folder, "They spoke of kelp. They left. Nobody stayed."))
    assert texts(folder) == ["They spoke of kelp. They left.", "They spoke of kelp. They left. Nobody stayed."]


def test_the_first_and_the_latest_are_kept_under_their_numbers(folder: Path, clock: list[dt.datetime]) -> None:
    for number in range(1, KEPT + 6):
        clock[0] += dt.timedelta(days=1)
        index(write(folder, f"They met {number} envoys."))
    found = known(folder)
    assert [one.number for one in found] == [1, *range(6, KEPT + 6)]
    assert len(found) == KEPT + 1  # and the present one
    assert found[0].text == "They met 1 envoys."
    assert version(found, 9).text == "They met 9 envoys."
    with pytest.raises(DocumentError, match="no version 3"):
        version(found, 3)


def test_versions_go_with_their_readout(folder: Path, clock: list[dt.datetime]) -> None:
    write(folder, "They spoke of crabs.", name="other.md")
    index(write(folder, "They spoke of kelp."))
    clock[0] += dt.timedelta(days=2)
    index(write(folder, "They spoke of lobsters."))
    build.remove(folder.parent / "built", ["quist"])
    with pytest.raises(DocumentError):
        known(folder)
    index(write(folder, "They spoke of herring."))
    assert texts(folder) == ["They spoke of herring."]


def test_they_go_with_a_file_that_vanished_and_stay_with_one_that_moved(folder: Path, clock: list[dt.datetime]) -> None:
    write(folder, "They spoke of crabs.", name="other.md")
    index(write(folder, "They spoke of kelp."))
    clock[0] += dt.timedelta(days=2)
    index(write(folder, "They spoke of lobsters."))
    (folder / "deeper").mkdir()
    (folder / "quist.md").rename(folder / "deeper" / "quist.md")
    assert index(folder) == (1, 0, 1, 1)
    assert texts(folder) == ["They spoke of kelp.", "They spoke of lobsters."]
    (folder / "deeper" / "quist.md").unlink()
    # Another file of the same name is another readout, whatever its id.
    index(write(folder, "A wholly different matter."))
    assert texts(folder) == ["A wholly different matter."]


def test_a_run_that_fails_while_writing_leaves_versions_and_readouts_as_they_were(
    folder: Path, clock: list[dt.datetime]
) -> None:
    index(write(folder, "They spoke of kelp."))
    before = known(folder)
    clock[0] += dt.timedelta(days=2)
    write(folder, "They spoke of lobsters.")

    def fail(progress: Progress) -> None:
        if progress.stage == "writing" and progress.done:
            raise RuntimeError("stopped")

    with pytest.raises(RuntimeError):
        build.add(folder.parent / "built", [folder], HashEncoder, listener=fail)
    assert known(folder) == before
    index(folder)
    assert texts(folder) == ["They spoke of kelp.", "They spoke of lobsters."]


def test_readouts_that_were_never_changed_have_one_version(built: Path) -> None:
    catalogue = Catalogue(built)
    for name in READOUTS:
        (only,) = versions_of(catalogue, Path(name).stem)
        assert (only.number, only.superseded) == (1, None)
        assert only.seen is not None
    catalogue.close()


def test_a_process_killed_while_writing_leaves_versions_and_postings_as_they_were(tmp_path: Path) -> None:
    text = (
        "They spoke of the ferry line across the gulf, of two new ships, of grain, of customs and of the lost trawler. "
        * 2
    )
    folder, built = tmp_path / "corpus", tmp_path / "built"
    folder.mkdir()
    for name in ("first.md", "second.md"):
        write(folder, text, name=name)
    build.add(built, [folder], HashEncoder)
    write(folder, text.replace("ferry", "Vistula"), name="first.md")
    kill = """
    def die(*_):
        os.kill(os.getpid(), signal.SIGKILL)
    build.write_vectors = die
    build.add(built, [corpus], HashEncoder)
    """

    def state() -> list[list[object]]:
        catalogue = Catalogue(built)
        tables = [catalogue.run(f"SELECT * FROM {table}") for table in ("versions", "seen", "postings", "bands")]
        catalogue.close()
        return tables

    before = state()
    assert [len(rows) for rows in before[:3]] == [0, 2, 2]
    assert in_process(kill, built, folder).returncode == -signal.SIGKILL
    assert state() == before
    build.add(built, [folder], HashEncoder)
    assert [len(rows) for rows in state()[:3]] == [1, 2, 0]
