"""Removing readouts, another model, and runs that are stopped."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from building import ask, changes, first, ids, never, never_if_nothing_new, records
from small_index import READOUTS, HashEncoder, readout, write_corpus

from index import build
from index import catalogue as catalogue_module
from index.catalogue import Catalogue
from index.datatypes import Progress, Query
from index.errors import DocumentError, MismatchError, NoIndexError
from index.keeping import stored_vectors
from index.protocols import Encoder
from index.search import PassageIndex


class TestRemoving:
    def test_readouts_are_removed_by_id_with_all_that_hangs_on_them(self, built: Path) -> None:
        assert build.remove(built, ["qatar-call", "japan-call", "qatar-call"]) == 2
        assert len(ids(built)) == 6
        assert not [hit for hit in ask(built, "Qatar Japan glass convoys") if "glass" in hit.passage.text]
        catalogue = Catalogue(built)
        passages, sentences = catalogue.counts()[1:]
        assert [len(vectors) for vectors in stored_vectors(catalogue).values()] == [passages, sentences]
        orphans = catalogue.run(
            "SELECT count(*) FROM embeddings WHERE key NOT IN "
            "(SELECT embedding FROM passages UNION SELECT embedding FROM sentences)"
        )
        orphans += catalogue.run("SELECT count(*) FROM parties WHERE document NOT IN (SELECT id FROM documents)")
        catalogue.close()
        assert orphans == [(0,), (0,)]

    def test_of_many_embeddings_those_without_a_text_go_once_a_share_of_the_texts_has_gone(
        self, built: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def unused() -> int:
            found = "key NOT IN (SELECT embedding FROM passages UNION SELECT embedding FROM sentences)"
            reader = Catalogue(built)
            (count,) = reader.run(f"SELECT count(*) FROM embeddings WHERE {found}")[0]
            reader.close()
            return int(count)

        reader = Catalogue(built)
        (theirs,) = reader.run(
            "SELECT count(*) FROM passages LEFT JOIN sentences ON passage = passages.id "
            "WHERE document = (SELECT id FROM documents WHERE doc_id = 'qatar-call')"
        )[0]
        assert reader.texts_of([reader.row_of("qatar-call")]) > theirs > 0
        reader.close()
        monkeypatch.setattr(catalogue_module, "MANY", 10)
        monkeypatch.setattr(catalogue_module, "UNUSED", 0.4)
        build.remove(built, ["qatar-call"])
        left = unused()
        assert left >= theirs
        build.remove(built, ["japan-call"])
        assert unused() > left
        build.remove(built, ["germany-meeting", "nato-meeting"])
        assert unused() == 0

    def test_an_unknown_id_removes_nothing(self, built: Path) -> None:
        with pytest.raises(DocumentError, match="nowhere"):
            build.remove(built, ["qatar-call", "nowhere"])
        assert len(ids(built)) == 8

    def test_a_removed_readout_comes_back_when_its_file_changes_and_not_before(self, built: Path, corpus: Path) -> None:
        build.remove(built, ["qatar-call"])
        assert changes(build.add(built, [corpus], never)) == (0, 0, 7, 0)
        with (corpus / "qatar-call.md").open("a", encoding="utf-8") as file:
            file.write("\nThey will meet.\n")
        assert changes(build.add(built, [corpus], HashEncoder)) == (1, 0, 7, 0)

    def test_an_index_with_nothing_left_answers_nothing_and_can_be_filled_again(
        self, built: Path, corpus: Path
    ) -> None:
        build.remove(built, sorted(ids(built)))
        assert ask(built, "barges") == ()
        (corpus / "qatar-call.md").write_text(READOUTS["qatar-call.md"] + "\nMore.\n", encoding="utf-8")
        build.add(built, [corpus], HashEncoder)
        assert first(built, "Emir of Qatar") == "qatar-call"

    def test_without_an_index_there_is_nothing_to_remove(self, tmp_path: Path) -> None:
        with pytest.raises(NoIndexError):
            build.remove(tmp_path / "built", ["a"])
        assert not (tmp_path / "built").exists()


def other() -> HashEncoder:
    return HashEncoder(dimension=48, revision="second", name="other-words")


class TestAnotherModel:
    def test_it_is_refused_with_the_command_that_mends(self, built: Path, corpus: Path) -> None:
        (corpus / "new.md").write_text(readout("Kelp", "They spoke of kelp."), encoding="utf-8")
        with pytest.raises(MismatchError) as caught:
            build.add(built, [corpus], other)
        assert f"readouts index --rebuild --model other-words --index {built}" in caught.value.mend
        assert "--model hashed-words" in caught.value.mend
        assert "new" not in ids(built)

    def test_another_revision_of_the_same_name_is_refused_too(self, built: Path, corpus: Path) -> None:
        (corpus / "new.md").write_text(readout("Kelp", "They spoke of kelp."), encoding="utf-8")
        with pytest.raises(MismatchError):
            build.add(built, [corpus], lambda: HashEncoder(revision="second"))

    def test_the_same_weights_under_another_name_are_taken(self, built: Path, corpus: Path) -> None:
        (corpus / "new.md").write_text(readout("Kelp", "They spoke of kelp."), encoding="utf-8")
        assert build.add(built, [corpus], lambda: HashEncoder(name="/a/folder")).added == 1

    def test_rebuilding_takes_it_and_keeps_every_readout(self, built: Path, corpus: Path) -> None:
        before = records(built)
        report = build.rebuild(built, other)
        assert changes(report) == (0, 8, 0, 0)
        assert report.encoded > 0
        assert records(built) == before
        assert first(built, "barges that carry grain", other()) == "germany-meeting"
        assert changes(build.add(built, [corpus], never)) == (0, 0, 8, 0)

    def test_a_question_of_the_old_model_is_refused_after_rebuilding(self, built: Path) -> None:
        opened = PassageIndex(built)
        vector = HashEncoder().encode(["grain"])[0]
        assert opened.search(Query(text="grain"), vector)
        build.rebuild(built, other)
        with pytest.raises(MismatchError):
            opened.search(Query(text="grain"), vector)
        assert opened.search(Query(text="grain"), None)
        assert opened.search(Query(text="grain"), other().encode(["grain"])[0])
        opened.close()

    def test_rebuilding_with_the_same_model_encodes_nothing(self, built: Path) -> None:
        assert build.rebuild(built, never_if_nothing_new).encoded == 0

    def test_rebuilding_an_index_with_nothing_left_takes_the_new_model(self, built: Path, corpus: Path) -> None:
        build.remove(built, sorted(ids(built)))
        build.rebuild(built, other)
        (corpus / "qatar-call.md").write_text(READOUTS["qatar-call.md"] + "\nMore.\n", encoding="utf-8")
        assert build.add(built, [corpus], other).added == 1
        assert first(built, "Emir of Qatar", other()) == "qatar-call"

    def test_without_an_index_there_is_nothing_to_rebuild(self, tmp_path: Path) -> None:
        with pytest.raises(NoIndexError):
            build.rebuild(tmp_path / "built", never)


class Stop(Exception):  # noqa: N818 - a wish of the listener's, no fault
    pass


class TestStopping:
    @pytest.mark.parametrize("stage", ["reading", "encoding", "writing"])
    @pytest.mark.parametrize("done", [0, 1])
    def test_a_listener_that_raises_leaves_the_index_as_it_was(
        self, built: Path, corpus: Path, stage: str, done: int
    ) -> None:
        before = records(built)
        answers = ask(built, "kelp and grain")
        write_corpus(corpus, {f"new{n}.md": readout(f"Kelp {n}", f"They spoke of kelp {n}.") for n in range(9)})
        (corpus / "japan-call.md").unlink()

        def listen(said: Progress) -> None:
            if said.stage == stage and said.done >= done:
                raise Stop

        with pytest.raises(Stop):
            build.add(built, [corpus], HashEncoder, listener=listen)
        assert records(built) == before
        assert ask(built, "kelp and grain") == answers
        assert changes(build.add(built, [corpus], HashEncoder)) == (9, 0, 7, 1)

    def test_what_was_encoded_before_a_stop_need_not_be_encoded_again(
        self, tmp_path: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(build, "KEEP_EVERY", 5)
        one, two = HashEncoder(), HashEncoder()

        def listen(said: Progress) -> None:
            if said.stage == "encoding" and said.done >= 10:
                raise Stop

        with pytest.raises(Stop):
            build.add(tmp_path / "built", [corpus], lambda: one, listener=listen)
        report = build.add(tmp_path / "built", [corpus], lambda: two)
        assert len(one.encoded) == 10
        assert not set(one.encoded) & set(two.encoded)
        assert report.documents == 8

    def test_an_encoder_that_fails_leaves_the_index_as_it_was(self, built: Path, corpus: Path) -> None:
        before = records(built)

        class Failing(HashEncoder):
            def encode(self, texts: object) -> np.ndarray:
                raise MemoryError

        write_corpus(corpus, {"new.md": readout("Kelp", "They spoke of kelp.")})
        failing: Callable[[], Encoder] = Failing
        with pytest.raises(MemoryError):
            build.add(built, [corpus], failing)
        assert records(built) == before
