"""People as a text names them: "Japanese Prime Minister Kishida", "Olaf Scholz, Chancellor of Germany".

An office is read word by word: what somebody is, and of which field, body and country; the name is what follows it and is
not part of an office. The word lists are in ``offices.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from index.facts.offices import OFFICE_PARTS, Office, read_office
from index.facts.tokens import Part, Token, tokenise

_INITIAL = re.compile(r"^\w\.?$")
_SUFFIX = re.compile(r"^(jr|sr)\.?$")
#: What turns a country's word into a party ("the Ukrainian delegation").
_GROUPS = frozenset({"counterpart", "counterparts", "delegation", "officials", "negotiators"})
#: Words before the names of places and things, not of people without an office.
_BEFORE_PLACES = frozenset({"the", "a", "an", "in", "at", "of", "from", "on", "for", "near", "into", "across"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody, or the holder of an office, as named in one place of a text.

    Attributes:
        start: First code point of office or name.
        end: Offset one past the last code point.
        name: As written, without middle initials; empty if only the office is named.
        office: As written, without its country; empty if only the name is given.
        country: Country or body of the office; empty if the text does not say it there.
        owner: A possessive ending follows ("President Biden’s Call").
        group: Several unnamed people ("foreign ministers", "their Ukrainian counterparts").
        addressed: Named with a form of address or a rank ("Mr.", "General").
    """

    start: int
    end: int
    name: str = ""
    office: str = ""
    country: str = ""
    owner: bool = False
    group: bool = False
    addressed: bool = False


@lru_cache(maxsize=512)
def find_people(text: str) -> tuple[Person, ...]:
    """People named in ``text``, in order, without overlap; a bare name of one word only if an office follows.

    Countries that share an office in the plural ("Prime Ministers of Denmark and Spain") share a span as well.
    """
    return people_in(tokenise(text))


def people_in(tokens: Sequence[Token]) -> tuple[Person, ...]:
    """The same for text that is already split into words."""
    people: list[Person] = []
    for person in _people(tokens):
        before = people[-1] if people else None
        if before is not None and before.owner and person.office and person.start - before.end <= 3:
            people[-1] = person  # "President Biden’s Special Advisor Chris Dodd": the adviser took part
        elif before is not None and _leads_to(before, person, tokens):
            office = f"{before.office}, {person.office}" if person.office else before.office
            people[-1] = replace(person, start=before.start, office=office, country=person.country or before.country)
        else:
            people.append(person)
    return tuple(people)


def _leads_to(before: Person, person: Person, tokens: Sequence[Token]) -> bool:
    """Whether two offices of one person are side by side: "Secretary of State, Head of the Bureau Jakub Kumoch"."""
    if before.name or before.group or before.owner or not before.office or not person.name:
        return False
    if not person.office and tokens[-1].start > person.end:
        after = next(token for token in tokens if token.start >= person.end)
        if after.text != ",":
            return False  # "the Prime Minister, Boris Johnson and …": two people
    if before.country and person.country and before.country != person.country:
        return False
    between = [token.text for token in tokens if before.end <= token.start < person.start]
    if between == [","]:
        return True
    # "Deputy Prime Minister – Minister of Finance Ann Moe", not the next line of a list ("… Advisor - Jim Lee").
    opens = next(token for token in tokens if token.start >= person.start)
    return between in (["-"], ["–"], ["—"]) and opens.part is not Part.NAME


def _people(tokens: Sequence[Token]) -> Iterator[Person]:
    place = 0
    while place < len(tokens):
        token = tokens[place]
        if token.part in (*OFFICE_PARTS, Part.COUNTRY) and (office := read_office(tokens, place)) is not None:
            found, place = _with_name(tokens, office)
            yield from found
        elif token.part is Part.COUNTRY and place + 1 < len(tokens) and tokens[place + 1].low in _GROUPS:
            after = tokens[place + 1]
            yield Person(start=token.start, end=after.end, country=token.country, group=after.low != "counterpart")
            place += 2
        elif token.part is Part.NAME or (
            token.part is Part.ADDRESS and token.low.rstrip(".") not in ("his", "her", "their")
        ):
            person, place = _bare(tokens, place)
            if person is not None:
                yield person
        else:
            place += 1


