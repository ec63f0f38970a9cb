"""What can be made again at any time, kept in the cache folder as small JSON files."""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path
from typing import Any

import platformdirs


class Cache:
    """Small files by name; one that is missing or damaged reads as empty, one that cannot be written is not kept.

    Args:
        folder: Where; the system's folder for caches by default.
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
        """Write beside, then rename: a reader sees the old file or the new one."""
        path = self.folder / f"{name}.json"
        beside = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            beside.write_text(json.dumps(content), encoding="utf-8")
            beside.replace(path)
        except OSError:
            with contextlib.suppress(OSError):
                beside.unlink(missing_ok=True)
