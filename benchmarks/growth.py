"""What a process that answers for a long time holds and takes, once warm and at the end, and whether either grew.

Times are for the same questions at the start and at the end, asked once before while the process warmed up: a hundred questions
differ more from the next hundred than a process changes with age. Beside each a fixed piece of work is timed. Other processes
on the machine make both take longer, so the times are compared as multiples of that piece.

Memory growth is that of resident or of private memory, whichever is more: pages of mapped files (the model,
the libraries) are dropped when the system needs memory or reclaims what was unused for a while, which hides what was added.
"""

from __future__ import annotations

import os
import threading
import time
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from benchmarks.tables import median, percentile, tell

T = TypeVar("T")

#: What may grow, as shares: memory after warm-up, and the 95th percentile of the processor's time.
MEMORY, TIME = 0.05, 0.2


@dataclass(frozen=True, slots=True)
class Sample:
    """The process after so many questions.

    Attributes:
        done: Questions.
        resident: Bytes in memory, mapped files included.
        own: Bytes that belong to no file.
        files: Open descriptors.
        threads: Threads.
    """

    done: int
    resident: int
    own: int
    files: int
    threads: int

    @classmethod
    def take(cls, done: int, process: int | None = None) -> Sample:
        """Look at a process, this one by default."""
        at = Path(f"/proc/{process or 'self'}")
        status = dict(line.split(":", 1) for line in (at / "status").read_text().splitlines() if ":" in line)
        resident, own = (1024 * int(status[name].split()[0]) for name in ("VmRSS", "RssAnon"))
        return cls(done, resident, own, len(list((at / "fd").iterdir())), int(status["Threads"]))


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds that questions took at one end of a run: by the clock, of the processor, and of the processor for the piece."""

    wall: array[float] = field(default_factory=lambda: array("d"))
    busy: array[float] = field(default_factory=lambda: array("d"))
    piece: array[float] = field(default_factory=lambda: array("d"))

    def add(self, wall: float, busy: float) -> None:
        """Note a question, and how long the piece takes now."""
        self.wall.append(wall)
        self.busy.append(busy)
        self.piece.append(piece())

    def compared(self) -> float:
        """95th percentile of the processor's time, in pieces."""
        return percentile(self.busy, 0.95) / median(self.piece)


def piece() -> float:
    """Seconds of the processor that a fixed piece of work takes at this moment."""
    started = time.thread_time()
    counts: dict[str, int] = {}
    for number in range(4000):
        word = f"{number * 7919 % 1009}"
        counts[word] = counts.get(word, 0) + number
    sorted(counts, key=counts.__getitem__)
    return time.thread_time() - started


def in_turn(questions: Iterator[T], count: int, warm: int, part: int) -> Iterator[tuple[int | None, T]]:
    """So many questions, the first ``part`` of them once more when the process is warm, and once more at the end.

    Returns:
        Each with the end of the run at which its time counts, 0 or 1; None where it counts at neither.
    """
    first: list[T] = []
    for done in range(count):
        if done < part:
            first.append(next(questions))
            yield None, first[-1]
        elif warm <= done < warm + part:
            yield 0, first[done - warm]
        elif done >= count - part:
            yield 1, first[done - (count - part)]
        else:
            yield None, next(questions)


def judged(
    title: str, samples: Sequence[Sample], times: tuple[Times, Times], output: Path | None, notes: Sequence[str]
) -> list[str]:
    """Tell what grew as a table; returns what grew by more than it may."""
    # A change of the index empties what is kept, so that a moment says little.
    window = max(1, len(samples) // 10)
    ends = samples[:window], samples[-window:]
    memory = {name: [median(getattr(one, name) for one in some) for some in ends] for name in ("resident", "own")}
    # What stays is there at every moment; a question at work has threads and files of its own.
    least = {name: [min(getattr(one, name) for one in some) for some in ends] for name in ("files", "threads")}
    grown = {name: end / begin - 1 for name, (begin, end) in memory.items()}
    more = max(end - begin for begin, end in memory.values()) / memory["resident"][0]
    slower = times[1].compared() / times[0].compared() - 1
    rows: list[tuple[object, ...]] = [
        ("MB in memory", *(size / 1e6 for size in memory["resident"]), f"{grown['resident']:+.1%}"),
        ("MB of its own", *(size / 1e6 for size in memory["own"]), f"{grown['own']:+.1%}"),
        ("more memory, of what was there", "", "", f"{more:+.1%}"),
        ("open files", *least["files"], ""),
        ("threads", *least["threads"], ""),
        _row("ms, p50", times, lambda one: 1e3 * percentile(one.wall, 0.5)),
        _row("ms, p95", times, lambda one: 1e3 * percentile(one.wall, 0.95)),
        _row("processor's ms, p50", times, lambda one: 1e3 * percentile(one.busy, 0.5)),
        _row("processor's ms, p95", times, lambda one: 1e3 * percentile(one.busy, 0.95)),
        _row("processor's ms for a fixed piece, p50", times, lambda one: 1e3 * median(one.piece)),
        _row("processor's time in pieces, p95", times, Times.compared),
    ]
    tell(
        title,
        ("", "once warm", "at the end", "grown"),
        rows,
        output=output,
        notes=[
            *notes,
            f"Times of the same {len(times[0].busy):,} questions. Load on the machine {os.getloadavg()[0]:.1f}; "
            f"threads of Python {threading.active_count()}.",
        ],
        samples=[(one.done, one.resident, one.own, one.files, one.threads) for one in samples],
    )
    return [
        *[f"memory grew by {more:.1%}"] * (more > MEMORY),
        *[f"the 95th percentile of the processor's time grew by {slower:.1%}"] * (slower > TIME),
        *[f"{begin} and later {end} {name}" for name, (begin, end) in least.items() if end > begin],
    ]


def _row(name: str, times: tuple[Times, Times], figure: Callable[[Times], float]) -> tuple[object, ...]:
    begin, end = map(figure, times)
    return name, begin, end, f"{end / begin - 1:+.1%}"
