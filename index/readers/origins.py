"""Where a file was fetched, as is written beside it."""

from __future__ import annotations

import json
from pathlib import Path

#: Folder beside an index in which fetched pages are kept, each in a folder of its own; hidden, so that no walk reads it.
FETCHED = ".fetched"
ABOUT = "about.json"


def origin_of(path: Path) -> str:
    """The address at which a kept page was found; empty for any other file."""
    if path.parent.parent.name != FETCHED:
        return ""
    try:
        return str(json.loads((path.parent / ABOUT).read_text(encoding="utf-8"))["url"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""
