"""Text made safe to be part of a page: nothing in it acts on a terminal, a browser or a Markdown renderer."""

from __future__ import annotations

import re

#: Characters that could steer a terminal, and half characters.
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_MARKS = re.compile(r"([\\`*_\[\]<>#|~$&])")
#: What makes a list, a heading or a quotation of a line that begins with it.
_OPENING = re.compile(r"^(?:([-+=])|(\d{1,9})([.)]))")


#: What HTML takes for markup; the standard library's own function comes with a table of 2,000 names.
_HTML = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;"})


def _escaped(text: str) -> str:
    return text.translate(_HTML)


def printable(text: str) -> str:
    """A text without the characters that could control a terminal."""
    return CONTROLS.sub("", text)


def one_line(text: str) -> str:
    """``printable``, every run of white space one space."""
    return " ".join(printable(text).split())


def markdown(text: str) -> str:
    """One line of Markdown that shows the text as it is."""
    return _OPENING.sub(lambda m: f"\\{m[1]}" if m[1] else f"{m[2]}\\{m[3]}", _MARKS.sub(r"\\\1", one_line(text)))


def in_html(text: str) -> str:
    """One line of HTML, attribute values included, that shows the text as it is."""
    return _escaped(one_line(text))


def address(url: str) -> str:
    """A web address that can be linked to; empty for anything else, including scripts."""
    plain = "".join(f"%{ord(c):02X}" if c in ' <>"{}\\^`|' else c for c in one_line(url))
    return plain if plain.startswith(("https://", "http://")) else ""


def html_link(words: str, url: str) -> str:
    """A link on some words, or just the words if the address is not one."""
    to = address(url)
    return f'<a href="{_escaped(to)}" rel="noreferrer">{in_html(words)}</a>' if to else in_html(words)


def markdown_link(words: str, url: str) -> str:
    """The same in Markdown."""
    to = address(url)
    return f"[{markdown(words)}](<{to}>)" if to else markdown(words)


def html_quote(text: str, label: str, where: str, url: str, marked: tuple[int, int] | None = None) -> str:
    """A quotation with its source below it.

    Args:
        text: What is quoted.
        label: Its number.
        where: The source in words.
        url: Its address; may be empty.
        marked: Half-open range of ``text`` that is marked.
    """
    first, last = marked or (0, 0)
    parts = [in_html_whole(text[:first]), in_html_whole(text[first:last]), in_html_whole(text[last:])]
    body = f"{parts[0]}<mark>{parts[1]}</mark>{parts[2]}" if marked else parts[2]
    return f"<blockquote><p>{body}</p><footer>{in_html(label)} {html_link(where, url)}</footer></blockquote>"


def in_html_whole(text: str) -> str:
    """HTML that shows part of a text, including the spaces at its ends."""
    return _escaped(re.sub(r"\s+", " ", printable(text)))


def source_words(title: str, issuer: str, day: str, published: str, doc_id: str, *, page: str = "") -> str:
    """A readout on one line: title, page, who published it and when, and its id; days as ISO 8601 or empty."""
    dates = f"{day or 'no date'}{f', published {published}' if published and published != day else ''}"
    return one_line(" · ".join(part for part in (title, page, issuer, dates, doc_id) if part))
