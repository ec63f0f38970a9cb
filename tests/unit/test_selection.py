"""Which readouts filters leave, over the invented readouts."""

from __future__ import annotations

from pathlib import Path

import pytest

from index import selection
from index.catalogue import Catalogue
from index.datatypes import Filters
from index.search import PassageIndex
from index.selection import where


def left(passages: PassageIndex, **parts: object) -> set[str]:
    records = passages.catalogue.records(Filters(**parts), limit=None)  # type: ignore[arg-type]
    return {record.source.doc_id for record in records}


ALL = {
    "japan-call", "japan-visit", "germany-meeting", "qatar-call", "ukraine-call", "kremlin-call", "elysee-statement",
    "nato-meeting",
}  # fmt: skip


def test_no_filters_leave_everything(passages: PassageIndex) -> None:
    assert where(Filters()) == ("1", [])
    assert left(passages) == ALL


@pytest.mark.parametrize("name", ["Japan", "japan", "Tokyo", "Japanese", " JAPAN "])
def test_a_country_goes_by_any_of_its_names(passages: PassageIndex, name: str) -> None:
    assert left(passages, parties=(name,)) == {"japan-call", "japan-visit"}


@pytest.mark.parametrize("name", ["NATO", "North Atlantic Treaty Organization"])
def test_a_body_goes_by_any_of_its_names(passages: PassageIndex, name: str) -> None:
    assert left(passages, parties=(name,)) == {"nato-meeting"}


@pytest.mark.parametrize(
    "name", ["Moriyama", "Kenji Moriyama", "Moriyama Kenji", "KENJI", "Prime Minister Moriyama", "prime minister"]
)
def test_a_person_goes_by_parts_of_name_and_office_in_any_order(passages: PassageIndex, name: str) -> None:
    assert left(passages, parties=(name,)) == {"japan-call", "japan-visit"}


@pytest.mark.parametrize("name", ["Elodie Marchand", "élodie", "MARCHAND"])
def test_accents_and_case_of_a_name_do_not_matter(passages: PassageIndex, name: str) -> None:
    assert left(passages, parties=(name,)) == {"kremlin-call", "elysee-statement"}


@pytest.mark.parametrize("name", ["Al-Nasri", "al nasri", "Al‑Nasri", "Nasri"])
def test_hyphens_of_a_name_do_not_matter(passages: PassageIndex, name: str) -> None:
    assert left(passages, parties=(name,)) == {"qatar-call"}


def test_an_office_alone_finds_who_holds_it(passages: PassageIndex) -> None:
    assert left(passages, parties=("National Security Advisor",)) == {"nato-meeting"}
    assert left(passages, parties=("Chancellor",)) == {"germany-meeting"}


def test_the_words_of_one_name_must_be_those_of_one_party(passages: PassageIndex) -> None:
    assert left(passages, parties=("Tolliver Moriyama",)) == set()
    assert left(passages, parties=("Tolliver", "Moriyama")) == {"japan-call"}


def test_part_of_a_word_is_no_name(passages: PassageIndex) -> None:
    assert left(passages, parties=("Moriy",)) == set()


@pytest.mark.parametrize("name", ["Nobody Here", "100%", "'; DROP TABLE documents; --", "nobody\x00"])
def test_a_party_that_is_not_there_leaves_nothing(passages: PassageIndex, name: str) -> None:
    assert left(passages, parties=(name,)) == set()
    assert left(passages) == ALL


@pytest.mark.parametrize("name", ["", "%", "_", "\x00"])
def test_a_party_of_no_words_excludes_nothing(passages: PassageIndex, name: str) -> None:
    assert left(passages, parties=(name,)) == ALL


@pytest.mark.parametrize("name", ["Kremlin (President of Russia)", "Kremlin", "kremlin", "of Russia"])
def test_an_issuer_goes_by_part_of_its_name(passages: PassageIndex, name: str) -> None:
    assert left(passages, issuers=(name,)) == {"kremlin-call"}


@pytest.mark.parametrize("name", ["Élysée (President of France)", "Élysée", "élysée", "ELYSEE"])
def test_accents_and_case_of_an_issuer_do_not_matter(passages: PassageIndex, name: str) -> None:
    assert left(passages, issuers=(name,)) == {"elysee-statement"}


def test_one_of_several_issuers_or_kinds_is_enough(passages: PassageIndex) -> None:
    assert left(passages, issuers=("Kremlin", "Élysée")) == {"kremlin-call", "elysee-statement"}
    assert left(passages, kinds=("visit", "statement")) == {"japan-visit", "elysee-statement"}


def test_days_of_the_event_count_with_both_ends(passages: PassageIndex) -> None:
    assert left(passages, date_from="2023-05-18", date_to="2023-05-18") == {"japan-call"}
    assert left(passages, date_from="2023-05-19") == {"qatar-call"}


def test_without_a_day_of_the_event_the_day_of_publication_counts(passages: PassageIndex) -> None:
    assert left(passages, date_to="2021") == {"nato-meeting"}


def test_every_part_must_fit(passages: PassageIndex) -> None:
    assert left(passages, parties=("Japan",), kinds=("call",)) == {"japan-call"}
    assert left(passages, parties=("Japan",), kinds=("meeting",)) == set()


def test_ids_choose_readouts(passages: PassageIndex) -> None:
    assert left(passages, doc_ids=("nato-meeting", "none", "japan-call")) == {"nato-meeting", "japan-call"}


def test_names_that_are_no_text_do_no_harm(passages: PassageIndex) -> None:
    assert left(passages, parties=("\udcff",)) in (set(), ALL)
    assert left(passages, issuers=("\udcff",)) in (set(), ALL)
    assert left(passages, doc_ids=("\udcff",)) == set()


def test_each_clause_alone_gives_the_documents_that_its_condition_gives(built: Path) -> None:
    catalogue = Catalogue(built)
    filters = Filters(parties=("Japan", "Tolliver"), kinds=("call",), issuers=("white",), doc_ids=("japan-call",))
    found = selection.clauses(filters)
    assert len(found) == 5
    for condition, values in found:
        expected = set(catalogue.run(f"SELECT id FROM documents WHERE {condition}", values))
        assert expected
        assert set(catalogue.run(selection.statement(condition), values)) == expected
    catalogue.close()
