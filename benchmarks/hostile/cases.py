"""Every hostile file of a run, by its family; what is drawn at random is drawn by the seed."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.hostile import costs, items
from benchmarks.hostile.files import WRITERS, Text
from benchmarks.hostile.structures import structures
from benchmarks.hostile.texts import ACTING, FLOODS, flood

#: Characters of floods: a page, and all that a text may have.
FLOOD_SIZES = (100_000, 8_000_000)
#: Elements, levels and items of structures, and of the longest lists.
ELEMENTS, ITEMS = 100_000, 100_000
#: Formats in which every flood comes as well, at a quarter of a text's length: those with rules of their own.
_FLOODED = ("html", "csv", "json", "rss", "xml", "docx", "eml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One hostile file.

    Attributes:
        family: What it tries.
        name: Of the file.
        content: Its bytes.
    """

    family: str
    name: str
    content: bytes


def cases(count: int, seed: int) -> Iterator[Case]:
    """All cases that are written by rule, and as many changed files as are missing to ``count``, a hundred at least."""
    made = 0
    for case in by_rule():
        made += 1
        yield case
    yield from changed(max(100, count - made), random.Random(seed))


def by_rule() -> Iterator[Case]:
    """The cases that are the same in every run."""
    for family, text in ACTING.items():
        for ending, write in WRITERS.items():
            yield Case(family="acts", name=f"{_slug(family)}-{ending}.{ending}", content=write(acting(text)))
    for family in FLOODS:
        for size in FLOOD_SIZES:
            content = flood(family, size).encode(errors="surrogatepass")[:size]
            yield Case(family="flood", name=f"flood-{_slug(family)}-{size}.txt", content=content)
    for name, content in structures(ELEMENTS):
        yield Case(family="structure", name=f"structure-{name}", content=content)
    for name, content in costs.costs(ELEMENTS):
        yield Case(family="cost", name=f"cost-{name}", content=content)
    for name, content in items.items(ITEMS):
        yield Case(family="many", name=f"many-{name}", content=content)


def floods_of_formats() -> Iterator[Case]:
    """Every flood in the formats that have rules of their own."""
    for family in FLOODS:
        for ending in _FLOODED:
            said = Text(doc_id="flood", title="Quist meets Oyelaran", text=flood(family, FLOOD_SIZES[1] // 4))
            yield Case(family="flood", name=f"flood-{_slug(family)}.{ending}", content=WRITERS[ending](said))


def acting(text: str) -> Text:
    """A readout that holds a text wherever it can, with words by which it is found."""
    said = f"Minister Quist {text} met Minister Oyelaran.\n\n{text}\n\nThey spoke of kelp. {text}"
    return Text(
        doc_id=text, title=f"{text} Quist on kelp", text=said, issuer=f"Ministry {text}", url=f"https://a.b/{text}"
    )


def changed(count: int, draw: random.Random) -> Iterator[Case]:
    """Files of every format, each damaged or put together with hostile bytes in some places."""
    whole = [(ending, write(acting(text))) for ending, write in WRITERS.items() for text in ("kelp", *ACTING.values())]
    bits = [text.encode(errors="surrogatepass") for text in ACTING.values()] + [
        unit.encode() for unit in FLOODS.values()
    ]
    for number in range(count):
        ending, content = draw.choice(whole)
        for _ in range(draw.choice((1, 1, 2, 8, 64))):
            content = _damaged(content, draw, bits, [other for _, other in whole])
        # One in ten lies about what it is.
        ending = draw.choice(list(WRITERS)) if draw.random() < 0.1 else ending
        yield Case(family="changed", name=f"changed-{number}.{ending}", content=content)


def _damaged(content: bytes, draw: random.Random, bits: list[bytes], others: list[bytes]) -> bytes:
    first, last = sorted((draw.randint(0, len(content)), draw.randint(0, len(content))))
    kind = draw.randrange(7)
    if kind == 0:
        return content[:last]
    if kind == 1:
        return content[:first] + content[last:]
    if kind == 2:
        return content[:first] + draw.choice(bits) * draw.choice((1, 1, 3, 1000)) + content[first:]
    if kind == 3:
        return content[:last] + content[first:last] * draw.choice((1, 2, 50)) + content[last:]
    if kind == 4:
        other = draw.choice(others)
        return content[:first] + other[draw.randint(0, len(other)) :]
    if kind == 5:
        return content[:first] + draw.randbytes(draw.choice((1, 4, 64))) + content[first:]
    return (
        content[:first]
        + bytes(byte ^ 1 << draw.randrange(8) for byte in content[first : first + 4])
        + content[first + 4 :]
    )


def _slug(words: str) -> str:
    return re.sub(r"\W+", "-", words)
