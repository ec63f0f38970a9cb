"""The table of formats: which reader takes a file, by its content and its name.

A format with a distinctive opening is recognised by that, whatever the file's name. What has none (plain
text, Markdown without front matter) is recognised by its ending alone.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from index.datatypes import Document, Note, Skipped
from index.readers import containers, docx, feeds, html, markdown, pdf, records, table, text, xml
from index.readers.refused import refusing

#: How much of a file is read to determine its format.
HEAD_BYTES = 4096

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One row of the table.

    Attributes:
        name: Its name in reports.
        endings: Endings of its files, in lower case, with the dot.
        read: Its reader, which imports libraries that only it needs.
        opening: Matches the first bytes of a file that can only be of this format (texts without byte-order mark, in UTF-8
            if they had one); None if only the ending can tell.
        rolls: Whether newer records push older ones out of such a file, so that a missing one was not withdrawn.
        takes_fields: Whether its reader takes, as a third argument, what columns are to be read as.
        is_read: False if its reader only refuses.
        is_text: Whether its files do not state their encoding, which is then guessed.
    """

    name: str
    endings: tuple[str, ...]
    read: Callable[..., Iterator[Document | Skipped | Note | containers.Member]]
    opening: re.Pattern[bytes] | None = None
    rolls: bool = False
    takes_fields: bool = False
    is_read: bool = True
    is_text: bool = False

    def fits(self, path: Path) -> bool:
        """Whether the name of a file says that it is of this format."""
        return path.suffix.lower() in self.endings

    def opens(self, head: bytes) -> bool:
        """Whether a file that begins like this can only be of this format."""
        return self.opening is not None and bool(self.opening.match(head))


#: What may precede the root of an XML or HTML file; atomic, so that many comments cost no more than one.
_PROLOG = rb"(?:(?><\?.{0,500}?\?>\s*)|(?><!--.{0,2000}?-->\s*)|(?><!doctype\s+(?!html)[^>]{0,500}>\s*)){0,8}+"

#: Of several whose opening matches, the first that the ending names counts, otherwise the first; if none does, the first that
#: the ending names.
FORMATS = (
    Format(name="plain text", endings=(".txt", ".text"), read=text.read, is_text=True),
    Format(
        name="Markdown",
        # Front matter may precede plain text, too.
        endings=(".md", ".markdown", ".txt", ".text"),
        read=markdown.read,
        is_text=True,
        opening=re.compile(rb"---[ \t]*\r?\n(?:#.*\n)*[\"']?[A-Za-z][\w -]*[\"']?:\s"),
    ),
    Format(
        name="HTML",
        endings=(".html", ".htm", ".xhtml"),
        read=html.read,
        opening=re.compile(_PROLOG + rb"(?:<!doctype\s+html|<html[\s>]|<head[\s>])", re.IGNORECASE | re.DOTALL),
    ),
    Format(
        name="XML",
        endings=(".xml", ".tei"),
        read=xml.read,
        opening=re.compile(
            rb"(?=<\?xml\s)" + _PROLOG + rb"<(?!html[\s>]|(?:\w{1,20}:)?(?:rss|feed|rdf)[\s>])[a-z_]",
            re.IGNORECASE | re.DOTALL,
        ),
    ),
    Format(
        name="a feed",
        endings=(".rss", ".atom", ".rdf", ".xml"),
        read=feeds.read,
        opening=re.compile(_PROLOG + rb"<(?:\w{1,20}:)?(?:rss|feed|rdf)[\s>]", re.IGNORECASE | re.DOTALL),
        rolls=True,
    ),
    Format(
        name="JSON",
        endings=(".json", ".jsonl", ".ndjson"),
        read=records.read,
        is_text=True,
        takes_fields=True,
        opening=re.compile(rb"(?:\[\s*)?\{\s*\"(?:[^\"\\\n]|\\.)*\"\s*:"),
    ),
    Format(name="CSV", endings=(".csv", ".tsv", ".tab"), read=table.read, takes_fields=True, is_text=True),
    Format(name="PDF", endings=(".pdf",), read=pdf.read, opening=re.compile(rb"%PDF-")),
    Format(
        name="Word",
        endings=(".docx",),
        read=docx.read,
        opening=re.compile(rb"PK\x03\x04.{26}(?:\[Content_Types\]\.xml|_rels/|word/|docProps/)", re.DOTALL),
    ),
    Format(name="ZIP", endings=(".zip",), read=containers.read_zip, opening=re.compile(rb"PK(?:\x03\x04|\x05\x06)")),
    Format(name="gzip", endings=(".gz", ".tgz"), read=containers.read_gzip, opening=re.compile(rb"\x1f\x8b")),
    Format(name="a mail", endings=(".eml",), read=containers.read_mail),
    Format(
        name="old Office",
        endings=(".doc", ".xls", ".ppt"),
        read=refusing("an old Office file", "Make it a new one, for example with: soffice --convert-to docx {name}"),
        opening=re.compile(rb"\xd0\xcf\x11\xe0"),
        is_read=False,
    ),
    Format(
        name="RTF",
        endings=(".rtf",),
        read=refusing("an RTF file", "Make it a Word file, for example with: soffice --convert-to docx {name}"),
        opening=re.compile(rb"\{\\rtf"),
        is_read=False,
    ),
)


def format_of(path: Path, head: bytes) -> Format | None:
    """The format of a file; None if neither its content nor its ending says one.

    Args:
        path: The file.
        head: Its first ``HEAD_BYTES`` bytes.
    """
    plain = _plain(head)
    opened = [entry for entry in FORMATS if entry.opens(plain)]
    named = [entry for entry in FORMATS if entry.fits(path)]
    both = [entry for entry in opened if entry in named]
    return next(iter(both or opened or named), None)


def has_known_ending(path: Path) -> bool:
    """Whether the name of a file alone shows that there is a reader for it."""
    return any(entry.fits(path) for entry in FORMATS)


def endings() -> tuple[str, ...]:
    """Every ending of a format that is read, in the order of the table."""
    return tuple(dict.fromkeys(ending for entry in FORMATS if entry.is_read for ending in entry.endings))


def no_reader(path: Path) -> str:
    """The statement that a file is of no format that is read, without a full stop."""
    kind = f"{path.suffix} files" if path.suffix else "files without an ending"
    return f"There is no reader for {kind}"


def _plain(head: bytes) -> bytes:
    """The head as UTF-8, without byte-order mark and leading white space."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return head[len(mark) :].decode(encoding, errors="ignore").lstrip().encode(errors="ignore")
    return head.lstrip()
