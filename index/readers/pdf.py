"""PDF: paragraphs with their pages; read in a process of its own, so that a file that hangs or crashes harms nothing else."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from index.datatypes import Document, Note, Skipped
from index.errors import FormatError
from index.readers import pdf_layout, pdf_lines
from index.readers.decode import MAX_TEXT_BYTES
from index.readers.fields import FieldError, assembled
from index.readers.opening import day_in, reads_like_title, told_title
from index.readers.pdf_layout import Block, Hyphens, Line
from index.readers.plain import plain, plain_line

#: Bytes of a file: a scan of about a hundred pages has as many, and all of it is held in memory twice.
MAX_BYTES = 256 * 1024 * 1024
#: Seconds of elapsed time for the process: its computing time, and a margin for a busy machine.
MAX_WAIT = 30
#: Exit code of a process stopped by the system for computing too long.
_OVERTIME = -getattr(signal, "SIGXCPU", 0) or None
#: Letters below which a page has no text worth reading: a scan often has a number or a stamp on it.
_FEW_LETTERS = 16
#: The title is among the first lines, and a line larger than the text by this factor is one.
_TITLE_LINES, _LARGER = 40, 1.15
#: Lines of one title differ a little in height if a typeface has no capitals or a program scales them.
_NEARLY = 0.85
_BULLET = re.compile(r"\A[•▪●◦‣]\s*")
_OCR = "Make its text readable first, for example with: ocrmypdf IN.pdf OUT.pdf"


def read(path: Path, content: bytes) -> Iterator[Document | Skipped | Note]:
    """Read one readout, with its pages.

    Raises:
        FormatError: The file is encrypted, damaged, a scan without text, or too much to read.
    """
    if len(content) > MAX_BYTES:
        raise FormatError(
            f"{path.name} is {len(content) // 10**6} MB.", path=path, mend=f"Split it; {MAX_BYTES >> 20} MB are read."
        )
    found = _lines_of(path, content)
    pages = [(page["height"], _page(number, page["lines"])) for number, page in enumerate(found["pages"], start=1)]
    scans = _scans(found["pages"], pages)
    if not any(len(plain_line("".join(line.text for line in lines))) >= _FEW_LETTERS for _, lines in pages):
        raise FormatError(f"{path.name} has no text on its {found['count']} pages; it is a scan.", path=path, mend=_OCR)
    yield _document(path, found, pages)
    if scans:
        where = _ranges(scans)
        yield Note(path=str(path), text=f"No text could be read on {where}: pictures of pages. {_OCR}")
    if found["stopped"]:
        left = f"Pages {len(pages) + 1} to {found['count']} were left out, because {found['stopped']}."
        yield Skipped(path=str(path), reason=left)


def _lines_of(path: Path, content: bytes) -> dict[str, Any]:
    """What ``pdf_lines`` finds, run in a process of its own."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(entry for entry in sys.path if entry)}
    # -P: nothing is imported from the script's folder, whose modules have names that other modules have, too.
    command = [sys.executable, "-P", pdf_lines.__file__]
    mend = "Open it and print it to a new PDF, or give the text as .txt."
    try:
        done = subprocess.run(
            command, input=content, capture_output=True, env=environment, timeout=MAX_WAIT, check=False
        )
    except subprocess.TimeoutExpired:
        raise FormatError(f"Reading {path.name} was stopped after {MAX_WAIT} s.", path=path, mend=mend) from None
    if done.returncode == _OVERTIME:
        message = f"Reading {path.name} was stopped after {pdf_lines.MAX_SECONDS_OF_ALL} s of computing."
        raise FormatError(message, path=path, mend=mend)
    if b"No module named 'pypdfium2'" in done.stderr:
        raise FormatError(f"PDF files need pypdfium2 to read {path.name}.", path=path, mend="pip install pypdfium2")
    try:
        found: dict[str, Any] = json.loads(done.stdout) if not done.returncode else {}
    except ValueError:
        found = {}
    if found.get("fault") == "password":
        take = f"Take it off, for example with: qpdf --decrypt --password=… {path.name} OUT.pdf"
        raise FormatError(f"{path.name} is encrypted with a password.", path=path, mend=take)
    if not found.get("pages"):
        raise FormatError(f"{path.name} is a damaged PDF file, or none.", path=path, mend=mend)
    return found


def _page(number: int, lines: Sequence[Sequence[Any]]) -> list[Line]:
    found = []
    for text, left, right, base, size, bold in lines:
        words = plain(text)
        if words.strip(pdf_lines.HYPHEN + pdf_lines.LEADER + "\t "):
            found.append(Line(words, left, right, base, size, bool(bold), number))
    return found


