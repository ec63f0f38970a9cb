"""How a file is damaged, and which files there are to damage."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

#: Ways in which any file is damaged; a database besides by a journal that is another's.
KINDS = ("bit", "cut", "emptied", "zeroed", "garbage", "longer", "deleted", "folder", "other")
JOURNAL = "journal"
#: Those that leave a file in its place and of its length.
IN_PLACE = ("bit", "zeroed", "garbage")
#: Files of a model that nothing reads, or that only describe it.
_UNREAD = (
    "README.md",
    ".gitattributes",
    "data_config.json",
    "vocab.txt",
    "tokenizer_config.json",
    "special_tokens_map.json",
)


def cases(place: Path) -> Iterator[tuple[str, str]]:
    """Each file with each kind of damage, and bits of databases and vectors more often."""
    for path in sorted(place.rglob("*")):
        if not path.is_file() or path.name.endswith(("-shm", "-wal")) or path.name in _UNREAD:
            continue
        name, is_database = str(path.relative_to(place)), path.suffix == ".sqlite"
        yield from ((name, kind) for kind in KINDS)
        if is_database:
            yield name, JOURNAL
        if is_database or path.suffix in (".rows", ".lists"):
            yield from [(name, "bit")] * 3


def rot(place: Path, name: str, kind: str, drawn: random.Random, other: Path) -> bool:
    """``damage`` with the file's times as they were, as a disk does it by itself, where it leaves the file in its place."""
    path = place / name
    found = path.stat()
    changed = damage(place, name, kind, drawn, other)
    if kind in IN_PLACE:
        os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))
    return changed


def damage(place: Path, name: str, kind: str, drawn: random.Random, other: Path) -> bool:
    """Damage a file; returns whether that changes it.

    Args:
        place: Where everything is kept; files that are links are made files first.
        name: The file, below it.
        kind: One of ``KINDS``, or ``JOURNAL``.
        drawn: Says where.
        other: Everything that is kept of another index, laid out in the same way.
    """
    path = place / name
    before = path.read_bytes()
    if path.is_symlink():
        path.unlink()
        path.write_bytes(before)
    if kind == JOURNAL:
        path.with_name(path.name + "-wal").write_bytes(drawn.randbytes(drawn.choice([32, 8192])))
        return True
    if kind in ("deleted", "folder"):
        path.unlink()
        if kind == "folder":
            path.mkdir()
        return True
    if kind == "other":
        same = sorted(
            found for found in (other / name).parent.glob("*") if found.is_file() and found.suffix == path.suffix
        )
        if not same:
            return False
        shutil.copy(same[drawn.randrange(len(same))], path)
    else:
        _WAYS[kind](path, len(before), drawn)
    return path.read_bytes() != before


def _cut(path: Path, size: int, drawn: random.Random) -> None:
    os.truncate(
        path, min(size, drawn.choice([1, 100, size // 4, size // 2, max(size - 1, 0), size // 4096 * 4096 // 2]))
    )


def _bit(path: Path, size: int, drawn: random.Random) -> None:
    if size:
        _change(path, drawn.randrange(size), 1, lambda old: bytes([old[0] ^ 1 << drawn.randrange(8)]))


def _zeroed(path: Path, size: int, drawn: random.Random) -> None:
    if size:
        _change(path, drawn.randrange(size), drawn.choice([1, 512, 4096, 65536]), lambda old: bytes(len(old)))


def _garbage(path: Path, size: int, drawn: random.Random) -> None:
    length = drawn.choice([16, 512, 4096, size])
    if size:
        _change(path, 0 if length == size else drawn.randrange(size), length, lambda old: drawn.randbytes(len(old)))


def _longer(path: Path, _size: int, drawn: random.Random) -> None:
    with path.open("ab") as file:
        file.write(drawn.randbytes(drawn.choice([1, 100, 4096])))


def _emptied(path: Path, _size: int, _drawn: random.Random) -> None:
    os.truncate(path, 0)


_WAYS: dict[str, Callable[[Path, int, random.Random], None]] = {
    "bit": _bit,
    "cut": _cut,
    "emptied": _emptied,
    "zeroed": _zeroed,
    "garbage": _garbage,
    "longer": _longer,
}


def _change(path: Path, place: int, length: int, changed: Callable[[bytes], bytes]) -> None:
    with path.open("r+b") as file:
        file.seek(place)
        old = file.read(length)
        file.seek(place)
        file.write(changed(old))