def _with_name(tokens: Sequence[Token], office: Office) -> tuple[list[Person], int]:
    """People who hold the office just read, with their names if these follow, and the place after them."""
    owned = tokens[office.stop - 1].owner
    words, stop = ([], office.stop) if owned else _name(tokens, office.stop)
    if not words and office.plural and office.stop < len(tokens) and tokens[office.stop].text == ":":
        words, stop = _name(tokens, office.stop + 1)  # "Deputy Advisors: Ann Moe of Norway, …"
    if words:
        return _named(tokens, office, words, stop)
    if not owned and (named := _after_body(tokens, office)) is not None:
        return [named[0]], named[1]
    if owned and not _owns_event(tokens, office.stop):
        return [], office.stop  # "the President’s Infrastructure Council"
    start, end = tokens[office.first].start, tokens[office.stop - 1].end
    countries = office.countries if len(office.countries) > 1 else (office.country,)
    return [
        Person(start=start, end=end, office=office.title, country=country, owner=owned, group=office.plural)
        for country in countries
    ], office.stop


def _named(tokens: Sequence[Token], office: Office, words: list[str], stop: int) -> tuple[list[Person], int]:
    """The person whose name was read, and those who share an office in the plural ("Presidents A, B and C")."""
    start = tokens[office.first].start
    people: list[Person] = []
    while words:
        country, after = _of_country(tokens, stop)
        name, last = " ".join(words), tokens[stop - 1]
        country = country or office.country
        person = Person(start=start, end=last.end, name=name, office=office.title, country=country, owner=last.owner)
        people.append(person)
        stop = after
        if not office.plural or person.owner:
            break
        words, following = _next_in_list(tokens, stop)
        if words:
            start, stop = tokens[following - len(words)].start, following
    if len(people) == 1:
        people[0], stop = _apposed(tokens, people[0], stop)
    elif people[-1].country:
        people = [replace(person, country=person.country or people[-1].country) for person in people]
    return people, stop


def _after_body(tokens: Sequence[Token], office: Office) -> tuple[Person, int] | None:
    """ "Head of Roscosmos Dmitry Rogozin": of three names after "of" the last two are the person's."""
    if office.country or office.stop + 3 >= len(tokens) or tokens[office.stop].low != "of":
        return None
    first = office.stop + 1
    stop = first
    while stop < len(tokens) and tokens[stop].part is Part.NAME and not tokens[stop - 1].owner:
        stop += 1
    if stop - first < 3 or stop - first > 4:
        return None
    words = [token.text for token in tokens[stop - 2 : stop]]
    body = " ".join(token.text for token in tokens[first : stop - 2])
    start, end = tokens[office.first].start, tokens[stop - 1].end
    return Person(
        start=start, end=end, name=" ".join(words), office=f"{office.title} of {body}", owner=tokens[stop - 1].owner
    ), stop


def _owns_event(tokens: Sequence[Token], place: int) -> bool:
    """Whether a call or a meeting follows a possessive, after two words at most ("the President’s Virtual Meeting")."""
    return any(token.part is Part.EVENT for token in tokens[place : place + 3])


def _next_in_list(tokens: Sequence[Token], place: int) -> tuple[list[str], int]:
    """The next name of "Senators A, B, and C"; empty if an office or anything else follows."""
    ahead = place
    while ahead < len(tokens) and (tokens[ahead].text == "," or tokens[ahead].low == "and") and ahead - place < 2:
        ahead += 1
    if ahead == place or ahead >= len(tokens):
        return [], place
    words, stop = _name(tokens, ahead)
    if not words or (stop < len(tokens) and tokens[stop].part in (Part.HEAD, Part.FIELD, Part.MODIFIER)):
        return [], place
    return words, stop


def _name(tokens: Sequence[Token], place: int) -> tuple[list[str], int]:
    """Words of the name that starts here, without forms of address, and the place after it; no words if there is none."""
    words: list[str] = []
    stop = place
    if stop + 1 < len(tokens) and tokens[stop].text == "," and tokens[stop + 1].part is Part.ADDRESS:
        stop += 1
    while stop < len(tokens):
        token = tokens[stop]
        following = tokens[stop + 1] if stop + 1 < len(tokens) else None
        if token.part is Part.NAME and len(words) > 1 and token.text in words:
            break  # a tag glued to the text says the name once more
        if token.low != "sr." and _is_of_name(token, following, bool(words), stop == place):
            words.append(token.text)
        elif not _is_beside_name(tokens, stop, bool(words), place):
            break
        stop += 1
        if token.owner:
            break
    return (_tidy(words), stop) if any(word[0].isupper() for word in words) else ([], place)


def _is_of_name(token: Token, following: Token | None, begun: bool, opens: bool) -> bool:
    """Whether a word belongs to the name: a capitalised one, a particle between, a country's as a first name."""
    if token.part is Part.NAME:
        return True
    if token.part is Part.ADDRESS:  # "Hun Sen": short forms of address have a full stop
        return begun and token.text[0].isupper() and not token.low.endswith(".") and not _SUFFIX.match(token.low)
    if following is None:
        return False
    if token.part is Part.PARTICLE:
        return _continues(following, begun, token)
    return token.part is Part.COUNTRY and opens and following.part is Part.NAME and not token.owner


