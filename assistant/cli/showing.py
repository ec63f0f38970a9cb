"""``readouts show``: a readout as it is, as it was, and what was reworded between the two."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.text import Text

from assistant import printing
from assistant.cli import completing
from assistant.cli.late import Late
from assistant.cli.options import common, open_catalogue
from assistant.settings import read_settings
from assistant.wording import also_line
from index.rewording import Kind, Part, changed, reworded

if TYPE_CHECKING:
    from index import versions
else:
    versions = Late("index.versions")

#: Styles of what went and what came; without colour they stand in brackets.
_STYLES = {Kind.SAME: "", Kind.GONE: "red strike", Kind.NEW: "green bold"}
_BRACKETS = {Kind.SAME: ("", ""), Kind.GONE: ("[-", "-]"), Kind.NEW: ("{+", "+}")}
#: Characters of what stayed that are shown before and after what did not.
_AROUND = 200


@click.command()
@click.argument("doc_id", shell_complete=completing.doc_ids)
@click.option("--diff", is_flag=True, help="What was reworded since the version before, or since that of --wording.")
@click.option("--wording", type=click.IntRange(1), metavar="N", help="An earlier version, by its number.")
@common
def show(
    doc_id: str,
    diff: bool,
    wording: int | None,
    index: Path | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """A whole readout with its facts; also its earlier wordings, and what was reworded."""
    with open_catalogue(read_settings({"index": index})) as catalogue:
        readout = catalogue.readout(doc_id)
        known = versions.versions_of(catalogue, doc_id)
        also = catalogue.also_of(doc_id)
    if diff:
        before = versions.version(known, wording) if wording else known[max(len(known) - 2, 0)]
        _show_changes(readout.source.doc_id, before, known[-1], as_json)
    elif wording and wording != known[-1].number:
        _show_earlier(readout.source.doc_id, versions.version(known, wording), known[-1].number, as_json)
    elif as_json:
        told = {"versions": [one.to_dict(whole=False) for one in known], "also": [one.to_dict() for one in also]}
        printing.print_json(readout.to_dict() | told)
    else:
        printing.print_readout(printing.out(), readout)
        if also and not quiet:
            printing.notes().print(also_line(also)[:1].upper() + also_line(also)[1:])
        if len(known) > 1 and not quiet:
            words = f"reworded on {known[-2].superseded:%Y-%m-%d}; what: readouts show {readout.source.doc_id} --diff"
            printing.notes().print(printing.printable(f"Version {known[-1].number}, {words}"))


def _show_earlier(doc_id: str, one: versions.Version, last: int, as_json: bool) -> None:
    if as_json:
        printing.print_json({"doc_id": doc_id, **one.to_dict()})
        return
    console = printing.out()
    console.print(Text(printing.printable(one.title), style="bold"))
    told = f"{printing.printable(doc_id)}, version {one.number} of {last}: {_when(one)}. This is not what it says now."
    console.print(Text(told, style="yellow"))
    console.print()
    console.print(Text(printing.printable(one.text)))


def _show_changes(doc_id: str, before: versions.Version, after: versions.Version, as_json: bool) -> None:
    title, text = reworded(before.title, after.title), reworded(before.text, after.text)
    if as_json:
        told: dict[str, Any] = {
            "doc_id": doc_id,
            "before": before.to_dict(whole=False),
            "after": after.to_dict(whole=False),
            "title": [{"kind": part.kind.value, "text": part.text} for part in title],
            "changes": [{"kind": part.kind.value, "text": part.text} for part in text],
        }
        printing.print_json(told)
        return
    console = printing.out()
    if before.number == after.number:
        console.print(f"No other version of {printing.printable(doc_id)} is known.")
        return
    coloured = console.color_system is not None and not console.no_color
    console.print(_marked(title, coloured=coloured), style="bold")
    for one in (before, after):
        console.print(Text(f"{printing.printable(doc_id)}, version {one.number}: {_when(one)}", "dim"))
    console.print()
    console.print(_marked(_shortened(text), coloured=coloured))


def _when(one: versions.Version) -> str:
    seen = f"first seen {one.seen:%Y-%m-%d %H:%M} UTC" if one.seen else "first seen before such days were noted"
    return seen + (f", replaced {one.superseded:%Y-%m-%d %H:%M} UTC" if one.superseded else ", the present one")


def _marked(parts: tuple[Part, ...], *, coloured: bool) -> Text:
    """What went and came, in colour, or in brackets as ``wdiff`` has them."""
    marked = Text()
    for part in parts:
        text = printing.printable(part.text)
        if coloured or part.kind is Kind.SAME:
            marked.append(text, style=_STYLES[part.kind])
            continue
        first, last = _BRACKETS[part.kind]
        words = text.strip()
        marked.append(text.replace(words, f"{first}{words}{last}", 1) if words else text)
    return marked


def _shortened(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """Long stretches that stayed, cut down to what stands next to a change."""
    if not changed(parts):
        return parts
    short = []
    for number, part in enumerate(parts):
        text = part.text
        before, after = (_AROUND if number else 0), (_AROUND if number < len(parts) - 1 else 0)
        if part.kind is Kind.SAME and len(text) > 2 * _AROUND + 100:
            text = f"{text[:before]} […] {text[len(text) - after :]}"
        short.append(Part(kind=part.kind, text=text))
    return tuple(short)
