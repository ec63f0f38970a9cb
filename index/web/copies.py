"""What was fetched, kept beside the index: read again offline, and downloaded again only if it changed."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from index import private
from index.readers import origins
from index.readers.formats import format_of
from index.readers.html import page_text
from index.readers.origins import ABOUT, FETCHED, Origin
from index.web.addresses import parse, slug
from index.web.fetching import Page

#: Endings for the types that servers state for text without a distinctive opening.
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
        origin: Where it came from.
    """

    path: Path
    origin: Origin


def copy_of(folder: Path, address: str) -> Copy | None:
    """The kept copy of an address; None if there is none, or if it is not as it was written.

    Args:
        folder: The index's folder.
        address: The address that was requested.
    """
    place = _place(folder, address)
    origin = origins.read(place)
    return Copy(path=place / origin.file, origin=origin) if origin else None


def damaged_copies(folder: Path) -> Iterator[Path]:
    """Folders of kept pages that are not as they were written, in order.

    Args:
        folder: The index's folder.
    """
    with contextlib.suppress(OSError):
        for place in sorted((folder / FETCHED).iterdir()):
            # A page not yet kept when its process ended does not count.
            if not place.name.startswith(".") and origins.read(place) is None:
                yield place


def keep(folder: Path, address: str, page: Page) -> Path:
    """Keep a page, replacing a copy of the same address; if interrupted, the old or the new one is there, with its note.

    Raises:
        OSError: The folder cannot be written to.
    """
    place, content = _place(folder, address), page.content
    kind = page.headers.get("content-type", "")
    name = f"{slug(parse(address))}{_ending(page, content, kind)}"
    if name.endswith((".html", ".txt", ".md", ".csv")) and "charset=" in kind.lower():
        # The file does not state what the server did.
        charset = kind.lower().partition("charset=")[2].split(";")[0].strip("\"' ")
        content = page_text(place / name, content, charset).encode(errors="replace")
    marks = {"If-None-Match": page.headers.get("etag", ""), "If-Modified-Since": page.headers.get("last-modified", "")}
    origin = Origin(
        url=page.address,
        asked=address,
        file=name,
        fetched=dt.datetime.now(dt.UTC).date().isoformat(),
        marks={name: value for name, value in marks.items() if value},
        sum=origins.checksum(content),
    )
    private.make_folder(place.parent)
    if not place.exists():
        _make(place, origin, content)
    if origins.read(place) != origin:
        private.clear_beside(place)
        _replace(place, origin, content)
    return place / name


def _make(place: Path, origin: Origin, content: bytes) -> None:
    """Keep the first page of an address: its folder gets its name once complete, unless another process is faster."""
    with private.beside(place) as beside:
        private.make_folder(beside)
        private.write(beside / origin.file, content)
        private.write(beside / ABOUT, origins.note([origin]))
        private.settle(beside)
        try:
            beside.rename(place)
        except OSError:
            if not place.exists():
                raise
    private.settle(place.parent)


def _replace(place: Path, origin: Origin, content: bytes) -> None:
    """Keep another page of an address: the note first, which fits both the present page and the coming one."""
    before = origins.read(place)
    if before and (before.file, before.sum) == (origin.file, origin.sum):
        private.replace(place / ABOUT, origins.note([origin]))
        return
    private.replace(place / ABOUT, origins.note([origin, *([before] if before else [])]))
    private.replace(place / origin.file, content)
    if origins.read(place) is None:
        # Another process wrote its note meanwhile.
        private.replace(place / ABOUT, origins.note([origin]))


def _place(folder: Path, address: str) -> Path:
    return folder / FETCHED / hashlib.blake2b(address.encode(errors="replace"), digest_size=8).hexdigest()


def _ending(page: Page, content: bytes, kind: str) -> str:
    """The ending for the page's content, otherwise that of its address, otherwise for the type that the server states."""
    last = Path(parse(page.address).path.rpartition("/")[2])
    found = format_of(last, content)
    if found is not None:
        return last.suffix.lower() if found.fits(last) else found.endings[0]
    return _TYPES.get(kind.partition(";")[0].strip().lower(), last.suffix.lower() or ".html")
