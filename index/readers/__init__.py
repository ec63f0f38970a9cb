"""Files into documents: one module a format, chosen by content and ending; all clean-up of text happens here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from index.datatypes import Document, Note, Skipped
from index.errors import FormatError
from index.readers.decode import MAX_TEXT_BYTES
from index.readers.finding import find_files
from index.readers.formats import HEAD_BYTES, endings, format_of, no_reader

__all__ = ["MAX_TEXT_BYTES", "READER_VERSION", "find_files", "read_file", "rolls"]

#: To be raised when reading rules change, so that files that did not change are read again.
READER_VERSION = 2


def read_file(path: Path, content: bytes) -> Iterator[Document | Skipped | Note]:
    """Read one file.

    Args:
        path: The file; its content and its ending choose the reader.
        content: Its bytes.

    Yields:
        Its readouts; a ``Skipped`` for each record that cannot be taken (``path`` is then ``FILE:LINE``); a ``Note`` where
        it was read as something else than its name says.

    Raises:
        FormatError: The file as a whole cannot be read; nothing has been yielded then but notes.
    """
    found = format_of(path, content[:HEAD_BYTES])
    if found is None:
        known = ", ".join(endings())
        raise FormatError(f"{no_reader(path)}.", path=path, mend=f"Readouts are read from {known} files.")
    if not found.fits(path):
        yield Note(path=str(path), text=f"Read as {found.name}, which it holds; its name says otherwise.")
    yield from found.read(path, content)


def rolls(path: Path, content: bytes) -> bool:
    """Whether newer records push older ones out of such a file, as in a feed: one that is gone was not withdrawn then."""
    found = format_of(path, content[:HEAD_BYTES])
    return found is not None and found.rolls