def _scans(raw: Sequence[dict[str, Any]], pages: Sequence[tuple[float, list[Line]]]) -> list[int]:
    """Pages with a picture and hardly any letters."""
    return [
        number
        for number, (page, (_, lines)) in enumerate(zip(raw, pages, strict=True), start=1)
        if page["pictures"] and sum(len(line.text) for line in lines) < _FEW_LETTERS
    ]


def _ranges(numbers: Sequence[int]) -> str:
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    words = [f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs]
    return f"page{'s' if len(numbers) > 1 else ''} {', '.join(words)}"


def _document(path: Path, found: dict[str, Any], pages: Sequence[tuple[float, list[Line]]]) -> Document:
    blocks = pdf_layout.paragraphs(pages)
    text, starts = _text(blocks, [line for _, lines in pages for line in lines], len(pages))
    first = [line for block in blocks for item in block.items for line in item if line.page == 1 and not line.runs]
    title = _title(plain_line(found["title"]), first, blocks)
    fields = {"date": _published(first, found["made"])}
    if text.startswith(f"{title}\n\n"):
        over = len(title) + 2
        text, starts = text[over:], tuple(max(start - over, 0) for start in starts)
    if len(text.encode()) > MAX_TEXT_BYTES:
        raise FormatError(f"{path.name} has more than 8 MB of text.", path=path, mend="Split it into several files.")
    try:
        return assembled(fields, text, title, path=path, pages=starts)
    except FieldError:
        raise FormatError(f"{path.name} has no text that can be read.", path=path, mend=_OCR) from None


def _text(blocks: Sequence[Block], lines: Sequence[Line], count: int) -> tuple[str, tuple[int, ...]]:
    """The text, and the offset at which each page begins."""
    hyphens = Hyphens(lines)
    parts: list[str] = []
    length, begun = 0, {1: 0}
    for block in blocks:
        for place, item in enumerate(block.items):
            between = ("\n" if place else "\n\n") if length else ""
            words = ""
            marks = []
            for line in item:
                more = plain_line(line.text.replace("\t", " | " if block.is_table else " "))
                more = more if line is not item[0] else _BULLET.sub("", more)
                if words.endswith((pdf_lines.HYPHEN, "-", "\u00ad")) and more:
                    words = hyphens.join(words, more)
                else:
                    words = f"{words} {more}" if words else more
                words += pdf_lines.HYPHEN if line.text.endswith(pdf_lines.HYPHEN) else ""
                marks.append((line.page, max(len(words.rstrip(pdf_lines.HYPHEN)) - len(more), 0)))
            words = words[:-1] + "-" if words.endswith(pdf_lines.HYPHEN) else words
            if not words:
                continue
            for page, offset in marks:
                begun.setdefault(page, length + len(between) + offset)
            parts += [between, words]
            length += len(between) + len(words)
    starts = []
    # A page without text begins where the next one does.
    last = length
    for page in range(count, 0, -1):
        last = begun.get(page, last)
        starts.append(last)
    return "".join(parts), tuple(reversed(starts))


def _title(given: str, first: Sequence[Line], blocks: Sequence[Block]) -> str:
    """The title in the file's metadata if the first page says the same, otherwise the largest words on the first page."""
    if told := told_title(given, " ".join(line.text for line in first)):
        return told
    sizes = sorted(line.size for block in blocks for item in block.items for line in item)
    usual = sizes[len(sizes) // 2]
    top = [line for line in first[:_TITLE_LINES] if not line.is_row]
    largest = max((line.size for line in top if re.search(r"\w{3}", line.text)), default=0.0)
    if largest > usual * _LARGER:
        runs = itertools.groupby(top, key=lambda line: line.size > max(largest * _NEARLY, usual * _LARGER))
        title = plain_line(" ".join(line.text for line in next(list(run) for is_large, run in runs if is_large)))
        return title if reads_like_title(title, title) else ""
    head = next((block for block in blocks if not block.items[0][0].runs), None)
    if head is None or head is blocks[-1] or len(head.items) > 1 or head.is_table:
        return ""
    title = plain_line(" ".join(line.text for line in head.items[0]))
    return title if reads_like_title(title, title) else ""


def _published(first: Sequence[Line], made: str) -> dt.date | None:
    """The first day in a short line of the first page; otherwise the day the file was made, if the page names its year."""
    for line in first[:_TITLE_LINES]:
        if len(line.text.split()) <= 10 and (day := day_in(line.text)):
            return day
    match = re.match(r"D:(\d{4})(\d{2})(\d{2})", made)
    if match and any(match[1] in line.text for line in first):
        try:
            return dt.date(*map(int, match.groups()))
        except ValueError:
            return None
    return None
