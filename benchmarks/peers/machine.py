"""On what a measurement was made."""

from __future__ import annotations

import os
import platform
from pathlib import Path


def describe() -> dict[str, str | int | float]:
    """Processor, cores, memory, system and Python; what the system does not tell is left empty or 0."""
    return {
        "processor": _field("/proc/cpuinfo", "model name") or platform.processor(),
        "cores": os.cpu_count() or 0,
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "instructions": " ".join(name for name in ("avx2", "avx512f", "avx512_bf16", "amx_bf16") if name in _flags()),
    }


def load() -> float:
    """Mean number of processes that wanted a core over the last minute."""
    return round(os.getloadavg()[0], 2)


def _flags() -> set[str]:
    return set(_field("/proc/cpuinfo", "flags").split())


def _field(path: str, name: str) -> str:
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), "")
