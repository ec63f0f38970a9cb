"""The note beside a fetched page: where and when it was fetched, and checksums that tell whether page and note are as written.

A note describes the page and, if it replaces another, that one as well: so it can be written before the page
is replaced, and fits whichever of the two is there when a process is killed or the power fails.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

#: Folder beside an index in which fetched pages are kept, each in its own folder; hidden, so that no search for files reads it.
FETCHED = ".fetched"
ABOUT = "about.json"
#: What was noted about a page before notes had a checksum, and the key of the checksum in notes about a single page.
_OLDER = {"url", "asked", "file", "fetched", "marks"}
_CHECK = "check"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a page came from.

    Attributes:
        url: Where it was finally found.
        asked: The address that was requested.
        file: Name of its file.
        fetched: Day of fetching.
        marks: What to send so that the server need not send the page again.
        sum: Checksum of the file.
    """

    url: str
    asked: str
    file: str
    fetched: str
    marks: dict[str, str]
    sum: str


def note(origins: Sequence[Origin]) -> bytes:
    """The note saying that a page is one of these."""
    pages = [asdict(origin) for origin in origins]
    return json.dumps({"pages": pages, _CHECK: _sum(pages)}, indent=1).encode()


def checksum(*contents: bytes) -> str:
    """Checksum of a page, or of what is noted about it."""
    digest = hashlib.blake2b(digest_size=16)
    for content in contents:
        digest.update(content)
    return digest.hexdigest()


def read(place: Path) -> Origin | None:
    """What a page's folder notes about the page in it; None if either is not as it was written."""
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
        about = json.loads((place / ABOUT).read_text(encoding="utf-8"))
        return next((origin for origin in _noted(about, place) if _fits(origin, place)), None)
    return None


def origin_of(path: Path) -> str:
    """The address at which a kept page was found; empty for any other file."""
    if path.parent.parent.name != FETCHED:
        return ""
    found = read(path.parent)
    return found.url if found and found.file == path.name else ""


def _noted(about: dict[str, Any], place: Path) -> list[Origin]:
    """What a note says; nothing if it is not as it was written."""
    if set(about) == {"pages", _CHECK}:
        return [Origin(**page) for page in about["pages"]] if about[_CHECK] == _sum(about["pages"]) else []
    # Only what was noted then: a damaged key (“check” under another name) leaves other keys than these.
    if set(about) - {_CHECK} != _OLDER:
        return []
    check = about.pop(_CHECK, None)
    content = (place / str(about["file"])).read_bytes()
    whole = check in (None, checksum(json.dumps(about, sort_keys=True).encode(), content))
    return [Origin(**about, sum=checksum(content))] if whole else []


def _fits(origin: Origin, place: Path) -> bool:
    """Whether the page in the folder is this one."""
    try:
        return checksum((place / origin.file).read_bytes()) == origin.sum
    except OSError:
        return False


def _sum(pages: Sequence[dict[str, Any]]) -> str:
    return checksum(json.dumps(pages, sort_keys=True).encode())
