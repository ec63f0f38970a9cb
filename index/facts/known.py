"""Known people of all readouts: what a directory asks for, and everybody gathered in memory."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from index.datatypes import Party
from index.facts.gathering import Person, as_person, gather
from index.facts.names import PARTICLES, is_person, name_words, sound, surnames
from index.textforms import fold

TOKEN = re.compile(r"[^\W\d_]+")
#: Number of readouts from which somebody at home is known by surname alone; below it, most names are guests of one event.
OFTEN = 4
#: A party, the day of its readout, and the readout's id.
Row = tuple[Party, dt.date | None, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A person with every spelling of the name."""

    person: Person
    spellings: frozenset[str]

    @classmethod
    def of(cls, person: Person, spellings: Iterable[str] = ()) -> Entry:
        """A person, whose own name is a spelling as well."""
        return cls(person=person, spellings=frozenset((person.name, *spellings)))


class Known(Protocol):
    """The people of all readouts, numbered from 0, the one in most readouts first."""

    @property
    def span(self) -> tuple[dt.date, dt.date] | None:
        """First and last day of a readout with parties; None if no day is known."""

    def bearers(self, words: Iterable[str]) -> Mapping[str, Mapping[int, bool]]:
        """For each word in names, by sound: the people with it, ascending, and whether it alone may mean them."""

    def entries(self, numbers: Iterable[int]) -> Mapping[int, Entry]:
        """People by number; unassigned numbers are skipped."""

    def named(self, names: Iterable[str]) -> tuple[Person, ...]:
        """People by ``Person.name``, in order of number."""

    def of_country(self, country: str, words: Iterable[str]) -> tuple[Person, ...]:
        """People whose most frequent country this is, and whose offices contain all these folded words, in order of number."""

    def days(self, parties: Iterable[str]) -> tuple[dt.date, ...]:
        """Days of the readouts in which all of these take part, people by name or countries; in order, each once."""

    def called(self, initial: str) -> Mapping[str, str]:
        """Words that well-known people are called by, with this first letter: folded, and as written."""


class Gathered:
    """Everybody, in memory.

    Args:
        entries: By number.
        docs: Ids of the readouts of each.
        days: Day of every readout with parties.
        countries: Ids of the readouts of every country.
    """

    def __init__(
        self,
        entries: Sequence[Entry] = (),
        docs: Sequence[frozenset[str]] = (),
        days: Mapping[str, dt.date] | None = None,
        countries: Mapping[str, set[str]] | None = None,
    ) -> None:
        self.everybody, self.docs = tuple(entries), tuple(docs)
        self._days = dict(days or {})
        self._countries = dict(countries or {})
        self._by_name: dict[str, set[str]] = defaultdict(set)
        for entry, theirs in zip(entries, docs, strict=True):
            self._by_name[entry.person.name] |= theirs
        self.words = _words(self.everybody)
        self._called: dict[str, str] | None = None

    @classmethod
    def of(cls, rows: Iterable[Row]) -> Gathered:
        """Gather people from the parties of all readouts, in any order."""
        days: dict[str, dt.date] = {}
        countries: dict[str, set[str]] = defaultdict(set)
        named: list[tuple[tuple[str, ...], Party, str]] = []
        for party, day, doc_id in rows:
            if day:
                days[doc_id] = day
            if party.country:
                countries[party.country].add(doc_id)
            words = name_words(party.name)
            if words and is_person(party.name, party.office, party.country):
                named.append((words, party, doc_id))
        groups = gather(named)
        entries = [Entry.of(as_person(group, days), group.names) for group in groups]
        return cls(entries, [frozenset(group.docs) for group in groups], days, countries)

    @property
    def span(self) -> tuple[dt.date, dt.date] | None:
        """See ``Known.span``."""
        return (min(self._days.values()), max(self._days.values())) if self._days else None

    def bearers(self, words: Iterable[str]) -> Mapping[str, Mapping[int, bool]]:
        """See ``Known.bearers``."""
        return {word: self.words[word] for word in words if word in self.words}

    def entries(self, numbers: Iterable[int]) -> Mapping[int, Entry]:
        """See ``Known.entries``."""
        return {number: self.everybody[number] for number in numbers if number < len(self.everybody)}

    def named(self, names: Iterable[str]) -> tuple[Person, ...]:
        """See ``Known.named``."""
        wanted = set(names)
        return tuple(entry.person for entry in self.everybody if entry.person.name in wanted)

    def of_country(self, country: str, words: Iterable[str]) -> tuple[Person, ...]:
        """See ``Known.of_country``."""
        theirs = (entry.person for entry in self.everybody if country in entry.person.countries[:1])
        words = list(words)
        return tuple(person for person in theirs if all(word in fold(" ".join(person.offices)) for word in words))

    def days(self, parties: Iterable[str]) -> tuple[dt.date, ...]:
        """See ``Known.days``."""
        theirs = [self._by_name.get(party) or self._countries.get(party) or set() for party in parties]
        shared = set.intersection(*theirs) if theirs else set()
        return tuple(sorted({self._days[doc] for doc in shared if doc in self._days}))

    def called(self, initial: str) -> Mapping[str, str]:
        """See ``Known.called``."""
        return {word: written for word, written in self.all_called().items() if word.startswith(initial)}

    def all_called(self) -> Mapping[str, str]:
        """``called`` for every first letter."""
        if self._called is None:
            self._called = dict(self._well_known_words())
        return self._called

    def _well_known_words(self) -> Iterator[tuple[str, str]]:
        first = self.everybody[0].person if self.everybody else None
        known = [well_known(entry.person, first) for entry in self.everybody]
        written: dict[str, str] = {}
        for entry in self.everybody:
            for token in TOKEN.findall(entry.person.name):
                written.setdefault(fold(token), token)
        for folded, token in written.items():
            bearers = self.words.get(sound(token), {})
            if any(alone and known[number] for number, alone in bearers.items()):
                yield folded, token


def well_known(person: Person, first: Person | None) -> bool:
    """Whether a person is known by a surname in small letters: one from abroad, or in several readouts.

    Args:
        person: The person.
        first: The person in most readouts, whose country is taken as home.
    """
    home = first.countries[:1] if first and first.count >= OFTEN else ("",)
    return person.count >= OFTEN or bool(person.countries and person.countries[:1] != home)


def _words(entries: Sequence[Entry]) -> dict[str, dict[int, bool]]:
    words: dict[str, dict[int, bool]] = defaultdict(dict)
    for number, entry in enumerate(entries):
        for spelling in entry.spellings:
            for word in name_words(spelling):
                words[word][number] = False
    for number, entry in enumerate(entries):
        of_name = name_words(entry.person.name)
        # "Lula", "López": a middle name that only one person has.
        own = {word for word in of_name[1:-1] if len(word) > 3 and len(words[word]) == 1}
        for word in _calls(entry.person, of_name) | own:
            if number in words.get(word, ()):
                words[word][number] = True
    return dict(words)


def _calls(person: Person, words: tuple[str, ...]) -> set[str]:
    """Words that alone may mean this person."""
    calls = set(surnames(words, person.countries))
    if len(person.key.split()) == 1:
        calls.add(sound(person.key))
    if len(words) > 1 and re.search(r"\b(?:bin|bint|ibn|[IVX]{2,})\b", person.name):
        calls.add(words[0])
    return {word for word in calls if word not in PARTICLES and (len(word) > 2 or len(words) < 3 or word == words[0])}
