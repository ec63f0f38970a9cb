"""What a page says about itself beside its text: title, day, address, language, publisher."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from index.readers.days import parse_day
from index.readers.issuers import issuer_called, issuer_of
from index.readers.markup import escaped

_TITLE = ("og:title", "twitter:title", "dc.title", "dcterms.title", "citation_title")
_SITE = ("og:site_name", "application-name", "dc.publisher", "dcterms.publisher", "publisher", "citation_publisher")
_DAY = tuple(
    "article:published_time og:published_time datepublished date.issued dcterms.issued dcterms.created dcterms.date "
    "dc.date.issued dc.date.created dc.date citation_publication_date publishdate publish-date publish_date pubdate "
    "publication_date parsely-pub-date sailthru.date date rdate".split()
)
_LANGUAGE = ("og:locale", "content-language", "dc.language", "dcterms.language", "language")
#: What separates the title of a page from the name of its site.
_PARTED = re.compile(r"\s+(?:[-–—|·•»:]|::)\s+|\s*\|\s*")
_BODY = re.compile(
    r"\b(?:ministry|minister|department|government|president|presidency|embassy|office|white "
    r"house|council|commission|kremlin|chancellery|"
    r"mission|press|news|state|gov|republic|federal|official|website|site)\b|министерств|президент|правительств|\w\.\w",
    re.IGNORECASE,
)
#: Browsers that save a page write its address into its first lines.
_SAVED_FROM = re.compile(r"<!-- saved from url=\(\d+\)(\S+) -->")
_IN_PATH = re.compile(r"/(\d{4})[/-](\d{2})[/-](\d{2})(?=[/-])")
_DATED = re.compile(r"(?:^|[\s_-])(?:date|dateline|published|pubdate|posted|datum|time)(?:$|[\s_-])", re.IGNORECASE)
_LONGEST_DAY = 60


def fields_of_page(root: Any, html: str, address: str = "") -> dict[str, Any]:
    """The fields of a page, by the names that readers use; call it before anything is removed from the tree.

    Args:
        root: The tree.
        html: The text that the tree was made from.
        address: Where it was fetched from; empty for a file.
    """
    meta, linked = _meta(root), list(_linked_data(root))
    site = _first(meta, _SITE) or _publisher(linked)
    url = _url(root, meta, html, address)
    issuer = issuer_of(url) or issuer_called(site)
    title, rest = _title(root, meta, linked, site)
    return {
        "title": title,
        "published": _day(root, meta, linked, url),
        "url": url,
        "issuer": escaped(issuer or site or issuer_called(rest) or (rest if _is_body(rest) else "")),
        "language": root.get("lang")
        or root.get("{http://www.w3.org/XML/1998/namespace}lang")
        or _first(meta, _LANGUAGE),
    }


def _meta(root: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for node in root.iter("meta"):
        name = (
            node.get("property") or node.get("name") or node.get("itemprop") or node.get("http-equiv") or ""
        ).lower()
        if name and (content := " ".join((node.get("content") or "")[:2000].split())):
            found.setdefault(name, content)
    return found


def _first(meta: dict[str, str], names: tuple[str, ...]) -> str:
    return next((meta[name] for name in names if name in meta), "")


def _linked_data(root: Any) -> Iterator[dict[str, Any]]:
    """Objects of JSON-LD, as schema.org describes articles."""
    for node in root.iter("script"):
        if "ld+json" not in (node.get("type") or "") or not node.text or len(node.text) > 200_000:
            continue
        try:
            found = json.loads(node.text)
        except (ValueError, RecursionError):
            continue
        pending = [found]
        while pending:
            here = pending.pop(0)
            if isinstance(here, list):
                pending += here[:50]
            elif isinstance(here, dict):
                yield here
                pending += [here["@graph"]] if "@graph" in here else []


def _said(linked: list[dict[str, Any]], name: str) -> str:
    return next((entry[name] for entry in linked if isinstance(entry.get(name), str) and entry[name].strip()), "")


def _publisher(linked: list[dict[str, Any]]) -> str:
    for entry in linked:
        publisher = entry.get("publisher")
        if isinstance(publisher, dict) and isinstance(publisher.get("name"), str):
            return str(publisher["name"])
    return ""


def _title(root: Any, meta: dict[str, str], linked: list[dict[str, Any]], site: str) -> tuple[str, str]:
    """The title, and the name of the site that followed it."""
    headings = [" ".join("".join(node.itertext()).split()) for node in root.iter("h1")]
    headings = [heading for heading in headings if heading]
    for given in (_first(meta, _TITLE), _said(linked, "headline"), *(node.text for node in root.iter("title"))):
        words = " ".join((given or "").split())
        if not words:
            continue
        if words in headings:
            return words, ""
        return _without_site(words, site, headings)
    return (headings[0] if headings else ""), ""


def _without_site(title: str, site: str, headings: list[str]) -> tuple[str, str]:
    cuts = list(_PARTED.finditer(title))
    for cut in (*cuts[-1:], *cuts[:1]):
        before, after = title[: cut.start()].strip(), title[cut.end() :].strip()
        if before in headings or (after and after == site) or (cut is cuts[-1] and issuer_called(after)):
            return before, after
        if after in headings or (before and before == site) or (cut is cuts[0] and issuer_called(before)):
            return after, before
    if cuts and (after := title[cuts[-1].end() :].strip()) and _BODY.search(after) and len(after.split()) <= 8:
        before = title[: cuts[-1].start()].strip()
        if len(before.split()) >= len(after.split()) or len(before) > 30:
            return before, after
    return title, ""


def _is_body(words: str) -> bool:
    """Whether what followed a title names an office, rather than a part of a site such as its news."""
    return len(words.split()) > 1 and bool(_BODY.search(words))


def _day(root: Any, meta: dict[str, str], linked: list[dict[str, Any]], url: str) -> Any:
    """The first day that can be read; a moment counts as the day it names."""
    times = (node.get("datetime") or node.text for node in root.iter("time"))
    dated = (
        "".join(node.itertext())
        for node in root.iter("span", "div", "p", "td")
        if _DATED.search(node.get("class") or "") or (node.get("itemprop") or "") == "datePublished"
    )
    in_path = (match.group(0).strip("/-").replace("/", "-") for match in [_IN_PATH.search(urlsplit(url).path)] if match)
    for given in (
        *(meta[name] for name in _DAY if name in meta),
        _said(linked, "datePublished"),
        *times,
        *in_path,
        *dated,
    ):
        if (words := " ".join((given or "").split())) and len(words) <= _LONGEST_DAY:
            try:
                return parse_day(words)
            except ValueError:
                continue
    return None


def _url(root: Any, meta: dict[str, str], html: str, address: str) -> str:
    canonical = [
        node.get("href") for node in root.iter("link") if "canonical" in (node.get("rel") or "").lower().split()
    ]
    saved = _SAVED_FROM.search(html[:4000])
    for given in (*canonical, meta.get("og:url"), saved.group(1) if saved else "", address):
        if given and _is_page(given.strip()) and (not address or _is_of_site(given.strip(), address)):
            return str(given).strip()
    return ""


def _is_of_site(url: str, address: str) -> bool:
    """Whether an address given by a page is on the site that it was fetched from; no page may pass for another site's."""
    said, fetched = ((urlsplit(one).hostname or "").removeprefix("www.") for one in (url, address))
    return said == fetched or said.endswith(f".{fetched}") or (fetched.endswith(f".{said}") and "." in said)


def _is_page(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def repeated_titles(part: Any, title: str) -> frozenset[Any]:
    """Headings of a text that only repeat its title."""
    wanted = " ".join(title.split()).casefold()
    headings = (node for node in part.iter("h1", "h2"))
    return frozenset(node for node in headings if " ".join("".join(node.itertext()).split()).casefold() == wanted)
