"""The public form of what the commands print as JSON."""

from __future__ import annotations

from typing import Any

Maybe = type(None)

#: Fields that scripts rely on, with the types their values may have.
FILTERS = {"from": (str, Maybe), "to": (str, Maybe), "parties": list, "issuers": list, "kinds": list}
ANSWER = {
    "id": (str, Maybe),
    "question": str,
    "standalone_question": str,
    "conversation": (str, Maybe),
    "filters": dict,
    "status": str,
    "support": float,
    "missing": list,
    "text": str,
    "citations": list,
    "hits": list,
    "documents": list,
    "seconds": float,
}
CITATION = {
    "number": int,
    "doc_id": str,
    "title": str,
    "issuer": str,
    "published": (str, Maybe),
    "event_date": (str, Maybe),
    "url": str,
    "path": str,
    "paragraph": int,
    "page": (int, Maybe),
    "page_end": (int, Maybe),
    "quote": str,
    "start": int,
    "end": int,
    "passage": str,
    "score": float,
}
HIT = {
    "rank": int,
    "doc_id": str,
    "title": str,
    "published": (str, Maybe),
    "event_date": (str, Maybe),
    "paragraph": int,
    "page": (int, Maybe),
    "page_end": (int, Maybe),
    "passage": str,
    "score": float,
    "best_sentence": dict,
    "trail": list,
}
RECORD = {"doc_id": str, "title": str, "issuer": str, "kind": str, "place": str, "parties": list, "participants": list}
REPORT = {
    "added": int,
    "updated": int,
    "unchanged": int,
    "removed": int,
    "skipped": list,
    "documents": int,
    "passages": int,
}
STATUS = {
    "documents": int,
    "passages": int,
    "sentences": int,
    "issuers": list,
    "model": str,
    "engine": str,
    "path": str,
}


def assert_fields(value: dict[str, Any], fields: dict[str, Any]) -> None:
    wrong = {
        name: value.get(name, "missing") for name, kind in fields.items() if not isinstance(value.get(name, ...), kind)
    }
    assert not wrong


def assert_answer(answer: dict[str, Any]) -> None:
    assert_fields(answer, ANSWER)
    assert_fields(answer["filters"], FILTERS)
    assert set(answer["filters"]) == set(FILTERS)
    assert answer["status"] in {"answered", "partial", "abstained"}
    assert 0 <= answer["support"] <= 1
    for number, citation in enumerate(answer["citations"], start=1):
        assert_fields(citation, CITATION)
        assert citation["number"] == number
        assert citation["passage"][citation["start"] : citation["end"]] == citation["quote"]
        assert f"“{citation['quote']}” [{number}]" in answer["text"]
    assert_hits(answer["hits"])


def assert_hits(hits: list[dict[str, Any]]) -> None:
    for rank, hit in enumerate(hits, start=1):
        assert_fields(hit, HIT)
        assert hit["rank"] == rank
        assert 0 <= hit["best_sentence"]["start"] < hit["best_sentence"]["end"] <= len(hit["passage"])
        assert {"stage", "score", "rank"} == set(hit["trail"][0])
