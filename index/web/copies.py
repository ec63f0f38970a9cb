"""What was fetched, kept beside the index: read again offline, and asked for again only where it changed."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from index import private
from index.readers.formats import format_of
from index.readers.html import page_text
from index.readers.origins import ABOUT, FETCHED
from index.web.addresses import parse, slug
from index.web.fetching import Page

#: Endings for what servers call text that opens like nothing else.
_TYPES = {
    "text/plain": ".txt",
    "text/markdown": ".md",
    "text/csv": ".csv",
    "text/html": ".html",
    "application/json": ".json",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A page that is kept.

    Attributes:
        path: Its file.
        address: Where it was found in the end.
        fetched: Day of fetching.
        marks: What to send so that the server need not send it again.
    """

    path: Path
    address: str
    fetched: str
    marks: dict[str, str]


def copy_of(folder: Path, address: str) -> Copy | None:
    """The copy that is kept of an address; None where there is none, or one that is not as it was written.

    Args:
        folder: Of the index.
        address: As it was asked for.
    """
    return _read(_place(folder, address))


def damaged_copies(folder: Path) -> Iterator[Path]:
    """Folders of kept pages that are not as they were written, in order.

    Args:
        folder: Of the index.
    """
    with contextlib.suppress(OSError):
        yield from (place for place in sorted((folder / FETCHED).iterdir()) if _read(place) is None)


def _read(place: Path) -> Copy | None:
    """The copy in a folder, verified; those of before there were checksums are not."""
    try:
        about = json.loads((place / ABOUT).read_text(encoding="utf-8"))
        path = place / str(about["file"])
        content = path.read_bytes()
        if "check" in about and about.pop("check") != _check(about, content):
            return None
        marks = {str(name): str(value) for name, value in about["marks"].items()}
        return Copy(path=path, address=str(about["url"]), fetched=str(about["fetched"]), marks=marks)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _check(about: Mapping[str, object], content: bytes) -> str:
    """Checksum of a page and of what is noted with it."""
    digest = hashlib.blake2b(json.dumps(about, sort_keys=True).encode(), digest_size=16)
    digest.update(content)
    return digest.hexdigest()


def keep(folder: Path, address: str, page: Page) -> Path:
    """Keep a page; a copy of the same address is replaced.

    Raises:
        OSError: The folder cannot be written to.
    """
    place = _place(folder, address)
    private.make_folder(place)
    content, kind = page.content, page.headers.get("content-type", "")
    path = place / f"{slug(parse(address))}{_ending(page, content, kind)}"
    if path.suffix in (".html", ".txt", ".md", ".csv") and "charset=" in kind.lower():
        # The file does not say what the server did.
        charset = kind.lower().partition("charset=")[2].split(";")[0].strip("\"' ")
        content = page_text(path, content, charset).encode(errors="replace")
    _write(path, content)
    marks = {"If-None-Match": page.headers.get("etag", ""), "If-Modified-Since": page.headers.get("last-modified", "")}
    about = {
        "url": page.address,
        "asked": address,
        "file": path.name,
        "fetched": dt.datetime.now(dt.UTC).date().isoformat(),
        "marks": {name: value for name, value in marks.items() if value},
    }
    _write(place / ABOUT, json.dumps(about | {"check": _check(about, content)}, indent=1).encode())
    return path


def _place(folder: Path, address: str) -> Path:
    return folder / FETCHED / hashlib.blake2b(address.encode(errors="replace"), digest_size=8).hexdigest()


def _ending(page: Page, content: bytes, kind: str) -> str:
    """The ending of what the page holds, else of its address, else of what the server calls it."""
    last = Path(parse(page.address).path.rpartition("/")[2])
    found = format_of(last, content)
    if found is not None:
        return last.suffix.lower() if found.fits(last) else found.endings[0]
    return _TYPES.get(kind.partition(";")[0].strip().lower(), last.suffix.lower() or ".html")


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; one that holds the same already stays as it is."""
    if path.is_file() and path.read_bytes() == content:
        return
    private.replace(path, content)
