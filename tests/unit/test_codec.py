from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.datatypes import Anchor, Understanding
from index.codec import decode, encode
from index.datatypes import Facts, Filters, Hit, Kind, Party, Passage, Side, Source, Span, StageScore
from index.facts.date_mention import DateMention

DAYS = st.none() | st.dates()
TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
SPANS = st.builds(lambda start, length: Span(start=start, end=start + length), st.integers(0, 99), st.integers(0, 99))
PARTIES = st.builds(Party, name=TEXTS, office=TEXTS, country=TEXTS, side=st.sampled_from(Side))
FACTS = st.builds(
    Facts,
    event_date=DAYS,
    event_end=DAYS,
    kind=st.sampled_from(Kind),
    diplomatic=st.booleans(),
    place=TEXTS,
    parties=st.lists(PARTIES, max_size=3).map(tuple),
    participants=st.lists(PARTIES, max_size=2).map(tuple),
)
SOURCES = st.builds(Source, doc_id=TEXTS, title=TEXTS, issuer=TEXTS, published=DAYS, url=TEXTS, path=TEXTS)
SCORES = st.floats(allow_nan=False, allow_infinity=False)
HITS = st.builds(
    Hit,
    passage=st.builds(
        Passage, source=SOURCES, paragraph=st.integers(0, 9), text=TEXTS, span=SPANS,
        sentences=st.lists(SPANS, max_size=3).map(tuple)
    ),
    facts=FACTS,
    rank=st.integers(1, 99),
    score=SCORES,
    best_sentence=SPANS,
    trail=st.lists(
        st.builds(StageScore, stage=TEXTS, score=SCORES, rank=st.none() | st.integers(1, 99)), max_size=3
    ).map(tuple),
    terms=st.lists(TEXTS, max_size=3).map(tuple),
    sentence_scores=st.lists(SCORES, max_size=3).map(tuple),
)  # fmt: skip


def round_trip(cls: Any, value: Any) -> Any:
    return decode(cls, json.loads(json.dumps(encode(value))))


@given(HITS)
def test_a_hit_is_the_same_after_writing_and_reading(hit: Hit) -> None:
    assert round_trip(Hit, hit) == hit


def test_an_understanding_is_the_same_after_writing_and_reading() -> None:
    day = dt.date(2023, 5, 18)
    understood = Understanding(
        text="what of glass",
        filters=Filters(date_from="2023-05", parties=("Japan",), kinds=("call",), doc_ids=("a",)),
        preferred=Filters(date_to="2023", issuers=("Kremlin",)),
        dates=(DateMention(start=0, end=4, first=day, last=dt.date.max, kind="since", has_year=False),),
        anchor=Anchor(first=dt.date.min, last=day, own=True),
        topic=("glass",),
        mended=(("Japn", "Japan"), ("a", "b")),
    )
    assert round_trip(Understanding, understood) == understood
    assert round_trip(Understanding, Understanding(text="x")) == Understanding(text="x")


def test_fields_that_are_not_there_take_their_defaults_and_unknown_ones_are_passed_over() -> None:
    assert decode(Party, {"name": "Mara", "rank of a later version": 3}) == Party(name="Mara")


def test_times_keep_their_zone() -> None:
    now = dt.datetime(2023, 5, 18, 9, 30, 1, 5, tzinfo=dt.UTC)
    assert decode(dt.datetime, encode(now)) == now


@pytest.mark.parametrize(
    ("cls", "value"),
    [
        (Span, {"start": 1}),
        (Span, [1, 2]),
        (Span, "1-2"),
        (Source, {"doc_id": "a", "title": "b", "published": "soon"}),
        (Facts, {"kind": "phone"}),
        (Facts, {"parties": 3}),
    ],
)
def test_what_is_no_such_thing_is_refused(cls: type, value: Any) -> None:
    with pytest.raises((TypeError, ValueError, KeyError)):
        decode(cls, value)


def test_a_score_is_written_by_its_names() -> None:
    score = StageScore(stage="fused", score=0.5, rank=None)
    assert encode(score) == {"stage": "fused", "score": 0.5, "rank": None}
    assert decode(StageScore, encode(score)) == score
