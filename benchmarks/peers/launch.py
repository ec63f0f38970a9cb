"""One command, timed and weighed from a process that is itself small.

    python -S -E launch.py PREFIX LIMIT COMMAND…

Prints one JSON object: ``code`` (exit status), ``first`` (seconds to the first line of output that begins with PREFIX;
null for none), ``seconds`` (to the end), ``peak`` (bytes of memory at most), ``lines`` (its output) and ``notes`` (the
end of its standard error). After LIMIT seconds the command is killed. Linux counts the memory of the process that
starts another into the peak of the other; this one holds some ten megabytes, less than anything that is measured.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time

#: Characters of the command's notes that are kept.
NOTES = 4000


def main() -> None:
    """Run the command that the arguments name."""
    prefix, limit, *command = sys.argv[1:]
    with tempfile.TemporaryFile() as notes:
        started = time.perf_counter()
        child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=notes, text=True, encoding="utf-8")
        assert child.stdout is not None
        timer = threading.Timer(float(limit), child.kill)
        timer.start()
        first, lines = None, []
        for line in child.stdout:
            if first is None and line.startswith(prefix):
                first = time.perf_counter() - started
            lines.append(line.rstrip("\n"))
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - started
        timer.cancel()
        notes.seek(0)
        said = notes.read().decode("utf-8", "replace")[-NOTES:]
    # Linux counts in kibibytes, macOS in bytes.
    peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    code = os.waitstatus_to_exitcode(status)
    print(json.dumps({"code": code, "first": first, "seconds": seconds, "peak": peak, "lines": lines, "notes": said}))


if __name__ == "__main__":
    main()
