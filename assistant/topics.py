"""What a question is about, once its parties, days and question words are set aside."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from assistant.datatypes import Understanding
from assistant.short_forms import NICKNAMES
from index import full_text
from index.facts.countries import aliases, find_countries
from index.facts.names import sound

#: Question words, which say nothing about the topic.
_ASKING = frozenset(
    (
        # Events, and taking part in them.
        "attend attended bilateral call called calls came come contact contacts conversation conversations engagement "
        "engagements event events face forum forums gathering gatherings happen happened held hold holding host hosted house "
        "meet meeting meetings met occasion occasions part person phone phoned session sessions sit statement statements take "
        "taken taking took trip trips virtual visit visits white "
        # What is spoken about, and how.
        "address addressed agree agreed ask asked bring bringing brought concern concerning concerns cover covered deal dealt "
        "discuss discussed gave give involve involved involving mention mentioned press pressed promise promised raise raised "
        "speak spoke spoken talk talked talking talks tell told urge urged "
        # Lists, counts and moments; days have been read already.
        "count counted earlier every final first incl including last later latest list month months next number often "
        "previous readout readouts recent recently record right see time times week weeks year years "
        # Summaries.
        "describe explain gist overview recap summaries summarise summarize summary "
        # Offices: who holds them has been read already.
        "adviser advisor chancellor crown elect emir foreign general king leader leaders minister national president "
        "presidents prime prince queen secretary security sheikh sultan vice"
    ).split()
)
_EXCEPT_CLAUSE = re.compile(r"\b(?:not (?:counting|including)|excluding|except|other than|apart from)\b[^,;?]*")
_CAPITAL = re.compile(r"(?<=\S )\w*[A-Z]\w*")


def topic_terms(understood: Understanding) -> tuple[str, ...]:
    """Terms of the question that are not a party, country, office, date or question word, each once, in order."""
    dated = (
        *((date.start, date.end) for date in understood.dates),
        *((aside.start, aside.end) for aside in understood.aside),
    )
    return _left_of(understood.text, dated, (*understood.preferred.parties, *understood.people))


@lru_cache(maxsize=16)
def _left_of(question: str, dated: tuple[tuple[int, int], ...], named: tuple[str, ...]) -> tuple[str, ...]:
    # Kept, as one answer asks for them several times.
    text = list(question)
    spans = [*dated, *((mention.start, mention.end) for mention in find_countries(question))]
    for start, end in spans:
        text[start:end] = " " * (end - start)
    # By sound, so that "Zelensky" is no word of the topic where Zelenskyy has been read.
    names = {sound(word) for name in named for word in full_text.words(name)}
    names |= {short for short, name in _nicknames() if name in names}
    left = full_text.words(_EXCEPT_CLAUSE.sub(" ", "".join(text)))
    return tuple(
        term
        for term in dict.fromkeys(left)
        if term not in _ASKING and term not in full_text.STOP_WORDS and sound(term) not in names and len(term) > 1
    )


@cache
def _nicknames() -> tuple[tuple[str, str], ...]:
    """Sounds of nicknames and of the last names that they stand for."""
    return tuple((sound(short), sound(full_text.words(name)[-1])) for short, name in NICKNAMES.items())


def name_terms(understood: Understanding) -> tuple[str, ...]:
    """Those of the topic's terms that are written as names: capitalised, and not because a sentence begins there."""
    capital = {word for match in _CAPITAL.finditer(understood.text) for word in full_text.words(match.group())}
    return tuple(term for term in topic_terms(understood) if term in capital)


def missing_terms(understood: Understanding, covered: frozenset[str]) -> tuple[str, ...]:
    """Terms of the topic, and people and countries asked about, that none of the quoted readouts has.

    Args:
        understood: The question.
        covered: Stems of the quoted passages with their titles, parties and dates.
    """
    initials = {
        "".join(word[0] for word in full_text.terms(more)): full_text.stems(more) for more in understood.expansions
    }
    missing = [
        term
        for term in topic_terms(understood)
        if full_text.stem(term) not in covered and not initials.get(term, frozenset({""})) <= covered
    ]
    absent = [name for name in understood.people if not full_text.stems(name) & covered]
    for country in understood.countries:
        if not any(full_text.stems(name) <= covered for name in (country, *aliases(country))):
            absent.append(country)
    return tuple(dict.fromkeys([*absent, *missing]))
