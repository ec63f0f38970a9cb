"""People as the readouts know them: one entry a person, whatever the spelling, and quick to find in a question."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from index.datatypes import Party
from index.facts.english import ENGLISH_NAMES
from index.facts.gathering import Person, as_person, gather
from index.facts.names import PARTICLES, in_order, is_person, name_words, sound, surnames
from index.textforms import fold

__all__ = ["Directory", "Person", "PersonMention"]

_TOKEN = re.compile(r"[^\W\d_]+")
#: Words of a name at most, particles counted.
_LONGEST_NAME = 10
#: Slips are looked for in words of this length and more; one letter may be off, from the second length on two.
_SHORTEST_SLIP, _LONG_SLIP = 5, 8
#: Readouts from which on somebody at home is known by surname alone; below it, most names are guests of one event.
_OFTEN = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonMention:
    """A name in a text.

    Attributes:
        start: First code point.
        end: One past the last.
        people: Who it can be, the one in most readouts first.
    """

    start: int
    end: int
    people: tuple[Person, ...]


class Directory:
    """Everybody whom the readouts name, with the days on which they met.

    Make one with ``Directory.of``; an empty one knows nobody.
    """

    def __init__(
        self,
        people: Sequence[Person] = (),
        docs: Sequence[frozenset[str]] = (),
        days: Mapping[str, dt.date] | None = None,
        is_word: Callable[[str], bool] | None = None,
        spellings: Sequence[Iterable[str]] = (),
    ) -> None:
        self._people = tuple(people)
        self._docs: dict[str, set[str]] = defaultdict(set)
        for person, theirs in zip(people, docs, strict=True):
            self._docs[person.name] |= theirs
        self._days = dict(days or {})
        self._span = (min(self._days.values()), max(self._days.values())) if self._days else None
        self._is_word = is_word
        self._slips: dict[str, str] | None = None
        given = [tuple(names) for names in spellings] or [()] * len(self._people)
        self._spellings = [frozenset((person.name, *names)) for person, names in zip(self._people, given, strict=True)]
        self._by_word: dict[str, set[int]] = defaultdict(set)
        self._callable: dict[str, set[int]] = defaultdict(set)
        self._countries: dict[str, set[str]] = defaultdict(set)
        for number, person in enumerate(self._people):
            for spelling in self._spellings[number]:
                for word in name_words(spelling):
                    self._by_word[word].add(number)
            for word in _calls(person, name_words(person.name)):
                self._callable[word].add(number)
        for number, person in enumerate(self._people):
            for word in name_words(person.name)[1:-1]:  # "Lula", "López": a middle name that is only one person's
                if len(word) > 3 and len(self._by_word[word]) == 1:
                    self._callable[word].add(number)

    @classmethod
    def of(
        cls, rows: Iterable[tuple[Party, dt.date | None, str]], is_word: Callable[[str], bool] | None = None
    ) -> Directory:
        """Gather people from the parties of all readouts.

        Args:
            rows: Party, day of the event (or of publication) and id of each readout; in any order.
            is_word: Whether the readouts use a word at all, so that it is no slip of a name; without it only words with
                a capital are taken for slips.
        """
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
        people, docs = [as_person(group, days) for group in groups], [frozenset(group.docs) for group in groups]
        directory = cls(people, docs, days, is_word, [group.names for group in groups])
        directory._countries.update(countries)
        return directory

    def people(self) -> tuple[Person, ...]:
        """Everybody, the one in most readouts first."""
        return self._people

    @property
    def span(self) -> tuple[dt.date, dt.date] | None:
        """First and last day of any readout; None where no day is known."""
        return self._span

    def lookup(self, text: str) -> tuple[PersonMention, ...]:
        """Names in a text, in order, without overlap, the longest winning; by surname alone too."""
        tokens = list(_TOKEN.finditer(text))
        sounds = [sound(token.group()) for token in tokens]
        found: list[PersonMention] = []
        place = 0
        while place < len(tokens):
            length, numbers = self._longest(text, tokens, sounds, place)
            if numbers:
                ordered = tuple(self._people[number] for number in sorted(numbers))
                end = tokens[place + length - 1].end()
                found.append(PersonMention(start=tokens[place].start(), end=end, people=ordered))
            place += max(length, 1)
        return tuple(found)

    def holders(self, office: str, country: str, day: dt.date | None = None) -> tuple[Person, ...]:
        """Who held an office, by all the words of ``office``, the one in most readouts first.

        Args:
            office: "prime minister", "chancellor" …
            country: Country or body, as ``country_of`` gives it.
            day: Only who stands in readouts before and after that day, else within 200 days of it; any time by default.
        """
        wanted = set(fold(office).split())
        found = [
            person
            for person in self._people
            if country in person.countries[:1] and any(_holds(held, wanted) for held in person.offices[:2])
        ]
        if day is None:
            return tuple(found)
        near = [person for person in found if _about(person, day, 200)]
        return tuple([person for person in near if _about(person, day, 0)] or near)

    def days_of(self, parties: Iterable[str]) -> tuple[dt.date, ...]:
        """Days of the readouts in which all of these take part, in order, each once.

        Args:
            parties: Names of people as ``Person.name`` has them, or countries.
        """
        docs: set[str] | None = None
        for party in parties:
            theirs: set[str] = self._docs.get(party) or self._countries.get(party) or set()
            docs = set(theirs) if docs is None else docs & theirs
        return tuple(sorted({self._days[doc] for doc in docs or () if doc in self._days}))

    def nearest(self, word: str) -> str | None:
        """The known name that ``word`` is a slip of; None where it is none, or known itself."""
        folded = fold(word)
        if len(folded) < _SHORTEST_SLIP or folded in ENGLISH_NAMES or sound(folded) in self._by_word:
            return None
        if self._is_word(folded) if self._is_word else not word[:1].isupper():
            return None
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        allowed = 2 if len(folded) >= _LONG_SLIP else 1
        known = self._known_words()
        choices = [name for name in known if len(name) >= _SHORTEST_SLIP and name[0] == folded[0]]
        best = process.extractOne(folded, choices, scorer=OSA.distance, score_cutoff=allowed)
        return known[best[0]] if best else None

    def _longest(self, text: str, tokens: list[re.Match[str]], sounds: list[str], place: int) -> tuple[int, set[int]]:
        """How many tokens from ``place`` on make one name, and whose."""
        numbers = self._by_word.get(sounds[place])
        if not numbers:
            return 0, set()
        together, length, best = set(numbers), 1, 1
        for ahead in range(place + 1, min(place + _LONGEST_NAME, len(tokens))):
            gap = text[tokens[ahead - 1].end() : tokens[ahead].start()]
            if not re.fullmatch(r"[\s\-’'‑–.]{1,2}", gap):
                break
            word = fold(tokens[ahead].group())
            narrower = together & self._by_word.get(sounds[ahead], set())
            if narrower:
                together, best = narrower, ahead - place + 1
            elif len(word) > 1 and word not in PARTICLES:
                break
            length += 1
        said = [token.group() for token in tokens[place : place + best]]
        if best > 1:
            heard = sounds[place : place + best]
            together = {n for n in together if self._spelled(n, said) and self._fits(n, said, heard)}
            if together:
                return best, together
        return 1, self._alone(text, tokens[place], sounds[place])

    def _alone(self, text: str, token: re.Match[str], heard: str) -> set[int]:
        """Whom one word may mean."""
        word = token.group()
        called = {number for number in self._callable.get(heard, ()) if self._spelled(number, [word])}
        if word[0].isupper() and (_inside(text, token.start()) or fold(word) not in ENGLISH_NAMES):
            return {number for number in called if self._well_known(number) or self._people[number].count > 1}
        return set() if fold(word) in ENGLISH_NAMES else {number for number in called if self._well_known(number)}

    def _spelled(self, number: int, said: Sequence[str]) -> bool:
        """Whether words are a person's in some spelling, and not other words of the readouts that sound alike."""
        folded = [fold(word) for word in said]
        letters = {fold(token) for name in self._spellings[number] for token in _TOKEN.findall(name)}
        strange = [word for word in folded if word not in letters and word not in PARTICLES]
        return not strange or self._is_word is None or not any(map(self._is_word, strange))

    def _fits(self, number: int, said: Sequence[str], heard: Sequence[str]) -> bool:
        """Whether several words are enough of a name, in order: any for the well known, first and last for others."""
        person = self._people[number]
        words = name_words(person.name)
        if not in_order([word for word in heard if word in words], words, person.countries):
            return False
        if self._well_known(number):
            return True
        capitals = all(word[0].isupper() for word in said if fold(word) not in PARTICLES)
        return capitals and words[0] in heard and words[-1] in heard

    def _known_words(self) -> Mapping[str, str]:
        """Words by which well-known people are called, folded, and as written."""
        if self._slips is None:
            written: dict[str, str] = {}
            for person in self._people:
                for token in _TOKEN.findall(person.name):
                    written.setdefault(fold(token), token)
            self._slips = {
                folded: token
                for folded, token in written.items()
                if any(self._well_known(number) for number in self._callable.get(sound(token), ()))
            }
        return self._slips

    def _well_known(self, number: int) -> bool:
        """Whether a person is known by a surname in small letters: one from abroad, or in several readouts."""
        person = self._people[number]
        home = self._people[0].countries[:1] if self._people[0].count >= _OFTEN else ("",)
        return person.count >= _OFTEN or bool(person.countries and person.countries[:1] != home)


def _holds(held: str, wanted: set[str]) -> bool:
    """Whether an office is the one meant, and no deputy's."""
    words = set(fold(held).replace("-", " ").split())
    return wanted <= words and not (words - wanted) & {"vice", "deputy", "former", "elect", "principal", "assistant"}


def _about(person: Person, day: dt.date, days: int) -> bool:
    near = dt.timedelta(days=days)
    return not (person.first and person.last) or person.first - near <= day <= person.last + near


def _inside(text: str, start: int) -> bool:
    """Whether a word stands inside a sentence, where a capital means a name."""
    return bool(re.search(r"[\w,’']\s*\Z", text[:start]))


def _calls(person: Person, words: tuple[str, ...]) -> set[str]:
    """Words that alone may mean this person."""
    calls = set(surnames(words, person.countries))
    if len(person.key.split()) == 1:
        calls.add(sound(person.key))
    if len(words) > 1 and re.search(r"\b(?:bin|bint|ibn|[IVX]{2,})\b", person.name):
        calls.add(words[0])
    return {word for word in calls if word not in PARTICLES and (len(word) > 2 or len(words) < 3 or word == words[0])}
