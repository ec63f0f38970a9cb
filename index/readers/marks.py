"""Ids for the readouts of a file that gives none: the file's name and a mark that does not change when a row is added."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from index.datatypes import Document

#: Hexadecimal digits: among a million readouts two share such a mark in one file of 200 (and then get a number appended).
_DIGITS = 8


def marked(document: Document) -> Document:
    """The same under an id made of its address; without one of its title and day, and without these of its text."""
    source = document.source
    said = source.url or (f"{source.title}\n{source.published}" if source.published else document.text)
    mark = hashlib.blake2b(said.encode(), digest_size=_DIGITS // 2).hexdigest()
    return replace(document, source=replace(source, doc_id=f"{source.doc_id}-{mark}"))
