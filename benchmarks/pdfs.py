"""Libraries that read PDF, side by side: ``python -m benchmarks.pdfs FILE…`` prints a table in Markdown.

Each reads all pages of a file to plain text, in a process of its own; what is not installed is skipped with the
command that installs it. Words in order is the share of five-word sequences that at least one other library finds, too.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

LIBRARIES = {
    "pypdfium2": "import pypdfium2; pages = [p.get_textpage().get_text_range() for p in pypdfium2.PdfDocument(path)]",
    "pypdf": "import pypdf; pages = [p.extract_text() for p in pypdf.PdfReader(path).pages]",
    "pdfminer.six": ("from pdfminer.high_level import extract_text; pages = extract_text(path).split('\\f')"),
    "pdfplumber": "import pdfplumber; pages = [p.extract_text() for p in pdfplumber.open(path).pages]",
}
ROUNDS = 3
_RUN = """
import json, resource, sys, time
path, started = sys.argv[1], time.perf_counter()
{code}
seconds = time.perf_counter() - started
megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
json.dump({{"seconds": seconds, "megabytes": megabytes, "pages": pages}}, sys.stdout)
"""


def measure(library: str, path: Path) -> dict[str, Any] | None:
    """The median run of one library over one file; None if it is not installed."""
    runs: list[dict[str, Any]] = []
    for _ in range(ROUNDS):
        command = [sys.executable, "-c", _RUN.format(code=LIBRARIES[library]), str(path)]
        done = subprocess.run(command, capture_output=True, check=False)
        if b"ModuleNotFoundError" in done.stderr:
            print(f"{library} is not installed: pip install {library}", file=sys.stderr)
            return None
        done.check_returncode()
        runs.append(json.loads(done.stdout))
    middle = statistics.median_low([run["seconds"] for run in runs])
    return next(run for run in runs if run["seconds"] == middle)


def runs_of_words(pages: list[str], length: int = 5) -> Counter[tuple[str, ...]]:
    """Every run of some words, hyphens and marks of broken words aside."""
    words = " ".join(pages).replace("\ufffe", "").replace("-", "").split()
    return Counter(tuple(words[place : place + length]) for place in range(len(words) - length + 1))


def main() -> None:
    """Measure every library over every file."""
    print("| file | library | seconds | MB | words | words in order |\n|---|---|---|---|---|---|")
    for path in map(Path, sys.argv[1:]):
        found = {name: run for name in LIBRARIES if (run := measure(name, path))}
        runs = {name: runs_of_words(run["pages"]) for name, run in found.items()}
        for name, run in found.items():
            others = set[tuple[str, ...]]().union(*(runs[other] for other in runs if other != name))
            shared = sum(count for words, count in runs[name].items() if words in others) / max(1, runs[name].total())
            words = sum(len(page.split()) for page in run["pages"])
            print(
                f"| {path.name} | {name} | {run['seconds']:.2f} | {run['megabytes']:.0f} | {words:,} | {shared:.3f} |"
            )


if __name__ == "__main__":
    main()
