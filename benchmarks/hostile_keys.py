"""Keys that nobody presses in good faith: whatever comes into the chat's terminal, the chat does not end and takes more.

``python -m benchmarks.hostile_keys INDEX [--pieces 10000] [--seed 1]``: random bytes, broken and odd sequences of keys, mouse
and terminal reports, pastes of anything, and every key of the chat, faster than it paints. After every ``AT_ONCE`` pieces a new
chat starts. Keys that leave the chat or the terminal are left out. INDEX is copied. Exit code 1 if a chat ended with an error,
took no more keys for ``PATIENCE`` seconds, or a conversation cannot be read afterwards.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from assistant.history import History
from benchmarks.tables import tell
from benchmarks.terminal import Terminal

#: Pieces that one chat gets.
AT_ONCE = 500
#: Seconds in which a chat has to take a piece, on a machine that does other work as well.
PATIENCE = 60.0
#: Ctrl+Q leaves the chat, Ctrl+Z the terminal.
_LEAVING = b"\x11\x1a"
_KEYS = [
    b"\r", b"\t", b"\x1b", b"\x1b[Z", *(b"\x1b[" + end for end in (b"A", b"B", b"C", b"D", b"H", b"F", b"5~", b"6~")),
    *(b"\x1bO" + end for end in (b"P", b"Q", b"R", b"S")),
    *(b"\x1b[%d~" % number for number in (15, 17, 18, 19, 20, 21, 23, 24)),
    *(bytes([letter]) for letter in b"[]?/ynjkgGoesfcrm123 ."), *(bytes([control]) for control in range(32)),
]  # fmt: skip
_REPORTS = [b"\x1b[I", b"\x1b[O", b"\x1b[48;40;120;800;1200t", b"\x1b[?2048;1$y", b"\x1b[?2026;2$y", b"\x1b[1;1R"]
_LETTERS = ["é", "Ж", "漢", "👨‍👩‍👧", "\u202e", "\u0301" * 30, "\u200f", "\ufeff", "\x00"]
_NUMBERS = (0, 1, 2, 9, 13, 27, 32, 35, 64, 65, 97, 119, 120, 0xD800, 57_344, 1_114_111, 1_114_112, 2**31, 2**63)


def pieces(chosen: random.Random) -> Iterator[bytes]:
    """Pieces of input without end; none that leaves."""

    def some(most: int, letters: bytes = bytes(range(256))) -> bytes:
        return bytes(chosen.choice(letters) for _ in range(chosen.randrange(most)))

    def number() -> int:
        return chosen.choice(_NUMBERS)

    while True:
        piece = chosen.choice(
            (
                lambda: some(12),
                lambda: b"\x1b[" + some(14, b"0123456789;<>?:MmuRt~ABCDHFZ$y "),
                lambda: b"\x1b[<%d;%d;%d%c" % (number(), number(), number(), chosen.choice(b"Mm")),
                lambda: b"\x1b" + chosen.choice((b"O", b"N", b"P", b"]", b"_", b"^", b"\x1b")) + some(8),
                lambda: b"\x1b[200~" + some(300) + chosen.choice((b"\x1b[201~", b"")),
                lambda: b"\x1b[%d;%d;%du" % (number(), chosen.randrange(300), number()),
                lambda: chosen.choice(_LETTERS).encode(),
                lambda: chosen.choice(_KEYS),
                lambda: chosen.choice(_KEYS),
                lambda: chosen.choice(_REPORTS),
            )
        )()
        yield piece.translate(None, _LEAVING)


def press(command: Sequence[str], home: Path, count: int, seed: int) -> list[str]:
    """Send so many pieces to a chat; returns what was wrong.

    Args:
        command: What starts the chat, over an index that may change.
        home: An empty folder for all else that the chat writes.
        count: How many.
        seed: Of what they are.
    """
    chosen = random.Random(seed)
    environment = {
        "READOUTS_HISTORY": str(home / "kept"), "EDITOR": "true", "PAGER": "true", "BROWSER": "true",
        **{f"XDG_{what}_HOME": str(home / what.lower()) for what in ("STATE", "CONFIG", "DATA")},
    }  # fmt: skip
    terminal = Terminal(command, environment=environment, folder=home)
    last: list[bytes] = []
    try:
        terminal.until(r"· +ready")
        for number, piece in enumerate(pieces(chosen)):
            # The palette, too, can leave the chat.
            if number == count or terminal.ended == 0:
                break
            last = [*last[-5:], piece]
            if not terminal.offer(piece, PATIENCE) and terminal.ended != 0:
                return [f"seed {seed}, piece {number}: {_ending(terminal)}; the last were {last}"]
            terminal.read_on(chosen.choice((0, 0.001, 0.03)))
    finally:
        terminal.kill()
    with closing(History(home / "kept")) as history:
        return [f"seed {seed}: {one.id} has no turns" for one in history.conversations() if not history.turns(one.id)]


def _ending(terminal: Terminal) -> str:
    """Why a chat takes nothing more."""
    if terminal.ended is None:
        return f"took no more keys for {PATIENCE:.0f} s"
    terminal.settle(1)
    said = [line for line in terminal.text.splitlines() if re.search(r"Error|assistant/|❱", line)]
    return f"ended with exit code {terminal.ended}: {' '.join(' '.join(said[-8:]).split())}"


def main() -> None:
    """Press and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("index", type=Path)
    parser.add_argument("--pieces", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    faults = list[str]()
    chats = max(1, given.pieces // AT_ONCE)
    for number in range(chats):
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder)
            shutil.copytree(given.index, home / "index")
            command = [sys.executable, "-m", "assistant", "--index", str(home / "index")]
            faults += press(command, home, min(AT_ONCE, given.pieces), given.seed * 1000 + number)
    tell(
        "Keys that nobody presses in good faith",
        ("pieces", "chats", "faults"),
        [[chats * min(AT_ONCE, given.pieces), chats, len(faults)]],
        output=None,
        notes=[f"Seed {given.seed}; load on the machine {os.getloadavg()[0]:.1f}.", *faults],
    )
    raise SystemExit(bool(faults))


if __name__ == "__main__":
    main()
