"""Everybody the readouts name, kept in the catalogue: gathered within the transaction that changes the readouts.

Whom a name means depends on all the readouts, so all people are gathered again: some 2 s for 90,000 readouts, which the first
question of every process would otherwise wait for.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from index.catalogue import Catalogue
from index.facts.gathering import GATHERING_VERSION, Person
from index.facts.known import Entry, Gathered, Known
from index.protocols import Ids

#: Key of the catalogue's ``meta`` that says of which generation, and by which rules, people were gathered.
PEOPLE = "people"
#: Words and people that are kept in memory at most.
_KEPT = 8192
_COLUMNS = "id, name, key, offices, countries, spellings, first, last, count"


def known_people(catalogue: Catalogue) -> Known:
    """Everybody, as the catalogue keeps them, or gathered now if an earlier version of the program wrote it."""
    return StoredPeople(catalogue) if people_kept(catalogue) else Gathered.of(catalogue.everybody())


def people_kept(catalogue: Catalogue) -> bool:
    """Whether the people that the catalogue keeps are up to date."""
    return catalogue.meta(PEOPLE) == _stamp(catalogue)


def keep_people(catalogue: Catalogue) -> None:
    """Gather everybody and store them; within a transaction, after all changes of readouts."""
    gathered = Gathered.of(catalogue.everybody())
    for table in ("people", "people_words", "people_documents", "people_called"):
        catalogue.run(f"DELETE FROM {table}")
    catalogue.run_many("INSERT INTO people VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", _people(gathered.everybody))
    catalogue.run_many(
        "INSERT INTO people_words VALUES (?, ?, ?)",
        ((word, *one) for word, bearers in sorted(gathered.words.items()) for one in bearers.items()),
    )
    rows = dict(catalogue.run("SELECT doc_id, id FROM documents"))
    catalogue.run_many(
        "INSERT INTO people_documents VALUES (?, ?)",
        ((number, row) for number, docs in enumerate(gathered.docs) for row in sorted(rows[doc] for doc in docs)),
    )
    catalogue.run_many("INSERT INTO people_called VALUES (?, ?)", sorted(gathered.all_called().items()))
    catalogue.set_meta("span", " ".join(day.isoformat() for day in gathered.span or ()))
    catalogue.set_meta(PEOPLE, _stamp(catalogue))


def _stamp(catalogue: Catalogue) -> str:
    return f"{catalogue.generation} {GATHERING_VERSION}"


def _people(entries: Sequence[Entry]) -> Iterator[tuple[object, ...]]:
    for number, entry in enumerate(entries):
        one = entry.person
        lists = (json.dumps(list(values), ensure_ascii=False) for values in (one.offices, one.countries))
        days = (day.isoformat() if day else None for day in (one.first, one.last))
        spellings = json.dumps(sorted(entry.spellings), ensure_ascii=False)
        yield number, one.name, one.key, *lists, "".join(one.countries[:1]), spellings, *days, one.count


class StoredPeople:
    """People of the catalogue's present generation; see ``Known``."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        span = (catalogue.meta("span") or "").split()
        self._span = (dt.date.fromisoformat(span[0]), dt.date.fromisoformat(span[1])) if span else None
        self._bearers: dict[str, dict[int, bool]] = {}
        self._entries: dict[int, Entry] = {}
        self._days: tuple[Ids, list[str]] | None = None

    @property
    def span(self) -> tuple[dt.date, dt.date] | None:
        """See ``Known.span``."""
        return self._span

    def bearers(self, words: Iterable[str]) -> Mapping[str, Mapping[int, bool]]:
        """See ``Known.bearers``."""
        words = list(words)
        missing = [word for word in words if word not in self._bearers]
        if missing:
            if len(self._bearers) > _KEPT:
                self._bearers.clear()
                missing = words
            self._bearers.update((word, {}) for word in missing)
            for word, number, alone in self._among("SELECT word, person, alone FROM people_words WHERE word", missing):
                self._bearers[word][number] = bool(alone)
        return {word: self._bearers[word] for word in words if self._bearers[word]}

    def entries(self, numbers: Iterable[int]) -> Mapping[int, Entry]:
        """See ``Known.entries``."""
        numbers = list(numbers)
        missing = [number for number in numbers if number not in self._entries]
        if missing:
            if len(self._entries) > _KEPT:
                self._entries.clear()
                missing = numbers
            found = self._among(f"SELECT {_COLUMNS} FROM people WHERE id", missing)
            self._entries.update((row[0], _entry(row)) for row in found)
        return {number: self._entries[number] for number in numbers if number in self._entries}

    def named(self, names: Iterable[str]) -> tuple[Person, ...]:
        """See ``Known.named``."""
        return self._in_order(self._among("SELECT id FROM people WHERE name", list(names)))

    def of_country(self, country: str, words: Iterable[str]) -> tuple[Person, ...]:
        """See ``Known.of_country``."""
        words = list(words)
        holding = " AND ".join(["country = ?", *("instr(fold(offices), ?)" for _ in words)])
        return self._in_order(self._catalogue.run(f"SELECT id FROM people WHERE {holding}", (country, *words)))

    def days(self, parties: Iterable[str]) -> tuple[dt.date, ...]:
        """See ``Known.days``."""
        shared: set[int] | None = None
        for party in parties:
            theirs = self._documents(party)
            shared = theirs if shared is None else shared & theirs
        if not shared:
            return ()
        rows, days = self._every_day()
        places = np.searchsorted(rows, np.fromiter(shared, dtype=np.int64, count=len(shared)))
        there = places[places < len(rows)]
        found = {days[place] for place in there.tolist() if int(rows[place]) in shared}
        return tuple(map(dt.date.fromisoformat, sorted(found)))

    def called(self, initial: str) -> Mapping[str, str]:
        """See ``Known.called``."""
        between = "SELECT * FROM people_called WHERE folded BETWEEN ? AND ?"
        return dict(self._catalogue.run(between, (initial, f"{initial}\U0010ffff")))

    def _documents(self, party: str) -> set[int]:
        """Rows of the readouts of a person by name, or of a country."""
        found = self._catalogue.run(
            "SELECT document FROM people_documents WHERE person IN (SELECT id FROM people WHERE name = ?)", (party,)
        ) or self._catalogue.run("SELECT document FROM parties WHERE country = ?", (party,))
        return {row for (row,) in found}

    def _every_day(self) -> tuple[Ids, list[str]]:
        """Rows of all readouts with a day, ascending, and their days."""
        if self._days is None:
            # From the index of days, and as two texts: the rows of documents carry their words.
            found = "SELECT id, day FROM documents WHERE day IS NOT NULL ORDER BY day"
            rows, days = self._catalogue.run(f"SELECT group_concat(id), group_concat(day) FROM ({found})")[0]
            numbers = np.fromstring(rows or "", dtype=np.int64, sep=",")
            order = np.argsort(numbers)
            written = (days or "").split(",")
            self._days = numbers[order], [written[place] for place in order.tolist()]
        return self._days

    def _among(self, statement: str, values: Sequence[object]) -> list[Any]:
        return self._catalogue.run(
            f"{statement} IN (SELECT value FROM json_each(?))", (json.dumps(values, ensure_ascii=False),)
        )

    def _in_order(self, rows: Iterable[Sequence[int]]) -> tuple[Person, ...]:
        entries = self.entries(sorted(row[0] for row in rows))
        return tuple(entry.person for entry in entries.values())


def _entry(row: Sequence[Any]) -> Entry:
    _, name, key, offices, countries, spellings, first, last, count = row
    person = Person(
        name=name,
        key=key,
        offices=tuple(json.loads(offices)),
        countries=tuple(json.loads(countries)),
        first=dt.date.fromisoformat(first) if first else None,
        last=dt.date.fromisoformat(last) if last else None,
        count=count,
    )
    return Entry.of(person, json.loads(spellings))
