"""Words of a format without markup in its text (PDF, Word, mail): only invisible characters are removed."""

from __future__ import annotations

import re

from index.textforms import tidy

#: Lone surrogates cannot be written to any file; noncharacters are never text.
_NEVER_TEXT = re.compile("[\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def plain(text: str) -> str:
    """The text without what can never be written or read."""
    return _NEVER_TEXT.sub("", text)


def plain_line(text: str) -> str:
    """One line: each run of white space one space, no invisible marks."""
    return tidy(" ".join(plain(text).split())).strip()
