"""What a folder may hold beside files with bad contents: names that act, links, pipes, devices, files larger than any disk."""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Iterator
from pathlib import Path

_SAID = b"Minister Quist met Minister Oyelaran. They spoke of kelp.\n"
NAMES = (
    b"line\nbreak.md",
    b"escape\x1b[2J\x1b[31m.md",
    b"title\x1b]0;owned\x07.md",
    b"turned\xe2\x80\xaexcod.md",
    b"c1\xc2\x9b2J.md",
    b"-n.md",
    b"--index=x.md",
    b"[a-z]*?.md",
    b"quote'\".md",
    b"$(touch owned).md",
    b"`touch owned`.md",
    b"=1+1.md",
    b" .md",
    b"[red]x[-red].md",
    b"tab\there.md",
    b"back\\slash.md",
    b"half\xed\xa0\x80.md",
    b"no utf\xff\xfe.md",
    b"&lt;b&gt;<b>.md",
    b"x" * 240 + b".md",
    b"emoji \xf0\x9f\x90\x99.md",
    b"con.md",
    b"a!" + b".md",
    b"percent%s%n.md",
    b"colon:12.md",
    b"end..md",
)


def furnish(folder: Path, outside: Path) -> Iterator[str]:
    """Put all of it into a folder, which exists; what the system has no means for is left out.

    Args:
        folder: The folder.
        outside: Another one, with a file that no link may bring in.

    Yields:
        What each is.
    """
    for acting in NAMES:
        with contextlib.suppress(OSError):
            (folder / os.fsdecode(acting)).write_bytes(_SAID + acting.replace(b"\n", b" "))
            yield "name"
    (outside / "secret.md").write_bytes(b"The secret word is abracadabra.\n")
    for name, target in _links(folder, outside).items():
        (folder / name).symlink_to(target)
        yield "link"
    os.mkfifo(folder / "pipe.md")
    yield "pipe"
    with contextlib.suppress(OSError):
        os.mknod(folder / "device.md", 0o20600, os.makedev(1, 5))
        yield "device"
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(folder / "s.md"))
        yield "socket"
    (folder / "folder.md").mkdir()
    for name in ("holes.md", "holes.csv"):
        with (folder / name).open("wb") as file:
            file.truncate(1 << 40)
        yield "holes"
    deep = folder
    for _ in range(60):
        deep = deep / "d"
    deep.mkdir(parents=True)
    (deep / "deep.md").write_bytes(_SAID)
    yield "depth"


def _links(folder: Path, outside: Path) -> dict[str, Path]:
    return {
        "out.md": outside / "secret.md",
        "out": outside,
        "ring": folder,
        "self.md": folder / "self.md",
        "nowhere.md": folder / "no",
        "zero.md": Path("/dev/zero"),
        "null.md": Path("/dev/null"),
        "terminal.md": Path("/dev/tty"),
        "memory.md": Path("/proc/self/mem"),
        "root": Path("/"),
        "environment.md": Path("/proc/self/environ"),
    }
