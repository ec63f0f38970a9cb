"""The path of a document: what a run of indexing changes, and what it leaves alone."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from building import ask, changes, first, ids, never, never_if_nothing_new
from small_index import READOUTS, HashEncoder, readout, write_corpus

from index import build, plan
from index.catalogue import Catalogue
from index.datatypes import Facts, Kind, Party, Progress
from index.errors import CorpusError


class TestAdding:
    def test_new_files_are_added_and_found(self, tmp_path: Path, corpus: Path) -> None:
        encoder = HashEncoder()
        report = build.add(tmp_path / "built", [corpus], lambda: encoder)
        assert changes(report) == (8, 0, 0, 0)
        assert (report.documents, report.passages, report.skipped) == (8, 10, ())
        assert report.encoded == len(encoder.encoded) == len(set(encoder.encoded))
        assert first(tmp_path / "built", "barges that carry grain") == "germany-meeting"

    def test_texts_are_encoded_a_part_at_a_time_each_once(
        self, tmp_path: Path, corpus: Path, built: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked = []

        class Counting(HashEncoder):
            def encode_stream(self, texts):  # type: ignore[no-untyped-def]
                asked.append(len(texts))
                return super().encode_stream(texts)

        monkeypatch.setattr(build, "AT_ONCE", 7)
        encoder, said = Counting(), []
        report = build.add(tmp_path / "in-parts", [corpus], lambda: encoder, listener=said.append)
        assert asked == [7] * (report.encoded // 7) + [report.encoded % 7] * bool(report.encoded % 7)
        assert len(asked) > 2
        assert report.encoded == len(set(encoder.encoded))
        assert [(one.done, one.total) for one in said if one.stage == "encoding"][-1] == (report.encoded,) * 2
        ours, theirs = (
            Catalogue(folder).run("SELECT * FROM embeddings ORDER BY key") for folder in (tmp_path / "in-parts", built)
        )
        assert ours == theirs

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

    @pytest.mark.parametrize("name", ["READER_VERSION", "FACTS_VERSION", "PASSAGES_VERSION"])
    def test_with_new_rules_files_that_did_not_change_are_read_again(
        self, built: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
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

    def test_a_file_read_by_what_it_holds_is_in_the_index_and_the_report_says_so(self, tmp_path: Path) -> None:
        file = self.write(tmp_path / "dump.txt", *self.RECORDS)
        report = build.add(tmp_path / "built", [file], HashEncoder)
        assert ids(tmp_path / "built") == {"r1", "r2", "r3"}
        assert [(note.path, "Read as JSON" in note.text) for note in report.notes] == [(str(file), True)]
        assert report.to_dict()["notes"] == [{"path": str(file), "note": report.notes[0].text}]

    def test_records_of_one_id_in_one_file_are_all_kept(self, tmp_path: Path) -> None:
        twice = [{**self.RECORDS[0], "text": f"They spoke of {word}."} for word in ("kelp", "salt")]
        file = self.write(tmp_path / "feed.jsonl", *twice)
        build.add(tmp_path / "built", [file], HashEncoder)
        assert ids(tmp_path / "built") == {"r1", "r1-2"}
        assert changes(build.add(tmp_path / "built", [file], never)) == (0, 0, 2, 0)

    def test_half_characters_of_a_record_do_no_harm(self, tmp_path: Path) -> None:
        broken = {
            "id": "\ud800a",
            "title": "Kelp \udfff",
            "text": "They spoke \ud83d of kelp.\x00 More.",
            "issuer": "\ud800",
        }
        file = self.write(tmp_path / "feed.jsonl", broken)
        report = build.add(tmp_path / "built", [file], HashEncoder)
        assert report.added + len(report.skipped) == 1
        if report.added:
            (hit, *_) = ask(tmp_path / "built", "kelp")
            assert "kelp" in hit.passage.text


def test_embeddings_are_kept_in_half_precision_and_come_back_near(built: Path) -> None:
    catalogue = Catalogue(built)
    ((rows, documents, vectors),) = catalogue.vectors_of("passages")
    ((above, _, _),) = catalogue.vectors_of("passages", above=int(rows[3]))
    catalogue.close()
    assert vectors.dtype == np.float32
    assert vectors.shape == (10, 128)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-3)
    assert rows.tolist() == sorted(rows.tolist())
    assert documents.tolist() == sorted(documents.tolist())
    assert above.tolist() == rows[4:].tolist()

    def test_items_that_newer_ones_pushed_out_of_a_feed_stay(self, tmp_path: Path) -> None:
        file, built = tmp_path / "news.rss", tmp_path / "built"
        for numbers in ((1, 2), (2, 3)):
            parts = "".join(
                f"<item><title>Call {n}</title><guid>{n}</guid><description>Salt.</description></item>" for n in numbers
            )
            file.write_text(f"<rss><channel>{parts}</channel></rss>")
            report = build.add(built, [file], HashEncoder)
        assert changes(report) == (1, 0, 1, 0)
        assert {doc_id[:6] for doc_id in ids(built)} == {"Call-1", "Call-2", "Call-3"}
        file.unlink()
        assert build.add(built, [tmp_path], HashEncoder).removed == 3
