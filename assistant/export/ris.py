"""RIS, which EndNote, Zotero and most catalogues read."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.export.references import Reference, references
from assistant.export.sheet import Sheet


def render(sheet: Sheet) -> str:
    """One record per readout, separated by empty lines."""
    return "\n".join("".join(f"{tag}  - {value}\n" for tag, value in _tags(r)) for r in references(sheet))


def _tags(reference: Reference) -> Iterator[tuple[str, str]]:
    # The format's list of types has no press release: ELEC is a page of the web, GEN anything else.
    yield "TY", "ELEC" if reference.url else "GEN"
    yield "ID", reference.key
    if reference.issuer:
        # A comma would part a family name from a given name.
        yield "AU", " ".join(reference.issuer.replace(",", " ").split())
        yield "PB", reference.issuer
    yield "TI", reference.title
    if reference.issued:
        yield "PY", f"{reference.issued.year:04}"
        yield "DA", f"{reference.issued:%Y/%m/%d}"
    if reference.url:
        yield "UR", reference.url
    if reference.language:
        yield "LA", reference.language
    if reference.genre:
        yield "M3", reference.genre
    if reference.event:
        yield "N1", f"Event: {reference.event}"
    for quote in reference.quotes:
        yield "N1", quote
    yield "ER", ""
