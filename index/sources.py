"""Where a text comes from."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from index.filters import iso


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a text comes from.

    Attributes:
        doc_id: Unique in one index; the record's own id, otherwise the file name without its ending.
        title: Cleaned title; never empty (the file name is used if there is none).
        issuer: Who published it ("White House (United States)"); empty if unknown.
        published: Day of publication, or None.
        url: Address of the official text; may be empty.
        path: Absolute path of the file it was read from.
        language: ISO 639-1 code of the text's language ("en"); empty if it could not be determined.
    """

    doc_id: str
    title: str
    issuer: str = ""
    published: dt.date | None = None
    url: str = ""
    path: str = ""
    language: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The source as the public JSON has it."""
        return {
            "doc_id": self.doc_id,
            "title": self.title,
            "issuer": self.issuer,
            "published": iso(self.published),
            "url": self.url,
            "path": self.path,
        }