def _is_beside_name(tokens: Sequence[Token], place: int, begun: bool, start: int) -> bool:
    """Whether a word accompanies the name without being part of it: "Lieutenant General", "Dr.", ", Jr."."""
    token = tokens[place]
    if token.low == "sr." and not begun and place + 1 < len(tokens):
        return tokens[place + 1].part is Part.ADDRESS  # "Sr. Lt. Gen."
    if token.part is Part.ADDRESS:
        return (not begun or token.low.endswith(".")) or _SUFFIX.match(token.low) is not None
    if token.low == "general":
        return not begun and place > start and tokens[place - 1].part is Part.ADDRESS
    following = tokens[place + 1] if place + 1 < len(tokens) else None
    return token.text == "," and begun and following is not None and _SUFFIX.match(following.low) is not None


def _continues(following: Token, begun: bool, particle: Token) -> bool:
    if following.part not in (Part.NAME, Part.PARTICLE):
        return False
    return (
        begun
        or particle.text[0].isupper()
        or following.part is Part.PARTICLE
        or particle.low not in ("a", "an", "as", "y", "e", "do")
    )


def _tidy(words: list[str]) -> list[str]:
    """Without middle initials; "Jr." keeps its full stop."""
    kept = [word for place, word in enumerate(words) if place == 0 or not _INITIAL.match(word)]
    return kept if any(len(word.rstrip(".")) > 1 for word in kept) else words


def _of_country(tokens: Sequence[Token], place: int) -> tuple[str, int]:
    ahead = place
    if ahead < len(tokens) and tokens[ahead].low == "of":
        ahead += 1
        if ahead < len(tokens) and tokens[ahead].low == "the":
            ahead += 1
        if ahead < len(tokens) and tokens[ahead].part is Part.COUNTRY:
            return tokens[ahead].country, ahead + 1
    return "", place


def _apposed(tokens: Sequence[Token], person: Person, place: int) -> tuple[Person, int]:
    """Take an office that follows the name: ", the Prime Minister of Canada"."""
    ahead = place
    if ahead >= len(tokens) or tokens[ahead].text not in (",", "("):
        return person, place
    ahead += 1
    while ahead < len(tokens) and tokens[ahead].low in ("the", "a", "an"):
        ahead += 1
    if ahead >= len(tokens) or tokens[ahead].part not in (*OFFICE_PARTS, Part.COUNTRY):
        return person, place
    office = read_office(tokens, ahead)
    if office is None or office.plural or _name(tokens, office.stop)[0]:
        return person, place
    title = office.title
    return (
        replace(
            person,
            office=person.office or title,
            country=person.country or office.country,
            end=tokens[office.stop - 1].end,
        ),
        office.stop,
    )


def _bare(tokens: Sequence[Token], place: int) -> tuple[Person | None, int]:
    """A name without an office before it; one word alone counts only after an address ("Ms. Navalnaya")."""
    words, stop = _name(tokens, place)
    if not words:
        return None, place + 1
    addressed = tokens[place].part is Part.ADDRESS
    behind = tokens[place - 1] if place else None
    if behind is not None and not addressed and (behind.low in _BEFORE_PLACES or _is_compound(behind)):
        return None, stop
    if not addressed and stop < len(tokens) and tokens[stop].low == "of" and not _of_country(tokens, stop)[0]:
        return None, stop  # "Related Forms of Bias"
    # A body's name ("Gamaleya Centre") or a heading's words are not a person.
    if stop < len(tokens) and tokens[stop].part in (Part.FIELD, Part.EVENT) and not tokens[stop - 1].owner:
        return None, stop
    if not addressed and stop < len(tokens) and tokens[stop].part is Part.HEAD and tokens[stop].plural:
        return None, stop  # "Rossiya members"
    country, after = _of_country(tokens, stop)
    person = Person(start=tokens[place].start, end=tokens[stop - 1].end, name=" ".join(words), country=country,
                    owner=tokens[stop - 1].owner, addressed=addressed)  # fmt: skip
    if not person.owner:
        person, after = _apposed(tokens, person, after)
    if len(words) < 2 and not addressed and not person.office:
        return None, stop
    return (person, after) if len(words) <= 6 else (None, stop)


def _is_compound(behind: Token) -> bool:
    """Whether the word before is part of the same capitalised term ("Domestic Violence Awareness")."""
    return behind.part in (Part.FIELD, Part.MODIFIER, Part.EVENT) and behind.text[0].isupper() and not behind.owner
