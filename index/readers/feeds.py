"""RSS and Atom: each item a readout, with its full text if the feed has it, otherwise its summary, otherwise its title."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from index.datatypes import Document, Note, Skipped
from index.errors import FormatError
from index.readers.days import parse_day
from index.readers.decode import MAX_TEXT_BYTES
from index.readers.fields import FieldError, document
from index.readers.issuers import issuer_called, issuer_of
from index.readers.markup import escaped, name_of
from index.readers.xml_tree import body_of, elements, language_of, words_of, xml_bytes

_ITEMS = ("item", "entry")
#: The fullest first. ``encoded`` is RSS's content:encoded.
_BODIES = ("encoded", "content", "description", "summary", "subtitle")
_DAYS = ("pubdate", "published", "date", "issued", "created", "updated", "modified")
_IDS = ("guid", "id", "identifier")
_SLUG = 60
#: Summaries have fewer words than the shortest real readouts, or break off.
_TEASER = 60
_BREAKS_OFF = re.compile(r"(?:…|\.\.\.|\[…\]|\\\[…\\\])\W*\Z")
_PARTS = re.compile(r"\s+[-–—|·]\s+|\s*\|\s*")


def read(path: Path, content: bytes, pages: Callable[[str], str] | None = None) -> Iterator[Document | Skipped | Note]:
    """Read every item; one that cannot be read is yielded as ``Skipped`` with its number, and reading continues.

    Args:
        path: The file.
        content: Its bytes.
        pages: Returns the text of a page, for items without full text; empty if it has none.

    Raises:
        FormatError: The file as a whole is not a feed, or is nested too deeply.
    """
    channel: dict[str, str] = {}
    number, bare = 0, 0
    for event, node in elements(path, xml_bytes(path, content), ("start", "end")):
        name = name_of(node)
        if event == "start" or name not in _ITEMS:
            if event == "end":
                _learn(channel, node, name)
            continue
        number += 1
        found, is_bare = _item(node, path, number, channel, pages)
        bare += is_bare
        yield found
        # What has been read is released, or a feed of 100,000 items would stay in memory whole.
        node.clear()
        while node.getprevious() is not None:
            del node.getparent()[0]
    if not number:
        raise FormatError(
            f"{path.name} is a feed without items.", path=path, mend="Name the address or file of a feed with items."
        )
    if bare:
        items = "1 item has" if bare == 1 else f"{bare} items have"
        yield Note(path=str(path), text=f"{items} a title alone; --follow fetches the pages that a feed links to.")


def links(path: Path, content: bytes) -> tuple[str, ...]:
    """The pages that items without full text link to, in the order of the feed.

    Raises:
        FormatError: As ``read``.
    """
    found: dict[str, None] = {}
    for _, node in elements(path, xml_bytes(path, content)):
        if name_of(node) in _ITEMS:
            children = _children(node)
            link = _link(children)
            with suppress(FormatError):
                if link and not _is_full(children, _body(children, path)):
                    found[link] = None
    return tuple(found)


def _learn(channel: dict[str, str], node: Any, name: str) -> None:
    """Keep what the channel says about itself."""
    above = node.getparent()
    if (
        above is not None
        and name_of(above) in ("channel", "feed")
        and name in ("title", "language", "publisher", "link")
    ):
        channel.setdefault(name, words_of(node) or node.get("href") or "")


def _children(node: Any) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for child in node:
        if name := name_of(child):
            found.setdefault(name, []).append(child)
    return found


def _first(children: dict[str, list[Any]], names: tuple[str, ...]) -> str:
    return next((words for name in names for child in children.get(name, ()) if (words := words_of(child))), "")


def _body(children: dict[str, list[Any]], path: Path) -> str:
    """The fullest text of an item, for the clean-up; empty if there is none."""
    bodies = (body_of(child, path) for name in _BODIES for child in children.get(name, ()))
    return next((raw.strip() for raw in bodies if raw.strip()), "")


def _is_full(children: dict[str, list[Any]], raw: str) -> bool:
    """Whether an item has its full text: it has an element for that, or what it has is not a teaser."""
    if any(words_of(node) for name in ("encoded", "content") for node in children.get(name, ())):
        return True
    return len(raw.split()) >= _TEASER and not _BREAKS_OFF.search(raw)


def _item(
    node: Any, path: Path, number: int, channel: dict[str, str], pages: Callable[[str], str] | None
) -> tuple[Document | Skipped, bool]:
    """One item, and whether it has only a title."""
    children = _children(node)
    title, link = _first(children, ("title",)), _link(children)
    try:
        raw = _body(children, path)
    except FormatError as error:
        return Skipped(path=f"{path}:{number}", reason=f"Item {number}: {error.message}"), False
    if pages and link and not _is_full(children, raw):
        raw = escaped(pages(link)) or raw
    if len(raw) > MAX_TEXT_BYTES:
        return Skipped(
            path=f"{path}:{number}", reason=f"Item {number} is longer than 8 MB; a readout is a page or two."
        ), False
    fields = {
        "id": _id(children, link, title),
        "title": escaped(title),
        "published": _day(children),
        "url": link,
        "issuer": escaped(_issuer(link, channel)),
        "language": language_of(node) or channel.get("language", ""),
    }
    try:
        return document(fields, raw or escaped(title), path=path, has_opening=not title), not raw
    except FieldError:
        return Skipped(path=f"{path}:{number}", reason=f"Item {number} has no text."), False
    except FormatError as error:
        return Skipped(path=f"{path}:{number}", reason=f"Item {number}: {error.message}"), False


def _link(children: dict[str, list[Any]]) -> str:
    """The address of the item's page: Atom's alternate link, RSS's link, or a guid that is one."""
    for node in children.get("link", ()):
        address = (node.get("href") or "").strip() if (node.get("rel") or "alternate") == "alternate" else ""
        if address := address or words_of(node):
            return str(address)
    guid = next((node for node in children.get("guid", ()) if node.get("isPermaLink") != "false"), None)
    address = words_of(guid)
    return address if address.startswith(("http://", "https://")) else ""


def _id(children: dict[str, list[Any]], link: str, title: str) -> str:
    """An id that stays the same between fetches: the page's own name, and a mark from guid or link."""
    mark = hashlib.blake2b(
        (_first(children, _IDS) or link or title).encode(errors="replace"), digest_size=3
    ).hexdigest()
    try:
        last = next((part for part in reversed(urlsplit(link).path.split("/")) if part), "")
    except ValueError:
        last = ""
    slug = re.sub(r"[^\w-]+", "-", (last.rpartition(".")[0] or last) or title).strip("-")[:_SLUG].rstrip("-")
    return f"{slug}-{mark}" if slug else mark


def _day(children: dict[str, list[Any]]) -> Any:
    for name in _DAYS:
        for node in children.get(name, ()):
            try:
                if day := parse_day(words_of(node)):
                    return day
            except ValueError:
                continue
    return None


def _issuer(link: str, channel: dict[str, str]) -> str:
    title = channel.get("title", "")
    called = next((known for part in (title, *_PARTS.split(title)) if (known := issuer_called(part))), "")
    return issuer_of(link) or channel.get("publisher", "") or called or issuer_of(channel.get("link", "")) or title
