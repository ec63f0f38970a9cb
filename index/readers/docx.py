"""Word's .docx: paragraphs, headings, lists and tables of the text, with footnotes at its end; only the file itself is read.

A package is a ZIP file of XML. The text is read as a stream, so that a file that unpacks endlessly costs no more than its
bound; entities are not resolved, and links, pictures and templates that a file points at are never followed.
"""

from __future__ import annotations

import datetime as dt
import io
import time
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from index.datatypes import Document, Note, Skipped
from index.errors import FormatError
from index.readers.bounds import refuse_so_many
from index.readers.containers import opened
from index.readers.decode import MAX_TEXT_BYTES
from index.readers.fields import FieldError, assembled
from index.readers.opening import day_in, reads_like_title, told_title
from index.readers.plain import plain_line

#: Bytes of a part once unpacked: a book of 500 pages with all of Word's markup has 20 MB.
MAX_PART_BYTES = 64 * 1024 * 1024
#: Seconds of computing for one file: 20 MB take two. Processing the text takes more time after that.
MAX_SECONDS = 3
#: The opening of a text, in blocks: its title and its day are found there.
_OPENING_BLOCKS = 40
_MAIN, _NOTES = "word/document.xml", ("word/footnotes.xml", "word/endnotes.xml")
_CORE = "docProps/core.xml"
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
#: What is struck out, or repeated for older programs.
_LEFT_OUT = frozenset({"del", "moveFrom", "Fallback"})
#: What unpacking raises: for damage, encryption and methods that the library does not know.
_DAMAGE = (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError, RuntimeError)
_OTHERS = {"xl/": "an Excel workbook", "ppt/": "a PowerPoint file"}


@dataclass(slots=True)
class _Block:
    """A paragraph, or the rows of a table."""

    text: str
    style: str = ""
    listed: bool = False


@dataclass(slots=True)
class _Open:
    """What is being read, from outside in: paragraphs within boxes, cells within tables."""

    words: list[list[str]] = field(default_factory=list)
    style: str = ""
    listed: bool = False
    left_out: int = 0
    tables: list[list[list[str]]] = field(default_factory=list)


def read(path: Path, content: bytes) -> Iterator[Document | Skipped | Note]:
    """Read one readout.

    Raises:
        FormatError: The file is damaged, encrypted or not a Word file, or has no text.
    """
    mend = "Save it again as .docx, or as .txt."
    started = time.process_time()
    try:
        package = opened(path, content)
        names = set(package.namelist())
        if _MAIN not in names:
            kind = next(
                (kind for start, kind in _OTHERS.items() if any(n.startswith(start) for n in names)), "no Word file"
            )
            raise FormatError(f"{path.name} is {kind}.", path=path, mend="Save it as .docx, .csv, .pdf or .txt.")
        blocks, whole = _blocks(path, _part(path, package, _MAIN), started)
        for part in _NOTES:
            if whole and part in names:
                notes, whole = _blocks(path, _part(path, package, part), started)
                blocks += notes
        core = _core(package, names)
    except _DAMAGE:
        raise FormatError(f"{path.name} is a damaged Word file.", path=path, mend=mend) from None
    yield _document(path, blocks, core)
    if not whole:
        yield Skipped(
            path=str(path), reason=f"The end of it was left out, because reading takes more than {MAX_SECONDS} s."
        )


def _part(path: Path, package: zipfile.ZipFile, name: str) -> bytes:
    if package.getinfo(name).file_size > MAX_PART_BYTES:
        size = MAX_PART_BYTES >> 20
        raise FormatError(
            f"{path.name} unpacks to more than {size} MB.", path=path, mend="Save its text alone, or split it."
        )
    # No more is unpacked than the size that the package states.
    content = package.read(name)
    if "<!DOCTYPE" in content[:4096].replace(b"\0", b"").decode("latin-1").upper():
        # ECMA-376, part 2, 10.1.2: no part may have a document type.
        raise FormatError(f"{path.name} declares what no Word file may (a DOCTYPE).", path=path, mend="Save it again.")
    return content


