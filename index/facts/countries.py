"""One identity for each country and international body, whatever a text calls it.

Names come from ``country_names.toml`` (ISO 3166 and CLDR), everything else (capitals, peoples, seats, bodies) from
``countries.toml``. The lookup is built once, when first needed.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from index.textforms import fold

Form = Literal["name", "demonym", "capital", "acronym", "seat", "body"]

_HERE = Path(__file__).parent
_WORD = re.compile(r"\w+")
_TOKEN = re.compile(r"[^\W_]+")
#: What may separate two words of one name; a full stop only after initials and "St".
_JOINT = re.compile(r"(?:[\s\-‐‑–'’ʻʼ]|\s?&\s|\s[-–]\s|, )\Z")
_POINT = re.compile(r"\.\s?\Z")
#: Texts whose countries are kept: a question is searched for them about twenty times, and titles and places recur.
#: Sentences are read only once, so keeping more would be useless.
_TEXTS_KEPT = 2048


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A country or body as a text names it.

    Attributes:
        start: First code point.
        end: One past the last code point.
        country: Common English name ("Japan", "NATO"), the same for every way of naming it.
        form: What kind of word it is: "name", "demonym", "capital", "acronym", "seat" or "body".
    """

    start: int
    end: int
    country: str
    form: Form


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    words: tuple[str, ...]
    country: str
    form: Form
    written: tuple[str, ...] = ()  # as written, if capitals decide


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lookup:
    by_first: Mapping[str, tuple[_Entry, ...]]  # longest first
    aliases: Mapping[str, tuple[str, ...]]
    names: frozenset[str]


@lru_cache(maxsize=_TEXTS_KEPT)
def find_countries(text: str) -> tuple[Mention, ...]:
    """Countries and bodies that ``text`` names.

    Case and accents do not matter, except for words that are English in small letters ("US", "WHO", "Polish").

    Returns:
        Mentions in order, without overlap, the longest name winning; offsets in ``text``.
    """
    by_first = _lookup().by_first
    tokens = list(_TOKEN.finditer(text))
    folded = [_fold_word(token.group()) for token in tokens]
    found: list[Mention] = []
    place = 0
    while place < len(tokens):
        for entry in by_first.get(folded[place], ()):
            if _fits(entry, text, tokens, folded, place):
                start, end = tokens[place].start(), tokens[place + len(entry.words) - 1].end()
                if len(entry.words) > 1 and len(entry.words[-1]) == 1 and text[end : end + 1] == ".":
                    end += 1
                if entry.country:
                    found.append(Mention(start=start, end=end, country=entry.country, form=entry.form))
                place += len(entry.words) - 1
                break
        place += 1
    return tuple(found)


@lru_cache(maxsize=1 << 13)
def country_of(phrase: str) -> str | None:
    """Common English name of the country or body named by the whole ``phrase``; None if it names none.

    ``Tokyo``, ``Japanese`` and ``japan`` all give ``Japan``; words around the name ("the Japanese side") give None.
    """
    phrase = phrase.strip().rstrip(".+")
    for said in (phrase, phrase[4:] if phrase[:4].lower() == "the " else ""):
        mentions = find_countries(said)
        if len(mentions) == 1 and mentions[0].start == 0 and mentions[0].end >= len(said):
            return mentions[0].country
    return None


def aliases(country: str) -> tuple[str, ...]:
    """Other words for a country or body: further names, acronyms, peoples, capital, seats; empty for an unknown one.

    Args:
        country: The common English name, as ``country_of`` returns it.
    """
    return _lookup().aliases.get(country, ())


def known_countries() -> frozenset[str]:
    """Common English names of all known countries and bodies."""
    return _lookup().names


def is_at(place: str, where: str) -> bool:
    """Whether a place, as read from a readout, is the one or lies in the country that ``where`` names.

    "Geneva, Switzerland" is at "Geneva", "Switzerland" and "Swiss"; no place is nowhere.
    """
    (countries, words), (there, named) = _place(where), _place(place)
    return not countries.isdisjoint(there) or (bool(words) and words <= named)


