"""People as a text names them: "Japanese Prime Minister Kishida", "Olaf Scholz, Chancellor of Germany".

An office is read word by word: what somebody is, of which field, body and country; the name is what follows it that no
office is made of. The word lists stand in ``offices.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from index.facts.tokens import Part, Token, tokenise

_OFFICE_PARTS = (Part.HEAD, Part.MODIFIER, Part.FIELD)
_INITIAL = re.compile(r"^\w\.?$")
_SUFFIX = re.compile(r"^(jr|sr)\.?$")
#: Words that are an address before a name and an office without one.
_RANKS = frozenset({"gen", "gen.", "general", "admiral", "adm.", "colonel", "lieutenant", "major", "captain", "marshal"})


_SEATS_OF_OFFICE = frozenset({"chancellery", "office", "ministry", "administration", "department", "cabinet", "government"})
#: Words before the names of places and things, not of people without an office.
_BEFORE_PLACES = frozenset("the a an in at of from on for near into across".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody, or the holder of an office, as named in one place of a text.

    Attributes:
        start: First code point of office or name.
        end: One past the last.
        name: As written, without middle initials; empty where only the office is named.
        office: As written, without its country; empty where only the name is given.
        country: Country or body of the office; empty where the text does not say it there.
        owner: A possessive ending follows ("President Biden’s Call").
        group: Several unnamed people ("foreign ministers", "their Ukrainian counterparts").
    """

    start: int
    end: int
    name: str = ""
    office: str = ""
    country: str = ""
    owner: bool = False
    group: bool = False


@dataclass(slots=True)
class _Office:
    """An office while it is being read; ``stop`` is the place of the first token after it."""

    stop: int
    words: list[str]
    country: str = ""
    countries: tuple[str, ...] = ()
    plural: bool = False
    first: int = 0


def find_people(text: str) -> tuple[Person, ...]:
    """People named in ``text``, in order, without overlap; bare names only where an office follows or two words make one."""
    return people_in(tokenise(text))


def people_in(tokens: Sequence[Token]) -> tuple[Person, ...]:
    """The same for words already parted."""
    people: list[Person] = []
    for person in _people(tokens):
        before = people[-1] if people else None
        if before is not None and before.owner and person.office and person.start - before.end <= 3:
            people[-1] = person  # "President Biden’s Special Advisor Chris Dodd": the adviser took part
        elif before is not None and _leads_to(before, person, tokens):
            people[-1] = replace(person, start=before.start, office=f"{before.office}, {person.office}")
        else:
            people.append(person)
    return tuple(people)


def _leads_to(before: Person, person: Person, tokens: Sequence[Token]) -> bool:
    """Whether two offices of one person stand side by side: "Secretary of State, Head of the Bureau Jakub Kumoch"."""
    if before.name or before.group or before.owner or before.country or not before.office or not (person.name and person.office):
        return False
    between = [token.text for token in tokens if before.end <= token.start < person.start]
    return between in ([","], ["-"], ["–"], ["—"])


def _people(tokens: Sequence[Token]) -> Iterator[Person]:
    place = 0
    while place < len(tokens):
        token = tokens[place]
        if token.part in (*_OFFICE_PARTS, Part.COUNTRY) and (office := _read_office(tokens, place)) is not None:
            found, place = _with_name(tokens, place, office)
            yield from found
        elif token.part is Part.COUNTRY and place + 1 < len(tokens) and tokens[place + 1].low in ("counterpart", "counterparts"):
            after = tokens[place + 1]
            yield Person(start=token.start, end=after.end, country=token.country, group=after.low.endswith("s"))
            place += 2
        elif token.part is Part.NAME or (token.part is Part.ADDRESS and token.low.rstrip(".") not in ("his", "her", "their")):
            person, place = _bare(tokens, place)
            if person is not None:
                yield person
        else:
            place += 1


def _read_office(tokens: Sequence[Token], place: int) -> _Office | None:
    """The office that starts here; None where no word says what somebody is."""
    office = _Office(stop=place, words=[], first=place)
    headed, link = False, ""
    while office.stop < len(tokens):
        token = tokens[office.stop]
        if token.part is Part.COUNTRY:
            if headed and not link and tokens[office.stop - 1].part is Part.HEAD:
                break  # "Foreign Minister Israel Katz": a name
            if not office.country and link not in ("to", "for", "on", "in"):
                office.country = token.country
                office.countries = (token.country,)
            elif link in ("and", ",") and office.plural:
                office.countries = (*office.countries, token.country)
            if headed and link in ("to", "for", "on", "in"):
                office.words.append(token.text)
            elif not headed and token.form == "body" and len(token.text.split()) > 1:
                office.words.append(token.text)  # "European Commission President"
            elif link == "of" and token.form == "body":
                office.words.append(token.text)
        elif token.part in _OFFICE_PARTS:
            if token.part is Part.HEAD:
                headed = True
                office.plural = office.plural or token.plural
            office.words.append(token.text)
        elif token.part is Part.NAME and _is_body(tokens, office.stop, bool(link) or not headed):
            office.words.append(token.text)
        elif token.part is Part.CONNECTOR or (token.text == "," and _list_goes_on(tokens, office, link)):
            step = _connect(tokens, office, headed)
            if step is None:
                break
            link = step
            continue
        else:
            break
        office.stop += 1
        if token.owner:
            if token.part is Part.COUNTRY and not headed:
                link = ""
                continue  # "Ukraine’s Foreign Minister"
            break
        link = "" if token.part is not Part.CONNECTOR else link
    if not headed:
        return None
    while office.words and office.words[-1].lower() in ("of", "for", "to", "the", "and", "&", "at", "on", "in", ","):
        office.words.pop()
    return office


