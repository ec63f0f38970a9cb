"""Addresses of this machine, and whose process is at the other end of a connection on it, if the system tells."""

from __future__ import annotations

import ipaddress
import os
import sys
from pathlib import Path

#: Where Linux lists the connections of both kinds: local address, that of the other end, and the user, one per line.
TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
_LOCAL, _OTHER, _USER = 1, 2, 7
Address = tuple[str, int]


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def is_own(caller: Address, ours: Address) -> bool:
    """Whether the calling process runs as the same user as this one; False if that cannot be determined.

    Args:
        caller: Address and port that it calls from.
        ours: Address and port that it has called.
    """
    wanted = tuple((ipaddress.ip_address(host), port) for host, port in (caller, ours))
    for table in TABLES:
        try:
            lines = table.read_text(encoding="ascii").splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            parts = line.split()
            if (_read(parts[_LOCAL]), _read(parts[_OTHER])) == wanted:
                return int(parts[_USER]) == os.getuid()
    return False


def _read(written: str) -> tuple[ipaddress.IPv4Address | ipaddress.IPv6Address, int]:
    """An address as the table has it: words of four bytes in hexadecimal, each in the order of the processor."""
    address, port = written.split(":")
    words = (bytes.fromhex(address[start : start + 8]) for start in range(0, len(address), 8))
    return ipaddress.ip_address(b"".join(word[::-1] if sys.byteorder == "little" else word for word in words)), int(
        port, 16
    )
