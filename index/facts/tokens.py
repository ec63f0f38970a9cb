"""The words of a text, each with the part it can play in naming a person: office, field, name, country, address."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import cache, lru_cache
from pathlib import Path

from index.facts.countries import find_countries
from index.textforms import fold

_JOINING = "bin bint ibn al el ul ur as ad ash an ben von der den van de da do dos das la le del della di du y e ter zu"
#: Words that join the parts of one name ("Salman bin Abdulaziz", "Ursula von der Leyen").
_PARTICLES = frozenset(_JOINING.split())
_CONNECTORS = frozenset({"of", "for", "to", "the", "and", "&", "at", "on", "in", "from"})
_SHORT = "jr sr dr mr mrs ms gen lt col maj adm capt st sgt rep sen gov hon prof amb rev mt"
#: Abbreviations that include their full stop.
_ABBREVIATED = frozenset(_SHORT.split())
_WORD = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W_]+(?:[-‐‑’'ʼʻ`][^\W_]+)*|[^\w\s]|\n")
#: "al-Alimi": a name in small letters.
_ARABIC = re.compile(r"^(?:al|el|ad|ar|as|ash|at|an|az)[-‑’'](?=[A-Z])")
_LONGEST_OFFICE = 4


class Part(Enum):
    """What a word can be in the naming of a person."""

    COUNTRY = auto()
    HEAD = auto()
    MODIFIER = auto()
    FIELD = auto()
    ADDRESS = auto()
    NAME = auto()
    PARTICLE = auto()
    CONNECTOR = auto()
    EVENT = auto()
    WORD = auto()
    MARK = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A word, or several that form one office or one country.

    Attributes:
        text: As written, without a possessive ending.
        low: Folded.
        start: Offset of the first code point.
        end: One past the last, possessive ending excluded.
        part: What it can be.
        country: Country or body, for ``Part.COUNTRY``.
        form: Kind of country word ("name", "demonym", "capital" …).
        plural: An office in the plural ("Prime Ministers").
        owner: A possessive ending follows ("Biden’s").
    """

    text: str
    low: str
    start: int
    end: int
    part: Part
    country: str = ""
    form: str = ""
    plural: bool = False
    owner: bool = False


def tokenise(text: str) -> tuple[Token, ...]:
    """Words and marks of ``text`` in order, without overlap."""
    raw = _split(text)
    tokens: list[Token] = []
    place = 0
    raw = _without_asides(raw)
    while place < len(raw):
        token, taken = _office(raw, place)
        tokens.append(token)
        place += taken
    return tuple(tokens)


def _split(text: str) -> list[Token]:
    mentions = {mention.start: mention for mention in find_countries(text)}
    tokens: list[Token] = []
    position = 0
    while (match := _WORD.search(text, position)) is not None:
        start, end = match.span()
        mention = mentions.get(start)
        if mention is not None and (mention.end >= end or text[mention.end : mention.end + 1] in "-‐‑–’'"):
            part, end = Part.COUNTRY, mention.end
            # "Russian-Belarusian", "Iranian-American": neither side's office.
            if text[end : end + 1] in ("-", "‑", "–") or (
                tokens and text[start - 1] in "-‑–" and tokens[-1].end == start - 1
            ):
                part = Part.EVENT
            owner, position = _possessive(text, end)
            word = text[start:end]
            tokens.append(
                Token(text=word, low=fold(word), start=start, end=end, part=part, country=mention.country,
                      form=mention.form, owner=owner)
            )  # fmt: skip
            continue
        word = match.group()
        owner = False
        if word[-2:] in ("’s", "'s"):
            word, end, owner, position = word[:-2], end - 2, True, end
        else:
            if text[end : end + 1] == "." and (fold(word) in _ABBREVIATED or (len(word) == 1 and word.isupper())):
                end += 1
                word = text[start:end]
            owner, position = _possessive(text, end)
        tokens.append(_word(word, start, end, owner))
    return tokens


def _without_asides(raw: list[Token]) -> list[Token]:
    """Remove short words in brackets ("(UNRWA)", "(D-NY)"), which separate an office from its name."""
    kept: list[Token] = []
    place = 0
    while place < len(raw):
        if raw[place].text == "(":
            ends = [ahead for ahead in range(place + 2, min(place + 6, len(raw))) if raw[ahead].text == ")"]
            if ends:
                place = ends[0] + 1
                continue
        kept.append(raw[place])
        place += 1
    return kept


