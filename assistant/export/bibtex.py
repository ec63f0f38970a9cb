"""BibTeX that BibTeX, biblatex and reference managers read alike."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.export.references import Reference, references
from assistant.export.sheet import Sheet
from index.textforms import MONTHS

#: Letters beyond ASCII stay as they are (UTF-8). A brace is written by its name: BibTeX counts braces, escaped or not.
_SPECIAL = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "<": r"\textless{}",
        ">": r"\textgreater{}",
        "|": r"\textbar{}",
        **{c: f"\\{c}" for c in "$&%#_"},
    }
)


def render(sheet: Sheet) -> str:
    """One entry per readout, separated by empty lines."""
    return "\n".join(map(_entry, references(sheet)))


def _entry(reference: Reference) -> str:
    # Plain BibTeX knows no "online"; both take "misc".
    fields = ",\n".join(f"  {name} = {value}" for name, value in _fields(reference))
    return f"@misc{{{reference.key},\n{fields}\n}}\n"


def _fields(reference: Reference) -> Iterator[tuple[str, str]]:
    # Two braces: an office is no given and family name, and a style shall not make small letters of names in a title.
    if reference.issuer:
        yield "author", f"{{{{{_tex(reference.issuer)}}}}}"
    yield "title", f"{{{{{_tex(reference.title)}}}}}"
    if reference.genre:
        yield "howpublished", f"{{{reference.genre}}}"
    if reference.issued:
        yield "year", f"{{{reference.issued.year:04}}}"
        yield "month", MONTHS[reference.issued.month - 1][:3].lower()
        yield "date", f"{{{reference.issued.isoformat()}}}"
    if reference.url:
        # Not escaped: what shows an address takes it letter for letter.
        yield "url", f"{{{reference.url}}}"
    if reference.event:
        yield "note", f"{{Event: {reference.event}}}"
    if reference.quotes:
        yield "annote", f"{{{_tex(' '.join(reference.quotes))}}}"


def _tex(text: str) -> str:
    return text.translate(_SPECIAL)
