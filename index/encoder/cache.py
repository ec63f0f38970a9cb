"""What can be made again at any time, kept in the cache folder as small JSON files."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

import platformdirs

from index import private


class Cache:
    """Small files by name; a missing or damaged one reads as empty, and one that cannot be written is not kept.

    Args:
        folder: Where they are; the system's cache folder by default.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or platformdirs.user_cache_path("readouts", appauthor=False)

    def read(self, name: str) -> dict[str, Any]:
        """What was written under this name."""
        try:
            found = json.loads((self.folder / f"{name}.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def write(self, name: str, content: dict[str, Any]) -> None:
        """Write it, if possible; a reader sees either the old file or the new one."""
        with contextlib.suppress(OSError):
            private.make_folder(self.folder)
            private.replace(self.folder / f"{name}.json", json.dumps(content).encode())
