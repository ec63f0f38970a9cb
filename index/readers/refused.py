"""Formats that are recognised but not read: each is refused with the command that converts it to one that is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from index.datatypes import Document, Note, Skipped
from index.errors import FormatError


def refusing(kind: str, mend: str) -> Callable[[Path, bytes], Iterator[Document | Skipped | Note]]:
    """A reader that refuses.

    Args:
        kind: What the file is, as in "is an old Word file".
        mend: What to do; ``{name}`` stands for the file's name.
    """

    def read(path: Path, content: bytes) -> Iterator[Document | Skipped | Note]:
        raise FormatError(f"{path.name} is {kind}, which is not read.", path=path, mend=mend.format(name=path.name))

    return read
