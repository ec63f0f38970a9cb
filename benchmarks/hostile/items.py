"""Files of many readouts, and readouts of many parts: as long as they come, and nothing wrong with them otherwise."""

from __future__ import annotations

import json
from collections.abc import Iterator


def items(count: int) -> Iterator[tuple[str, bytes]]:
    """Every file, by its name.

    Args:
        count: Readouts of each; a tenth where all are of one text, ten times as many paragraphs of those that are one readout.
    """
    numbers = range(count)
    entries = "".join(
        f"<item><title>Minister {n} meets envoy</title><link>https://example.org/{n}</link><guid>{n}</guid>"
        f"<pubDate>Thu, 18 May 2023 10:00:00 GMT</pubDate><description>{_said(n)}</description></item>"
        for n in numbers
    )
    yield "items.rss", f"<rss><channel><title>Ministry</title>{entries}</channel></rss>".encode()
    records = "".join(
        f"<record><id>r{n}</id><title>Minister {n} meets envoy</title><date>2023-05-18</date><text>{_said(n)}</text></record>"
        for n in numbers
    )
    yield "records.xml", f"<?xml version='1.0'?><records>{records}</records>".encode()
    yield "records.jsonl", "".join(json.dumps({"id": f"r{n}", "text": _said(n)}) + "\n" for n in numbers).encode()
    yield "records.json", json.dumps([{"id": f"r{n}", "text": _said(n)} for n in numbers]).encode()
    yield "rows.csv", ("id,title,text\n" + "".join(f'r{n},Minister {n},"{_said(n)}"\n' for n in numbers)).encode()
    copies = range(count // 10)
    yield "copies.jsonl", "".join(json.dumps({"id": f"r{n}", "text": _said(0)}) + "\n" for n in copies).encode()
    paragraphs = range(10 * count)
    yield "paragraphs.txt", ("Kelp\n\n" + "a.\n\n" * len(paragraphs)).encode()
    yield "paragraphs.html", f"<html><body>{'<p>a.' * len(paragraphs)}".encode()
    yield "paragraphs-in-json.json", json.dumps({"text": "\n\n".join(f"{n}." for n in paragraphs)}).encode()
    yield "paragraphs-few.txt", ("Kelp\n\n" + "They met.\n\n" * (count // 2)).encode()
    yield "line.txt", ("kelp " * 2_000_000).encode()
    yield "line-read.txt", ("kelp " * 1_600_000).encode()
    yield "line-of-record.jsonl", json.dumps({"text": "kelp " * 2_000_000}).encode()
    yield "line-of-table.csv", f'title,text\nx,"{"kelp " * 2_000_000}"\n'.encode()
    yield "line-of-page.html", f"<html><body><p>{'kelp ' * 1_500_000}".encode()


def _said(number: int) -> str:
    return f"Minister Quist {number} met Minister Oyelaran of Japan today. They spoke of kelp and of harbour {number}."
