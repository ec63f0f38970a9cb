"""What is new to a saved search: told once it was read, and never lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from small_index import HashEncoder, readout, write_corpus

from assistant import Assistant
from assistant.errors import QuestionError, SavedSearchError
from assistant.history import History
from index import build
from index.datatypes import Filters


def open_at(folder: Path, kept: Path) -> Assistant:
    return Assistant(folder, history=History(kept), encoder=HashEncoder())


@pytest.fixture
def assistant(built: Path, tmp_path: Path) -> Iterator[Assistant]:
    with open_at(built, tmp_path / "kept") as opened:
        yield opened


def new(assistant: Assistant, name: str = "sea") -> list[str]:
    """Ids of what is new, which then counts as reported."""
    news = assistant.saved.news(name)
    news.reported()
    return [hit.passage.source.doc_id for hit in news.hits]


def index(assistant: Assistant, folder: Path, files: dict[str, str]) -> None:
    build.add(assistant.folder, [write_corpus(folder, files)], HashEncoder)


KELP = readout("Kelp", "Minister Quist spoke of the kelp forests off the coast.")


def test_what_was_reported_is_not_new_and_what_is_added_is(assistant: Assistant, tmp_path: Path) -> None:
    first = assistant.saved.add("sea", "Caspian pipeline")
    assert [hit.passage.source.doc_id for hit in first.hits] == ["elysee-statement", "kremlin-call"]
    assert new(assistant) == ["elysee-statement", "kremlin-call"]
    assert new(assistant) == []
    index(assistant, tmp_path / "more", {"third.md": readout("Third", "They toured the Caspian pipelines.")})
    assert assistant.saved.news("sea").matching == 3
    assert new(assistant) == ["third"]


def test_news_that_nobody_was_told_are_news_the_next_time(assistant: Assistant) -> None:
    assistant.saved.add("sea", "Caspian pipeline")
    assert len(assistant.saved.news("sea").hits) == 2
    assert len(assistant.saved.news("sea").hits) == 2


def test_from_now_on_counts_what_matches_as_reported(assistant: Assistant) -> None:
    assistant.saved.add("sea", "Caspian pipeline", from_now=True)
    assert new(assistant) == []


def test_indexing_again_and_removing_and_adding_back_is_no_news(assistant: Assistant, corpus: Path) -> None:
    assistant.saved.add("sea", "Caspian pipeline", from_now=True)
    build.rebuild(assistant.folder, HashEncoder)
    assert new(assistant) == []
    build.remove(assistant.folder, ["kremlin-call"])
    assert new(assistant) == []
    (corpus / "kremlin-call.md").touch()
    build.add(assistant.folder, [corpus], HashEncoder)
    assert new(assistant) == []


def test_a_readout_that_is_reworded_is_no_news_unless_it_did_not_match_before(
    assistant: Assistant, tmp_path: Path
) -> None:
    index(assistant, tmp_path / "more", {"kelp.md": KELP})
    assistant.saved.add("kelp", "kelp forests", from_now=True)
    assistant.saved.add("otters", "otters")
    index(assistant, tmp_path / "more", {"kelp.md": KELP.replace("off the coast", "and the otters of the coast")})
    assert new(assistant, "kelp") == []
    assert new(assistant, "otters") == ["kelp"]


def test_a_renamed_file_and_the_same_text_in_another_index_are_no_news(assistant: Assistant, tmp_path: Path) -> None:
    index(assistant, tmp_path / "more", {"kelp.md": KELP})
    assistant.saved.add("kelp", "kelp", from_now=True)
    (tmp_path / "more" / "kelp.md").rename(tmp_path / "more" / "seaweed.md")
    build.add(assistant.folder, [tmp_path / "more"], HashEncoder)
    assert new(assistant, "kelp") == []
    other = {"again.md": KELP, "kelp.md": readout("Other kelp", "Another readout of this id, on kelp in ponds.")}
    build.add(tmp_path / "other", [write_corpus(tmp_path / "others", other)], HashEncoder)
    with open_at(tmp_path / "other", tmp_path / "kept") as second:
        assert new(second, "kelp") == ["kelp"]


def test_one_text_under_two_ids_is_one_piece_of_news(assistant: Assistant, tmp_path: Path) -> None:
    assistant.saved.add("kelp", "kelp")
    index(assistant, tmp_path / "more", {"one.md": KELP, "two.md": KELP})
    assert len(new(assistant, "kelp")) == 1
    assert new(assistant, "kelp") == []


def test_a_posting_that_takes_the_lead_is_no_news(assistant: Assistant, tmp_path: Path) -> None:
    text = " ".join(f"Minister Quist spoke of the kelp forests of bay {n} and their keepers." for n in range(12))
    index(assistant, tmp_path / "more", {"second.md": readout("Kelp", text, published="2023-05-19")})
    assistant.saved.add("kelp", "kelp forests")
    assert new(assistant, "kelp") == ["second"]
    earlier = readout("Kelp", text.replace("spoke of", "spoke about", 1), published="2023-05-18")
    index(assistant, tmp_path / "earlier", {"first.md": earlier})
    (hit,) = assistant.matching("kelp forests")
    assert hit.passage.source.doc_id == "first"
    assert [source.doc_id for source in hit.also] == ["second"]
    assert new(assistant, "kelp") == []


def test_a_saved_search_keeps_its_query_filters_and_what_it_reported(built: Path, tmp_path: Path) -> None:
    filters = Filters(date_from="2023", parties=("France",), kinds=("call", "statement"), doc_ids=("kremlin-call",))
    with open_at(built, tmp_path / "kept") as first:
        first.saved.add("sea", '"Caspian pipeline"', filters=filters, near=True)
        assert new(first) == ["kremlin-call"]
    with open_at(built, tmp_path / "kept") as second:
        (search,) = second.saved.all()
        assert (search.query, search.filters, search.near) == ('"Caspian pipeline"', filters, True)
        assert search.run_at is not None
        assert new(second) == []


def test_names_are_unique_and_unknown_ones_are_told(assistant: Assistant) -> None:
    assistant.saved.add("sea", "Caspian")
    assistant.saved.add("air", "zeppelin")
    with pytest.raises(SavedSearchError, match="already") as caught:
        assistant.saved.add("sea", "kelp")
    assert caught.value.mend.endswith("readouts watch remove sea")
    for call in (lambda: assistant.saved.news("no"), lambda: assistant.saved.remove("sea", "no")):
        with pytest.raises(SavedSearchError, match="no saved search called no"):
            call()
    assert [search.name for search in assistant.saved.all()] == ["air", "sea"]
    assistant.saved.remove("sea")
    assistant.saved.add("sea", "Caspian")
    assert len(new(assistant)) == 2
    for wrong in (lambda: assistant.saved.add(" ", "x"), lambda: assistant.saved.add("all", "")):
        with pytest.raises((SavedSearchError, QuestionError)):
            wrong()
    assert len(assistant.saved.all()) == 2


def test_near_asks_the_meaning_too(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.matching.NEAR", 0.0)
    words = assistant.matching("Caspian inspection")
    near = assistant.matching("Caspian inspection", near=True)
    assert [hit.passage.source.doc_id for hit in words] == ["elysee-statement"]
    assert len({hit.passage.source.doc_id for hit in near}) == len(near) > 1


def test_no_text_is_read_again_of_what_was_reported(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    assistant.saved.add("sea", "Caspian pipeline", from_now=True)
    monkeypatch.setattr(assistant, "readout", lambda doc_id: pytest.fail(f"{doc_id} was read"))
    assert new(assistant) == []
