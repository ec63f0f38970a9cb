import json
from pathlib import Path

import pytest
from building import ask
from paper import pdf, prose
from small_index import HashEncoder

from assistant import citations
from assistant.datatypes import Citation
from index import build
from index.catalogue import Catalogue
from index.codec import decode, encode
from index.pages import Pages, page_words, pages_of

PAGES = [
    prose(
        "The ministers spoke of the ferry and of the fish that both of their", "countries catch, and agreed that the"
    ),
    prose("quotas for herring stay until the commission has met in the", "spring of the year."),
    prose("A second meeting on kelp was held on the following day in the harbour."),
]


@pytest.fixture
def paged(tmp_path: Path) -> Path:
    (tmp_path / "talks.pdf").write_bytes(pdf(PAGES))
    (tmp_path / "other.txt").write_text("They spoke of barges.")
    build.add(tmp_path / "built", [tmp_path / "talks.pdf", tmp_path / "other.txt"], HashEncoder)
    return tmp_path / "built"


def test_a_stretch_knows_the_page_of_each_of_its_characters() -> None:
    pages = pages_of((0, 100, 100, 130, 200), 90, 150)
    assert pages == Pages(first=1, breaks=(10, 10, 40))
    assert [pages.at(offset) for offset in (0, 9, 10, 39, 40, 59)] == [1, 1, 3, 3, 4, 4]
    assert pages.of(9, 11) == (1, 3)
    assert pages.of(9, 10) == (1, 1)
    assert pages_of((), 90, 150) is None
    assert pages_of((0, 100), 100, 150) == Pages(first=2)


def test_pages_are_named_alone_or_from_to() -> None:
    assert (page_words(12, 12), page_words(12, 13)) == ("p. 12", "pp. 12–13")


def test_a_hit_and_a_quote_name_their_pages(paged: Path) -> None:
    hit = ask(paged, "quotas for herring")[0]
    assert (hit.to_dict()["page"], hit.to_dict()["page_end"]) == (1, 2)
    (citation,) = citations.number([(hit, hit.best_sentence, 0.9)])
    assert (citation.to_dict()["page"], citation.to_dict()["page_end"]) == (1, 2)
    assert decode(Citation, json.loads(json.dumps(encode(citation)))) == citation
    second = ask(paged, "second meeting on kelp")[0]
    assert second.to_dict()["page"] == 3


def test_a_readout_without_pages_has_none_and_costs_no_row(paged: Path) -> None:
    hit = ask(paged, "barges")[0]
    assert (hit.to_dict()["page"], hit.to_dict()["page_end"]) == (None, None)
    catalogue = Catalogue(paged)
    assert len(catalogue.run("SELECT * FROM pages")) == 1
    catalogue.close()


def test_pages_are_kept_when_everything_is_read_again_from_the_catalogue(paged: Path) -> None:
    before = ask(paged, "quotas for herring")[0].passage
    build.rebuild(paged, HashEncoder)
    assert ask(paged, "quotas for herring")[0].passage == before
    assert before.pages is not None


def test_with_a_readout_its_pages_go(paged: Path) -> None:
    build.remove(paged, ["talks"])
    catalogue = Catalogue(paged)
    assert catalogue.run("SELECT * FROM pages") == []
    catalogue.close()
