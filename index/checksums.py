"""Whether the catalogue's file is as the last writer left it, by the checksum beside it.

A writer removes the checksum before anything changes, and adds a new one once everything is written. Whoever opens the
catalogue compares, a large one only if anything has written to the file since. A checksum that does not match is damage; if
there is none, a run is writing or was stopped, and only SQLite vouches for the content.
"""

from __future__ import annotations

import contextlib
import json
import os
import threading
import zlib
from pathlib import Path

from index import private
from index.errors import DamagedError

#: Of the file of a checksum, beside the catalogue.
SUFFIX = ".sum"
#: Bytes up to which the whole catalogue is read whenever it is opened: 28 MB, of 1,410 readouts, in 8 ms, beside other work. A
#: larger one is read where it is another file, or was written to at another time, than when its checksum was made: some 0.3 s a
#: gigabyte that the system has cached. What changes on the disk without that, the doctor finds, and who quotes it by its seal.
WHOLE = 256_000_000
_PART = 1 << 18


class Held:
    """A SQLite file, kept open for reading its bytes as long as this process has connections to it.

    Closing it earlier would release the locks by which SQLite tells other processes about these connections
    (https://sqlite.org/howtocorrupt.html, 2.2), so it is opened once per process, and closed with the last connection.
    """

    _lock = threading.Lock()
    _open: dict[tuple[int, int], list[int]] = {}  # noqa: RUF012 - one for all, by device and inode: descriptor and holders

    def __init__(self, path: Path) -> None:
        self.path = path
        with self._lock:
            found = path.stat()
            self._key = found.st_dev, found.st_ino
            if self._key not in self._open:
                self._open[self._key] = [os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0)), 0]
            self._open[self._key][1] += 1
            self._descriptor: int | None = self._open[self._key][0]

    def close(self) -> None:
        """Release the file once its connection is closed; a second call does nothing."""
        with self._lock:
            if self._descriptor is None:
                return
            self._descriptor = None
            held = self._open[self._key]
            held[1] -= 1
            if not held[1]:
                os.close(held[0])
                del self._open[self._key]

    def size(self) -> int:
        """Bytes of the file now."""
        assert self._descriptor is not None
        return os.fstat(self._descriptor).st_size

    def state(self) -> list[int]:
        """What changes when anything writes to the file, or puts another one in its place."""
        assert self._descriptor is not None
        found = os.fstat(self._descriptor)
        return [found.st_mtime_ns, found.st_ino]

    def check(self) -> list[int]:
        """Bytes of the file, and their checksum.

        Raises:
            OSError: It cannot be read.
        """
        assert self._descriptor is not None
        size = check = 0
        if hasattr(os, "preadv"):
            part = bytearray(_PART)
            view = memoryview(part)
            while read := os.preadv(self._descriptor, [part], size):
                check = zlib.crc32(view[:read], check)
                size += read
            return [size, check]
        with self._lock:
            os.lseek(self._descriptor, 0, os.SEEK_SET)
            while content := os.read(self._descriptor, _PART):
                check = zlib.crc32(content, check)
                size += len(content)
        return [size, check]


def kept(path: Path) -> bytes | None:
    """The checksum beside a catalogue, as it was written; None if there is none, or it is itself damaged."""
    try:
        content = path.with_name(path.name + SUFFIX).read_bytes()
        said, _, seal = content.partition(b"\n")
        return said if seal == b"%08x\n" % zlib.crc32(said) else None
    except OSError:
        return None


def forget(path: Path) -> None:
    """Remove the checksum, before the catalogue changes.

    Raises:
        OSError: It cannot be removed.
    """
    try:
        path.with_name(path.name + SUFFIX).unlink()
    except FileNotFoundError:
        return
    # Else a power cut may bring it back beside a catalogue that has changed.
    with contextlib.suppress(OSError):
        private.settle(path.parent)


def keep(held: Held, *, documents: int, journal_is_over: bool) -> None:
    """Write the checksum beside a catalogue whose writer has closed its connection; if that fails, there is none.

    Args:
        held: The catalogue.
        documents: How many it holds, so that if it is damaged it is known how many are lost.
        journal_is_over: Whether all of SQLite's journal is in the catalogue, so that it may be gone.
    """
    with contextlib.suppress(OSError):
        # A journal that is gone stays gone, before it is said to be.
        private.settle(held.path.parent)
        state = held.state()
        sums = {"catalogue": held.check(), "journal": _journal(held.path), "over": journal_is_over}
        said = json.dumps({**sums, "state": state, "documents": documents}).encode()
        private.replace(held.path.with_name(held.path.name + SUFFIX), said + b"\n%08x\n" % zlib.crc32(said))


def verify(held: Held, *, whole: bool = False) -> bool:
    """Compare a catalogue with its checksum; returns whether all of it was compared.

    Args:
        held: The catalogue.
        whole: Also compare a large one that nothing has written to.

    Raises:
        DamagedError: It is not as its last writer left it.
    """
    while (said := kept(held.path)) is not None:
        try:
            expected = json.loads(said)
            untouched = not whole and held.size() > WHOLE and expected.get("state") == held.state()
            if _fits(held, expected, untouched):
                return not untouched
            reason = "it is not as it was written"
        except OSError as error:
            reason = error.strerror or str(error)
        # A writer that has come in between has taken the checksum away first.
        if kept(held.path) == said:
            raise DamagedError(f"The catalogue {held.path} is damaged: {reason}.", mend=mend(held.path.parent))
    return False


def documents(path: Path) -> int:
    """How many documents a catalogue held when its checksum was made; 0 if that is not known."""
    found = json.loads(kept(path) or b"{}").get("documents", 0)
    return found if isinstance(found, int) else 0


def mend(folder: Path) -> str:
    """What to do about a catalogue that is damaged."""
    return f"Save what can be saved with: readouts doctor --repair --index {folder}"


def _fits(held: Held, said: dict[str, object], untouched: bool) -> bool:
    journal = _journal(held.path)
    if journal != said["journal"] and not (said["over"] and not journal[0]):
        return False
    expected = said["catalogue"]
    if not isinstance(expected, list) or held.size() != expected[0]:
        return False
    return untouched or held.check() == expected


def _journal(path: Path) -> list[int]:
    """Bytes and checksum of SQLite's write-ahead journal; zeros for none."""
    try:
        content = path.with_name(path.name + "-wal").read_bytes()
    except FileNotFoundError:
        return [0, 0]
    return [len(content), zlib.crc32(content)]
