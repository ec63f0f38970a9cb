"""A checksum of a row's values, kept in the row, that shows whether the row is as it was written."""

from __future__ import annotations

import zlib


def seal(*values: object) -> int:
    """Checksum of values as SQLite stores them (texts, bytes, integers and None), in the given order."""
    check = 0
    for value in values:
        content = value if isinstance(value, bytes) else b"" if value is None else str(value).encode()
        check = zlib.crc32(f"{type(value).__name__} {len(content)}:".encode() + content, check)
    return check
