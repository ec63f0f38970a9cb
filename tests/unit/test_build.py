"""The path of a document: what a run of indexing changes, and what it leaves alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from small_index import READOUTS, HashEncoder, readout, write_corpus

from index import build, plan
from index.catalogue import Catalogue
from index.datatypes import Facts, Filters, Hit, IndexReport, Kind, Party, Progress, Query
from index.errors import CorpusError, DocumentError, MismatchError, NoIndexError
from index.protocols import Encoder
from index.search import PassageIndex


def ids(folder: Path) -> set[str]:
    catalogue = Catalogue(folder)
    found = {record.source.doc_id for record in catalogue.records(Filters(), limit=None)}
    catalogue.close()
    return found


def ask(folder: Path, text: str, encoder: Encoder | None = None, **parts: object) -> tuple[Hit, ...]:
    opened = PassageIndex(folder)
    vector = (encoder or HashEncoder()).encode([text])[0]
    try:
        return opened.search(Query(text=text, **parts), vector)  # type: ignore[arg-type]
    finally:
        opened.close()


def first(folder: Path, text: str, encoder: Encoder | None = None) -> str:
    return ask(folder, text, encoder)[0].passage.source.doc_id


def changes(report: IndexReport) -> tuple[int, int, int, int]:
    return report.added, report.updated, report.unchanged, report.removed


def never() -> HashEncoder:
    raise AssertionError("nothing is to be encoded, so no model is to be loaded")


class TestAdding:
    def test_new_files_are_added_and_found(self, tmp_path: Path, corpus: Path) -> None:
        encoder = HashEncoder()
        report = build.add(tmp_path / "built", [corpus], lambda: encoder)
        assert changes(report) == (8, 0, 0, 0)
        assert (report.documents, report.passages, report.skipped) == (8, 10, ())
        assert report.encoded == len(encoder.encoded) == len(set(encoder.encoded))
        assert first(tmp_path / "built", "barges that carry grain") == "germany-meeting"

    def test_the_same_folder_again_encodes_nothing_and_loads_no_model(self, built: Path, corpus: Path) -> None:
        report = build.add(built, [corpus], never)
        assert changes(report) == (0, 0, 8, 0)
        assert report.encoded == 0

    def test_a_changed_file_is_read_again_and_the_others_are_not(self, built: Path, corpus: Path) -> None:
        text = READOUTS["qatar-call.md"].replace("the convoys that bring water", "the balloons that bring letters")
        (corpus / "qatar-call.md").write_text(text, encoding="utf-8")
        encoder = HashEncoder()
        report = build.add(built, [corpus], lambda: encoder)
        assert changes(report) == (0, 1, 7, 0)
        assert all("Emir of Qatar" in text for text in encoder.encoded)
        assert first(built, "balloons with letters") == "qatar-call"
        assert not [hit for hit in ask(built, "convoys that bring water") if "convoys" in hit.passage.text]

    def test_a_sentence_that_stayed_is_not_encoded_again(self, built: Path, corpus: Path) -> None:
        with (corpus / "ukraine-call.md").open("a", encoding="utf-8") as file:
            file.write("\nThey will speak again in March.\n")
        encoder = HashEncoder()
        build.add(built, [corpus], lambda: encoder)
        assert len(encoder.encoded) == 1
        assert encoder.encoded[0].endswith("They will speak again in March.")

    def test_a_file_that_was_written_again_with_the_same_text_is_unchanged(self, built: Path, corpus: Path) -> None:
        (corpus / "qatar-call.md").write_text(READOUTS["qatar-call.md"] + "\n\n", encoding="utf-8")
        assert changes(build.add(built, [corpus], never)) == (0, 0, 8, 0)
        assert changes(build.add(built, [corpus], never)) == (0, 0, 8, 0)

    def test_a_title_or_fact_that_changed_is_taken_over(self, built: Path, corpus: Path) -> None:
        text = READOUTS["qatar-call.md"].replace("kind: call", "kind: statement")
        (corpus / "qatar-call.md").write_text(text, encoding="utf-8")
        report = build.add(built, [corpus], never_if_nothing_new)
        assert changes(report) == (0, 1, 7, 0)
        assert report.encoded == 0
        catalogue = Catalogue(built)
        assert catalogue.readout("qatar-call").facts.kind is Kind.STATEMENT
        catalogue.close()

    def test_a_new_file_is_added_to_the_others(self, built: Path, corpus: Path) -> None:
        write_corpus(corpus, {"new.md": readout("A call on kelp farms", "They spoke of kelp farms.")})
        assert changes(build.add(built, [corpus], HashEncoder)) == (1, 0, 8, 0)
        assert first(built, "kelp farms") == "new"

    def test_a_file_that_is_gone_from_the_folder_is_removed(self, built: Path, corpus: Path) -> None:
        (corpus / "qatar-call.md").unlink()
        report = build.add(built, [corpus], never)
        assert changes(report) == (0, 0, 7, 1)
        assert "qatar-call" not in ids(built)
        assert "qatar-call" not in {hit.passage.source.doc_id for hit in ask(built, "Emir of Qatar convoys")}

    def test_a_file_outside_the_folders_named_is_not_missed(self, built: Path, corpus: Path, tmp_path: Path) -> None:
        (corpus / "qatar-call.md").unlink()
        other = write_corpus(tmp_path / "other", {"new.md": readout("A call on kelp", "They spoke of kelp farms.")})
        assert changes(build.add(built, [other, corpus / "japan-call.md"], HashEncoder)) == (1, 0, 1, 0)
        assert ids(built) == {name.removesuffix(".md") for name in READOUTS} | {"new"}

    def test_a_file_that_cannot_be_read_any_more_keeps_its_readouts(self, built: Path, corpus: Path) -> None:
        (corpus / "qatar-call.md").write_text("---\ntitle: [broken\n---\ntext", encoding="utf-8")
        report = build.add(built, [corpus], never)
        assert changes(report) == (0, 0, 7, 0)
        assert [Path(skipped.path).name for skipped in report.skipped] == ["qatar-call.md"]
        assert report.skipped[0].reason
        assert first(built, "Emir of Qatar convoys") == "qatar-call"

    def test_a_folder_that_cannot_be_read_any_more_keeps_its_readouts(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        below = write_corpus(tmp_path / "all" / "below")
        build.add(tmp_path / "built", [tmp_path / "all"], HashEncoder)
        listed = Path.iterdir

        def refuse(path: Path) -> object:
            if path == below:
                raise PermissionError(13, "Permission denied")
            return listed(path)

        monkeypatch.setattr(Path, "iterdir", refuse)
        report = build.add(tmp_path / "built", [tmp_path / "all"], never)
        assert changes(report) == (0, 0, 0, 0)
        assert len(report.skipped) == 1
        assert len(ids(tmp_path / "built")) == 8

    def test_a_file_that_moved_keeps_its_id(self, tmp_path: Path) -> None:
        corpus = write_corpus(tmp_path / "readouts" / "old", {"a.md": READOUTS["qatar-call.md"]})
        build.add(tmp_path / "built", [corpus.parent], HashEncoder)
        corpus.rename(tmp_path / "readouts" / "new")
        report = build.add(tmp_path / "built", [corpus.parent], never_if_nothing_new)
        assert (report.added, report.removed, report.encoded) == (1, 1, 0)
        assert ids(tmp_path / "built") == {"a"}

    def test_of_equal_ids_the_later_ones_get_a_suffix_and_keep_it(self, tmp_path: Path) -> None:
        folders = [
            write_corpus(tmp_path / name, {"call.md": readout(f"Call {name}", f"They spoke of {name}.")})
            for name in ("kelp", "salt", "rope")
        ]
        build.add(tmp_path / "built", folders, HashEncoder)
        assert ids(tmp_path / "built") == {"call", "call-2", "call-3"}
        write_corpus(folders[1], {"call.md": readout("Call salt", "They spoke of salt and sugar.")})
        assert changes(build.add(tmp_path / "built", folders, HashEncoder)) == (0, 1, 2, 0)
        assert first(tmp_path / "built", "sugar") == "call-2"
        assert changes(build.add(tmp_path / "built", folders, never)) == (0, 0, 3, 0)

    @pytest.mark.parametrize("name", ["READOUTS_VERSION", "FACTS_VERSION", "PASSAGES_VERSION"])
    def test_with_new_rules_files_that_did_not_change_are_read_again(
        self, built: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
        name = name.replace("READOUTS", "READER")
        monkeypatch.setattr(plan, name, getattr(plan, name) + 1)
        report = build.add(built, [corpus], never_if_nothing_new)
        # The reader's own rules change a document only where they read it otherwise.
        assert changes(report) == ((0, 0, 8, 0) if name == "READER_VERSION" else (0, 8, 0, 0))
        assert changes(build.add(built, [corpus], never)) == (0, 0, 8, 0)

    def test_facts_that_the_file_gives_win_over_the_rules(self, tmp_path: Path) -> None:
        text = readout(
            "President Tolliver’s Call with Chancellor Brandt of Germany",
            "President Tolliver spoke by phone with Chancellor Brandt of Germany on 3 May 2023.",
            event="2023-04-30", kind="visit", parties=["Kenji Moriyama | Prime Minister | Japan"],
        )  # fmt: skip
        corpus = write_corpus(tmp_path / "c", {"a.md": text})
        build.add(tmp_path / "built", [corpus], HashEncoder)
        catalogue = Catalogue(tmp_path / "built")
        facts = catalogue.readout("a").facts
        catalogue.close()
        assert isinstance(facts, Facts)
        assert (str(facts.event_date), facts.kind) == ("2023-04-30", Kind.VISIT)
        assert [party.name for party in facts.parties] == ["Kenji Moriyama"]
        assert all(isinstance(party, Party) for party in facts.parties)

    def test_nothing_to_read_is_an_error_with_what_can_be_read(self, tmp_path: Path) -> None:
        (tmp_path / "empty").mkdir()
        with pytest.raises(CorpusError) as caught:
            build.add(tmp_path / "built", [tmp_path / "empty"], never)
        assert ".md" in caught.value.mend
        assert not (tmp_path / "built").exists()

    def test_a_path_that_is_not_there_is_an_error_and_makes_no_index(self, tmp_path: Path, corpus: Path) -> None:
        with pytest.raises(CorpusError):
            build.add(tmp_path / "built", [corpus, tmp_path / "none"], never)
        assert not (tmp_path / "built").exists()

    def test_where_every_file_is_skipped_the_index_is_there_and_answers_nothing(self, tmp_path: Path) -> None:
        corpus = write_corpus(tmp_path / "c", {"a.md": "---\ntitle: [broken\n---\ntext"})
        report = build.add(tmp_path / "built", [corpus], never)
        assert (report.documents, len(report.skipped)) == (0, 1)
        assert ask(tmp_path / "built", "anything") == ()

    def test_a_listener_is_told_of_every_stage_up_to_its_end(self, tmp_path: Path, corpus: Path) -> None:
        heard: list[Progress] = []
        build.add(tmp_path / "built", [corpus], HashEncoder, listener=heard.append)
        assert list(dict.fromkeys(said.stage for said in heard)) == ["reading", "encoding", "writing"]
        for stage in ("reading", "encoding", "writing"):
            told = [(said.done, said.total) for said in heard if said.stage == stage]
            assert told == sorted(told)
            assert told[-1][0] == told[-1][1] > 0


def never_if_nothing_new() -> Encoder:
    """An encoder that fails where it has anything to encode."""

    class Idle(HashEncoder):
        def encode(self, texts: object) -> np.ndarray:
            raise AssertionError(f"nothing new is to be encoded: {texts}")

    return Idle()


class TestRecords:
    RECORDS = (
        {"id": "r1", "title": "Call on kelp", "text": "They spoke of kelp farms.", "date": "2023-01-01"},
        {"id": "r2", "title": "Call on salt", "text": "They spoke of salt.", "date": "2023-01-02"},
        {"id": "r3", "title": "Call on rope", "text": "They spoke of rope.", "date": "2023-01-03"},
    )

    @pytest.fixture
    def file(self, tmp_path: Path) -> Path:
        return self.write(tmp_path / "feed.jsonl", *self.RECORDS)

    @pytest.fixture
    def folder(self, tmp_path: Path, file: Path) -> Path:
        build.add(tmp_path / "built", [file], HashEncoder)
        return tmp_path / "built"

    def write(self, path: Path, *records: object) -> Path:
        lines = [record if isinstance(record, str) else json.dumps(record) for record in records]
        path.write_text("\n".join(lines), encoding="utf-8")
        return path

    def test_each_record_is_a_readout_with_its_own_id(self, folder: Path) -> None:
        assert ids(folder) == {"r1", "r2", "r3"}

    def test_a_changed_a_new_and_a_lost_record_change_just_that(self, folder: Path, file: Path) -> None:
        changed = {**self.RECORDS[1], "text": "They spoke of salt and sugar."}
        new = {"id": "r4", "title": "Call on ropes", "text": "They spoke of hemp.", "date": "2023-01-04"}
        self.write(file, self.RECORDS[0], changed, new)
        encoder = HashEncoder()
        assert changes(build.add(folder, [file], lambda: encoder)) == (1, 1, 1, 1)
        assert not [text for text in encoder.encoded if "kelp" in text]
        assert ids(folder) == {"r1", "r2", "r4"}

    def test_a_broken_line_loses_no_record_that_was_there(self, folder: Path, file: Path) -> None:
        self.write(file, self.RECORDS[0], '{"id": "r2", "title": ', self.RECORDS[2])
        report = build.add(folder, [file], never)
        assert changes(report) == (0, 0, 2, 0)
        assert [Path(skipped.path).name for skipped in report.skipped] == ["feed.jsonl:2"]
        assert ids(folder) == {"r1", "r2", "r3"}

    def test_records_of_one_id_in_one_file_are_all_kept(self, tmp_path: Path) -> None:
        twice = [{**self.RECORDS[0], "text": f"They spoke of {word}."} for word in ("kelp", "salt")]
        file = self.write(tmp_path / "feed.jsonl", *twice)
        build.add(tmp_path / "built", [file], HashEncoder)
        assert ids(tmp_path / "built") == {"r1", "r1-2"}
        assert changes(build.add(tmp_path / "built", [file], never)) == (0, 0, 2, 0)

    def test_half_characters_of_a_record_do_no_harm(self, tmp_path: Path) -> None:
        broken = {"id": "\ud800a", "title": "Kelp \udfff", "text": "They spoke \ud83d of kelp.\x00 More.", "issuer": "\ud800"}
        file = self.write(tmp_path / "feed.jsonl", broken)
        report = build.add(tmp_path / "built", [file], HashEncoder)
        assert report.added + len(report.skipped) == 1
        if report.added:
            (hit, *_) = ask(tmp_path / "built", "kelp")
            assert "kelp" in hit.passage.text


class TestRemoving:
    def test_readouts_are_removed_by_id_with_all_that_hangs_on_them(self, built: Path) -> None:
        assert build.remove(built, ["qatar-call", "japan-call", "qatar-call"]) == 2
        assert len(ids(built)) == 6
        assert not [hit for hit in ask(built, "Qatar Japan glass convoys") if "glass" in hit.passage.text]
        catalogue = Catalogue(built)
        passages, sentences = catalogue.counts()[1:]
        assert (len(catalogue.vectors_of("passages")[0]), len(catalogue.vectors_of("sentences")[0])) == (passages, sentences)
        orphans = catalogue.run(
            "SELECT count(*) FROM embeddings WHERE key NOT IN "
            "(SELECT embedding FROM passages UNION SELECT embedding FROM sentences)"
        )
        catalogue.run("SELECT count(*) FROM parties WHERE document NOT IN (SELECT id FROM documents)")
        catalogue.close()
        assert orphans == [(0,)]

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

    def test_an_index_with_nothing_left_answers_nothing_and_can_be_filled_again(self, built: Path, corpus: Path) -> None:
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


def records(folder: Path) -> object:
    catalogue = Catalogue(folder)
    found = [catalogue.readout(doc_id) for doc_id in sorted(ids(folder))]
    catalogue.close()
    return found


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


def test_embeddings_are_kept_in_half_precision_and_come_back_near(built: Path) -> None:
    catalogue = Catalogue(built)
    rows, vectors = catalogue.vectors_of("passages")
    above, _ = catalogue.vectors_of("passages", above=int(rows[3]))
    catalogue.close()
    assert vectors.dtype == np.float32
    assert vectors.shape == (10, 128)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-3)
    assert rows.tolist() == sorted(rows.tolist())
    assert above.tolist() == rows[4:].tolist()
