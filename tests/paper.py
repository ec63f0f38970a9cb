"""Files for tests, written by hand: PDF with lines at places on pages, in the one face that every reader has; Word; ZIP."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.hostile.files import zipped as zipped

#: ``(x, y, size, text)``: lower left corner in points, and the size of the letters.
Placed = tuple[float, float, float, str]


def prose(*lines: str, top: float = 700, size: float = 11, left: float = 72, leading: float = 14) -> list[Placed]:
    """Lines of one paragraph, one under the other."""
    return [(left, top - place * leading, size, line) for place, line in enumerate(lines)]


def pdf(pages: Sequence[Sequence[Placed]], *, title: str = "", made: str = "", pictures: Sequence[int] = ()) -> bytes:
    """A file of these pages; those in ``pictures`` (from 1) hold a picture, too."""
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(pages)))
    picture = 4 + 2 * len(pages)
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        3: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    }
    for n, lines in enumerate(pages):
        resources = f"<< /Font << /F1 3 0 R >> /XObject << /P {picture} 0 R >> >>"
        objects[4 + 2 * n] = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources {resources} /Contents {5 + 2 * n} 0 R >>"
        ).encode()
        drawn = b"q 400 0 0 500 100 100 cm /P Do Q\n" if n + 1 in pictures else b""
        drawn += b"".join(b"BT /F1 %g Tf %g %g Td (%s) Tj ET\n" % (s, x, y, _escaped(text)) for x, y, s, text in lines)
        objects[5 + 2 * n] = b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn)
    objects[picture] = (
        b"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 /Length 1 >>\n"
        b"stream\n\x80\nendstream"
    )
    objects[picture + 1] = b"<< /Title (%s) /CreationDate (%s) >>" % (_escaped(title), made.encode())
    return _written(objects, picture + 1)


def _escaped(text: str) -> bytes:
    return text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def _written(objects: dict[int, bytes], info: int) -> bytes:
    out = bytearray(b"%PDF-1.4\n")
    places = {}
    for number, content in sorted(objects.items()):
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % places[number] for number in sorted(objects))
    out += b"trailer\n<< /Size %d /Root 1 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        info,
        start,
    )
    return bytes(out)


_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def paragraph(*words: str, style: str = "", listed: bool = False) -> str:
    """A paragraph of a Word file; each of ``words`` is a run of its own."""
    marks = f'<w:pStyle w:val="{style}"/>' if style else ""
    marks += '<w:numPr><w:numId w:val="1"/></w:numPr>' if listed else ""
    runs = "".join(f'<w:r><w:t xml:space="preserve">{run}</w:t></w:r>' for run in words)
    return f"<w:p><w:pPr>{marks}</w:pPr>{runs}</w:p>"


def table(*rows: Sequence[str]) -> str:
    """A table of a Word file."""
    cells = ["".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) for row in rows]
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def docx(*body: str, core: str = "", head: str = "", **parts: str) -> bytes:
    """A Word file.

    Args:
        body: Paragraphs and tables.
        core: Elements of its own data, such as ``<dc:title>…</dc:title>``.
        head: What stands before the root of the text.
        parts: Further parts of ``word/``, by name.
    """
    spaces = 'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
    named = {
        "[Content_Types].xml": "<Types/>",
        "word/document.xml": f'{head}<w:document xmlns:w="{_WORD}"><w:body>{"".join(body)}</w:body></w:document>',
        "docProps/core.xml": f"<coreProperties {spaces}>{core}</coreProperties>",
        **{f"word/{name}.xml": f'<w:part xmlns:w="{_WORD}">{text}</w:part>' for name, text in parts.items()},
    }
    return zipped({name: text.encode() for name, text in named.items()})
