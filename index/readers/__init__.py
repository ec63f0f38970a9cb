"""Files into documents: one module per format, chosen by content and ending; all clean-up of text happens here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from index.datatypes import Document, Note, Skipped
from index.errors import FormatError
from index.readers import containers, feeds
from index.readers.columns import NO_CHOICE, Choice, check_names
from index.readers.containers import Member, Room
from index.readers.decode import MAX_TEXT_BYTES, encoding_note
from index.readers.finding import content_of, find_files
from index.readers.formats import HEAD_BYTES, endings, format_of, no_reader
from index.readers.issuers import issuer_of
from index.readers.origins import origin_of

__all__ = [
    "MAX_TEXT_BYTES",
    "READER_VERSION",
    "Choice",
    "check_names",
    "content_of",
    "feed_links",
    "find_files",
    "read_file",
    "rolls",
]

#: Raise it when reading rules change, so that unchanged files are read again.
READER_VERSION = 2


def read_file(
    path: Path, content: bytes, kept: Callable[[str], Path | None] | None = None, choice: Choice = NO_CHOICE
) -> Iterator[Document | Skipped | Note]:
    """Read one file, and the files within it.

    Args:
        path: The file; its content and its ending choose the reader.
        content: Its bytes.
        kept: Returns the kept file of a page, for feeds that link to pages instead of giving their text; None if none is kept.
        choice: What the columns of tables and the fields of records are to be read as.

    Yields:
        Its readouts; a ``Skipped`` for each record or member that cannot be read (``path`` is then ``FILE:LINE`` or
        ``FILE!/MEMBER``); a ``Note`` if it was read as something other than its name says.

    Raises:
        FormatError: The file as a whole cannot be read; only notes have been yielded by then.
    """
    return _read(path, content, kept, choice, Room(len(content)))


def _read(
    path: Path, content: bytes, kept: Callable[[str], Path | None] | None, choice: Choice, room: Room
) -> Iterator[Document | Skipped | Note]:
    form = format_of(path, content[:HEAD_BYTES])
    if form is None:
        known = ", ".join(endings())
        raise FormatError(f"{no_reader(path)}.", path=path, mend=f"Readouts are read from {known} files.")
    if not form.fits(path):
        yield Note(path=str(path), text=f"Read as {form.name}, which it holds; its name says otherwise.")
    if form.is_text and (note := encoding_note(content)):
        yield Note(path=str(path), text=note)
    pages = (lambda link: _text_of_page(kept, link)) if kept else None
    origin = origin_of(path)
    more = (pages,) if form.rolls else (choice,) if form.takes_fields else ()
    for found in form.read(path, content, *more):
        if isinstance(found, Member):
            if not room.has_another():
                most = f"{containers.MAX_MEMBERS:,} files, those within them counted, are the most of one file"
                yield Skipped(path=str(path), reason=f"{most}; the rest was left out. Unpack it, and name the folder.")
                return
            yield from _read_member(path, found, kept, choice, room)
            continue
        if origin and isinstance(found, Document) and not found.source.url:
            source = found.source
            found = replace(found, source=replace(source, url=origin, issuer=source.issuer or issuer_of(origin)))
        yield found


def _read_member(
    path: Path, member: Member, kept: Callable[[str], Path | None] | None, choice: Choice, room: Room
) -> Iterator[Document | Skipped | Note]:
    """Read a file within a file; one that cannot be read is reported, and the others are read."""
    try:
        inner = room.within(member.path)
        yield from _read(member.path, member.unpack(room), kept, choice, inner)
    except FormatError as error:
        # A fault of the containing file is reported for that file.
        if error.path == path:
            raise
        yield Skipped(path=str(member.path), reason=str(error))


def _text_of_page(kept: Callable[[str], Path | None], link: str) -> str:
    """The text of a kept page; empty if none is kept or it has no text."""
    path = kept(link)
    try:
        found = list(read_file(path, path.read_bytes())) if path else []
    except (OSError, FormatError):
        return ""
    return "\n\n".join(entry.text for entry in found if isinstance(entry, Document))


def feed_links(path: Path, content: bytes) -> tuple[str, ...]:
    """The pages that a feed links to instead of giving their text; none for a file of another format.

    Raises:
        FormatError: The feed cannot be read.
    """
    return feeds.links(path, content) if rolls(path, content) else ()


def rolls(path: Path, content: bytes) -> bool:
    """Whether newer records push older ones out of such a file, as in a feed: a missing one was then not withdrawn."""
    found = format_of(path, content[:HEAD_BYTES])
    return found is not None and found.rolls
