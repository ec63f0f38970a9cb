"""A process that stays while others change the index: what it answers from, and what the changes leave behind in it."""

from __future__ import annotations

import collections
import functools
import gc
import sqlite3
from pathlib import Path

import pytest
from small_index import HashEncoder, readout, write_corpus

from assistant.api import Assistant
from assistant.history import History
from index import build
from index.checksums import Held
from index.database import Database
from index.datatypes import Facts, Filters, Source, Span
from index.errors import CatalogueError, NoIndexError

#: Of these each readout has some; questions make none that stay.
COUNTED = (Source, Facts, Span)


def held(assistant: Assistant) -> collections.Counter[type]:
    """How many of ``COUNTED`` there are once some questions were answered and all was read ahead."""
    for _ in range(2):
        assistant.ask("What was said of grain barges?")
    reading = assistant._opened().reading_ahead
    assert reading is not None
    reading.join()
    gc.collect()
    return collections.Counter(type(one) for one in gc.get_objects() if isinstance(one, COUNTED))


def test_changes_of_the_index_leave_no_second_copy_of_what_stayed(tmp_path: Path) -> None:
    texts = {f"call-{n:02}.md": readout(f"Call {n}", f"Kelp {n}. Grain barges {n}.") for n in range(30)}
    folder = write_corpus(tmp_path / "readouts", texts)
    build.add(tmp_path / "built", [folder], HashEncoder)
    others = collections.Counter(type(one) for one in gc.get_objects() if isinstance(one, COUNTED))
    with Assistant(tmp_path / "built", history=History(None), encoder=HashEncoder()) as assistant:
        before = held(assistant) - others
        for number in range(3):
            (folder / "call-00.md").write_text(readout("Call 0", f"Kelp and salt {number}. Grain barges."))
            build.add(tmp_path / "built", [folder], HashEncoder)
            now = held(assistant) - others
        # The readout that changed may be there as it was.
        assert all(now[one] <= before[one] * 1.2 for one in COUNTED), (before, now)


#: What is kept without a bound: each is made of what the program itself brings along.
OF_THE_PROGRAM = {
    *("own_names", "_names", "_every_name", "_nicknames", "_database", "_tables", "_heads", "_openers", "lexicon"),
    *("_decoder", "_hints", "_detector", "principals"),
}


def test_nothing_that_is_kept_of_questions_and_readouts_is_kept_without_a_bound(built: Path) -> None:
    with Assistant(built, history=History(None), encoder=HashEncoder()) as assistant:
        for question in ("Who promised grain barges?", "How many meetings were there in 2023?"):
            assistant.ask(question)
    # What a chat before froze is not told of otherwise.
    gc.unfreeze()
    caches = [one for one in gc.get_objects() if isinstance(one, functools._lru_cache_wrapper)]
    ours = [one for one in caches if (one.__module__ or "").split(".")[0] in ("index", "assistant")]
    assert len(ours) > 20
    assert {one.__qualname__ for one in ours if one.cache_info().maxsize is None} <= OF_THE_PROGRAM


class TestReplaced:
    """Another file is put in the place of one that is open, as ``readouts restore`` and ``readouts doctor --repair`` do."""

    def test_an_index_put_in_the_place_of_another_is_asked_by_the_next_question(
        self, built: Path, tmp_path: Path
    ) -> None:
        texts = {"one.md": readout("Quist and the heron", "Minister Quist fed the lighthouse heron.")}
        build.add(tmp_path / "another", [write_corpus(tmp_path / "one", texts)], HashEncoder)
        gc.collect()
        open_files = len(Held._open)
        with Assistant(built, history=History(None), encoder=HashEncoder()) as assistant:
            held(assistant)
            assert assistant.count() == 8
            built.rename(tmp_path / "away")
            (tmp_path / "another").rename(built)
            assert assistant.count() == 1
            assert [c.source.doc_id for c in assistant.ask("Who fed the lighthouse heron?").citations] == ["one"]
            assert assistant.readout("one").source.title == "Quist and the heron"
            assert len(Held._open) == open_files + 1

    def test_an_index_that_was_deleted_is_missed(self, built: Path, tmp_path: Path) -> None:
        with Assistant(built, history=History(None), encoder=HashEncoder()) as assistant:
            assert assistant.ask("Who promised grain barges?").citations
            built.rename(tmp_path / "away")
            with pytest.raises(NoIndexError):
                assistant.ask("Who promised grain barges?")

    def test_turns_are_kept_with_the_conversations_that_were_put_there(self, built: Path, tmp_path: Path) -> None:
        with Assistant(built, history=History(tmp_path / "other"), encoder=HashEncoder()) as another:
            another.conversation("restored").ask("Who agreed on the Vistula protocol?")
        with Assistant(built, history=History(tmp_path / "kept"), encoder=HashEncoder()) as assistant:
            assistant.conversation("talk").ask("Who promised grain barges?")
            (tmp_path / "kept").rename(tmp_path / "away")
            (tmp_path / "other").rename(tmp_path / "kept")
            assistant.conversation("talk").ask("Who spoke of ferries?")
        found = History(tmp_path / "kept")
        assert {talk.id for talk in found.conversations()} == {"restored", "talk"}
        assert [turn.answer.question for turn in found.turns("talk")] == ["Who spoke of ferries?"]


class TestReadAsItLies:
    """Where nothing can be written, SQLite takes the file for one that never changes; somebody else may change it."""

    @pytest.fixture(autouse=True)
    def read_only(self, monkeypatch: pytest.MonkeyPatch) -> None:
        connect = Database._connect

        def refusing(uri: str) -> sqlite3.Connection:
            if uri.endswith("mode=ro"):
                raise sqlite3.OperationalError("unable to open database file")
            return connect(uri)

        monkeypatch.setattr(Database, "_connect", staticmethod(refusing))

    def test_what_somebody_else_commits_is_seen_by_the_next_question(self, built: Path, tmp_path: Path) -> None:
        texts = {"one.md": readout("Quist and the heron", "Minister Quist fed the lighthouse heron.")}
        with Assistant(built, history=History(None), encoder=HashEncoder()) as assistant:
            assert assistant.count() == 8
            assert assistant.ask("Who promised grain barges?").citations
            build.add(built, [write_corpus(tmp_path / "one", texts)], HashEncoder)
            assert assistant.count() == 9
            assert [c.source.doc_id for c in assistant.ask("Who fed the lighthouse heron?").citations] == ["one"]

    def test_what_was_read_while_it_changed_is_not_shown(self, built: Path) -> None:
        with Assistant(built, history=History(None), encoder=HashEncoder()) as assistant:
            catalogue = assistant._opened().catalogue
            with pytest.raises(CatalogueError, match="changed while it was read"), catalogue.snapshot():
                build.remove(built, ["germany-meeting"])
            assert assistant.count() == 7

    def test_changes_that_are_not_in_the_file_yet_are_told_and_not_passed_over(self, built: Path) -> None:
        with Assistant(built, history=History(None), encoder=HashEncoder()) as assistant:
            assert assistant.count() == 8
            other = Database(built, write=True)
            other.run("INSERT INTO meta VALUES ('a', '1')")
            with pytest.raises(CatalogueError, match="last changes are in a journal") as caught:
                assistant.count(Filters())
            assert "--index" in caught.value.mend
            other.close()
            assert assistant.count() == 8
