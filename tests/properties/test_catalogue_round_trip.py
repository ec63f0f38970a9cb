"""What the catalogue gives back is what was put in, and every quote stands in its readout."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_index import HashEncoder

from index import build, full_text
from index.catalogue import Catalogue
from index.datatypes import Document, Facts, Filters, Kind, Party, Query, Side, Source
from index.passages import split
from index.plan import Plan
from index.readings import Reading, Readings
from index.search import PassageIndex
from index.textforms import tidy

#: Documents that are made may be one text twice.
EVERY_POSTING = Filters(copies=True)
SLOW = settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])

#: Combining marks, joiners, emoji of several code points, right-to-left, astral letters, words that fold to more letters.
ODD = [
    "e\u0301",
    "ﬁ",
    "ß",
    "İ",
    "👩‍🚀",
    "𝔘𝔫",
    "שלום",
    "می‌خواهم",
    "東京",
    "नमस्ते",
    "O’Neil’s",
    "U.N.",
    "…",
    "“a”",
    "\u2060x",
    "Ⅷ",
    "ǆ",
]
WORDS = st.sampled_from([*ODD, "They met.", "They agreed on grain.", "and", "\n\n", "\n", ". ", " "])
TEXTS = st.one_of(
    st.lists(WORDS, min_size=1, max_size=30).map(" ".join),
    st.text(st.characters(exclude_categories=("Cs",), max_codepoint=0x18FF), min_size=1, max_size=200),
).map(tidy)
LINES = st.one_of(st.sampled_from(ODD), st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20))
DAYS = st.none() | st.dates(min_value=dt.date(1, 1, 1))
PARTIES = st.lists(
    st.builds(Party, name=LINES, office=LINES, country=LINES, side=st.sampled_from(Side)), max_size=3
).map(tuple)  # fmt: skip
FACTS = st.builds(
    Facts, event_date=DAYS, event_end=DAYS, kind=st.sampled_from(Kind), diplomatic=st.booleans(), place=LINES, parties=PARTIES,
    participants=PARTIES,
)  # fmt: skip
DOCUMENTS = st.builds(
    Document,
    source=st.builds(Source, doc_id=st.just(""), title=LINES, issuer=LINES, published=DAYS, url=LINES, path=LINES),
    text=TEXTS.filter(str.strip),
    given=st.dictionaries(
        st.sampled_from(["kind", "place", "parties"]), st.one_of(LINES, st.lists(LINES, max_size=2)), max_size=2
    ),
    note=LINES,
)
READINGS = st.lists(st.tuples(DOCUMENTS, FACTS), min_size=1, max_size=4).map(
    lambda found: [
        Reading(
            record_id=f"r{place}",
            document=named(document, f"doc-{place}"),
            digest=b"digest",
            facts=facts,
            passages=split(named(document, f"doc-{place}")),
        )
        for place, (document, facts) in enumerate(found)
    ]
)


def named(document: Document, doc_id: str) -> Document:
    return replace(document, source=replace(document.source, doc_id=doc_id))


@contextmanager
def written(readings: list[Reading]) -> Iterator[Path]:
    """Folder of an index that holds these."""
    folder = Path(tempfile.mkdtemp())
    try:
        catalogue = Catalogue(folder, write=True)
        encoder = HashEncoder(dimension=32)
        with Readings(folder, readings) as fresh:
            build._carry_out(catalogue, Plan(fresh), lambda: encoder, None, 0.0)
        catalogue.close()
        yield folder
    finally:
        shutil.rmtree(folder)


@given(READINGS)
@SLOW
def test_reading_gives_back_what_was_written(readings: list[Reading]) -> None:
    with written(readings) as folder:
        catalogue = Catalogue(folder)
        records = {record.source.doc_id: record for record in catalogue.records(Filters(), limit=None)}
        documents = list(catalogue.all_documents())
        for place, reading in enumerate(readings):
            found = catalogue.readout(f"doc-{place}")
            assert (found.source, found.facts) == (reading.document.source, reading.facts)
            assert (found.text, found.note) == (reading.document.text, reading.document.note)
            assert found.passages == reading.passages
            assert (records[f"doc-{place}"].source, records[f"doc-{place}"].facts) == (found.source, found.facts)
            assert documents[place] == (reading.record_id, reading.document)
            everybody = [party for party, _, doc_id in catalogue.everybody() if doc_id == f"doc-{place}"]
            assert everybody == [*reading.facts.parties, *reading.facts.participants]
        catalogue.close()


@given(READINGS, TEXTS)
@SLOW
def test_every_quote_stands_in_its_passage_and_every_passage_in_its_readout(
    readings: list[Reading], question: str
) -> None:
    with written(readings) as folder:
        opened = PassageIndex(folder)
        vector = HashEncoder(dimension=32).encode([question])[0]
        texts = {reading.document.source.doc_id: reading.document.text for reading in readings}
        hits = opened.search(Query(text=question, filters=EVERY_POSTING), vector, top_k=50)
        assert len(hits) == sum(len(reading.passages) for reading in readings)
        for hit in hits:
            passage, best = hit.passage, hit.best_sentence
            assert texts[passage.source.doc_id][passage.span.start : passage.span.end] == passage.text
            assert 0 <= best.start < best.end <= len(passage.text)
            assert best in passage.sentences
        for hit in opened.search(Query(text=question), None):
            assert hit.best_sentence in hit.passage.sentences
        opened.close()


@given(READINGS)
@SLOW
def test_removing_every_readout_leaves_no_word_behind(readings: list[Reading]) -> None:
    with written(readings) as folder:
        build.remove(folder, [reading.document.source.doc_id for reading in readings])
        catalogue = Catalogue(folder, write=True)
        catalogue.run("CREATE VIRTUAL TABLE temp.terms USING fts5vocab (main, full_text, row)")
        assert catalogue.run("SELECT term FROM temp.terms") == []
        assert catalogue.counts() == (0, 0, 0)
        for table in ("parties", "embeddings"):
            assert catalogue.run(f"SELECT count(*) FROM {table}") == [(0,)]
        catalogue.run("INSERT INTO full_text (full_text) VALUES ('integrity-check')")
        catalogue.close()


@given(READINGS)
@SLOW
def test_a_phrase_of_a_passage_finds_its_passage(readings: list[Reading]) -> None:
    with written(readings) as folder:
        opened = PassageIndex(folder)
        for reading in readings:
            for passage in reading.passages:
                phrase = " ".join(passage.text.split()[:4])
                if full_text.words(phrase):
                    query = Query(text="", phrases=(phrase,), filters=EVERY_POSTING)
                    hits = opened.search(query, None, top_k=100)
                    assert passage in [hit.passage for hit in hits]
        opened.close()