def _connect(tokens: Sequence[Token], office: _Office, headed: bool) -> str | None:
    """Take "of the", "for", "and" … where the office goes on after it; the word that joins, else None."""
    ahead, joined = office.stop, []
    while ahead < len(tokens) and (tokens[ahead].part is Part.CONNECTOR or tokens[ahead].text == ","):
        joined.append(tokens[ahead].low)
        ahead += 1
    if ahead >= len(tokens) or not headed or joined[0] == "the":
        return None
    following = tokens[ahead]
    link = next((word for word in joined if word not in ("the", ",")), ",")
    if link in ("and", "&"):
        if following.part is Part.COUNTRY:
            if not (office.plural and office.country and tokens[office.stop - 1].part is Part.COUNTRY):
                return None
        elif office.country and tokens[office.stop - 1].part is Part.COUNTRY:
            return None
        elif "the" in joined and following.part is Part.HEAD:
            return None  # "the President and the Prime Minister": two people
        link = "and"
    elif link == "on" and following.part is not Part.FIELD:
        return None
    elif link == "from" and not (following.part is Part.COUNTRY and office.plural):
        return None
    elif (link == "in" and following.low not in _SEATS_OF_OFFICE) or (link == "to" and following.part is Part.NAME):
        return None
    fits = following.part in (*_OFFICE_PARTS, Part.COUNTRY) or (
        following.part is Part.NAME and _is_body(tokens, ahead, True)
    )
    if not fits or (following.part is not Part.COUNTRY and not following.text[0].isupper() and link != "of" and link != "and"):
        return None
    spoken = [token.text for token in tokens[office.stop : ahead]]
    if following.part is not Part.COUNTRY or link in ("to", "for", "on") or following.form == "body":
        office.words.extend(spoken)
    office.stop = ahead
    return link


def _list_goes_on(tokens: Sequence[Token], office: _Office, link: str) -> bool:
    """A comma inside one field ("Minister of Economy, Trade and Industry") or one list of countries."""
    before, ahead = tokens[office.stop - 1], office.stop + 1
    if ahead + 1 >= len(tokens):
        return False
    following, after = tokens[ahead], tokens[ahead + 1]
    if before.part is Part.COUNTRY and following.low == "and" and after.part is Part.COUNTRY:
        return office.plural
    if before.part is Part.COUNTRY and following.part is Part.COUNTRY and office.plural:
        return after.low in (",", "and")
    return before.part is Part.FIELD and following.part is Part.FIELD and after.low in (",", "and", "&")


def _is_body(tokens: Sequence[Token], place: int, inside: bool) -> bool:
    """Whether the capitalised words here name a body ("the Znaniye Society", "Talent and Success Foundation")."""
    if not inside:
        return False
    ahead = place
    while ahead < len(tokens) and tokens[ahead].part is Part.NAME and not tokens[ahead].owner and ahead - place < 4:
        ahead += 1
    return ahead < len(tokens) and tokens[ahead].part is Part.FIELD and tokens[ahead].text[0].isupper()


def _with_name(tokens: Sequence[Token], place: int, office: _Office) -> tuple[list[Person], int]:
    """People who hold the office just read, with their names where they follow, and the place after them."""
    title = " ".join(office.words).replace(" ,", ",")
    start = tokens[office.first].start
    owned = tokens[office.stop - 1].owner
    words, stop = ([], office.stop) if owned else _name(tokens, office.stop)
    if not words:
        end = tokens[office.stop - 1].end
        owner = owned and _owns_event(tokens, office.stop)
        if not owned and (named := _after_body(tokens, office, title)) is not None:
            return [named[0]], named[1]
        if owned and not owner:
            return [], office.stop  # "the President’s Infrastructure Council"
        countries = office.countries if len(office.countries) > 1 else (office.country,)
        return [
            Person(start=start, end=end, office=title, country=country, owner=owner, group=office.plural)
            for country in countries
        ], office.stop
    people: list[Person] = []
    while words:
        country, stop_after = _of_country(tokens, stop)
        people.append(
            Person(start=start, end=tokens[stop - 1].end, name=" ".join(words), office=_single(title, office.plural),
                   country=country or office.country, owner=tokens[stop - 1].owner)
        )  # fmt: skip
        stop = stop_after
        if not office.plural or people[-1].owner:
            break
        words, following = _next_in_list(tokens, stop)
        if words:
            start, stop = tokens[following - len(words)].start, following
    if len(people) > 1 and people[-1].country and not people[0].country:
        people = [replace(person, country=person.country or people[-1].country) for person in people]
    if len(people) == 1:
        people[0], stop = _apposed(tokens, people[0], stop)
    return people, stop


