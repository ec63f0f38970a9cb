"""The lines of a PDF with their positions on the page; run as a separate process, so that no file can hang or crash ours.

As a script it takes the file's bytes on standard input and writes one JSON object: ``{"title", "made", "pages": [{"height",
"pictures", "lines": [[text, left, right, baseline, size, bold]]}], "stopped": reason}`` or ``{"fault": word}``. Lengths are
in points, from the lower left corner. It imports nothing of ours: PDFium is a large program in C++, and its input is not
trusted.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import re
import sys
import time
from collections import Counter
from typing import Any

#: A parliamentary report has about a hundred pages; this bounds memory and time if a file lies about them.
MAX_PAGES = 2_000
#: Characters of a page: a newspaper page in small print has 30,000.
MAX_PAGE_CHARACTERS = 200_000
#: Characters of a file: the same as for any text, see ``decode.MAX_TEXT_BYTES``.
MAX_CHARACTERS = 8_000_000
#: Seconds of computing for one file, checked after each page; 100 pages of tables take less than one. Processing the
#: text takes more time after that. If a single page takes longer, the system ends the process.
MAX_SECONDS, MAX_SECONDS_OF_ALL = 3, 4
#: Memory of the process beside the bytes of the file: 100 pages take 60 MB, and a hostile file asks for all there is.
MAX_MEMORY = 384 << 20
#: A gap between two words, in heights of their line, that separates cells of a table; justified prose has less.
CELL_GAP = 0.9
#: PDFium's mark for a hyphen at the end of a line; ours for the dots that lead to a number in a table of contents.
HYPHEN, LEADER = "\x02", "\x1f"
_PASSWORD, _TEXT, _IMAGE = 4, 1, 3
_BOLD = 600
_DOTS = re.compile(r"[ \t]*\.(?:[ \t]?\.){4,}[ \t]*")


def read(content: bytes) -> dict[str, Any]:
    """All lines of a file, in the order in which it writes them, which is usually the reading order."""
    import pypdfium2.raw as pdfium

    pdfium.FPDF_InitLibraryWithConfig(None)
    document = pdfium.FPDF_LoadMemDocument64(content, len(content), None)
    if not document:
        return {"fault": "password" if pdfium.FPDF_GetLastError() == _PASSWORD else "damaged"}
    try:
        return _read(pdfium, document)
    finally:
        pdfium.FPDF_CloseDocument(document)


def _read(pdfium: Any, document: Any) -> dict[str, Any]:
    started = time.process_time()
    count = pdfium.FPDF_GetPageCount(document)
    pages: list[dict[str, Any]] = []
    read, stopped = 0, ""
    for number in range(count):
        if number >= MAX_PAGES or read > MAX_CHARACTERS:
            stopped = "it is too long"
            break
        if time.process_time() - started > MAX_SECONDS:
            stopped = f"reading it takes more than {MAX_SECONDS} s"
            break
        page = _page(pdfium, document, number)
        read += sum(len(line[0]) for line in page["lines"])
        pages.append(page)
    meta = {name: _meta(pdfium, document, name) for name in ("Title", "CreationDate")}
    return {
        "title": meta["Title"],
        "made": meta["CreationDate"],
        "pages": pages,
        "count": count,
        "stopped": stopped,
    }


def _meta(pdfium: Any, document: Any, name: str) -> str:
    length = pdfium.FPDF_GetMetaText(document, name.encode(), None, 0)
    buffer = ctypes.create_string_buffer(min(length, 4096))
    pdfium.FPDF_GetMetaText(document, name.encode(), buffer, len(buffer))
    return buffer.raw.decode("utf-16-le", errors="ignore").rstrip("\0")


def _page(pdfium: Any, document: Any, number: int) -> dict[str, Any]:
    page = pdfium.FPDF_LoadPage(document, number)
    if not page:
        return {"height": 0, "pictures": 0, "lines": [], "damaged": True}
    text = pdfium.FPDFText_LoadPage(page)
    try:
        kinds = [
            pdfium.FPDFPageObj_GetType(pdfium.FPDFPage_GetObject(page, i))
            for i in range(min(pdfium.FPDFPage_CountObjects(page), 1000))
        ]
        return {
            "height": pdfium.FPDF_GetPageHeightF(page),
            "pictures": kinds.count(_IMAGE),
            "lines": _lines(pdfium, text) if text else [],
        }
    finally:
        if text:
            pdfium.FPDFText_ClosePage(text)
        pdfium.FPDF_ClosePage(page)


def _lines(pdfium: Any, text: Any) -> list[list[Any]]:
    """Lines of one page, with a tab between cells of a table."""
    lines: list[list[Any]] = []
    here = _Line()
    box, x, y = pdfium.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    for place in range(min(pdfium.FPDFText_CountChars(text), MAX_PAGE_CHARACTERS)):
        code = pdfium.FPDFText_GetUnicode(text, place)
        if code in (0x0A, 0x0D, 0x02, 0xFFFE):
            lines += here.done(HYPHEN if code in (0x02, 0xFFFE) else "")
            here = _Line()
            continue
        letter = chr(code) if code < 0x110000 else "\ufffd"
        if letter.isspace() or code == 0:
            here.space()
            continue
        pdfium.FPDFText_GetLooseCharBox(text, place, box)
        pdfium.FPDFText_GetCharOrigin(text, place, x, y)
        bold = pdfium.FPDFText_GetFontWeight(text, place) >= _BOLD
        here.add(letter, box.left, box.right, box.top - box.bottom, y.value, bold)
    return lines + here.done("")


class _Line:
    """A line whose letters are being gathered."""

    def __init__(self) -> None:
        self._letters: list[str] = []
        self._left = self._right = self._base = 0.0
        self._sizes: Counter[float] = Counter()
        self._bold = self._count = 0
        self._gap = False

    def space(self) -> None:
        self._gap = True

    def add(self, letter: str, left: float, right: float, size: float, base: float, bold: bool) -> None:
        if not self._letters:
            self._left, self._base = left, base
        elif left - self._right > CELL_GAP * size:
            self._letters.append("\t")
        elif self._gap:
            self._letters.append(" ")
        self._letters.append(letter)
        self._right, self._gap = right, False
        self._count += 1
        self._bold += bold
        self._sizes[round(size, 1)] += 1

    def done(self, end: str) -> list[list[Any]]:
        text = _DOTS.sub(LEADER, "".join(self._letters)) + end
        if not text.strip():
            return []
        bold = self._bold * 10 > self._count * 9
        left, right, base = (round(value, 1) for value in (self._left, self._right, self._base))
        # The bullet before a line is often in another typeface than the line.
        return [[text, left, right, base, self._sizes.most_common(1)[0][0], bold]]


def _bound(size: int) -> None:
    """Have the system enforce the bounds, if it can; ``size`` is that of the file, which is already in memory."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        memory = MAX_MEMORY + 2 * size
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        # The hard limit ends it outright if the soft one does not.
        resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS_OF_ALL, MAX_SECONDS_OF_ALL + 1))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Read standard input, write standard output."""
    content = sys.stdin.buffer.read()
    _bound(len(content))
    json.dump(read(content), sys.stdout)


if __name__ == "__main__":
    main()
