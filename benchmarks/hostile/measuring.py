"""One file at a time through the whole path of a document, in a process of its own with a bound on memory and a clock."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import sys
import time
import traceback
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index import build
from index.catalogue import Catalogue
from index.filters import Filters
from index.languages import language_of
from index.protocols import Vectors

#: Address space of the process; what asks for more fails.
MEMORY = 6 << 30
#: Seconds of the processor after which it is killed, and by the clock, for what waits without computing.
KILLED, GIVEN_UP = 600, 3600
GOOD = "Minister Harlan Quist met Minister Adaeze Oyelaran in May 2023. They agreed to plant kelp."


class Sums:
    """An encoder that costs next to nothing: what is measured is everything but the model."""

    engine, name, revision, dimension = "sums", "sums", "first", 8

    def encode(self, texts: Sequence[str]) -> Vectors:
        """A unit vector by the sum of the text's bytes."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        vectors[np.arange(len(texts)), [zlib.crc32(text.encode()) % self.dimension for text in texts]] = 1
        return vectors

    def encode_stream(self, texts: Sequence[str]) -> Iterator[tuple[NDArray[np.intp], Vectors]]:
        """The same for many."""
        for start in range(0, len(texts), 4096):
            part = texts[start : start + 4096]
            yield np.arange(start, start + len(part)), self.encode(part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What came of one file.

    Attributes:
        processor: Seconds of computing, programs that it started included.
        clock: Seconds by the clock.
        memory: MB that the process took at most beyond what it began with.
        documents: Readouts that were taken of the file.
        texts: Passages and sentences of these.
        reasons: Why something was skipped.
        fault: What is wrong with all that, in words; empty if nothing is.
    """

    processor: float
    clock: float
    memory: float
    documents: int
    texts: int
    reasons: tuple[str, ...]
    fault: str


def measure(path: Path, work: Path) -> Measured:
    """Index one file beside a good one, in a folder that is made and taken away.

    Args:
        path: The file.
        work: Where the index is made.
    """
    reading, writing = os.pipe()
    started = time.perf_counter()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _child(path, work, writing)
    os.close(writing)
    signal.signal(signal.SIGALRM, lambda *_: os.kill(child, signal.SIGKILL))
    signal.alarm(GIVEN_UP)
    told = b"".join(iter(lambda: os.read(reading, 65536), b""))
    os.close(reading)
    _, status, used = os.wait4(child, 0)
    signal.alarm(0)
    shutil.rmtree(work, ignore_errors=True)
    found: dict[str, Any] = json.loads(told) if told else {"fault": f"the process ended with status {status}"}
    return Measured(
        processor=used.ru_utime + used.ru_stime - found.get("before", 0.0),
        clock=time.perf_counter() - started,
        memory=used.ru_maxrss / 1024 - found.get("memory", 0.0),
        documents=found.get("documents", 0),
        texts=found.get("texts", 0),
        reasons=tuple(found.get("reasons", ())),
        fault=found["fault"],
    )


def warm() -> None:
    """Load what every file needs, so that it counts for none."""
    language_of("Die Minister sprachen am Montag über die Häfen und über den Tang.")


def _child(path: Path, work: Path, writing: int) -> None:
    """Index, look, tell, and end without a word to anybody else."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    begun = {"before": used.ru_utime + used.ru_stime, "memory": used.ru_maxrss / 1024}
    code = 1
    try:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (KILLED, KILLED))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        sys.stderr = sys.stdout = open(os.devnull, "w")  # noqa: SIM115, PTH123 - for the rest of this process
        told = begun | _indexed(path, work)
        os.write(writing, json.dumps(told).encode())
        code = 0
    except BaseException:  # noqa: BLE001 - whatever it is, it is what this is for
        told = begun | {"fault": traceback.format_exc(limit=-3)[-600:]}
        os.write(writing, json.dumps(told).encode())
    finally:
        os._exit(code)


def _indexed(path: Path, work: Path) -> dict[str, Any]:
    work.mkdir(parents=True)
    (work / "good.md").write_text(f"---\ntitle: Quist meets Oyelaran\n---\n\n{GOOD}\n", encoding="utf-8")
    report = build.add(work / "index", [path, work / "good.md"], Sums)
    catalogue = Catalogue(work / "index")
    records = catalogue.records(Filters(copies=True), limit=None)
    good = [record for record in records if record.source.path == str((work / "good.md").resolve())]
    reasons = [skipped.reason for skipped in report.skipped]
    faults = [] if len(good) == 1 else ["the good readout beside it is not in the index"]
    faults += [f"a reason is no line: {reason[:80]!r}" for reason in reasons if not reason or "\n" in reason]
    if report.added == 1 and not reasons:
        faults.append("nothing was taken of it, and no reason told")
    documents, passages, sentences = catalogue.counts()
    return {
        "documents": documents - 1,
        "texts": passages + sentences - 3,
        "reasons": [reason[:200] for reason in reasons[:5]],
        "fault": "; ".join(faults),
    }
