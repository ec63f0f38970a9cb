"""Recognising one person's name across spellings, orders, accents and prefixes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from index.textforms import fold

_TOKEN = re.compile(r"[^\W\d_]+")
_ROMAN = frozenset({"ii", "iii", "iv", "vi", "vii", "viii", "xiv", "xvi"})
_SUFFIXES = frozenset({"jr", "sr", "dr", "phd", "mp", "kc", "qc"})
_HONOURS = frozenset(
    {"sheikh", "sheikha", "shaikh", "sayyid", "sir", "dame", "lord", "mr", "mrs", "ms", "gen", "general"}
)
#: Words inside a name that name nobody on their own.
_PARTICLES = "al el bin bint ibn ben von der den van de da do dos la le del di du y"
PARTICLES = frozenset(_PARTICLES.split())
#: Countries whose names put the family first (for Japan both orders are in use).
_FAMILY_FIRST = frozenset({"China", "South Korea", "North Korea", "Taiwan", "Vietnam", "Cambodia", "Hong Kong"})
#: Words of offices and bodies: nothing with one of them is a person's name, whatever a rule took it for.
_OFFICE_WORDS = """
president vice vp prime minister ministers secretary mayor governor senator ambassador director chair chairman
leader leaders king queen prince chancellor council committee commission association institute university
college school schools coalition alliance center centre foundation fund project program programs initiative
initiatives network organization organizations institutions department office agency group union party
campaign action health
"""
_NO_NAME = frozenset(_OFFICE_WORDS.split())
_FORMS_OF_MOHAMMED = re.compile(r"m[ou]h?am+[ae][dt]\Z")
#: Letters and pairs of letters for the same sound; plain replacement takes a fifth less time than patterns.
_PAIRS = (("oo", "u"), ("ou", "u"), ("ck", "k"), ("ph", "f"))
_LETTERS = str.maketrans("yjqw", "iikv")
_DOUBLED = re.compile(r"(.)\1+")


@lru_cache(maxsize=1 << 15)
def sound(word: str) -> str:
    """A word in the form in which spellings of one name agree: ``Zelensky``, ``Zelenskyy``, ``Zelenskiy`` are one."""
    word = fold(word)
    if _FORMS_OF_MOHAMMED.match(word):
        return "mohamed"
    for pair, plain in _PAIRS:
        word = word.replace(pair, plain)
    word = _DOUBLED.sub(r"\1", word.translate(_LETTERS))
    return word[:-1] if word.endswith("ie") else word


@lru_cache(maxsize=1 << 15)
def name_words(name: str) -> tuple[str, ...]:
    """Words of a name by sound, without initials, titles after it, Roman numerals and the prefixes Al- and El-."""
    words = []
    for token in _TOKEN.findall(name):
        folded = fold(token)
        if len(folded) > 1 and folded not in _ROMAN and folded not in _SUFFIXES and folded not in {"al", "el"}:
            words.append(sound(folded))
    plain = [word for word in words if word not in _HONOURS]
    return tuple(plain or words)


@lru_cache(maxsize=1 << 15)
def is_person(name: str, office: str, country: str) -> bool:
    """Whether a party looks like a person: two to five words, none of an office; or one word with office and country."""
    words = _TOKEN.findall(name)
    if not words or len(words) > 6 or any(fold(word) in _NO_NAME for word in words):
        return False
    return len(name_words(name)) > 1 or bool(office or country)


def in_order(said: Sequence[str], name: Sequence[str], countries: Iterable[str]) -> bool:
    """Whether words are in the order of a name, or in the other order if both are in use.

    Args:
        said: Words of a text, by sound.
        name: Words of the name, by sound.
        countries: The person's countries.
    """
    places = [name.index(word) for word in said if word in name]
    if places == sorted(places):
        return True
    return bool({"Japan", *_FAMILY_FIRST} & set(countries))


def surnames(words: tuple[str, ...], countries: Iterable[str]) -> tuple[str, ...]:
    """The single words a person may be called by: the last, the first if family names come first, both for Japan.

    Args:
        words: As ``name_words`` returns them.
        countries: The person's countries.
    """
    if not words:
        return ()
    if any(country in _FAMILY_FIRST for country in countries):
        return words[:1]
    return (words[0], words[-1]) if "Japan" in countries else words[-1:]


def same_given(one: str, other: str) -> bool:
    """Whether two given names may be one person's: Joe and Joseph, Jon and Jonathan, Tony and Antony."""
    short, long = sorted((one, other), key=len)
    return long.startswith(short[:2]) or long.endswith(short)
