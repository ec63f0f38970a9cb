"""Fetching one page: limits of size, time and redirects, robots.txt heeded, nothing private unless the user named it."""

from __future__ import annotations

import io
import ipaddress
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any
from urllib.parse import SplitResult, urljoin

from index.errors import FetchError
from index.web.addresses import host_and_port, parse, text_of

AGENT = "readouts"
MAX_BYTES = 32 * 1024 * 1024
MAX_REDIRECTS = 5
#: Seconds for one page with all its redirects, and for one response of a server.
TIME, WAIT = 30.0, 10.0
_ROBOTS_BYTES = 512 * 1024
_CHUNK = 64 * 1024
#: Addresses of one host that are tried, each for as long as a response may take.
_TRIED = 3
_MEND = "Save the page, and index the file."


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A server's response.

    Attributes:
        address: Where it was finally found.
        content: Its bytes; empty if it has not changed.
        headers: Its headers, by lower-case name.
        changed: Whether it differs from the one whose marks were sent.
    """

    address: str
    content: bytes
    headers: Mapping[str, str]
    changed: bool = True


@dataclass(slots=True)
class Fetcher:
    """Fetches pages for one run; robots.txt is requested once per host.

    Attributes:
        trusted: Hosts and ports that the user typed: these may be private.
    """

    trusted: set[tuple[str, int]] = field(default_factory=set)
    _robots: dict[tuple[str, str], Any] = field(default_factory=dict)
    _last: dict[tuple[str, str], float] = field(default_factory=dict)

    def fetch(self, address: str, marks: Mapping[str, str] | None = None) -> Page:
        """Fetch a page.

        Args:
            address: http or https.
            marks: ``If-None-Match`` and ``If-Modified-Since`` of the kept copy.

        Raises:
            FetchError: It is refused, not allowed for robots, too large, too slow, or not there.
        """
        ends = time.monotonic() + TIME
        here = parse(address)
        for _ in range(MAX_REDIRECTS + 1):
            self._ask_robots(here, ends)
            status, headers, content = self._get(here, marks or {}, ends, MAX_BYTES)
            if status == 304 and marks:
                return Page(address=text_of(here), content=b"", headers=headers, changed=False)
            if status in (301, 302, 303, 307, 308) and headers.get("location"):
                here = parse(urljoin(text_of(here), headers["location"]))
                continue
            if status != 200:
                raise FetchError(
                    f"{text_of(here)} answered with status {status}.", mend="Look whether the page is there."
                )
            return Page(address=text_of(here), content=content, headers=headers)
        raise FetchError(f"{address} leads from page to page more than {MAX_REDIRECTS} times.", mend=_MEND)

    def _ask_robots(self, parts: SplitResult, ends: float) -> None:
        """Heed a host's robots.txt, by RFC 9309: a missing one allows everything, an unreachable one forbids everything."""
        from protego import Protego

        site = parts.scheme, parts.netloc
        if site not in self._robots:
            rules = SplitResult(*site, "/robots.txt", "", "")
            for _ in range(MAX_REDIRECTS):
                status, headers, content = self._get(rules, {}, ends, _ROBOTS_BYTES, cut=True)
                if status not in (301, 302, 303, 307, 308) or not headers.get("location"):
                    break
                rules = parse(urljoin(text_of(rules), headers["location"]))
            text = (
                content.decode(errors="replace")
                if status == 200
                else "User-agent: *\nDisallow: /"
                if status >= 500
                else ""
            )
            self._robots[site] = Protego.parse(text)
        rules_of_site = self._robots[site]
        if not rules_of_site.can_fetch(text_of(parts), AGENT):
            raise FetchError(
                f"The site {parts.netloc} does not want {parts.path} to be fetched by programs (robots.txt).",
                mend=_MEND,
            )
        pause = min(rules_of_site.crawl_delay(AGENT) or 0.0, WAIT) - (time.monotonic() - self._last.get(site, 0.0))
        if pause > 0:
            time.sleep(pause)
        self._last[site] = time.monotonic()

    def _get(
        self, parts: SplitResult, more: Mapping[str, str], ends: float, limit: int, *, cut: bool = False
    ) -> tuple[int, dict[str, str], bytes]:
        import http.client

        host, port = host_and_port(parts)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        connection: Any = kind(host, port)
        headers = {"User-Agent": f"{AGENT}/{version(AGENT)}", "Accept-Encoding": "gzip", "Accept": "*/*", **more}
        try:
            connection.sock = self._connected(parts, ends)
            connection.response_class = lambda sock, **more: _in_time(
                http.client.HTTPResponse(sock, **more), sock, ends
            )
            connection.request("GET", parts.path + (f"?{parts.query}" if parts.query else ""), headers=headers)
            response = connection.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            content = _read(response, limit, cut=cut) if response.status == 200 else b""
            return response.status, found, _unpacked(content, found, limit, cut=cut)
        except (OSError, http.client.HTTPException, UnicodeError) as error:
            raise FetchError(
                f"{parts.netloc} cannot be reached ({str(error) or type(error).__name__}).", mend=_OFFLINE
            ) from None
        finally:
            connection.close()

    def _connected(self, parts: SplitResult, ends: float) -> Any:
        """A connection to a host, made to exactly the address that was checked; nothing is sent to a private one."""
        import socket
        import ssl

        host, port = host_and_port(parts)
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[:_TRIED]
        for family, kind, protocol, _, place in found:
            self._check_peer(str(place[0]), host, port)
            sock = socket.socket(family, kind, protocol)
            try:
                sock.settimeout(_wait(ends))
                sock.connect(place)
                return (
                    ssl.create_default_context().wrap_socket(sock, server_hostname=host)
                    if parts.scheme == "https"
                    else sock
                )
            except OSError as error:
                sock.close()
                failed = error
        raise failed

    def _check_peer(self, peer: str, host: str, port: int) -> None:
        """Refuse addresses of this machine and its network, except the one that the user typed."""
        address = ipaddress.ip_address(peer.partition("%")[0])
        inner = getattr(address, "ipv4_mapped", None) or address
        if not inner.is_global and (host, port) not in self.trusted:
            raise FetchError(
                f"{host} is an address of this machine's own network; only one that you type is fetched.", mend=_MEND
            )


