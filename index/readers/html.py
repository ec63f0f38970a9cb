"""Web pages: the main text without navigation, and what the page says about itself."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from pathlib import Path

from index.datatypes import Document
from index.errors import FormatError
from index.readers.days import parse_day
from index.readers.decode import codec_of, decode, refuse_oversize
from index.readers.fields import FieldError, document
from index.readers.main_text import main_text
from index.readers.markup import escaped, parse_html, text_of_tree
from index.readers.origins import origin_of
from index.readers.page_facts import fields_of_page, repeated_titles

_CHARSET = re.compile(
    rb"charset\s*=\s*[\"']?\s*([\w.:-]{2,40})|<\?xml[^>]{0,80}encoding\s*=\s*[\"']([\w.:-]{2,40})", re.IGNORECASE
)
#: What pages call Latin 1 is Windows 1252, according to the Encoding Standard that browsers follow.
_MEANT = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030"}
#: A page without a day in its metadata has it in one of its first lines, alone.
_FIRST_LINES = 6
_DAY_WORDS = 6


def read(path: Path, content: bytes) -> Iterator[Document]:
    """Read one page.

    Raises:
        FormatError: The page is too long, too deeply nested, binary or without text.
    """
    refuse_oversize(path, len(content))
    yield read_page(path, page_text(path, content), origin_of(path))


def page_text(path: Path, content: bytes, charset: str = "") -> str:
    """The page as text: by its byte-order mark, or as UTF-8 if it is valid, otherwise in the declared encoding.

    Args:
        path: The file.
        content: Its bytes.
        charset: The encoding that the server stated; empty for a file.

    Raises:
        FormatError: The file is binary, or its encoding cannot be determined.
    """
    declared = _CHARSET.search(content[:4096])
    for name in (charset, *(group.decode() for group in (declared.groups() if declared else ()) if group)):
        if (codec := codec_of(name)) and not _is_unicode(content):
            return content.decode(_MEANT.get(codec, codec), errors="replace")
    return decode(path, content)


def _is_unicode(content: bytes) -> bool:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return True
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return b"\x1b$" not in content


def read_page(path: Path, html: str, address: str = "") -> Document:
    """Read a page that is already text.

    Args:
        path: The file.
        html: The page.
        address: Where it was fetched from; empty for a file.

    Raises:
        FormatError: It is too deeply nested, too large or without text.
    """
    root = parse_html(path, html)
    fields = fields_of_page(root, html, address)
    title = fields["title"]
    part, left_out = main_text(root)
    raw = text_of_tree(part, left_out | repeated_titles(part, title))
    fields["title"] = escaped(title)
    if not fields["published"]:
        fields["published"] = _day_alone(raw)
    try:
        return document(fields, raw, path=path, has_opening=not fields["title"])
    except FieldError:
        raise FormatError(f"{path.name} holds no text.", path=path, mend="Save the page as its text.") from None


def _day_alone(raw: str) -> object:
    """A day that stands alone in one of the first lines."""
    lines = [line.strip() for line in raw.split("\n") if line.strip()]
    for line in lines[:_FIRST_LINES]:
        if len(line.split()) <= _DAY_WORDS:
            try:
                return parse_day(line)
            except ValueError:
                continue
    return None
