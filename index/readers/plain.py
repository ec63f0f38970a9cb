"""Words of a format that has no markup in its text (PDF, Word, mail): only what no reader sees goes."""

from __future__ import annotations

import re

from index.textforms import tidy

#: Lone surrogates cannot be written to any file; noncharacters are never text.
_NEVER_TEXT = re.compile("[\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def plain(text: str) -> str:
    """The same without what can never be written or read."""
    return _NEVER_TEXT.sub("", text)


def plain_line(text: str) -> str:
    """One line: all white space one space, no marks that nobody sees."""
    return tidy(" ".join(plain(text).split())).strip()