def _possessive(text: str, end: int) -> tuple[bool, int]:
    if text[end : end + 2] in ("’s", "'s"):
        return True, end + 2
    if (
        text[end : end + 1] in ("’", "'")
        and text[end - 1 : end] in ("s", "z", "x")
        and not text[end + 1 : end + 2].isalnum()
    ):
        return True, end + 1
    return False, end


def _word(word: str, start: int, end: int, owner: bool) -> Token:
    low, part = _read_word(word)
    return Token(text=word, low=low, start=start, end=end, part=part, owner=owner)


@lru_cache(maxsize=1 << 14)
def _read_word(word: str) -> tuple[str, Part]:
    low = fold(word)
    return low, _part(word, low.rstrip("."))


def _part(word: str, low: str) -> Part:
    if not word[0].isalnum():
        return Part.CONNECTOR if word in "&/" else Part.MARK
    capital = word[0].isupper()
    if low in _CONNECTORS:
        return Part.CONNECTOR
    if low in _PARTICLES:
        return Part.PARTICLE
    if len(low) == 1 and word.endswith("."):
        return Part.NAME
    if _ARABIC.match(word):
        return Part.NAME
    kind = lexicon().get(low)
    if kind is Part.WORD:
        return kind
    if not capital:
        # Offices are often in small letters ("deputy prime ministers", "wife of the President"); other words are not.
        return kind if kind in (Part.HEAD, Part.MODIFIER, Part.FIELD) else Part.WORD
    return kind or (Part.WORD if word[0].isdigit() else Part.NAME)


def _office(raw: list[Token], place: int) -> tuple[Token, int]:
    """The longest office of several words that starts here, otherwise the word itself; and how many words it takes."""
    first = raw[place]
    if first.low in _openers() and not first.owner:
        for length in range(min(_LONGEST_OFFICE, len(raw) - place), 1, -1):
            words = raw[place : place + length]
            phrase = " ".join(token.low for token in words)
            plural = phrase not in _heads()
            if not (plural and _singular(phrase) not in _heads()) and not any(token.owner for token in words[:-1]):
                text, last = " ".join(token.text for token in words), words[-1]
                office = replace(first, text=text, low=phrase, end=last.end, owner=last.owner, part=Part.HEAD)
                return replace(office, plural=plural, country="", form=""), length
    if first.part is Part.HEAD and first.low not in _heads():
        return replace(first, plural=True), 1
    return first, 1


def _singular(phrase: str) -> str:
    first, _, rest = phrase.partition(" ")
    if rest.startswith(("general", "of", "executive")) and first.endswith("s"):
        return f"{first[:-1]} {rest}"
    return phrase[:-1] if phrase.endswith("s") else phrase


@cache
def _tables() -> Mapping[str, tuple[str, ...]]:
    with (Path(__file__).parent / "offices.toml").open("rb") as file:
        return {key: tuple(fold(word) for word in words) for key, words in tomllib.load(file).items()}


@cache
def _heads() -> frozenset[str]:
    return frozenset(_tables()["heads"])


@cache
def _openers() -> frozenset[str]:
    """First words of offices of several words, in the singular and the plural."""
    firsts = {head.split()[0] for head in _heads() if " " in head}
    return frozenset(firsts | {f"{first}s" for first in firsts})


@cache
def lexicon() -> Mapping[str, Part]:
    """What each word of ``offices.toml`` can be; of several lists heads win, then modifiers, portfolios and so on."""
    parts = {
        "plain": Part.WORD,
        "headlines": Part.WORD,
        "honorifics": Part.ADDRESS,
        "events": Part.EVENT,
        "portfolios": Part.FIELD,
        "modifiers": Part.MODIFIER,
        "heads": Part.HEAD,
    }
    table: dict[str, Part] = {}
    for key, part in parts.items():
        for word in _tables()[key]:
            table[word] = part
            if part in (Part.HEAD, Part.ADDRESS) and " " not in word:
                table[f"{word}s"] = part
    return table
