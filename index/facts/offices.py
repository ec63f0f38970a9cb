"""Offices read word by word: what somebody is, and of which field, body and country."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.facts.tokens import Part, Token

OFFICE_PARTS = (Part.HEAD, Part.MODIFIER, Part.FIELD)
#: What an office can be "in": not the place of a meeting.
_SEATS = frozenset({"chancellery", "office", "ministry", "administration", "department", "cabinet", "government"})
#: Words that join an office to a country that it does not belong to ("Ambassador to Ukraine").
_NOT_OF = frozenset({"to", "for", "on", "in"})
_LOOSE_ENDS = frozenset({"of", "for", "to", "the", "and", "&", "/", "at", "on", "in", ","})
_ENDINGS_OF_ONE = ("ent", "er", "or", "y", "ve", "man", "ide")


@dataclass(slots=True)
class Office:
    """An office while it is being read.

    Attributes:
        first: Place of its first word among the tokens.
        stop: Place of the first token after it.
        words: As written, without its country.
        country: Country or body it belongs to; empty if none is stated.
        countries: All of them, for an office in the plural ("Prime Ministers of Denmark and Spain").
        plural: Several hold it.
    """

    first: int
    stop: int
    words: list[str]
    country: str = ""
    countries: tuple[str, ...] = ()
    plural: bool = False

    @property
    def title(self) -> str:
        """The office in words, in the singular."""
        title = " ".join(self.words).replace(" ,", ",").replace(" / ", "/")
        return _single(title) if self.plural else title


def read_office(tokens: Sequence[Token], place: int) -> Office | None:
    """The office that starts at ``place``; None if no word there says what somebody is."""
    office = Office(first=place, stop=place, words=[])
    headed, link = False, ""
    bodied = tokens[place].form == "body"  # "UN Relief and Works Agency for Palestine Refugees Commissioner General …"
    while office.stop < len(tokens):
        token = tokens[office.stop]
        if token.part is Part.COUNTRY:
            if headed and not link and tokens[office.stop - 1].part is Part.HEAD:
                break  # "Foreign Minister Israel Katz": a name
            _take_country(office, token, link, headed)
        elif token.part in OFFICE_PARTS:
            headed = headed or token.part is Part.HEAD
            office.plural = office.plural or token.plural
            office.words.append(token.text)
        elif token.part is Part.NAME and _is_body(tokens, office.stop, bool(link) or not headed):
            office.words.append(token.text)
        elif token.part is Part.CONNECTOR or (token.text == "," and _list_goes_on(tokens, office)):
            joined = _connect(tokens, office, headed or bodied)
            if joined is None:
                break
            link = joined
            continue
        else:
            break
        office.stop += 1
        link = ""
        if token.owner and (headed or token.part is not Part.COUNTRY):
            break  # "Ukraine’s Foreign Minister" continues, "the President’s Council" does not
    while office.words and office.words[-1].lower() in _LOOSE_ENDS:
        office.words.pop()
    return office if headed else None


def _take_country(office: Office, token: Token, link: str, headed: bool) -> None:
    if not office.country and link not in _NOT_OF:
        office.country, office.countries = token.country, (token.country,)
    elif link in ("and", ",") and office.plural:
        office.countries = (*office.countries, token.country)
    # A body is part of the office's name: "European Commission President", "President of the European Council".
    body = token.form == "body" and (link == "of" or (not headed and " " in token.text))
    if body or (headed and link in _NOT_OF):
        office.words.append(token.text)


def _connect(tokens: Sequence[Token], office: Office, headed: bool) -> str | None:
    """Take "of the", "for", "and" … if the office continues after it; returns the joining word, otherwise None."""
    ahead, joined = office.stop, []
    while ahead < len(tokens) and (tokens[ahead].part is Part.CONNECTOR or tokens[ahead].text == ","):
        joined.append(tokens[ahead].low)
        ahead += 1
    if ahead >= len(tokens) or not headed or joined[0] == "the":
        return None
    following = tokens[ahead]
    link = next((word for word in joined if word not in ("the", ",")), ",")
    link = "and" if link in ("&", "/") else link
    if not _joins(link, following, tokens[office.stop - 1], office, the="the" in joined):
        return None
    if following.part is not Part.COUNTRY:
        body = following.part is Part.NAME and _is_body(tokens, ahead, True)
        small = not following.text[0].isupper() and link not in ("of", "and")
        if small or not (body or following.part in OFFICE_PARTS):
            return None
    if following.part is not Part.COUNTRY or link in _NOT_OF or following.form == "body":
        office.words.extend(token.text for token in tokens[office.stop : ahead])
    office.stop = ahead
    return link


def _joins(link: str, following: Token, before: Token, office: Office, *, the: bool) -> bool:
    """Whether the office can continue after ``link`` with the word that follows."""
    after_country = bool(office.country) and before.part is Part.COUNTRY
    if link == "and":
        if following.part is Part.COUNTRY:
            return office.plural and after_country
        # "the President and the Prime Minister", "the President and Vice President" are two people.
        two = following.part is Part.HEAD and (the or (before.low, following.low) == ("president", "vice president"))
        return not after_country and not two
    if link == "on":
        return following.part is Part.FIELD
    if link == "from":
        return following.part is Part.COUNTRY and office.plural
    if link == "in":
        return following.low in _SEATS
    return not (link == "to" and following.part is Part.NAME)


def _list_goes_on(tokens: Sequence[Token], office: Office) -> bool:
    """A comma inside one field ("Minister of Economy, Trade and Industry") or one list of countries."""
    before, ahead = tokens[office.stop - 1], office.stop + 1
    if ahead + 1 >= len(tokens):
        return False
    if before.part is Part.COUNTRY and tokens[ahead].low == "the" and ahead + 2 < len(tokens):
        ahead += 1
    following, after = tokens[ahead], tokens[ahead + 1]
    if before.part is Part.COUNTRY and following.low == "and" and after.part is Part.COUNTRY:
        return office.plural
    if before.part is Part.COUNTRY and following.part is Part.COUNTRY and office.plural:
        return after.low in (",", "and")
    return before.part is Part.FIELD and following.part is Part.FIELD and after.low in (",", "and", "&")


def _is_body(tokens: Sequence[Token], place: int, inside: bool) -> bool:
    """Whether the capitalised words here name a body ("the Znaniye Society", "Federal Taxation Service").

    Args:
        tokens: Words of the text.
        place: Place of the first of them.
        inside: They follow "of", or precede what somebody is; otherwise the word before must belong to a field.
    """
    before = tokens[place - 1] if place else None
    if not inside and not (
        before is not None and before.part in (Part.FIELD, Part.MODIFIER, Part.NAME) and before.text[0].isupper()
    ):
        return False
    ahead = place
    while ahead < len(tokens) and tokens[ahead].part is Part.NAME and not tokens[ahead].owner and ahead - place < 4:
        ahead += 1
    return ahead < len(tokens) and tokens[ahead].part is Part.FIELD and tokens[ahead].text[0].isupper()


def _single(title: str) -> str:
    """ "Presidential Aides" in the singular."""
    words = title.split()
    return " ".join(
        word[:-1] if word.endswith("s") and word.rstrip("s").lower().endswith(_ENDINGS_OF_ONE) else word
        for word in words
    )
