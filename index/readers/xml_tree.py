"""XML as a tree: no entity is expanded, nothing outside the bytes is read."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import suppress
from html.entities import html5
from pathlib import Path
from typing import Any

from index.errors import FormatError
from index.readers.html import page_text
from index.readers.markup import escaped, fragment, name_of, text_of_tree

_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
#: A lone surrogate by its number: the parser takes it for text when it recovers from ill-formed input, but it is not text.
_HALF = re.compile(r"&#(?:[xX]0*[dD][89a-fA-F][0-9a-fA-F]{2}|0*5(?:529[6-9]|5[3-9]\d\d|[67]\d{3}));?")
_OWN = frozenset({"amp", "lt", "gt", "quot", "apos"})
_DECLARED = re.compile(r"<!ENTITY\b")
_TAGGED = re.compile(r"</?[A-Za-z][^<>]*>|&(?:#\d+|#x[0-9a-fA-F]+|\w+);")
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_MEND = "Save the readouts as XML without definitions of its own, or as text."


def xml_bytes(path: Path, content: bytes) -> bytes:
    """The file in UTF-8; HTML's named characters, which feeds use without defining them, are replaced by the characters.

    Raises:
        FormatError: It is empty or binary, or defines entities, which would have to be expanded.
    """
    text = page_text(path, content).lstrip("\ufeff \t\r\n")
    if not text:
        raise FormatError(f"{path.name} is empty.", path=path, mend="Put the readouts into it.")
    if _DECLARED.search(text):
        raise FormatError(f"{path.name} defines entities of its own, which are not expanded.", path=path, mend=_MEND)
    named = _ENTITY.sub(lambda match: match[0] if match[1] in _OWN else html5.get(match[1] + ";", match[0]), text)
    return _HALF.sub("\ufffd", named).replace("\x00", " ").encode(errors="replace")


def elements(path: Path, content: bytes, events: tuple[str, ...] = ("end",)) -> Iterator[tuple[str, Any]]:
    """Events of a parser that continues after ill-formed input, as browsers and feed readers do.

    Args:
        path: The file.
        content: From ``xml_bytes``.
        events: "start", "end".

    Raises:
        FormatError: It is nested too deeply, or not XML at all.
    """
    from lxml import etree

    parser = etree.iterparse(
        io.BytesIO(content),
        events=events,
        encoding="utf-8",
        recover=True,
        no_network=True,
        load_dtd=False,
        resolve_entities=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    with suppress(etree.XMLSyntaxError, ValueError):
        yield from parser
    problem = next((entry.message for entry in parser.error_log if "xcessive depth" in entry.message), "")
    if problem:
        raise FormatError(f"{path.name} is nested too deeply to be read.", path=path, mend=_MEND)
    if parser.root is None:
        raise FormatError(f"{path.name} is not XML that can be read.", path=path, mend=_MEND)


def words_of(node: Any) -> str:
    """All words of an element on one line."""
    return " ".join("".join(node.itertext()).split()) if node is not None else ""


def language_of(node: Any) -> str:
    """The language stated by an element, or by the nearest one around it that states one."""
    while node is not None:
        if language := node.get(_LANGUAGE) or node.get("lang") or node.get("language"):
            return str(language)
        node = node.getparent()
    return ""


def body_of(node: Any, path: Path) -> str:
    """The text of an element for the clean-up: from its child elements, from HTML that it has as words, or its plain words.

    Raises:
        FormatError: HTML within it is nested too deeply or too large.
    """
    if any(name_of(child) for child in node):
        return text_of_tree(node)
    text = node.text or ""
    return fragment(text, path) if _TAGGED.search(text) else escaped(text)