_OFFLINE = "Look whether this machine is connected, and try again."


def _wait(ends: float) -> float:
    """Seconds to wait for the next bytes.

    Raises:
        TimeoutError: The page's time is up.
    """
    left = ends - time.monotonic()
    if left <= 0:
        raise TimeoutError(f"it took more than {TIME:.0f} seconds")
    return min(WAIT, left)


class _InTime(io.RawIOBase):
    """What a server sends, until its time is up: headers, chunks and interim responses may go on without end."""

    def __init__(self, raw: io.RawIOBase, sock: Any, ends: float) -> None:
        self._raw, self._sock, self._ends = raw, sock, ends

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(_wait(self._ends))
        try:
            return self._raw.readinto(buffer)
        except TimeoutError:
            _wait(self._ends)
            raise

    def close(self) -> None:
        self._raw.close()
        super().close()


def _in_time(response: Any, sock: Any, ends: float) -> Any:
    """A response that is read through ``_InTime``."""
    response.fp = io.BufferedReader(_InTime(response.fp.detach(), sock, ends))
    return response


def _read(response: Any, limit: int, *, cut: bool) -> bytes:
    """The body, within its limit; a longer one is truncated, or refused."""
    parts, size = [], 0
    while part := response.read1(_CHUNK):
        parts.append(part)
        size += len(part)
        if size > limit:
            if cut:
                break
            raise FetchError(f"It has more than {limit // 1_000_000} MB.", mend=_MEND)
    return b"".join(parts)[:limit]


def _unpacked(content: bytes, headers: Mapping[str, str], limit: int, *, cut: bool) -> bytes:
    """The body unpacked from gzip, never more than the limit."""
    if headers.get("content-encoding", "").lower() not in ("gzip", "x-gzip") or not content:
        return content
    try:
        unpacked = zlib.decompressobj(wbits=31).decompress(content, limit + 1)
    except zlib.error:
        raise FetchError("What the server sent cannot be unpacked.", mend=_MEND) from None
    if len(unpacked) > limit and not cut:
        raise FetchError(f"It has more than {limit // 1_000_000} MB.", mend=_MEND)
    return unpacked[:limit]