def _after_body(tokens: Sequence[Token], office: _Office, title: str) -> tuple[Person, int] | None:
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
    return Person(start=start, end=end, name=" ".join(words), office=f"{title} of {body}", owner=tokens[stop - 1].owner), stop


def _owns_event(tokens: Sequence[Token], place: int) -> bool:
    """Whether what follows a possessive is a call or a meeting, after two words at most ("the President’s Virtual Meeting")."""
    return any(token.part is Part.EVENT for token in tokens[place : place + 3])


def _next_in_list(tokens: Sequence[Token], place: int) -> tuple[list[str], int]:
    """The next name of "Senators A, B, and C"; empty where an office or anything else follows."""
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
    """Words of the name that starts here, addresses left out, and the place after it; no words where there is none."""
    words: list[str] = []
    stop = place
    if stop + 1 < len(tokens) and tokens[stop].text == "," and tokens[stop + 1].part is Part.ADDRESS:
        stop += 1
    while stop < len(tokens):
        token = tokens[stop]
        following = tokens[stop + 1] if stop + 1 < len(tokens) else None
        if token.part is Part.NAME:
            words.append(token.text)
        elif token.part is Part.ADDRESS and (not words or token.low.endswith(".")) and not _SUFFIX.match(token.low):
            pass
        elif token.part is Part.PARTICLE and following is not None and _continues(following, bool(words), token):
            words.append(token.text)
        elif token.part is Part.COUNTRY and stop == place and following is not None and following.part is Part.NAME and not token.owner:
            words.append(token.text)
        elif token.text == "," and words and following is not None and _SUFFIX.match(following.low):
            pass
        else:
            break
        stop += 1
        if token.owner:
            break
    return (_tidy(words), stop) if any(word[0].isupper() for word in words) else ([], place)


def _continues(following: Token, begun: bool, particle: Token) -> bool:
    if following.part not in (Part.NAME, Part.PARTICLE):
        return False
    return begun or particle.text[0].isupper() or following.part is Part.PARTICLE or particle.low not in ("a", "an", "as", "y", "e", "do")


def _tidy(words: list[str]) -> list[str]:
    """Without middle initials; "Jr." stays with its point."""
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
    """Take an office set behind the name: ", the Prime Minister of Canada"."""
    ahead = place
    if ahead >= len(tokens) or tokens[ahead].text not in (",", "("):
        return person, place
    ahead += 1
    while ahead < len(tokens) and tokens[ahead].low in ("the", "a", "an"):
        ahead += 1
    if ahead >= len(tokens) or tokens[ahead].part not in (*_OFFICE_PARTS, Part.COUNTRY):
        return person, place
    office = _read_office(tokens, ahead)
    if office is None or office.plural or _name(tokens, office.stop)[0]:
        return person, place
    title = " ".join(office.words).replace(" ,", ",")
    return (
        replace(person, office=person.office or title, country=person.country or office.country, end=tokens[office.stop - 1].end),
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
    # A body's name ("Gamaleya Centre") or a heading's words are no person.
    if stop < len(tokens) and tokens[stop].part in (Part.FIELD, Part.EVENT) and not tokens[stop - 1].owner:
        return None, stop
    country, after = _of_country(tokens, stop)
    person = Person(start=tokens[place].start, end=tokens[stop - 1].end, name=" ".join(words), country=country,
                    owner=tokens[stop - 1].owner)  # fmt: skip
    if not person.owner:
        person, after = _apposed(tokens, person, after)
    if len(words) < 2 and not addressed and not person.office:
        return None, stop
    return (person, after) if len(words) <= 6 else (None, stop)


def _is_compound(behind: Token) -> bool:
    """Whether the word before is part of the same capitalised term ("Domestic Violence Awareness")."""
    return behind.part in (Part.FIELD, Part.MODIFIER, Part.EVENT) and behind.text[0].isupper() and not behind.owner


def _single(title: str, plural: bool) -> str:
    if not plural:
        return title
    words = title.split()
    return " ".join(word[:-1] if word.endswith("s") and word.rstrip("s").lower().endswith(("ent", "er", "or", "y", "ve", "man", "ide")) else word for word in words)
