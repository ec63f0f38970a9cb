"""Text of a document, a question or a file name without characters that could act on a terminal; offsets stay valid."""

from __future__ import annotations

import re

_PICTURES = {code: 0x2400 + code for code in range(0x20) if code not in (0x09, 0x0A)}
_DIRECTION = (0x061C, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
#: One code point for one, so that offsets stay true: controls become their pictures, what would turn the direction of
#: the line becomes U+FFFD.
_HARMLESS: dict[int, int] = {
    **_PICTURES,
    0x09: 0x20,
    0x7F: 0x2421,
    0x2028: 0x0A,
    0x2029: 0x0A,
    **dict.fromkeys((*range(0x80, 0xA0), *_DIRECTION), 0xFFFD),
}
_SURROGATES = re.compile("[\ud800-\udfff]")


def plain(text: str) -> str:
    """The text with every character that could act on a terminal replaced, one for one; newlines stay."""
    if text.isascii() and text.isprintable():  # most are, and an answer shows a hundred
        return text
    return _SURROGATES.sub("\ufffd", text.translate(_HARMLESS))
