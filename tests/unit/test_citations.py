from __future__ import annotations

from assistant import citations
from index.datatypes import Facts, Hit, Passage, Source, Span

TEXT = "They met. They agreed on grain."
FIRST, SECOND = Span(start=0, end=9), Span(start=10, end=31)


def hit(doc_id: str, paragraph: int = 0) -> Hit:
    source = Source(doc_id=doc_id, title=doc_id.upper())
    passage = Passage(
        source=source, paragraph=paragraph, text=TEXT, span=Span(start=0, end=31), sentences=(FIRST, SECOND)
    )
    return Hit(passage=passage, facts=Facts(place="Kyoto"), rank=1, score=0.5, best_sentence=FIRST, trail=())


def test_quotes_are_numbered_from_one_without_gaps_in_the_order_given() -> None:
    found = citations.number([(hit("b"), SECOND, 0.9), (hit("a"), FIRST, 0.8), (hit("b", 1), SECOND, 0.7)])
    assert [(c.number, c.source.doc_id, c.paragraph, c.score) for c in found] == [
        (1, "b", 0, 0.9), (2, "a", 0, 0.8), (3, "b", 1, 0.7),
    ]  # fmt: skip


def test_one_stretch_is_quoted_once_and_leaves_no_gap() -> None:
    found = citations.number([(hit("a"), FIRST, 0.9), (hit("a"), FIRST, 0.9), (hit("a"), SECOND, 0.3)])
    assert [(c.number, c.quote) for c in found] == [(1, "They met."), (2, "They agreed on grain.")]


def test_a_citation_holds_its_source_and_facts_by_reference_and_its_words_verbatim() -> None:
    given = hit("a")
    (citation,) = citations.number([(given, SECOND, 0.5)])
    assert citation.source is given.passage.source
    assert citation.facts is given.facts
    said = citation.to_dict()
    assert said["passage"][said["start"] : said["end"]] == said["quote"] == "They agreed on grain."


def test_no_quotes_make_no_citations() -> None:
    assert citations.number([]) == ()
