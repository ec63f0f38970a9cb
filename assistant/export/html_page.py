"""A self-contained HTML page: its style is in it, it makes no requests, and no text in it acts."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.export.sheet import Part, Sheet
from assistant.wording import source_line
from index.datatypes import Record
from index.markup import html_link, html_quote, in_html

_STYLE = (
    "body{font:1rem/1.5 Georgia,serif;max-width:44rem;margin:2rem auto;padding:0 1rem;color:#25282e;background:#fdfaf3}"
    "blockquote{margin:1rem 0;padding:0 0 0 1rem;border-left:.25rem solid #8f5410}mark{background:#f3e3c3;color:inherit}"
    "footer,.quiet{color:#676252;font-size:.9rem}a{color:#24508f}td,th{text-align:left;vertical-align:top;padding:.2rem .6rem}"
    "@media(prefers-color-scheme:dark){body{color:#dfe3ea;background:#12151b}a{color:#8ab4f8}mark{background:#4a3a1c}"
    "blockquote{border-color:#e3b866}footer,.quiet{color:#929bb0}}"
)
#: Should anything slip through after all, a browser neither runs nor fetches it.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def render(sheet: Sheet) -> str:
    """The sheet as one page."""
    title = in_html(sheet.title)
    body = "\n".join(_lines(sheet))
    return (
        '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n<h1>{title}</h1>\n{body}\n</html>\n"
    )


def fragment(sheet: Sheet) -> str:
    """The sheet as part of another page, which has its own style: what a notebook shows."""
    return "\n".join(["<div>", f"<p><strong>{in_html(sheet.title)}</strong></p>", *_lines(sheet), "</div>"])


def _lines(sheet: Sheet) -> Iterator[str]:
    if sheet.head:
        yield f'<p class="quiet">{in_html(sheet.head)} Every indented line is quoted.</p>'
    for part in sheet.parts:
        if part.number is not None:
            yield f'<h2 id="turn-{part.number}">{part.number}. {in_html(part.question)}</h2>'
        yield from _part(part)
    if sheet.records:
        yield "<table><tr><th>day<th>kind<th>issuer<th>title<th>id</tr>"
        yield from map(_row, sheet.records)
        yield "</table>"


def _part(part: Part) -> Iterator[str]:
    yield from (f'<p class="quiet">{in_html(note)}</p>' for note in part.notes)
    for quoted in part.quotes:
        where, label = source_line(quoted.source, quoted.facts, quoted.pages), f"[{quoted.number}]"
        text, marked = quoted.quote, None
        if quoted.whole:
            text, marked = quoted.passage, (quoted.span.start, quoted.span.end)
        yield html_quote(text, label, where, quoted.source.url, marked)


def _row(record: Record) -> str:
    source, facts = record.source, record.facts
    cells = [
        str(facts.event_date or ""),
        facts.kind.value,
        in_html(source.issuer),
        html_link(source.title, source.url),
        in_html(source.doc_id),
    ]
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
