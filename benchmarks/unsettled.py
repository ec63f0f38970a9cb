"""A disk that loses power: what was synchronised is there, and of the rest, anything.

Files and folders are what an operating system promises and no more: the bytes of a file are on the disk once the file
was synchronised, a name once its folder was. Any part of the rest may have reached the disk in any order, a write in sectors.
"""

from __future__ import annotations

import random
import struct
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

SECTOR = 512
#: What survives of what was not synchronised: nothing, everything, names without content, content without names, or some.
SURVIVES = ("nothing", "names", "content", "some", "names up to a moment")
_LINE = struct.Struct("=qqIII4s")


class Operation(NamedTuple):
    """One that changed something, as ``benchmarks/recording.c`` wrote it down."""

    kind: str
    inode: int
    offset: int
    path: str
    other: str
    content: bytes


def recorded(content: bytes) -> Iterator[Operation]:
    """What was written down, in order."""
    at = 0
    while at < len(content):
        inode, offset, path, other, size, kind = _LINE.unpack_from(content, at)
        at += _LINE.size
        first, second = content[at : at + path].decode(), content[at + path : at + path + other].decode()
        at += path + other
        yield Operation(kind[:1].decode(), inode, offset, first, second, content[at : at + size])
        at += size


@dataclass(slots=True, eq=False)
class File:
    """A file: bytes that are on the disk, and writes that may be; of each its place, or the length that it is cut to."""

    mode: int = 0o600
    settled: bytes = b""
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)

    def content(self, survives: Callable[[], bool], torn: Callable[[bytes], Iterable[tuple[int, bytes]]]) -> bytes:
        """Its bytes after the power was gone."""
        made = bytearray(self.settled)
        for offset, written in self.pending:
            if not survives():
                continue
            if written is None:
                del made[offset:]
                made.extend(bytes(offset - len(made)))
                continue
            for start, part in torn(written):
                made.extend(bytes(max(0, offset + start - len(made))))
                made[offset + start : offset + start + len(part)] = part
        return bytes(made)

    def settle(self) -> None:
        """Synchronise it."""
        self.settled = self.content(lambda: True, lambda written: [(0, written)])
        self.pending.clear()


@dataclass(slots=True, eq=False)
class Folder:
    """A folder: names as a process sees them, names that are on the disk, and changes that may be, each with its number."""

    mode: int = 0o700
    names: dict[str, File | Folder] = field(default_factory=dict)
    settled: dict[str, File | Folder] = field(default_factory=dict)
    pending: list[tuple[int, str, File | Folder | None]] = field(default_factory=list)

    def settle(self) -> None:
        """Synchronise it."""
        self.settled = dict(self.names)
        self.pending.clear()


class Disk:
    """What lies below a folder, and what becomes of it.

    Args:
        root: The folder, as it is now.
    """

    def __init__(self, root: Path) -> None:
        self._root, self._inodes = root, dict[int, File]()
        self._number = 0
        self.top = self._read(root)

    def _read(self, path: Path) -> Folder:
        folder = Folder(mode=path.stat().st_mode & 0o777)
        for one in sorted(path.iterdir()):
            found = one.stat()
            if one.is_dir():
                folder.names[one.name] = self._read(one)
            else:
                file = self._inodes[found.st_ino] = File(mode=found.st_mode & 0o777, settled=one.read_bytes())
                folder.names[one.name] = file
        folder.settle()
        return folder

    def _at(self, path: str) -> tuple[Folder, str]:
        parts = Path(path).relative_to(self._root).parts
        folder = self.top
        for part in parts[:-1]:
            below = folder.names[part]
            assert isinstance(below, Folder)
            folder = below
        return folder, parts[-1] if parts else ""

    def _name(self, path: str, what: File | Folder | None) -> None:
        folder, name = self._at(path)
        if what is None:
            folder.names.pop(name, None)
        else:
            folder.names[name] = what
        folder.pending.append((self._number, name, what))

    def do(self, operation: Operation) -> None:
        """Do what was written down."""
        kind, inode, offset, path, other, content = operation
        self._number += 1
        if kind == "c":
            self._inodes[inode] = File()
            self._name(path, self._inodes[inode])
        elif kind == "m":
            self._name(path, Folder())
        elif kind == "u":
            self._name(path, None)
        elif kind in "rl":
            folder, name = self._at(path)
            moved = folder.names[name]
            if kind == "r":
                self._name(path, None)
            self._name(other, moved)
        elif kind == "s":
            self._settle(inode, path)
        elif inode in self._inodes:
            self._inodes[inode].pending.append((offset, content if kind == "w" else None))

    def _settle(self, inode: int, path: str) -> None:
        folder, name = (self.top, "") if Path(path) == self._root else self._at(path)
        found = folder.names.get(name) if name else folder
        if isinstance(found, Folder):
            found.settle()
        elif inode in self._inodes:
            self._inodes[inode].settle()

    def cut(self, survives: str, drawn: random.Random) -> dict[str, tuple[int, bytes | None]]:
        """What is there once the power is back.

        Args:
            survives: One of ``SURVIVES``.
            drawn: Says what, where that is open.

        Returns:
            For each path, relative, its rights and its content; None for folders.
        """
        share = drawn.choice((0.2, 0.5, 0.8))
        numbers = sorted({number for folder in self._folders(self.top) for number, *_ in folder.pending})
        last = drawn.choice([0, *numbers])
        kept: dict[str, Callable[[int], bool]] = {
            "nothing": lambda _: False,
            "content": lambda _: False,
            "names": lambda _: True,
            "some": lambda _: drawn.random() < share,
            "names up to a moment": lambda number: number <= last,
        }
        named = set(filter(kept[survives], numbers))
        written = {"nothing": 0.0, "names": 0.0, "content": 1.0}.get(survives, share)

        def torn(content: bytes) -> Iterator[tuple[int, bytes]]:
            whole = survives == "content" or drawn.random() < 0.8
            for start in range(0, len(content), SECTOR) if not whole else [0]:
                if whole or drawn.random() < 0.5:
                    yield start, content if whole else content[start : start + SECTOR]

        found: dict[str, tuple[int, bytes | None]] = {}
        contents: dict[int, bytes] = {}

        def walk(folder: Folder, at: str) -> None:
            names = dict(folder.settled)
            for number, name, what in folder.pending:
                if number in named:
                    names.pop(name, None)
                    names |= {name: what} if what is not None else {}
            for name, what in sorted(names.items()):
                if isinstance(what, Folder):
                    found[at + name] = what.mode, None
                    walk(what, f"{at}{name}/")
                elif not name.endswith("-shm"):
                    # Two names of one file have one content.
                    if id(what) not in contents:
                        contents[id(what)] = what.content(lambda: drawn.random() < written, torn)
                    found[at + name] = what.mode, contents[id(what)]

        walk(self.top, "")
        return found

    def _folders(self, folder: Folder) -> Iterator[Folder]:
        yield folder
        for below in {id(one): one for one in [*folder.names.values(), *folder.settled.values()]}.values():
            if isinstance(below, Folder):
                yield from self._folders(below)
