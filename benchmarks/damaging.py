"""How a file is damaged."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

#: Ways in which a file is damaged.
KINDS = ("bit", "cut", "emptied", "zeroed", "garbage", "longer", "deleted", "folder", "other", "journal")


def files_to_damage(place: Path) -> Iterator[Path]:
    """Every file below a place that the program keeps there, but for what SQLite makes for the time being."""
    for path in sorted(place.rglob("*")):
        if path.is_file() and not path.name.endswith(("-shm", "-wal")):
            yield path


def damage(place: Path, name: str, kind: str, drawn: random.Random, other: Path) -> None:
    """Damage a file.

    Args:
        place: Where everything is kept.
        name: The file, below it.
        kind: One of ``KINDS``.
        drawn: Says where.
        other: Everything that is kept of another index, laid out in the same way.
    """
    path = place / name
    size = path.stat().st_size
    if kind == "bit" and size:
        _change(path, drawn.randrange(size), lambda old: bytes([old[0] ^ 1 << drawn.randrange(8)]), 1)
    elif kind == "cut":
        os.truncate(path, drawn.choice([1, 100, size // 4, size // 2, max(size - 1, 0), size // 4096 * 4096 // 2]))
    elif kind == "zeroed" and size:
        length = drawn.choice([1, 512, 4096, 65536])
        _change(path, drawn.randrange(size), lambda old: bytes(len(old)), length)
    elif kind == "garbage" and size:
        length = drawn.choice([16, 512, 4096, size])
        first = 0 if length == size else drawn.randrange(size)
        _change(path, first, lambda old: drawn.randbytes(len(old)), length)
    elif kind == "longer":
        with path.open("ab") as file:
            file.write(drawn.randbytes(drawn.choice([1, 100, 4096])))
    elif kind == "folder":
        path.unlink()
        path.mkdir()
    elif kind == "other":
        same = sorted(found for found in (other / name).parent.glob("*") if found.suffix == path.suffix)
        shutil.copy(same[drawn.randrange(len(same))], path) if same else path.unlink()
    elif kind == "journal" and path.suffix == ".sqlite":
        path.with_name(path.name + "-wal").write_bytes(drawn.randbytes(drawn.choice([32, 8192])))
    elif kind == "deleted":
        path.unlink()
    else:
        os.truncate(path, 0)


def _change(path: Path, place: int, changed: object, length: int) -> None:
    assert callable(changed)
    with path.open("r+b") as file:
        file.seek(place)
        old = file.read(length)
        file.seek(place)
        file.write(changed(old))
