"""What tells whether a row of a database is as it was written: a checksum of its values, kept in the row."""

from __future__ import annotations

import zlib


def seal(*values: object) -> int:
    """Checksum of values as SQLite keeps them: texts, bytes, whole numbers and None, in this order."""
    check = 0
    for value in values:
        content = value if isinstance(value, bytes) else b"" if value is None else str(value).encode()
        check = zlib.crc32(f"{type(value).__name__} {len(content)}:".encode() + content, check)
    return check
