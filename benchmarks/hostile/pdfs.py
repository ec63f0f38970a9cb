"""PDF files that loop, lie about their size, or ask to be obeyed."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from benchmarks.hostile.files import pdf_of, stream

_FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
_SHOWN = b"BT /F1 11 Tf 72 700 Td (Minister Quist met Minister Oyelaran and spoke of kelp.) Tj ET "


def _file(
    drawn: bytes = _SHOWN, *, page: bytes = b"", root: bytes = b"", more: dict[int, bytes] | None = None
) -> bytes:
    resources = b"/Resources << /Font << /F1 3 0 R >> /XObject << /X 6 0 R >> >>"
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R %s >>" % root,
        2: b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
        3: _FONT,
        4: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 5 0 R %s %s >>" % (resources, page),
        5: stream(drawn),
    }
    return pdf_of(objects | (more or {}))


def pdfs(size: int) -> Iterator[tuple[str, bytes]]:
    """Every file, by its name."""
    yield from _trees(size)
    yield from _forms()
    yield from _lengths(size)
    yield from _values(size)
    yield from _drawings(size)
    yield from _obeyed()
    yield from _tables(size)


def _trees(size: int) -> Iterator[tuple[str, bytes]]:
    """Pages that go in rings, and lie about how many they are."""
    yield "kids-loop.pdf", _file(more={2: b"<< /Type /Pages /Kids [2 0 R 4 0 R] /Count 2 >>"})
    yield "kids-many.pdf", _file(more={2: b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b"4 0 R " * size, size)})
    yield "count-lies.pdf", _file(more={2: b"<< /Type /Pages /Kids [4 0 R] /Count 2147483647 >>"})
    yield "count-negative.pdf", _file(more={2: b"<< /Type /Pages /Kids [4 0 R] /Count -1 >>"})
    yield "parent-loop.pdf", _file(more={2: b"<< /Type /Pages /Parent 2 0 R /Kids [4 0 R] /Count 1 >>"})


def _forms() -> Iterator[tuple[str, bytes]]:
    """Drawings within drawings."""
    yield (
        "form-loop.pdf",
        _file(
            _SHOWN + b"/X Do",
            more={
                6: stream(
                    b"/X Do", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 6 0 R >> >> "
                )
            },
        ),
    )
    doubled = {
        6 + n: stream(
            b"/X Do " * 10,
            b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X %d 0 R >> >> " % (7 + n),
        )
        for n in range(12)
    }
    last = stream(_SHOWN, b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /Font << /F1 3 0 R >> >> ")
    yield "form-doubling.pdf", _file(_SHOWN + b"/X Do", more=doubled | {18: last})


def _lengths(size: int) -> Iterator[tuple[str, bytes]]:
    """Streams that are not as long as they say, or far longer."""
    yield "length-lies.pdf", _file(more={5: b"<< /Length 999999999 >>\nstream\nBT ET\nendstream"})
    yield "length-loop.pdf", _file(more={5: b"<< /Length 5 0 R >>\nstream\n" + _SHOWN + b"\nendstream"})
    bomb = zlib.compress(b" " * 200_000_000 + _SHOWN, 9)
    yield "bomb.pdf", _file(more={5: stream(bomb, b"/Filter /FlateDecode ")})
    twice = zlib.compress(zlib.compress(b"\0" * 900_000_000, 9), 9)
    yield "bomb-twice.pdf", _file(more={5: stream(twice, b"/Filter [/FlateDecode /FlateDecode] ")})
    yield "filters.pdf", _file(more={5: stream(_SHOWN, b"/Filter [%s] " % (b"/FlateDecode " * size))})


def _values(size: int) -> Iterator[tuple[str, bytes]]:
    """Values nested deeply."""
    yield "deep-arrays.pdf", _file(page=b"/A " + b"[" * size + b"]" * size)
    yield "deep-names.pdf", _file(page=b"/A " + b"<< /A " * size)


def _drawings(size: int) -> Iterator[tuple[str, bytes]]:
    """Much that is drawn, far away, or huge."""
    yield "drawn-much.pdf", _file(_SHOWN * min(size, 60_000))
    yield "states.pdf", _file(b"q " * size + _SHOWN)
    yield "letters-far.pdf", _file(b"BT /F1 99999999 Tf 1e38 -1e38 Td (Quist met Oyelaran about kelp) Tj ET " + _SHOWN)
    yield "not-numbers.pdf", _file(b"BT /F1 nan Tf inf inf Td (Quist met) Tj ET " + _SHOWN)
    yield "box-huge.pdf", _file(page=b"/MediaBox [-1e9 -1e9 1e9 1e9] /UserUnit 1e9")
    picture = stream(
        b"\0",
        b"/Type /XObject /Subtype /Image /Width 100000 /Height 100000 /ColorSpace /DeviceRGB /BitsPerComponent 8 ",
    )
    yield "picture-huge.pdf", _file(_SHOWN + b"/X Do", more={6: picture})


def _obeyed() -> Iterator[tuple[str, bytes]]:
    """What asks to be run or filled in."""
    acts = b"/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >> /AA << /O << /S /Launch /F (calc.exe) >> >>"
    yield (
        "acts.pdf",
        _file(
            root=acts, page=b"/Annots [<< /Type /Annot /Subtype /Link /A << /S /URI /URI (http://evil.example) >> >>]"
        ),
    )
    yield "form.pdf", _file(root=b"/AcroForm << /XFA 6 0 R /Fields [] >>", more={6: stream(b"<xdp:xdp/>")})


def _tables(size: int) -> Iterator[tuple[str, bytes]]:
    """Tables of objects that loop, lie, or are cut off; no table at all."""
    yield "info-loop.pdf", pdf_of({1: b"<< /Type /Catalog /Pages 1 0 R >>"}, b"/Info 1 0 R /Prev 9 ")
    whole = _file()
    table = whole.index(b"xref")
    yield "table-loop.pdf", whole.replace(b"/Root", b"/Prev %d /Root" % table)
    yield "table-huge.pdf", whole.replace(b"xref\n0 1", b"xref\n0 4294967295")
    yield "no-table.pdf", whole[:table]
    yield "cut.pdf", whole[: len(whole) // 2]
    yield "root-alone.pdf", b"%PDF-1.7\ntrailer << /Root 1 0 R >>"
    yield "head-alone.pdf", b"%PDF-1.7\n"
    yield "head-many.pdf", b"%PDF-1.7\n" * size
    yield "comments.pdf", b"%PDF-1.7\n" + b"%" * size + whole
    objects = b"".join(b"%d 0 " % n for n in range(7, 7 + min(size, 100_000))) + b"null"
    held = stream(zlib.compress(objects), b"/Type /ObjStm /N %d /First 99999999 /Filter /FlateDecode " % size)
    yield "object-stream.pdf", _file(more={6: held})
    yield (
        "encrypted-odd.pdf",
        whole.replace(b"/Root", b"/Encrypt << /Filter /Standard /V 99 /R 99 /O () /U () /P -1 >> /Root"),
    )
