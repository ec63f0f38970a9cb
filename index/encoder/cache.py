"""What can be made again at any time, kept in the cache folder as small JSON files."""

from __future__ import annotations

import contextlib
import json
import zlib
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
            said, _, check = (self.folder / f"{name}.json").read_bytes().partition(b"\n")
            found = json.loads(said)
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) and check == _check(said) else {}

    def write(self, name: str, content: dict[str, Any]) -> None:
        """Write it, if possible; a reader sees either the old file or the new one."""
        with contextlib.suppress(OSError):
            private.make_folder(self.folder)
            said = json.dumps(content).encode()
            private.replace(self.folder / f"{name}.json", said + b"\n" + _check(said))


def _check(said: bytes) -> bytes:
    """The line below a note that tells whether it is as it was written."""
    return b"%08x\n" % zlib.crc32(said)
