"""Markdown: questions as headings, quotes as quotations, readouts as a table."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.export.sheet import Part, Quoted, Sheet
from assistant.wording import source_line
from index.datatypes import Record
from index.markup import markdown, markdown_link

COLUMNS = ("day", "kind", "issuer", "title", "id")


def render(sheet: Sheet) -> str:
    """The sheet as one Markdown text that shows every word as it is."""
    return f"# {markdown(sheet.title)}\n\n{_body(sheet)}"


def fragment(sheet: Sheet) -> str:
    """The sheet as part of another page: its title in bold, not as a heading."""
    return f"**{markdown(sheet.title)}**\n\n{_body(sheet)}"


def _body(sheet: Sheet) -> str:
    return "\n".join(_lines(sheet)).rstrip() + "\n"


def _lines(sheet: Sheet) -> Iterator[str]:
    if sheet.head:
        yield f"{markdown(sheet.head)} Every line with a bar is quoted.\n"
    for part in sheet.parts:
        yield from _part(part)
    if sheet.records:
        yield f"| {' | '.join(COLUMNS)} |"
        yield f"|{'---|' * len(COLUMNS)}"
        yield from map(_row, sheet.records)


def _part(part: Part) -> Iterator[str]:
    if part.number is not None:
        yield f"## {part.number}. {markdown(part.question)}\n"
    for note in part.notes:
        yield f"{markdown(note)}\n"
    for quoted in part.quotes:
        yield f"> {markdown(quoted.passage if quoted.whole else quoted.quote)}\n"
        yield f"— [{quoted.number}] {_source(quoted)}\n"


def _source(quoted: Quoted) -> str:
    where, url = source_line(quoted.source, quoted.facts, quoted.pages), quoted.source.url
    title, _, rest = where.partition(" · ")
    return f"{markdown_link(title, url)} · {markdown(rest)}" if rest else markdown_link(title, url)


def _row(record: Record) -> str:
    source, facts = record.source, record.facts
    cells = [
        str(facts.event_date or ""),
        facts.kind.value,
        markdown(source.issuer),
        markdown_link(source.title, source.url),
        markdown(source.doc_id),
    ]
    return f"| {' | '.join(cells)} |"
