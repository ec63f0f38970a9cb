"""A readout as a file of every format that is read."""

from __future__ import annotations

import base64
import gzip
import html
import io
import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """What a readout says, whatever its format."""

    doc_id: str
    title: str
    text: str
    issuer: str = "Ministry of Kelp"
    url: str = "https://example.org/kelp"

    def record(self) -> dict[str, str]:
        """The same as fields."""
        return {
            "id": self.doc_id,
            "title": self.title,
            "date": "2023-05-18",
            "issuer": self.issuer,
            "url": self.url,
            "text": self.text,
        }


def _bytes(text: str) -> bytes:
    return text.encode(errors="surrogatepass")


def _xml(text: str) -> str:
    return html.escape(text)


def markdown(said: Text) -> bytes:
    """Front matter and the text as it is."""
    front = "".join(f"{name}: {json.dumps(value)}\n" for name, value in said.record().items() if name != "text")
    return _bytes(f"---\n{front}---\n\n{said.text}\n")


def plain(said: Text) -> bytes:
    """Title and text as they are."""
    return _bytes(f"{said.title}\n\n{said.text}\n")


def utf_16(said: Text) -> bytes:
    """The same in UTF-16, with its mark."""
    return b"\xff\xfe" + f"{said.title}\n\n{said.text}\n".encode("utf-16-le", errors="surrogatepass")


def page(said: Text) -> bytes:
    """A page whose words are escaped as they should be."""
    body = "".join(f"<p>{_xml(part)}</p>" for part in said.text.split("\n\n"))
    head = f'<title>{_xml(said.title)}</title><meta name="author" content="{_xml(said.issuer)}">'
    return _bytes(f'<!doctype html><html lang="en"><head>{head}</head><body><main>{body}</main></body></html>')


def raw_page(said: Text) -> bytes:
    """A page whose words are not escaped."""
    return _bytes(f"<html><title>{said.title}</title><body><h1>{said.title}</h1><p>{said.text}</p></body></html>")


def record(said: Text) -> bytes:
    """One object of JSON."""
    return json.dumps(said.record()).encode()


def lines(said: Text) -> bytes:
    """Two objects of JSON, one per line."""
    return record(said) + b"\n" + json.dumps({**said.record(), "id": f"{said.doc_id}-2"}).encode() + b"\n"


def table(said: Text, mark: str = ",") -> bytes:
    """A table of one row."""
    fields = said.record()
    row = mark.join('"' + value.replace('"', '""') + '"' for value in fields.values())
    return _bytes(f"{mark.join(fields)}\n{row}\n")


def tabs(said: Text) -> bytes:
    """The same with tabs between its cells."""
    return table(said, "\t")


def xml(said: Text) -> bytes:
    """A record of XML."""
    fields = "".join(f"<{name}>{_xml(value)}</{name}>" for name, value in said.record().items())
    return _bytes(f'<?xml version="1.0" encoding="utf-8"?><records><record>{fields}</record></records>')


def rss(said: Text) -> bytes:
    """An item of a feed, its text as escaped HTML."""
    body = _xml(f"<p>{_xml(said.text)}</p>")
    item = f"<title>{_xml(said.title)}</title><link>{_xml(said.url)}</link><guid>{_xml(said.doc_id)}</guid>"
    item += f"<description>{body}</description>"
    return _bytes(f"<rss><channel><title>{_xml(said.issuer)}</title><item>{item}</item></channel></rss>")


def atom(said: Text) -> bytes:
    """An entry of a feed, its text in CDATA."""
    entry = f"<id>{_xml(said.doc_id)}</id><title>{_xml(said.title)}</title><content><![CDATA[{said.text}]]></content>"
    return _bytes(f'<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title><entry>{entry}</entry></feed>')


def mail(said: Text) -> bytes:
    """A mail, its subject encoded and its text in base64."""
    subject = base64.b64encode(_bytes(said.title)).decode()
    body = base64.encodebytes(_bytes(said.text)).decode()
    head = f"Subject: =?utf-8?b?{subject}?=\nDate: Thu, 18 May 2023 10:00:00 +0000\nMIME-Version: 1.0\n"
    return f"{head}Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n{body}".encode()


def word(said: Text) -> bytes:
    """A Word file."""
    parts = "".join(f"<w:p><w:r><w:t>{_xml(part)}</w:t></w:r></w:p>" for part in [said.title, *said.text.split("\n\n")])
    return docx(parts)


def docx(body: str, head: str = "", members: Mapping[str, bytes] | None = None) -> bytes:
    """A Word file of this body, with further members."""
    document = f'{head}<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>'
    return zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": _bytes(document), **(members or {})})


def zipped(members: Mapping[str, bytes]) -> bytes:
    """A ZIP file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def archive(said: Text) -> bytes:
    """A ZIP file of one readout."""
    return zipped({"kelp.md": markdown(said)})


def packed(said: Text) -> bytes:
    """A gzip file of one readout."""
    return gzip.compress(plain(said), 1, mtime=0)


def pdf(said: Text) -> bytes:
    """A PDF of one page."""
    drawn = b"BT /F1 11 Tf 72 700 Td 14 TL\n"
    for line in [said.title, *said.text.split("\n")]:
        drawn += b"(%s) Tj T*\n" % _pdf_text(line)
    return pdf_of(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
            3: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
            4: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 5 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>",
            5: stream(drawn + b"ET"),
        }
    )


def _pdf_text(text: str) -> bytes:
    coded = text.encode("cp1252", errors="replace")
    return b"".join(b"\\%03o" % byte if byte < 32 or byte > 126 or byte in b"()\\" else bytes([byte]) for byte in coded)


def stream(content: bytes, more: bytes = b"") -> bytes:
    """An object that holds a stream."""
    return b"<< /Length %d %s>>\nstream\n%s\nendstream" % (len(content), more, content)


def pdf_of(objects: Mapping[int, bytes], trailer: bytes = b"") -> bytes:
    """A PDF of these objects; the first is its root."""
    out = bytearray(b"%PDF-1.7\n")
    places = {}
    for number, content in sorted(objects.items()):
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 1\n0000000000 65535 f \n"
    out += b"".join(b"%d 1\n%010d 00000 n \n" % (number, place) for number, place in sorted(places.items()))
    out += b"trailer\n<< /Size %d /Root 1 0 R %s>>\nstartxref\n%d\n%%%%EOF\n" % (max(objects) + 1, trailer, start)
    return bytes(out)


#: Every format by the ending of its files; some have more than one way to be written.
WRITERS: dict[str, Callable[[Text], bytes]] = {
    "md": markdown,
    "txt": plain,
    "text": utf_16,
    "html": page,
    "htm": raw_page,
    "json": record,
    "jsonl": lines,
    "csv": table,
    "tsv": tabs,
    "xml": xml,
    "rss": rss,
    "atom": atom,
    "eml": mail,
    "docx": word,
    "zip": archive,
    "gz": packed,
    "pdf": pdf,
}
