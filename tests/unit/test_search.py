"""What a question finds: filters exclude before the ranking, preferences raise, phrases must be held word for word."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from searching import ids, search
from small_index import HashEncoder, readout, write_corpus

from index import build
from index.datatypes import Filters, Query
from index.fusion import Weights
from index.search import PassageIndex


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PassageIndex]:
    """Four hundred readouts that all speak of kelp but one, which speaks of salt and nothing that is asked for here."""
    folder = tmp_path_factory.mktemp("many")
    texts = {
        f"kelp-{n:03}.md": readout(
            f"Call on kelp, number {n}", f"They spoke of kelp and of farm {n}.",
            event=str(dt.date(2022, 1, 1) + dt.timedelta(days=n)),
            parties=["Mara Tolliver | President | United States", "Lena Brandt | Chancellor | Germany"],
        )
        for n in range(399)
    }  # fmt: skip
    texts["odd.md"] = readout(
        "Talks in Kyoto", "Salt was spoken about.", event="2024-02-29", kind="meeting", issuer="Kremlin (President of Russia)",
        parties=["Anton Belov | President | Russia", "Kenji Moriyama | Prime Minister | Japan"],
    )  # fmt: skip
    build.add(folder / "built", [write_corpus(folder / "readouts", texts)], HashEncoder)
    opened = PassageIndex(folder / "built")
    yield opened
    opened.close()


class TestFilters:
    @pytest.mark.parametrize(
        "filters",
        [
            Filters(date_from="2024"),
            Filters(parties=("Japan",)),
            Filters(parties=("Moriyama",)),
            Filters(issuers=("Kremlin",)),
            Filters(kinds=("meeting",)),
            Filters(doc_ids=("odd",)),
        ],
    )
    def test_they_come_before_the_ranking_so_the_last_of_many_is_found(
        self, many: PassageIndex, filters: Filters
    ) -> None:
        assert "odd" not in ids(search(many, "kelp farm", top_k=300))
        assert ids(search(many, "kelp farm", top_k=1, filters=filters)) == ["odd"]
        assert ids(many.search(Query(text="Salt", filters=filters), None, top_k=1)) == ["odd"]

    def test_all_hits_fit_them(self, passages: PassageIndex) -> None:
        hits = search(
            passages, "call with the President", filters=Filters(date_from="2023", date_to="2023-03", kinds=("call",))
        )
        assert sorted(ids(hits)) == ["kremlin-call", "ukraine-call"]

    def test_filters_that_leave_nothing_find_nothing(self, passages: PassageIndex) -> None:
        assert search(passages, "grain barges", filters=Filters(date_from="2030")) == ()

    def test_more_than_can_be_gathered_may_be_allowed(
        self, many: PassageIndex, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("index.nearness.FEW", 10)
        selected = search(many, "kelp farm 7", filters=Filters(parties=("Germany",)))
        monkeypatch.undo()
        assert ids(selected) == ids(search(many, "kelp farm 7", filters=Filters(parties=("Germany",))))


class TestPreferences:
    PREFERRED = (
        (Filters(date_from="2024", date_to="2024"), {"date"}),
        (Filters(date_from="2024-02-20", date_to="2024-03-10"), {"date"}),
        (Filters(parties=("Japan",)), {"party"}),
        (Filters(doc_ids=("odd",)), {"document"}),
    )

    @pytest.mark.parametrize(("preferred", "stages"), PREFERRED)
    def test_what_fits_is_raised_by_the_weights_of_the_stages(
        self, many: PassageIndex, preferred: Filters, stages: set[str]
    ) -> None:
        plain = {hit.passage.source.doc_id: hit.score for hit in search(many, "salt and kelp", top_k=400)}
        raised = {
            hit.passage.source.doc_id: hit for hit in search(many, "salt and kelp", top_k=400, preferred=preferred)
        }
        gain = sum(getattr(Weights(), stage) for stage in stages)
        assert raised["odd"].score == pytest.approx(plain["odd"] + gain)
        assert raised["kelp-000"].score == pytest.approx(plain["kelp-000"])
        shown = {stage.stage: stage for stage in raised["odd"].trail}
        assert all(shown[stage].score == 1.0 for stage in stages)
        assert {shown[stage].rank for stage in stages} == {1}

    @pytest.mark.parametrize(
        "preferred",
        [
            Filters(date_from="2030"),
            Filters(parties=("Fiji",)),
            Filters(kinds=("statement",)),
            Filters(doc_ids=("none",)),
        ],
    )
    def test_what_nothing_fits_excludes_nothing(self, many: PassageIndex, preferred: Filters) -> None:
        plain = search(many, "kelp farm 7")
        preferring = search(many, "kelp farm 7", preferred=preferred)
        assert ids(preferring) == ids(plain)
        assert [hit.score for hit in preferring] == pytest.approx([hit.score for hit in plain])

    def test_what_fits_dates_and_parties_is_proposed_however_far_its_words_are(self, many: PassageIndex) -> None:
        wanted = Filters(date_from="2024", date_to="2024", parties=("Japan",))
        weights = Weights(date=5.0)
        assert ids(search(many, "kelp farm 7", top_k=1, preferred=wanted, weights=weights)) == ["odd"]

    def test_what_was_held_at_the_place_named_is_raised(self, tmp_path: Path) -> None:
        texts = {
            f"{city.lower()}.md": readout(
                "Talks on kelp", f"The ministers met today in {city}, Japan. They spoke of kelp.", kind="meeting"
            )
            for city in ("Osaka", "Nagoya", "Sapporo")
        }
        build.add(tmp_path / "built", [write_corpus(tmp_path / "readouts", texts)], HashEncoder)
        with closing(PassageIndex(tmp_path / "built")) as opened:
            assert ids(search(opened, "kelp", places=("Nagoya",), weights=Weights(place=5.0)))[0] == "nagoya"
            assert ids(search(opened, "kelp", places=("Sapporo",), weights=Weights(place=5.0)))[0] == "sapporo"

    def test_a_share_of_the_parties_counts_by_its_third_power(self, passages: PassageIndex) -> None:
        hits = search(passages, "call", top_k=20, preferred=Filters(parties=("Japan", "Tolliver")))
        scores = {hit.passage.source.doc_id: {s.stage: s.score for s in hit.trail} for hit in hits}
        assert scores["japan-call"]["party"] == 1.0
        assert scores["japan-visit"]["party"] == 0.125
        assert scores["kremlin-call"]["party"] == 0.0

    def test_filters_hold_whatever_is_preferred(self, passages: PassageIndex) -> None:
        hits = search(passages, "call", filters=Filters(parties=("Qatar",)), preferred=Filters(parties=("Japan",)))
        assert ids(hits) == ["qatar-call"]


class TestPhrases:
    @pytest.mark.parametrize(
        ("phrase", "found"),
        [
            ("convoys that bring water", ["qatar-call"]),
            ("CONVOYS   that bring water!", ["qatar-call"]),
            ("convoy that brings water", []),
            ("water that bring convoys", []),
            ("Meets Chancellor Brandt", ["germany-meeting", "germany-meeting"]),
            ("engineers of the U.N.", ["elysee-statement"]),
            ("Cote d'Ivoire's ports", ["elysee-statement"]),
            ("Russia's president gave", ["elysee-statement"]),
            ("Vistula protocol. The leaders", []),
        ],
    )
    def test_a_passage_or_its_title_must_hold_them_exactly(
        self, passages: PassageIndex, phrase: str, found: list[str]
    ) -> None:
        assert ids(search(passages, "anything at all", phrases=(phrase,))) == found
        assert ids(passages.search(Query(text="", phrases=(phrase,)), None)) == found

    def test_every_phrase_must_be_held(self, passages: PassageIndex) -> None:
        assert ids(search(passages, "x", phrases=("grain", "Vistula protocol"))) == ["germany-meeting"]
        assert search(passages, "x", phrases=("grain", "lagoon")) == ()

    def test_filters_and_phrases_hold_together(self, passages: PassageIndex) -> None:
        assert ids(search(passages, "x", phrases=("Caspian pipeline",), filters=Filters(kinds=("call",)))) == [
            "kremlin-call"
        ]

    def test_of_very_many_passages_with_its_stems_the_best_alone_are_looked_at(
        self, many: PassageIndex, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert len(many.saying(["spoke of Kelp"])) == 399
        monkeypatch.setattr("index.search.PHRASED", 20)
        hits = search(many, "farm 77", phrases=("spoke of kelp",), top_k=400)
        assert len(hits) == 20
        assert hits[0].passage.source.doc_id == "kelp-077"

    def test_the_same_words_typed_many_times_are_one_phrase(self, passages: PassageIndex) -> None:
        typed = tuple("".join(c.upper() if n & 1 << i else c for i, c in enumerate("grain")) for n in range(32))
        told: list[str] = []
        passages.catalogue._connection.set_trace_callback(told.append)
        asked = []
        for phrases in (("grain",), typed):
            told.clear()
            assert ids(search(passages, "x", phrases=phrases)) == ["germany-meeting"]
            asked.append(list(told))
        passages.catalogue._connection.set_trace_callback(None)
        assert asked[0] == asked[1]

    def test_a_phrase_without_words_excludes_nothing(self, passages: PassageIndex) -> None:
        assert ids(search(passages, "grain barges", phrases=("…",))) == ids(search(passages, "grain barges"))
