"""Questions that nobody asks in good faith, made at random, reproducibly by seed.

Each is of a family: full-text syntax, SQL, filters, brackets like those of follow-ups, impossible days, characters that
act, scripts of the world, markup of other programs, and lengths; the last family mixes pieces of all into ordinary questions.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

#: What they are made of, by family.
PIECES: Mapping[str, Sequence[str]] = json.loads(
    Path(__file__).with_name("questions").joinpath("odd_pieces.json").read_text(encoding="utf-8")
)
WORDS, ORDINARY, FULL_TEXT = PIECES["words"], PIECES["ordinary"], PIECES["full text"]
SQL, KEYS, VALUES, BRACKETS = PIECES["SQL"], PIECES["filter keys"], PIECES["filter values"], PIECES["brackets"]
DAYS, ACTING, SCRIPTS, MARKS = PIECES["days"], PIECES["acting"], PIECES["scripts"], PIECES["marks"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Odd:
    """One such question.

    Attributes:
        family: Of what sort.
        text: The question.
        plain: The same words without a sign and in small letters, where both must find the same; empty elsewhere.
    """

    family: str
    text: str
    plain: str = ""


def odd_questions(count: int, seed: int) -> Iterator[Odd]:
    """So many questions, the families in turn."""
    chance = random.Random(seed)
    for number in range(count):
        family = list(_FAMILIES)[number % len(_FAMILIES)]
        yield _FAMILIES[family](chance)


def _ordinary(chance: random.Random) -> str:
    template = chance.choice(ORDINARY)
    return template.format(*chance.sample(WORDS, template.count("{}")))


def _mixed(chance: random.Random, pieces: Sequence[str], most: int) -> str:
    """Pieces among the words of an ordinary question, with spaces between or without."""
    words = _ordinary(chance).split() if chance.random() < 0.8 else []
    for piece in chance.choices(pieces, k=chance.randint(1, most)):
        words.insert(chance.randint(0, len(words)), piece)
    return chance.choice((" ", " ", " ", "", "\t", "\n")).join(words)


def _of(family: str, pieces: Sequence[str], most: int = 8) -> Callable[[random.Random], Odd]:
    return lambda chance: Odd(family=family, text=_mixed(chance, pieces, most))


def _filters(chance: random.Random) -> Odd:
    typed = [f"{chance.choice(KEYS)}:{chance.choice(VALUES)}" for _ in range(chance.randint(1, 5))]
    asked = [_ordinary(chance)] if chance.random() < 0.7 else []
    parts = typed + asked
    chance.shuffle(parts)
    return Odd(family="filters", text=chance.choice((" ", " ", "")).join(parts))


def _inert(chance: random.Random) -> Odd:
    """Words with the signs and operators of full text between, and the same words alone."""
    words = [word.lower() for word in chance.sample([word for word in WORDS if word.islower()], chance.randint(2, 5))]
    typed, plain = [], []
    for word in words:
        before, behind = chance.choice(
            (("", ""), ("(", ")"), ("^", ""), ("", "*"), ("-", ""), ("+", ""), ("{", "}:"), ("", ":"))
        )
        operator = chance.choice(("AND", "OR", "NOT", "NEAR", "NEAR(", "", "+", "-", "&", "|", "~", "!"))
        typed += [f"{before}{word}{behind}", operator]
        plain += [word, operator.rstrip("(+-&|~!").lower()]
    return Odd(family="operators", text=" ".join(filter(None, typed)), plain=" ".join(filter(None, plain)))


def _long(chance: random.Random) -> Odd:
    """Of up to 100,000 characters; half of them just short enough to be asked."""
    pieces = chance.choice(
        (
            FULL_TEXT,
            SQL,
            BRACKETS,
            DAYS,
            SCRIPTS,
            MARKS,
            WORDS,
            ("(",),
            ('"',),
            ("a ",),
            ("\u0301",),
            ("from:2023 ",),
            ("party:a ", "party:Japan "),
            ("issuer:a ",),
            ("party:", "a ", "b ", "c "),
        )
    )
    size = chance.randint(1_500, 1_990) if chance.random() < 0.5 else chance.randint(2_001, 100_000)
    text = ""
    between = chance.choice((" ", ""))
    while len(text) < size:
        text += (chance.choice(pieces) + between) * chance.randint(1, 50)
    return Odd(family="long", text=text[:size])


def _noise(chance: random.Random) -> Odd:
    """Characters of anywhere."""
    top = chance.choice((0x7F, 0xFF, 0x2FF, 0xFFFF, 0x10FFFF))
    return Odd(family="noise", text="".join(chr(chance.randint(0, top)) for _ in range(chance.randint(1, 200))))


_EVERY = (*FULL_TEXT, *SQL, *VALUES, *BRACKETS, *DAYS, *ACTING, *SCRIPTS, *MARKS, *(f"{key}:" for key in KEYS))
_FAMILIES: Mapping[str, Callable[[random.Random], Odd]] = {
    "full text": _of("full text", FULL_TEXT),
    "operators": _inert,
    "SQL": _of("SQL", SQL, 4),
    "filters": _filters,
    "brackets": _of("brackets", BRACKETS, 6),
    "days": _of("days", DAYS, 4),
    "acting": _of("acting", ACTING),
    "scripts": _of("scripts", SCRIPTS),
    "marks": _of("marks", MARKS),
    "long": _long,
    "noise": _noise,
    "all": _of("all", _EVERY, 20),
}
