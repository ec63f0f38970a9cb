"""Web addresses: recognising one, and naming its page."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, quote, unquote, urlsplit, urlunsplit

from index.errors import FetchError

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_SLUG = 80


def is_address(text: str) -> bool:
    """Whether something typed is an address rather than a path; schemes other than http and https count, too."""
    return bool(_SCHEME.match(text))


def parse(address: str) -> SplitResult:
    """The parts of an address that may be requested, without its fragment, every character as it may be sent.

    Raises:
        FetchError: It is not http or https, or names no host.
    """
    try:
        parts = urlsplit(address.strip())
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise FetchError(f"“{address[:200]}” is not a web address ({error}).", mend="Check its spelling.") from None
    if parts.scheme.lower() not in ("http", "https"):
        raise FetchError(
            f"{parts.scheme or 'This'}: is not fetched, only http and https are.",
            mend="Save the page, and index the file.",
        )
    if not host:
        raise FetchError(f"“{address[:200]}” names no host.", mend="Check its spelling.")
    try:
        name = host.encode("idna").decode() if not host.isascii() else host
    except UnicodeError:
        raise FetchError(f"“{host[:100]}” is not a host name.", mend="Check its spelling.") from None
    netloc = f"[{name}]" if ":" in name else name
    netloc += f":{port}" if port else ""
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?")
    return SplitResult(parts.scheme.lower(), netloc, path, query, "")


def text_of(parts: SplitResult) -> str:
    """The address from its parts."""
    return urlunsplit(parts)


def host_and_port(parts: SplitResult) -> tuple[str, int]:
    """Where a request goes."""
    return parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)


def slug(parts: SplitResult) -> str:
    """A name for a page from its address: the last part of its path, otherwise its host."""
    last = next((part for part in reversed(unquote(parts.path).split("/")) if part), "")
    stem = last.rpartition(".")[0] or last
    return re.sub(r"[^\w-]+", "-", stem or parts.hostname or "page").strip("-")[:_SLUG] or "page"