def _parser(content: bytes, events: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    from lxml import etree

    try:
        yield from etree.iterparse(
            io.BytesIO(content), events=events, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
        )
    except etree.XMLSyntaxError as error:
        raise ValueError(str(error)) from None


def _blocks(path: Path, content: bytes, started: float) -> tuple[list[_Block], bool]:
    """The blocks of a part, and whether all of them were read."""
    blocks: list[_Block] = []
    state = _Open()
    for event, element in _parser(content, ("start", "end")):
        space, _, name = element.tag.rpartition("}") if isinstance(element.tag, str) else ("", "", "")
        if name in _LEFT_OUT:
            state.left_out += 1 if event == "start" else -1
        elif f"{space}}}" not in (_WORD, _STRICT):
            continue
        elif event == "start":
            _start(state, name)
        else:
            blocks += _end(state, name, element, f"{space}}}")
            if name in ("p", "tr"):
                _forget(element)
                refuse_so_many(path, len(blocks))
                if time.process_time() - started > MAX_SECONDS:
                    return blocks, False
    return blocks, True


def _start(state: _Open, name: str) -> None:
    if name == "p":
        state.words.append([])
        state.style, state.listed = "", False
    elif name == "tbl":
        state.tables.append([])
    elif name == "tr" and state.tables:
        state.tables[-1].append([])
    elif name == "tc" and state.tables and state.tables[-1]:
        state.tables[-1][-1].append("")


def _end(state: _Open, name: str, element: Any, space: str) -> Iterator[_Block]:
    if name == "pStyle":
        state.style = element.get(f"{space}val", "").casefold()
    elif name == "numPr":
        state.listed = True
    elif state.words and name in ("t", "tab", "br", "cr", "noBreakHyphen") and not state.left_out:
        mark = {"t": element.text or "", "noBreakHyphen": "-"}.get(name, " ")
        state.words[-1].append(mark)
    elif name == "p" and state.words:
        text = plain_line("".join(state.words.pop()))
        if state.tables and state.tables[-1] and state.tables[-1][-1]:
            row = state.tables[-1][-1]
            row[-1] = f"{row[-1]} {text}".strip()
        elif text and not state.style.startswith("toc"):
            # A table of contents says nothing that is not in the text as well.
            yield _Block(text, state.style, state.listed)
    elif name == "tbl" and state.tables:
        rows = [" | ".join(cell for cell in row if cell) for row in state.tables.pop()]
        text = "\n".join(row for row in rows if row)
        if state.tables and state.tables[-1] and state.tables[-1][-1]:
            state.tables[-1][-1][-1] += f" {' '.join(text.split())}"
        elif text:
            yield _Block(text)


def _forget(element: Any) -> None:
    """Release what was read."""
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]


def _core(package: zipfile.ZipFile, names: set[str]) -> dict[str, str]:
    """What the file says about itself: title and days. Its author is whoever typed it, not an issuer."""
    if _CORE not in names or package.getinfo(_CORE).file_size > 1 << 20:
        return {}
    found: dict[str, str] = {}
    for _, element in _parser(package.read(_CORE), ("end",)):
        if isinstance(element.tag, str) and element.text:
            found.setdefault(element.tag.rpartition("}")[2], element.text)
    return found


def _document(path: Path, blocks: list[_Block], core: dict[str, str]) -> Document:
    opening = " ".join(block.text for block in blocks[:_OPENING_BLOCKS])
    title = told_title(plain_line(core.get("title", "")), opening) or _title(blocks)
    if blocks and blocks[0].text == title and len(blocks) > 1:
        blocks = blocks[1:]
    parts: list[str] = []
    for place, block in enumerate(blocks):
        in_list = place > 0 and block.listed and blocks[place - 1].listed
        parts += ["" if not place else "\n" if in_list else "\n\n", block.text]
    text = "".join(parts)
    if len(text.encode()) > MAX_TEXT_BYTES:
        raise FormatError(f"{path.name} has more than 8 MB of text.", path=path, mend="Split it into several files.")
    try:
        return assembled({"date": _published(blocks, core, opening)}, text, title, path=path)
    except FieldError:
        raise FormatError(f"{path.name} has no text.", path=path, mend="Put the readout's text into it.") from None


def _title(blocks: list[_Block]) -> str:
    titled = next((block.text for block in blocks[:_OPENING_BLOCKS] if block.style == "title"), "")
    if titled or len(blocks) < 2:
        return titled
    first = blocks[0].text
    is_head = blocks[0].style.startswith("heading") or reads_like_title(first, first)
    return first if is_head and "\n" not in first and not blocks[0].listed else ""


def _published(blocks: list[_Block], core: dict[str, str], opening: str) -> dt.date | None:
    """The first day in a short line of the opening; otherwise the day the file was made, if the opening names its year."""
    for block in blocks[:_OPENING_BLOCKS]:
        if len(block.text.split()) <= 10 and (day := day_in(block.text)):
            return day
    try:
        made = dt.date.fromisoformat(core.get("created", "")[:10])
    except ValueError:
        return None
    return made if str(made.year) in opening else None
