"""What the files of a place hold, so that damage that no command tells of can be shown to have changed nothing."""

from __future__ import annotations

import contextlib
import sqlite3
import tomllib
from pathlib import Path
from typing import Any

#: What a file is, by where it is.
LOCK, CACHE, SETTINGS, TALKS, MODEL, PAGE, INDEX = "lock", "cache", "settings", "talks", "model", "page", "index"


def family(name: str) -> str:
    """What a file is for: one of the names above."""
    parts = Path(name).parts
    if parts[0] == "index":
        return LOCK if parts[-1] == ".lock" else PAGE if len(parts) > 2 else INDEX
    return {"config": SETTINGS}.get(parts[0], parts[0])


def called(name: str) -> str:
    """What a file is called in a table: the same for all files of vectors of one kind, and of a model."""
    path = Path(name)
    if path.suffix in (".rows", ".lists", ".vectors"):
        return f"*{path.suffix}"
    if family(name) in (CACHE, PAGE):
        return f"{family(name)}: {path.suffix}" if family(name) == PAGE else "cache"
    return f"model: {path.name}" if family(name) == MODEL else path.name


def holds(path: Path) -> Any:
    """All that can be read of a file: rows of a database in order, settings, bytes; None if nothing can be."""
    try:
        if path.suffix == ".sqlite":
            return _rows(path)
        if path.suffix == ".toml":
            return tomllib.loads(path.read_text(encoding="utf-8-sig"))
        return path.read_bytes()
    except (OSError, ValueError, sqlite3.Error):
        return None


def _rows(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table that is one, those behind a full text among them."""
    with contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database:
        database.text_factory = bytes
        tables = database.execute(
            "SELECT CAST(name AS TEXT), sql FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
        ).fetchall()
        found = {name.decode(): database.execute(f'SELECT * FROM "{name.decode()}"').fetchall() for name, _ in tables}
        return found | {"": database.execute("SELECT type, name, sql FROM sqlite_master").fetchall()}