@lru_cache(maxsize=4096)
def _place(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """Countries and words of a place; kept, as a question is compared with the places of all readouts that it finds."""
    return frozenset(mention.country for mention in find_countries(text)), frozenset(_WORD.findall(fold(text)))


@lru_cache(maxsize=1 << 15)
def _fold_word(word: str) -> str:
    return fold(word)


def _fits(entry: _Entry, text: str, tokens: list[re.Match[str]], folded: list[str], place: int) -> bool:
    last = place + len(entry.words)
    if last > len(tokens) or tuple(folded[place:last]) != entry.words:
        return False
    if entry.written and tuple(token.group() for token in tokens[place:last]) != entry.written:
        return False
    for left, right in zip(tokens[place : last - 1], tokens[place + 1 : last], strict=True):
        gap = text[left.end() : right.start()]
        if not (_JOINT.match(gap) or (len(left.group()) <= 2 and _POINT.match(gap))):
            return False
    return True


@lru_cache(maxsize=1)
def _lookup() -> _Lookup:
    ours, names = _read("countries.toml"), _read("country_names.toml")
    cased = {_words(word): _written(word) for word in ours["other"]["cased"]}
    entries: dict[tuple[str, ...], _Entry] = {}
    aliases: dict[str, tuple[str, ...]] = {}
    for country, words in _rows(ours, names):
        others: list[str] = []
        for word, form, is_alias in words:
            for key in map(_words, {word, word.replace(" and ", " & "), word.replace(" & ", " and ")}):
                entries[key] = _Entry(words=key, country=country, form=form, written=cased.get(key, ()))
            if is_alias and fold(word) != fold(country):
                others.append(word)
        aliases[country] = tuple(dict.fromkeys([*aliases.get(country, ()), *others]))
    for word in ours["other"]["apart"]:
        entries[_words(word)] = _Entry(words=_words(word), country="", form="name")
    by_first: dict[str, list[_Entry]] = {}
    for entry in sorted(entries.values(), key=lambda entry: -len(entry.words)):
        by_first.setdefault(entry.words[0], []).append(entry)
    return _Lookup(
        by_first={first: tuple(rows) for first, rows in by_first.items()},
        aliases=aliases,
        names=frozenset(aliases),
    )


def _rows(ours: dict[str, Any], names: dict[str, Any]) -> Iterator[tuple[str, Iterable[tuple[str, Form, bool]]]]:
    """Every country with its words, their form and whether to search for them; later rows win over earlier ones."""
    states = ours["states"]
    for code, formal in names.items():
        state = states.get(code, {})
        yield state.get("name", formal[0]), [(name, "name", False) for name in (state.get("name", formal[0]), *formal)]
    for code, state in states.items():
        yield state.get("name") or names[code][0], list(_state_words(state))
    for body in ours["bodies"].values():
        yield body["name"], list(_body_words(body))


def _state_words(state: dict[str, Any]) -> Iterator[tuple[str, Form, bool]]:
    for key in ("name",) if "name" in state else ():
        yield state[key], "name", False
    for name in state.get("names", ()):
        yield name, "name", True
    for acronym in state.get("acronyms", ()):
        yield acronym, "acronym", True
    for pointed in _pointed(state.get("acronyms", ())):
        yield pointed, "acronym", False
    for people in state.get("people", ()):
        yield people, "demonym", True
        if people == "German" or not people.endswith(("s", "ese", "sh", "ch", "man")):
            yield f"{people}s", "demonym", False
    for capital in state.get("capital", ()):
        yield capital, "capital", True
    for seat in state.get("seats", ()):
        yield seat, "seat", True


def _body_words(body: dict[str, Any]) -> Iterator[tuple[str, Form, bool]]:
    for name in (body["name"], *body.get("acronyms", ()), *body.get("names", ())):
        yield name, "body", True
    for pointed in _pointed(body.get("acronyms", ())):
        yield pointed, "body", False
    for seat in body.get("seats", ()):
        yield seat, "seat", True


def _pointed(acronyms: Iterable[str]) -> Iterator[str]:
    for acronym in acronyms:
        if acronym.isupper() and acronym.isalpha() and len(acronym) <= 4:
            yield ".".join(acronym)


def _words(name: str) -> tuple[str, ...]:
    words = [fold(token.group()) for token in _TOKEN.finditer(name)]
    return tuple(words[1:] if words[0] == "the" and len(words) > 1 and words[1] != "hague" else words)


def _written(name: str) -> tuple[str, ...]:
    return tuple(token.group() for token in _TOKEN.finditer(name))


def _read(name: str) -> dict[str, Any]:
    with (_HERE / name).open("rb") as file:
        return tomllib.load(file)
