"""Run a program that Linux ends as soon as it, or any library of it, asks for a socket of the internet.

``python without_network.py PROGRAM ARGUMENT…``: a filter of system calls (seccomp) is set, which every process that comes of
this one inherits, and the program takes its place. Sockets between processes of one machine (AF_UNIX) are left alone.
"""

from __future__ import annotations

import ctypes
import os
import platform
import signal
import socket
import struct
import sys
from pathlib import Path

#: The architecture as the kernel numbers it, and its number of the call ``socket``.
_MACHINES = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
#: Exit code, as ``subprocess`` gives it, of a program that was ended.
ENDED = -int(getattr(signal, "SIGSYS", 0))
_LOAD, _EQUAL, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _END = 0x7FFF0000, 0x80000000
_SET_NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER = 38, 22, 2


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_char_p))


def possible() -> bool:
    """Whether this machine has such filters, as far as can be told without setting one."""
    return sys.platform == "linux" and platform.machine() in _MACHINES and Path("/proc/sys/kernel/seccomp").exists()


def forbid() -> None:
    """Set the filter for this process, for good.

    Raises:
        OSError: The kernel does not take it.
    """
    architecture, call = _MACHINES[platform.machine()]
    steps = [
        (_LOAD, 0, 0, 4),  # of another architecture: not ours to judge
        (_EQUAL, 0, 5, architecture),
        (_LOAD, 0, 0, 0),
        (_EQUAL, 0, 3, call),
        (_LOAD, 0, 0, 16),  # the first argument: the family of addresses
        (_EQUAL, 2, 0, int(socket.AF_INET)),
        (_EQUAL, 1, 0, int(socket.AF_INET6)),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _END),
    ]
    packed = b"".join(struct.pack("HBBI", *step) for step in steps)
    program = _Program(len(steps), packed)
    library = ctypes.CDLL(None, use_errno=True)
    if library.prctl(_SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0) or library.prctl(
        _SET_SECCOMP, _FILTER, ctypes.byref(program), 0, 0
    ):
        raise OSError(ctypes.get_errno(), "no filter of system calls can be set")


if __name__ == "__main__":
    forbid()
    os.execv(sys.argv[1], sys.argv[1:])
