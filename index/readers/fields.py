"""What a file says about its readout beside the text: from front matter or a record's columns to a ``Document``."""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from index.datatypes import Document, Source
from index.markup import one_line
from index.readers.bounds import refuse_overlong
from index.readers.cleanup import clean_line, clean_text
from index.readers.days import parse_day
from index.readers.issuers import issuer_of
from index.readers.opening import read_dateline, split_title
from index.textforms import tidy

_TITLE = ("title", "headline")
_PUBLISHED = ("published", "date", "published_time", "publish_date", "published_at", "date_published", "modified_time")
_ISSUER = ("issuer", "source", "organization", "organisation", "publisher")
_URL = ("source_url", "url", "link")
_ID = ("id", "doc_id")
TEXT = ("text", "body", "content")
#: A user's name for a field → the names that records have for it.
FIELDS = {
    "id": _ID,
    "title": _TITLE,
    "text": TEXT,
    "date": _PUBLISHED,
    "event_date": ("event_date",),
    "issuer": _ISSUER,
    "url": _URL,
    "kind": ("kind",),
    "place": ("place", "location"),
    "language": ("language",),
    "note": ("note",),
}
_DAYS = ("event_date", "event_end")
_GIVEN = ("kind", "diplomatic", "place", "parties", "participants", "language")
_WEB = re.compile(r"https?://\S+\Z", re.IGNORECASE)
#: Letters of a field beside the text; a longer one is cut and ends with an ellipsis.
_LONGEST = 1_000
#: Letters of an id, which may be the name of a file; a longer one becomes its beginning and a mark.
_LONGEST_ID = 300
#: Letters of an address; browsers do not accept longer ones.
_LONGEST_URL = 4_000
#: Bits of a number: a hundred digits.
_MOST_BITS = 333
#: People and parties of one readout; a summit has about a hundred.
_MOST = 500
#: Lists of people in front matter have names, or one mapping per name; whatever is nested deeper is not a fact of ours.
_DEEPEST = 2


class FieldError(ValueError):
    """A field has an invalid value.

    Attributes:
        field: Name of the field, as the file spells it; empty if the text itself is missing.
    """

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


def named(fields: Mapping[Any, Any]) -> dict[str, Any]:
    """The same fields under lower-case names with underscores; of two that become the same the first counts."""
    result: dict[str, Any] = {}
    for name, value in fields.items():
        if not _is_sayable(name):
            continue
        result.setdefault(str(name).strip().lower().replace("-", "_").replace(" ", "_"), value)
    return result


def text_of(fields: Mapping[str, Any]) -> str:
    """The text of a record; a list of paragraphs is joined; empty if there is none."""
    for name in TEXT:
        value = fields.get(name)
        if isinstance(value, list) and all(isinstance(part, str) for part in value):
            value = "\n\n".join(value)
        if isinstance(value, str) and value.strip():
            return value
    return ""


def document(fields: Mapping[str, Any], raw: str, *, path: Path, has_opening: bool) -> Document:
    """Build a readout.

    Args:
        fields: From ``named``.
        raw: Its text, not yet cleaned.
        path: The file.
        has_opening: Whether the text may open with its own title, as a file's does if no field gives one.

    Raises:
        FieldError: There is no text, or a field has an invalid value.
        FormatError: The text has too many pieces.
    """
    refuse_overlong(path, raw)
    title = _shortened(clean_line(_words(fields, _TITLE)))
    if not title and has_opening:
        title, raw = split_title(raw)
    text = clean_text(raw)
    return assembled(fields, text, title, path=path)


def assembled(fields: Mapping[str, Any], text: str, title: str, *, path: Path, pages: tuple[int, ...] = ()) -> Document:
    """Build a readout from a clean text and title.

    Args:
        fields: From ``named``.
        text: Its text, paragraphs separated by one empty line.
        title: Its title; empty for the file's name.
        path: The file.
        pages: Offsets in ``text`` at which its pages begin.

    Raises:
        FieldError: There is no text, or a field has an invalid value.
        FormatError: The text has too many pieces.
    """
    if not text:
        raise FieldError("there is no text in it")
    refuse_overlong(path, text)
    dateline = read_dateline(text)
    url = _words(fields, _URL)
    url = "".join(tidy(url).split()) if _WEB.match(url) and len(url) <= _LONGEST_URL else ""
    published = _published(fields)
    source = Source(
        doc_id=_id_of(clean_line(_words(fields, _ID)) or one_line(path.stem) or "readout"),
        title=_shortened(title) or _name_of(path),
        issuer=_issuer(fields) or issuer_of(url) or dateline.agency,
        published=published or dateline.day,
        url=url,
        path=str(path),
    )
    note = _shortened(clean_line(_words(fields, ("note",))))
    return Document(source=source, text=text, given=_given(fields), note=note, pages=pages)


def _words(fields: Mapping[str, Any], names: tuple[str, ...]) -> str:
    for name in names:
        value = fields.get(name)
        if not isinstance(value, (str, int, float, dt.date)) or isinstance(value, bool) or not _is_sayable(value):
            continue
        if str(value).strip():
            return str(value).strip()
    return ""


def _is_sayable(value: Any) -> bool:
    """Whether a value is not an impossible number: infinite, NaN, or with so many digits that Python refuses to write it."""
    if isinstance(value, int):
        return value.bit_length() <= _MOST_BITS
    return not isinstance(value, float) or math.isfinite(value)


def _issuer(fields: Mapping[str, Any]) -> str:
    """The issuer's name; feeds put an address into ``source``, which is not a name."""
    issuer = _shortened(clean_line(_words(fields, _ISSUER)))
    return "" if _WEB.match(issuer) else issuer


def _shortened(line: str) -> str:
    """A line short enough for every table: all of it, or its beginning."""
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1].rstrip()}…"


def _id_of(words: str) -> str:
    """An id short enough to type: all of it, or its beginning and a mark of the whole."""
    if len(words) <= _LONGEST_ID:
        return words
    mark = hashlib.blake2b(words.encode(), digest_size=8).hexdigest()
    return f"{words[: _LONGEST_ID - len(mark) - 1]}-{mark}"


def _name_of(path: Path) -> str:
    return clean_line(re.sub(r"[-_]+", " ", path.stem)) or "Untitled"


def _published(fields: Mapping[str, Any]) -> dt.date | None:
    for name in _PUBLISHED:
        if (day := _day(fields, name)) is not None:
            return day
    return None


def _day(fields: Mapping[str, Any], name: str) -> dt.date | None:
    try:
        return parse_day(fields.get(name))
    except ValueError as error:
        raise FieldError(f"{name}: {error}", field=name) from None


def _given(fields: Mapping[str, Any]) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for name in _DAYS:
        if day := _day(fields, name):
            given[name] = day.isoformat()
    for name in _GIVEN:
        value = _plain(fields.get(name), _DEEPEST)
        if value not in (None, "", [], {}):
            given[name] = value
    return given


def _plain(value: Any, depth: int) -> Any:
    """Only what JSON can represent, with clean words."""
    if isinstance(value, str):
        return _shortened(clean_line(value))
    if isinstance(value, (bool, int, float)) or value is None:
        return value if _is_sayable(value) else None
    if isinstance(value, dt.date):
        return value.isoformat()
    if depth and isinstance(value, (list, tuple)):
        return [part for part in (_plain(item, depth - 1) for item in value[:_MOST]) if part is not None]
    if depth and isinstance(value, Mapping):
        most = itertools.islice(value.items(), _MOST)
        return {_shortened(clean_line(str(key))): _plain(item, depth - 1) for key, item in most}
    return None
