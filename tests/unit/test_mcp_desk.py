from __future__ import annotations

from pathlib import Path

import pytest
from small_index import HashEncoder, write_corpus

from assistant import Assistant, Filters
from assistant.history import History
from assistant.mcp.desk import Desk
from index import build
from index.errors import MismatchError


def test_an_index_that_is_made_with_another_model_meanwhile_is_asked_by_that_model(built: Path) -> None:
    encoders = iter([HashEncoder(), HashEncoder(revision="second"), HashEncoder(revision="third")])
    kept = History(None)
    desk = Desk(lambda: Assistant(built, history=kept, encoder=next(encoders)))
    before = desk.ask("Who promised barges?", Filters(), conversation="talk", passages=3)
    build.rebuild(built, lambda: HashEncoder(revision="second"))
    after = desk.ask("Who promised barges?", Filters(), conversation="talk", passages=3)
    assert before["citations"][0]["doc_id"] == after["citations"][0]["doc_id"] == "germany-meeting"
    assert len(kept.turns("talk")) == 2


def test_an_index_whose_model_is_not_to_be_had_is_told_once(built: Path, tmp_path: Path) -> None:
    made = []

    def make() -> Assistant:
        made.append(Assistant(built, history=History(None), encoder=HashEncoder(revision="other")))
        return made[-1]

    desk = Desk(make)
    with pytest.raises(MismatchError):
        desk.ask("Who promised barges?", Filters(), conversation=None, passages=3)
    assert len(made) == 2


def test_an_index_in_the_same_place_on_another_part_of_the_disk_is_opened_anew(built: Path, tmp_path: Path) -> None:
    desk = Desk(lambda: Assistant(built, history=History(None), encoder=HashEncoder()))
    eight = desk.listed(Filters(), limit=1, offset=0, latest_first=True)["total"]
    one = write_corpus(tmp_path / "one", {"one.md": "Minister Quist met Minister Oyelaran."})
    build.add(tmp_path / "another", [one], HashEncoder)
    built.rename(tmp_path / "away")
    (tmp_path / "another").rename(built)
    assert (eight, desk.listed(Filters(), limit=1, offset=0, latest_first=True)["total"]) == (8, 1)
