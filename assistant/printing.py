"""Answers, hits and readouts as a terminal shows them; nothing in a text can control the terminal."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TextIO

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from assistant.datatypes import Answer, Citation, Conversation, Status
from assistant.wording import also_line, describe, fact_lines, filter_parts, source_line, support_words
from assistant.wording import counted as counted
from index.datatypes import Hit, IndexReport, IndexStatus, Readout, Record
from index.markup import CONTROLS, one_line
from index.markup import printable as printable
from index.pages import page_words

if TYPE_CHECKING:
    from assistant.news import News
    from assistant.saved_searches import SavedSearch

#: Columns where nobody looks at a screen: wide enough that no line of a file or a pipe is cut or folded.
_UNBOUNDED = 1_000_000
#: Folded readouts that a report names one by one.
FOLDED_TOLD = 20


def out() -> Console:
    """Console for data; colour only on a terminal, and ``NO_COLOR`` is honoured."""
    return _console(sys.stdout)


def notes() -> Console:
    """Console for notes and progress."""
    return _console(sys.stderr)


def _console(stream: TextIO) -> Console:
    screen = stream.isatty()
    width = None if screen else _UNBOUNDED
    return _Console(file=stream, width=width, highlight=False, markup=False, emoji=False, soft_wrap=not screen)


class _Console(Console):
    """A console that lets the command line end quietly when the reader has gone, which is not a failure."""

    def on_broken_pipe(self) -> None:
        """Raise the error again."""
        raise BrokenPipeError


def print_json(value: Any) -> None:
    """One JSON object on one line."""
    is_unicode = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    line = json.dumps(value, ensure_ascii=not is_unicode, default=str)
    sys.stdout.write(CONTROLS.sub(lambda match: f"\\u{ord(match.group()):04x}", line) + "\n")


def print_answer(console: Console, answer: Answer, *, explain: bool = False) -> None:
    """An answer: its status, its quotes with their sources, and what no passage covers."""
    if answer.standalone_question != answer.question:
        console.print(Text(f"Asked as: {printable(answer.standalone_question)}", style="dim"))
    understood = describe(answer.understanding.filters, answer.understanding.preferred)
    if understood:
        console.print(Text(understood, style="dim"))
    if answer.documents:
        console.print(Text(f"{counted(len(answer.documents), 'readout')}:", style="bold"))
    if answer.status is Status.ABSTAINED:
        console.print(Text("The readouts do not say.", style="bold"))
    for citation in answer.citations:
        _print_citation(console, citation)
    if answer.missing:
        console.print(Text(f"No passage here mentions: {printable(', '.join(answer.missing))}", style="yellow"))
    if answer.status is Status.ABSTAINED and answer.hits:
        console.print(Text("Nearest passages:", style="dim"))
        print_hits(console, answer.hits[:3])
    elif answer.status is not Status.ABSTAINED:
        console.print(Text(f"{support_words(answer.support)} ({answer.support:.2f})", style="dim"))
    if explain:
        print_trails(console, answer.hits)


def _print_citation(console: Console, citation: Citation) -> None:
    quote = Text(f"[{citation.number}] ", style="bold cyan")
    quote.append(f"“{printable(citation.quote)}”", style="not bold default")
    console.print(quote)
    _print_indented(console, Text(source_line(citation.source, citation.facts, citation.pages), style="dim"), 4)
    if citation.also:
        _print_indented(console, Text(also_line(citation.also), style="dim"), 4)


def _print_indented(console: Console, text: Text, by: int) -> None:
    """A text indented by some columns: wrapped on a screen; elsewhere line for line, without trailing spaces."""
    if not console.soft_wrap:
        console.print(Padding.indent(text, by))
        return
    for line in text.split():
        console.print(Text(" " * by) + line)


def print_hits(console: Console, hits: Iterable[Hit]) -> None:
    """Passages with their sources, the best sentence of each in bold."""
    for hit in hits:
        where = source_line(hit.passage.source, hit.facts, hit.passage.page_range())
        console.print(Text(f"{hit.rank}. {where}", style="cyan"))
        text, best = hit.passage.text, hit.best_sentence
        body = Text(printable(text[: best.start]))
        body.append(printable(text[best.start : best.end]), style="bold")
        body.append(printable(text[best.end :]))
        _print_indented(console, body, 3)
        if hit.also:
            _print_indented(console, Text(also_line(hit.also), style="dim"), 3)
        console.print()


def print_trails(console: Console, hits: Iterable[Hit]) -> None:
    """Why each passage ranks where it does: the score and rank of every stage."""
    table = Table(title="Why these passages", box=None, header_style="bold")
    table.add_column("rank", justify="right")
    table.add_column("readout and paragraph", overflow="fold")
    table.add_column("stages: score (rank)", overflow="fold")
    table.add_column("terms", overflow="fold")
    for hit in hits:
        stages = ", ".join(f"{s.stage} {s.score:.3f}" + (f" ({s.rank})" if s.rank else "") for s in hit.trail)
        where = f"{hit.passage.source.doc_id} ¶{hit.passage.paragraph}"
        table.add_row(str(hit.rank), Text(one_line(where)), Text(stages), Text(printable(" ".join(hit.terms))))
    console.print(table)


def print_readout(console: Console, readout: Readout) -> None:
    """A whole readout with its facts on top."""
    console.print(Text(one_line(readout.source.title), style="bold"))
    for label, value in fact_lines(readout):
        console.print(Text(f"{label + ':':<14}{one_line(value)}", style="dim"))
    console.print()
    place = page = 0
    for passage in readout.passages:
        pages = passage.page_range()
        if pages and pages[0] > page:
            if page:
                console.print(Text(printable(readout.text[place : passage.span.start])), end="")
            console.print(Text(f"[{page_words(*pages)}]", style="dim"))
            place, page = passage.span.start, pages[1]
    console.print(Text(printable(readout.text[place:])))


def print_records(console: Console, records: Iterable[Record]) -> None:
    """Readouts as a table: day, kind, issuer, title, id; nothing if there are none."""
    head = ("day", "kind", "issuer", "title", "id")
    rows = [tuple(map(one_line, _record_cells(record))) for record in records]
    if not rows:
        return
    widths = [max(map(cell_len, column)) for column in zip(head, *rows, strict=True)]
    if not console.soft_wrap and sum(widths) + 2 * len(widths) > console.width:
        table = Table(box=None, header_style="bold")
        for name in head:
            table.add_column(name, no_wrap=name == "day", overflow="fold")
        for row in rows:
            table.add_row(*map(Text, row))
        console.print(table)
        return
    # Where nothing is to be folded, a table of rich's would cost more than all the rest of the command.
    lines = ["  ".join(map(set_cell_size, row, widths)).rstrip() for row in (head, *rows)]
    console.print(Text(lines[0], style="bold"))
    console.out("\n".join(lines[1:]), highlight=False)


def _record_cells(record: Record) -> tuple[str, ...]:
    source, facts = record.source, record.facts
    title = f"{source.title} ({also_line(record.also)})" if record.also else source.title
    return str(facts.event_date or ""), facts.kind.value, source.issuer, title, source.doc_id


def print_report(console: Console, report: IndexReport) -> None:
    """What an indexing run changed."""
    counts = f"{report.added} added, {report.updated} updated, {report.unchanged} unchanged, {report.removed} removed"
    console.print(f"{counts}, {len(report.skipped)} skipped in {report.seconds:.1f} s")
    for skipped in report.skipped:
        console.print(Text(f"  skipped {one_line(skipped.path)}: {one_line(skipped.reason)}", style="yellow"))
    for note in report.notes:
        about = f" {one_line(note.path)}" if note.path else ""
        console.print(Text(f"  note{about}: {one_line(note.text)}"))
    for folded in report.folded[:FOLDED_TOLD]:
        told = f"folded {folded.doc_id}: its text is that of {folded.leader}, which leads"
        console.print(f"  {one_line(told)}")
    if len(report.folded) > FOLDED_TOLD:
        console.print(f"  folded {len(report.folded) - FOLDED_TOLD} more")
    console.print(f"The index holds {counted(report.documents, 'readout')}, {counted(report.passages, 'passage')}.")


def print_status(console: Console, status: IndexStatus) -> None:
    """What an index holds."""
    for label, value in status.to_dict().items():
        if isinstance(value, dict):
            value = [f"{name} {count}" for name, count in value.items()]
        shown = ", ".join(value) if isinstance(value, list) else str(value if value is not None else "")
        console.print(Text(f"{label + ':':<12}{printable(shown)}".rstrip()))


def print_conversations(console: Console, conversations: Iterable[Conversation]) -> None:
    """Conversations, one per line."""
    for talk in conversations:
        turns = counted(talk.count, "turn")
        console.print(Text(f"{talk.id}  {talk.started_at:%Y-%m-%d %H:%M}  {turns:>9}  {one_line(talk.title)}"))


def print_searches(console: Console, searches: Iterable[SavedSearch]) -> None:
    """Saved searches as a table; nothing if there are none."""
    table = Table(box=None, header_style="bold")
    for name in ("name", "query", "only", "last run"):
        table.add_column(name, overflow="fold")
    for search in searches:
        only = " ".join(filter_parts(search.filters)) + (" (or near)" if search.near else "")
        run = f"{search.run_at.astimezone():%Y-%m-%d %H:%M}" if search.run_at else "never"
        table.add_row(*(Text(printable(cell)) for cell in (search.name, search.query, only.strip(), run)))
    if table.row_count:
        console.print(table)


def print_news(console: Console, news: News) -> None:
    """What is new to a saved search."""
    told = f"{news.search.name}: {counted(len(news.hits), 'new readout')}, {news.matching} in all"
    console.print(Text(printable(told), style="bold"))
    print_hits(console, news.hits)
