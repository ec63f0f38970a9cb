"""Whatever a text, a title or a given value holds, facts are read."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from index.datatypes import Document, Facts, Kind, Side, Source
from index.facts.people import find_people
from index.facts.reading import read_facts

_SOME = """
President|Prime Minister|Foreign Minister|Secretary|of|the|and|,|/|(|)|.|-|–|:|Norway|Norwegian|U.S.|NATO|G7|Kyiv
Anna|Berg|bin|al-Noor|Jr.|D.|Gen.|’s|’|Call|Meeting|with|between|met|spoke|today|yesterday|on March 3|February 29|in
joined by|at|to discuss|Participants included:|White House|Readout|visit|his|Royal Highness|counterparts|leaders|*|Й|1
"""
_PIECES = ["\n\n", *re.split(r"[|\n]", _SOME.strip())]
issuers = st.sampled_from(["", "White House (United States)", "Kremlin (President of Russia)", "Oslo"])
texts = st.one_of(st.text(max_size=200), st.lists(st.sampled_from(_PIECES), max_size=40).map(" ".join))
days = st.one_of(st.none(), st.dates())
values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.dates() | texts,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["name", "office", "country", "side", "x"]), inner)
    ),
    max_leaves=5,
)
keys = st.sampled_from(["event_date", "event_end", "kind", "diplomatic", "place", "parties", "participants"])


@settings(max_examples=150, deadline=None)
@given(title=texts, text=texts, issuer=issuers, published=days, stated=st.dictionaries(keys, values, max_size=4))
def test_facts_are_read_from_any_document(
    title: str, text: str, issuer: str, published: dt.date | None, stated: dict[str, Any]
) -> None:
    source = Source(doc_id="d", title=title or "t", issuer=issuer, published=published)
    facts = read_facts(Document(source=source, text=text, given=stated))
    assert isinstance(facts, Facts)
    assert isinstance(facts.kind, Kind)
    assert facts.event_end is None or (facts.event_date is not None and facts.event_end > facts.event_date)
    own_first = [party.side is not Side.OWN for party in facts.parties]
    assert own_first == sorted(own_first)


@settings(max_examples=150, deadline=None)
@given(text=texts)
def test_people_stand_in_order_without_overlap_and_inside_the_text(text: str) -> None:
    people = find_people(text)
    # An office of several countries names them all in one span.
    spans = dict.fromkeys((person.start, person.end) for person in people)
    edges = [edge for span in spans for edge in span]
    assert edges == sorted(edges)
    assert all(0 <= person.start < person.end <= len(text) for person in people)
