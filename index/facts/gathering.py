"""From spellings of names to people: the party rows of all readouts, as one entry per person."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from index.datatypes import Party
from index.facts.names import PARTICLES, name_words, same_given, sound, surnames
from index.textforms import fold

#: Raise it with every change of how names sound and who bears them; people kept by other rules are gathered again.
GATHERING_VERSION = 2

#: How many people who share a word a name is compared with, and how many spellings of each: of a hundred thousand people
#: with one surname, each would be compared with all earlier ones.
_COMPARED, _SPELLINGS = 300, 100
_TOKEN = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who takes part in readouts.

    Attributes:
        name: The fullest form in which it is written there ("Jake Sullivan").
        key: Folded words common to every spelling of the name ("sullivan"): what to search parties by.
        offices: As written, the most frequent first.
        countries: Countries and bodies, the most frequent first.
        first: Day of the first readout, None if no day is known.
        last: Day of the last.
        count: Number of readouts.
    """

    name: str
    key: str
    offices: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    first: dt.date | None = None
    last: dt.date | None = None
    count: int = 0


@dataclass(slots=True)
class Group:
    """One person while spellings are being gathered."""

    words: frozenset[str]
    names: Counter[str] = field(default_factory=Counter)
    offices: Counter[str] = field(default_factory=Counter)
    countries: Counter[str] = field(default_factory=Counter)
    docs: set[str] = field(default_factory=set)


def gather(named: Sequence[tuple[tuple[str, ...], Party, str]]) -> list[Group]:
    """Spellings to people: longest names first; a shorter one joins the person whose words include its own."""
    groups: list[Group] = []
    by_word: dict[str, list[Group]] = defaultdict(list)
    cache: dict[tuple[frozenset[str], str], Group] = {}
    for words, party, doc_id in sorted(named, key=lambda row: (-len(set(row[0])), row[1].name, row[2])):
        key = frozenset(words), party.country
        group = cache.get(key)
        if group is None:
            group = _home(words, party, by_word)
            if group is None:
                group = Group(words=frozenset(words))
                groups.append(group)
                for word in group.words:
                    if len(by_word[word]) < _COMPARED:
                        by_word[word].append(group)
            cache[key] = group
        group.names[party.name] += 1
        group.docs.add(doc_id)
        if party.office:
            group.offices[party.office] += 1
        if party.country:
            group.countries[party.country] += 1
    return sorted(groups, key=lambda group: (-len(group.docs), min(group.names)))


def _home(words: tuple[str, ...], party: Party, by_word: Mapping[str, list[Group]]) -> Group | None:
    """The person a spelling belongs to: same words, fewer words, or the same surname and a similar given name."""
    ours = frozenset(words)
    # Whoever fits has the last word; of those in equally many readouts, one that has the first word too comes first.
    fitting = [group for group in by_word.get(words[-1], ()) if _same_person(words, ours, party, group)]
    return max(fitting, key=lambda group: (len(group.docs), words[0] in group.words), default=None)


def _same_person(words: tuple[str, ...], ours: frozenset[str], party: Party, group: Group) -> bool:
    at_home = not party.country or not group.countries or party.country in group.countries
    if len(ours) == 1 and ours < group.words and not ours & _called(group):
        # A given name alone ("Charles III", "Crown Prince Mohammed") belongs to nobody without a matching country.
        return party.country in group.countries
    if ours <= group.words:
        return at_home or len(ours) > 1
    if not at_home or len(words) < 2:
        return False
    left, right = ours - group.words, group.words - ours
    shared = words[-1] in group.words
    return shared and len(left) == 1 and len(right) >= 1 and any(same_given(next(iter(left)), other) for other in right)


def _called(group: Group) -> frozenset[str]:
    """Single words by which the person may be called, whatever the spelling."""
    return frozenset(
        word for name in islice(group.names, _SPELLINGS) for word in surnames(name_words(name), group.countries)
    )


def as_person(group: Group, days: Mapping[str, dt.date]) -> Person:
    """The person for a group of spellings, with the days of their readouts."""
    name = max(group.names, key=lambda name: (min(len(name_words(name)), 3) > 1, group.names[name], len(name)))
    dated = sorted(days[doc] for doc in group.docs if doc in days)
    return Person(
        name=name,
        key=_key(group, name),
        offices=tuple(office for office, _ in group.offices.most_common()),
        countries=tuple(country for country, _ in group.countries.most_common()),
        first=dated[0] if dated else None,
        last=dated[-1] if dated else None,
        count=len(group.docs),
    )


def _key(group: Group, name: str) -> str:
    """Folded words that all spellings share, in the order of the name; the surname if they share none."""
    shared = frozenset.intersection(*(frozenset(name_words(spelling)) for spelling in group.names))
    ordered = [fold(token) for token in _TOKEN.findall(name)]
    common = [word for word in ordered if sound(word) in shared and word not in PARTICLES]
    if common:
        return " ".join(common)
    called = surnames(name_words(name), group.countries)
    return next((word for word in reversed(ordered) if sound(word) in called), fold(name))
