"""A thin C layer in front of this process's system calls: built with the system's ``cc``, and loaded by restarting."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from pathlib import Path

_LIBRARY = "READOUTS_LAYER"


def load(work: Path, source: str, module: str) -> ctypes.CDLL:
    """Have this process run with a layer.

    Args:
        work: A folder to build it in.
        source: Name of its source, beside this file.
        module: What is started again, as ``python -m`` names it, with the arguments of now.
    """
    library = os.environ.get(_LIBRARY)
    if library is None:
        work.mkdir(parents=True, exist_ok=True)
        library = str(work / source.replace(".c", ".so"))
        built = ["cc", "-O1", "-shared", "-fPIC", "-o", library, str(Path(__file__).with_name(source)), "-ldl"]
        subprocess.run(built, check=True)
        os.environ |= {_LIBRARY: library, "LD_PRELOAD": library}
        os.execv(sys.executable, [sys.executable, "-m", module, *sys.argv[1:]])
    return ctypes.CDLL(library)
