"""Addresses named by the user into files that readers take; with ``follow``, also the pages that feeds link to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from index.datatypes import Note, Progress, Skipped
from index.errors import FetchError, FormatError
from index.readers import feed_links
from index.web.addresses import host_and_port, is_address, parse
from index.web.copies import copy_of, keep
from index.web.fetching import Fetcher

__all__ = ["Brought", "bring", "is_address", "page_of"]

#: Most pages fetched for one feed; most feeds have ten to fifty items.
MOST_FOLLOWED = 200


@dataclass(slots=True)
class Brought:
    """What was fetched, or kept from earlier runs.

    Attributes:
        files: A file for each address that the user named.
        again: Files that did not change themselves, but whose pages did.
        notes: What to know about files.
        skipped: Addresses that could not be fetched, with reasons.
    """

    files: list[Path] = field(default_factory=list)
    again: set[Path] = field(default_factory=set)
    notes: list[Note] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)


def bring(
    folder: Path,
    addresses: Sequence[str],
    files: Sequence[Path],
    *,
    follow: bool,
    listener: Callable[[Progress], None] | None = None,
) -> Brought:
    """Fetch the addresses that the user named, and with ``follow`` the pages that items of feeds without full text link to.

    Args:
        folder: The index's folder; what is fetched is kept there.
        addresses: http or https addresses.
        files: Other files, which may include feeds.
        follow: Whether pages that feeds link to are fetched.
        listener: Told about the progress.
    """
    brought, fetcher = Brought(), Fetcher()
    for done, address in enumerate(addresses):
        _tell(listener, done, len(addresses), address)
        try:
            fetcher.trusted.add(host_and_port(parse(address)))
        except FetchError as error:
            brought.skipped.append(Skipped(path=address, reason=str(error)))
            continue
        if (path := _fetched(folder, address, fetcher, brought)[0]) is not None:
            brought.files.append(path)
    for path in [*files, *brought.files] if follow else ():
        pages = _links(path)
        for done, address in enumerate(pages[:MOST_FOLLOWED]):
            _tell(listener, done, len(pages), address)
            if _fetched(folder, address, fetcher, brought)[1]:
                brought.again.add(path)
        if len(pages) > MOST_FOLLOWED:
            text = f"The first {MOST_FOLLOWED} of the {len(pages)} pages it links to were fetched."
            brought.notes.append(Note(path=str(path), text=text))
    return brought


def page_of(folder: Path) -> Callable[[str], Path | None]:
    """A function that returns the kept file of an address, for readers of feeds.

    Args:
        folder: The index's folder.
    """

    def look_up(address: str) -> Path | None:
        copy = copy_of(folder, address)
        return copy.path if copy else None

    return look_up


def _links(path: Path) -> tuple[str, ...]:
    try:
        return feed_links(path, path.read_bytes())
    except (OSError, FormatError):
        # Its own reader reports that.
        return ()


def _fetched(folder: Path, address: str, fetcher: Fetcher, brought: Brought) -> tuple[Path | None, bool]:
    """The file of an address, and whether it is new or changed."""
    copy = copy_of(folder, address)
    try:
        page = fetcher.fetch(address, copy.origin.marks if copy else None)
        if copy and not page.changed:
            return copy.path, False
        return keep(folder, address, page), True
    except OSError as error:
        reason, again = f"What was fetched cannot be written ({error.strerror}).", copy
    except (FetchError, FormatError) as error:
        reason, again = str(error), copy
    if again is None:
        brought.skipped.append(Skipped(path=address, reason=reason))
        return None, False
    brought.notes.append(Note(path=address, text=f"{reason} What was fetched on {again.origin.fetched} is read."))
    return again.path, False


def _tell(listener: Callable[[Progress], None] | None, done: int, total: int, address: str) -> None:
    if listener is not None:
        listener(Progress(stage="fetching", done=done, total=total, note=address))
