"""Plain text: a first line on its own is the title, a dateline gives the day and the agency."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from index.datatypes import Document
from index.errors import FormatError
from index.readers.decode import decode, refuse_oversize
from index.readers.fields import FieldError, document
from index.readers.markdown import has_front_matter, read_text


def read(path: Path, content: bytes) -> Iterator[Document]:
    """Read one readout; a file that opens with front matter is read as Markdown.

    Raises:
        FormatError: The file is too long, binary or empty, or its front matter is broken.
    """
    refuse_oversize(path, len(content))
    text = decode(path, content)
    if has_front_matter(text):
        yield from read_text(path, text)
        return
    try:
        yield document({}, text, path=path, has_opening=True)
    except FieldError:
        raise FormatError(f"{path.name} is empty.", path=path, mend="Put the readout's text into it.") from None
