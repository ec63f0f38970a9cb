"""Stems of words, by SQLite's own tokenizer, so that what is stemmed here agrees with what full text finds."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Sequence
from functools import cache

from index.textforms import SIGNS

#: SQLite's tokenizer parts a word at the signs of its vowels; letters for private use are letters to it, so each sign has one.
_SIGNS = {ord(sign): 0xE000 + place for place, sign in enumerate(SIGNS)}
#: Stems that are kept.
_KEPT = 65_536
_known: dict[str, str] = {}
_STEMMING = threading.Lock()


def searchable(text: str) -> str:
    """Folded words in a form that SQLite's tokenizer takes as single words."""
    return text if text.isascii() else text.translate(_SIGNS)


def stem(word: str) -> str:
    """The stem of a folded word."""
    return _known.get(word) or _learned([word])[0]


def stem_all(words: Iterable[str]) -> frozenset[str]:
    """Stems of folded words; new ones are stemmed together, which takes a twentieth of the time of one by one."""
    return frozenset(stems_by_word(words).values())


def stems_by_word(words: Iterable[str]) -> dict[str, str]:
    """The stem of each folded word, by word; new ones are stemmed together."""
    found = {word: _known.get(word, "") for word in words}
    if "" in found.values():
        unknown = [word for word, stemmed in found.items() if not stemmed]
        found.update(zip(unknown, _learned(unknown), strict=True))
    return found


def _learned(words: Sequence[str]) -> list[str]:
    """A cache of stems."""
    with _STEMMING:
        plain = [word for word in words if word.isascii() and word.isalnum()]
        stems = dict(zip(plain, _tokens(" ".join(plain)), strict=True))
        for word in words:
            if word not in stems:
                # A few letters are marks to the tokenizer: they part a word, or leave nothing of it.
                tokens = _tokens(searchable(word))
                stems[word] = tokens[0] if len(tokens) == 1 else word
        if len(_known) > _KEPT:
            _known.clear()
        _known.update(stems)
    return [stems[word] for word in words]


def _tokens(text: str) -> list[str]:
    database = _database()
    database.execute("BEGIN")
    try:
        database.execute("INSERT INTO words VALUES (?)", (text,))
        return [token for (token,) in database.execute("SELECT term FROM tokens ORDER BY offset")]
    finally:
        database.execute("ROLLBACK")


@cache
def _database() -> sqlite3.Connection:
    """A full-text table like the catalogue's, in memory and always empty."""
    database = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    database.executescript(
        "CREATE VIRTUAL TABLE words USING fts5 (word, content = '', tokenize = 'porter unicode61 remove_diacritics 2');"
        "CREATE VIRTUAL TABLE tokens USING fts5vocab (words, instance);"
    )
    return database
