"""Small files that cost much: each has a part that some rule would go through once for every other part of the file."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Iterator, Sequence

from benchmarks.hostile.files import docx, zipped

_SAID = "Minister Quist met Minister Oyelaran. They spoke of kelp."
_ODD = ("title", "id", "place", "date", "kind")
_HEAD = "Subject: Kelp\nMIME-Version: 1.0\n"


def costs(size: int) -> Iterator[tuple[str, bytes]]:
    """Every file, by its name.

    Args:
        size: How many parts a file has, at least.
    """
    for make in (_encodings, _pages, _trees, _mails, _lists, _numbers, _people):
        yield from make(size)


def _encodings(size: int) -> Iterator[tuple[str, bytes]]:
    """Encodings that are none, in which each letter moves all before it."""
    long = b"\xff-" + b"a" * 20 * size
    for name in ("punycode", "idna", "unicode_escape", "raw_unicode_escape", "undefined", "hex_codec", "utf_7"):
        yield f"charset-{name}.html", f"<html><meta charset={name}><body><p>{_SAID}".encode() + long
        yield f"charset-{name}.xml", f"<?xml version='1.0' encoding='{name}'?><r>{_SAID}".encode() + long
        yield f"charset-{name}.eml", f"{_HEAD}Content-Type: text/plain; charset={name}\n\n{_SAID}\n".encode() + long
    yield "utf-16-bare.txt", f"Kelp\n\n{_SAID}".encode("utf-16-le")
    yield "utf-32-bare.txt", f"Kelp\n\n{_SAID}".encode("utf-32-le")
    yield "utf-7.txt", f"Kelp\n\n{_SAID} +2D/cAA-+2AA-".encode()
    yield "any-bytes.txt", bytes(range(1, 256)) * (size // 8)


def _pages(size: int) -> Iterator[tuple[str, bytes]]:
    """Tags that are opened often before one is closed, short of the length that is looked at as a whole."""
    for count in (4_990, 49_990):
        yield (
            f"tags-closed-{count}.html",
            (f"<html><body>{_SAID}" + ("<a" * count + ">") * (35 * size // count)).encode(),
        )
        yield f"tags-closed-{count}.txt", (f"Kelp\n\n{_SAID}" + ("<a" * count + ">") * (35 * size // count)).encode()
    tabs = "\t" * 60 + "a"
    yield "tabs.txt", f"Kelp\n\n{_SAID} {tabs * (size // 2)}".encode()
    hidden = "".join(
        f"<p style='{style}'>{_SAID}</p>" for style in ("display:none", "visibility:hidden", "font-size:0")
    )
    yield "hidden.html", f"<html><body><p>{_SAID}</p>{hidden}".encode()


def _trees(size: int) -> Iterator[tuple[str, bytes]]:
    """Levels that each look at all below, and what stands above all records and is read for each."""
    levels = "".join(f"<r{n}><title>a</title><text></text>" for n in range(240))
    yield "levels.xml", f"<?xml version='1.0'?>{levels}{'<p/>' * 5 * size}".encode()
    for name in ("publisher", "source", "date", "id", "language", "url"):
        records = f"<record><title>a</title><text>{_SAID}</text></record>" * (size // 50)
        yield (
            f"above-{name}.xml",
            f"<?xml version='1.0'?><r><{name}>{'kelp ' * 2 * size}</{name}>{records}</r>".encode(),
        )
    deep = "".join(f"<r{n}>" for n in range(240))
    records = f"<record><title>a</title><text>{_SAID}</text></record>" * (size // 20)
    yield "deep-records-many.xml", f"<?xml version='1.0'?>{deep}{records}".encode()
    yield "text-long.xml", f"<?xml version='1.0'?><r><title>a</title><text>{'kelp ' * 40 * size}</text></r>".encode()


def _mails(size: int) -> Iterator[tuple[str, bytes]]:
    """Parts within parts, whose every line is compared with the ends of all, and fields that are parted letter by letter."""
    parts = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(200))
    yield (
        "ends.eml",
        f"{_HEAD}{parts}Content-Type: text/plain\n\n{_SAID}\n{'a' + chr(10)}".encode() + b"a\n" * 10 * size,
    )
    yield "parameters.eml", f"{_HEAD}Content-Type: text/plain{'; a=b' * 5 * size}\n\n{_SAID}".encode()
    yield "disposition.eml", f"{_HEAD}Content-Disposition: inline{'; a=b' * 5 * size}\n\n{_SAID}".encode()
    yield "subject-words.eml", f"Subject: {'a ' * 20 * size}\n\n{_SAID}".encode()
    yield "subject-encoded.eml", f"Subject: {'=?utf-8?q?a?= ' * size}\n\n{_SAID}".encode()
    yield "date-comments.eml", f"Subject: Kelp\nDate: {'(' * size}\n\n{_SAID}".encode()
    long = f"X-Kelp: {'kelp ' * 20}\n" * (size // 5)
    outer = f"{_HEAD}Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\n\n"
    yield "fields-within.eml", f"{outer}{_HEAD}{long}\n{_SAID}\n--b--\n".encode()


def _lists(size: int) -> Iterator[tuple[str, bytes]]:
    """Lists of members without members."""
    entry = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 0, 0, 33, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    count = 6 * size
    listed = entry * count
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count & 0xFFFF, count & 0xFFFF, len(listed), 0, 0)
    yield "listed.zip", listed + end
    yield "listed.docx", docx(f"<w:p><w:r><w:t>{_SAID}</w:t></w:r></w:p>") + listed + end
    yield "folders.zip", zipped({f"{n}/": b"" for n in range(min(size, 20_000))} | {"kelp.txt": _SAID.encode()})


def _numbers(size: int) -> Iterator[tuple[str, bytes]]:
    """Numbers that nobody writes."""

    def front(words: str) -> bytes:
        return f"---\n{words}\n---\n\n{_SAID}\n".encode()

    yield "number-parts.md", front(f"title: Kelp\nx: 1{':1' * 5 * size}")
    digits = "f" * 6_000
    for name in (
        "title",
        "id",
        "date",
        "event_date",
        "place",
        "parties",
        "diplomatic",
        "kind",
        "note",
        "url",
        "language",
    ):
        yield f"number-{name}.md", front(f"{name}: 0x{digits}")
    yield "number-key.md", front(f"title: Kelp\n? 0x{digits}\n: Kelp")
    yield "number-in-list.md", front(f"title: Kelp\nparties: [0x{digits}, {{name: 0x{digits}}}]")
    odd = ("NaN", "Infinity", "-Infinity", "1e999", "-0.0", "9" * 4_000)
    records = (
        f'{{"text": "{_SAID} {number}", "{name}": {value}, "parties": [{value}]}}\n'
        for number, (name, value) in enumerate(
            (name, value) for value in odd for name in ("title", "id", "place", "date", "kind")
        )
    )
    yield "not-numbers.jsonl", "".join(records).encode()
    yield (
        "keys-twice.json",
        f'{{"text": "Forged.", "text": "{_SAID}", "Text": "Forged.", "title": "a", "title": "b"}}'.encode(),
    )


def _people(size: int) -> Iterator[tuple[str, bytes]]:
    """People of one surname, each compared with all before; one person spelled in many ways; many people in many readouts."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    given = [f"{a}{b}{c}{d}" for a in letters for b in letters for c in letters for d in "aei"]
    names = [f"{name.title()} Quist" for name in given][: size // 5]
    yield "surnames.jsonl", _records([names[start : start + 500] for start in range(0, len(names), 500)])
    marks = [f"Mara{'-' * n} Quist" for n in range(1, 301)] + [f"Mara {'. ' * n}Quist" for n in range(1, 301)]
    alone = [{"name": "Quist", "country": f"Kelp{number}", "office": "Minister"} for number in range(2_000)]
    yield "spellings.jsonl", _records([marks, *(alone[start : start + 500] for start in range(0, len(alone), 500))])
    crowd = [f"{name.title()} {name[::-1].title()}" for name in given]
    yield "crowd.jsonl", _records([crowd[n % 400 : n % 400 + 500] for n in range(size // 500)])


def _records(parties: Iterable[Sequence[object]]) -> bytes:
    return "".join(
        json.dumps({"id": f"p{n}", "text": f"{_SAID} Harbour {n} was named.", "parties": those}) + "\n"
        for n, those in enumerate(parties)
    ).encode()
