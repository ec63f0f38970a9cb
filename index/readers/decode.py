"""Bytes of a file into text, or a reason why not."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from index.errors import FormatError

#: A readout is a page or two (the longest of 2,531 real ones has 60,000 characters); more is a book or a mistake.
MAX_TEXT_BYTES = 8 * 1024 * 1024

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BINARY = {
    b"%PDF-": "a PDF file",
    b"PK\x03\x04": "a ZIP or Office file",
    b"\xd0\xcf\x11\xe0": "an old Office file",
    b"\x89PNG": "a picture",
    b"GIF8": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"\x1f\x8b": "a compressed file",
    b"\x7fELF": "a program",
    b"SQLite format 3": "a database",
}
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f]")
#: How much of a file of unknown encoding is read to guess it.
_SAMPLE = 64 * 1024
#: Non-ASCII characters per stray byte from which a text is taken as UTF-8 with some Windows bytes in it, as in files
#: put together from several.
_MOSTLY = 10
#: Up to this many stray bytes are mended one by one; more are replaced, which is fast.
_FEW_STRAY = 100_000
_AS_WINDOWS = "stray bytes as Windows-1252"
#: Codecs that are not text encodings, though a file may name them: host names, whose decoding time grows with the
#: square of their length, and escapes of programming languages.
_NO_ENCODINGS = frozenset({"idna", "punycode", "raw-unicode-escape", "unicode-escape"})
#: A text with fewer than one non-ASCII byte in fifty is in a Western language, and these bytes are quotes, dashes and
#: accented letters of Windows; so few are too little for a guess (quotes were guessed to be letters of code page 775).
_SELDOM = 50
_HIGH = bytes(range(0x80, 0x100))
_NOT_WINDOWS = b"\x81\x8d\x8f\x90\x9d"


def decode(path: Path, content: bytes) -> str:
    """The text of a file: UTF-8, UTF-16 or UTF-32 with a byte-order mark, otherwise the encoding that fits best.

    Raises:
        FormatError: The file is binary, or its encoding cannot be determined.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            try:
                return content.decode(encoding)
            except UnicodeDecodeError as error:
                raise _unknown_encoding(path) from error
    _refuse_binary(path, content)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = _guess(path, content)
    if len(_CONTROL.findall(text[:_SAMPLE])) * 20 > len(text[:_SAMPLE]):
        raise FormatError(f"{path.name} is a binary file, not text.", path=path, mend=_MEND)
    return text


_MEND = "Save it as UTF-8 text."


def codec_of(name: str) -> str:
    """The codec for an encoding as named in a file; empty if the name is not that of a text encoding."""
    try:
        # Codecs for things other than text, and the one that refuses everything, only say so when they are used.
        b"a".decode(name, errors="replace")
        codec = codecs.lookup(name).name
    except (LookupError, ValueError):
        return ""
    return "" if codec.replace("_", "-") in _NO_ENCODINGS else codec


def refuse_oversize(path: Path, size: int) -> None:
    """Refuse a text that is too long for one readout.

    Args:
        path: The file.
        size: Length of the text in bytes.

    Raises:
        FormatError: The text is longer than ``MAX_TEXT_BYTES``.
    """
    if size > MAX_TEXT_BYTES:
        raise FormatError(
            f"{path.name} is {round(size / 1e6)} MB; a readout is a page or two.",
            path=path,
            mend="Split it into one file a readout, or give the readouts as JSON Lines.",
        )


def _refuse_binary(path: Path, content: bytes) -> None:
    for magic, name in _BINARY.items():
        if content.startswith(magic):
            raise FormatError(f"{path.name} is {name}, not text as its name says.", path=path, mend=_MEND)
    if b"\x00" in content:
        raise FormatError(f"{path.name} is a binary file, not text.", path=path, mend=_MEND)


def _guess(path: Path, content: bytes) -> str:
    """The text in the encoding that fits best; ``encoding_note`` says what was done."""
    found = _encoding_of(content)
    if not found:
        raise _unknown_encoding(path)
    return content.decode(*found)


def encoding_note(content: bytes) -> str:
    """How bytes that are not UTF-8 were read, in a sentence; empty if all is UTF-8 or the encoding was plain.

    Args:
        content: The bytes of a text.
    """
    if any(content.startswith(mark) for mark, _ in _BYTE_ORDER_MARKS):
        return ""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return ""
    found = _encoding_of(content)
    if found and found[0] == "utf-8":
        count = content.decode("utf-8", errors="replace").count("\ufffd")
        return f"{counted(count, 'byte')} that are no UTF-8, as all the rest is, were read as Windows-1252."
    lost = content.decode(*found).count("\ufffd") if found else 0
    return (
        f"In {found[0]}, which fits best, {counted(lost, 'byte')} mean nothing and were replaced."
        if found and lost
        else ""
    )


def counted(number: int, thing: str) -> str:
    """``1 byte``, ``2,000 bytes``."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def _encoding_of(content: bytes) -> tuple[str, str] | None:
    """The encoding, and how bytes that mean nothing in it are handled; None if none fits."""
    text = content.decode("utf-8", errors="replace")
    stray = text.count("\ufffd")
    beyond = len(text) - len(text.encode("ascii", errors="ignore"))
    if stray * _MOSTLY <= beyond - stray:
        return "utf-8", _AS_WINDOWS if stray <= _FEW_STRAY else "replace"
    high = len(content) - len(content.translate(None, _HIGH))
    if high * _SELDOM <= len(content) and not any(byte in content for byte in _NOT_WINDOWS):
        return "cp1252", "strict"
    from charset_normalizer import from_bytes

    sample = content[:_SAMPLE]
    if len(content) > _SAMPLE:
        # A character cut in two would rule its encoding out.
        sample = sample[: sample.rfind(b"\n") + 1] or sample
    best = from_bytes(sample).best()
    return (best.encoding, "replace") if best else None


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("cp1252", errors="replace"), error.end


codecs.register_error(_AS_WINDOWS, _as_windows)


def _unknown_encoding(path: Path) -> FormatError:
    return FormatError(f"The encoding of {path.name} cannot be told.", path=path, mend=_MEND)
