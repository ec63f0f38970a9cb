"""People whom the readouts name, quick to find in a question."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from index.facts.english import ENGLISH_NAMES
from index.facts.gathering import Person
from index.facts.known import TOKEN, Entry, Gathered, Known, Row, well_known
from index.facts.names import PARTICLES, in_order, name_words, sound
from index.textforms import fold

__all__ = ["Directory", "Person", "PersonMention"]

#: Most words in a name, including particles.
_LONGEST_NAME = 10
#: Misspellings are searched for in words of at least this length; one letter may differ, from the second length on two.
_SHORTEST_SLIP, _LONG_SLIP = 5, 8


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonMention:
    """A name in a text.

    Attributes:
        start: Offset of the first code point.
        end: Offset one past the last code point.
        people: Whom it can mean, the one in most readouts first.
    """

    start: int
    end: int
    people: tuple[Person, ...]


class Directory:
    """Everybody whom the readouts name, with the days on which they met.

    Args:
        known: The people; nobody by default.
        is_word: Whether the readouts use a word, so that it is not a misspelt name; without it only words with a
            capital are taken for misspellings.
    """

    def __init__(self, known: Known | None = None, is_word: Callable[[str], bool] | None = None) -> None:
        self._known = known or Gathered()
        self._is_word = is_word
        self._first = next((entry.person for entry in self._known.entries([0]).values()), None)

    @classmethod
    def of(cls, rows: Iterable[Row], is_word: Callable[[str], bool] | None = None) -> Directory:
        """Gather people from the parties of all readouts, in any order."""
        return cls(Gathered.of(rows), is_word)

    @property
    def home(self) -> tuple[str, ...]:
        """The country of the person in most readouts; empty if there is none."""
        return self._first.countries[:1] if self._first else ()

    def named(self, names: Iterable[str]) -> tuple[Person, ...]:
        """People by ``Person.name``, the one in most readouts first."""
        return self._known.named(names)

    @property
    def span(self) -> tuple[dt.date, dt.date] | None:
        """First and last day of any readout; None if no day is known."""
        return self._known.span

    def lookup(self, text: str) -> tuple[PersonMention, ...]:
        """Names in a text, in order, without overlap, the longest winning; surnames alone count too."""
        tokens = list(TOKEN.finditer(text))
        sounds = [sound(token.group()) for token in tokens]
        bearers = self._known.bearers(dict.fromkeys(sounds))
        found: list[PersonMention] = []
        place = 0
        while place < len(tokens):
            length, theirs = self._longest(text, tokens[place:], sounds[place:], bearers)
            if theirs:
                ordered = tuple(theirs[number].person for number in sorted(theirs))
                end = tokens[place + length - 1].end()
                found.append(PersonMention(start=tokens[place].start(), end=end, people=ordered))
            place += max(length, 1)
        return tuple(found)

    def holders(self, office: str, country: str, day: dt.date | None = None) -> tuple[Person, ...]:
        """Who held an office, by all the words of ``office``, the one in most readouts first.

        Args:
            office: "prime minister", "chancellor" …
            country: Country or body, as ``country_of`` returns it.
            day: Only people in readouts both before and after that day, otherwise within 200 days of it; any time by default.
        """
        wanted = set(fold(office).split())
        found = [
            person
            for person in self._known.of_country(country, wanted)
            if any(_holds(held, wanted) for held in person.offices[:2])
        ]
        if day is None:
            return tuple(found)
        near = [person for person in found if _about(person, day, 200)]
        return tuple([person for person in near if _about(person, day, 0)] or near)

    def days_of(self, parties: Iterable[str]) -> tuple[dt.date, ...]:
        """Days of the readouts in which all of these take part, in order, each once.

        Args:
            parties: Names of people as in ``Person.name``, or countries.
        """
        return self._known.days(parties)

    def nearest(self, word: str) -> str | None:
        """The known name that ``word`` misspells; None if there is none, or if ``word`` is known itself."""
        folded = fold(word)
        if len(folded) < _SHORTEST_SLIP or folded in ENGLISH_NAMES or self._known.bearers([sound(folded)]):
            return None
        if self._is_word(folded) if self._is_word else not word[:1].isupper():
            return None
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        allowed = 2 if len(folded) >= _LONG_SLIP else 1
        known = self._known.called(folded[0])
        choices = [name for name in known if len(name) >= _SHORTEST_SLIP]
        best = process.extractOne(folded, choices, scorer=OSA.distance, score_cutoff=allowed)
        return known[best[0]] if best else None

    def _longest(
        self,
        text: str,
        tokens: Sequence[re.Match[str]],
        sounds: Sequence[str],
        bearers: Mapping[str, Mapping[int, bool]],
    ) -> tuple[int, Mapping[int, Entry]]:
        """How many tokens from the first on form one name, and whose."""
        together: AbstractSet[int] = bearers.get(sounds[0], {}).keys()
        if not together:
            return 0, {}
        length = best = 1
        for ahead in range(1, min(_LONGEST_NAME, len(tokens))):
            gap = text[tokens[ahead - 1].end() : tokens[ahead].start()]
            if not re.fullmatch(r"[\s\-’'‑–.]{1,2}", gap):
                break
            word = fold(tokens[ahead].group())
            narrower = together & bearers.get(sounds[ahead], {}).keys()
            if narrower:
                together, best = narrower, ahead + 1
            elif len(word) > 1 and word not in PARTICLES:
                break
            length += 1
        if best > 1:
            said, heard = [token.group() for token in tokens[:best]], sounds[:best]
            theirs = self._known.entries(together)
            meant = {n: one for n, one in theirs.items() if self._spelled(one, said) and self._fits(one, said, heard)}
            if meant:
                return best, meant
        return 1, self._alone(text, tokens[0], bearers[sounds[0]])

    def _alone(self, text: str, token: re.Match[str], bearers: Mapping[int, bool]) -> Mapping[int, Entry]:
        """Whom one word may mean."""
        word = token.group()
        capital = word[0].isupper() and (_inside(text, token.start()) or fold(word) not in ENGLISH_NAMES)
        if not capital and fold(word) in ENGLISH_NAMES:
            return {}
        theirs = self._known.entries([number for number, alone in bearers.items() if alone])
        return {
            number: one
            for number, one in theirs.items()
            if (self._well_known(one.person) or (capital and one.person.count > 1)) and self._spelled(one, [word])
        }

    def _spelled(self, one: Entry, said: Sequence[str]) -> bool:
        """Whether words are a person's name in some spelling, rather than other words of the readouts that sound alike."""
        folded = [fold(word) for word in said]
        letters = {fold(token) for name in one.spellings for token in TOKEN.findall(name)}
        strange = [word for word in folded if word not in letters and word not in PARTICLES]
        return not strange or self._is_word is None or not any(map(self._is_word, strange))

    def _fits(self, one: Entry, said: Sequence[str], heard: Sequence[str]) -> bool:
        """Whether several words, in order, are enough of a name: any for well-known people, first and last for others."""
        person = one.person
        words = name_words(person.name)
        if not in_order([word for word in heard if word in words], words, person.countries):
            return False
        if self._well_known(person):
            return True
        capitals = all(word[0].isupper() for word in said if fold(word) not in PARTICLES)
        return capitals and words[0] in heard and words[-1] in heard

    def _well_known(self, person: Person) -> bool:
        return well_known(person, self._first)


def _holds(held: str, wanted: set[str]) -> bool:
    """Whether an office is the one meant, and not a deputy's."""
    words = set(fold(held).replace("-", " ").split())
    return wanted <= words and not (words - wanted) & {"vice", "deputy", "former", "elect", "principal", "assistant"}


def _about(person: Person, day: dt.date, days: int) -> bool:
    near = dt.timedelta(days=days)
    return not (person.first and person.last) or person.first - near <= day <= person.last + near


def _inside(text: str, start: int) -> bool:
    """Whether a word is inside a sentence, where a capital means a name."""
    return bool(re.search(r"[\w,’']\s*\Z", text[:start]))
