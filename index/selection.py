"""Filters as SQL: which documents fit. Pure; the catalogue runs what is built here."""

from __future__ import annotations

import json
import re
from functools import lru_cache

from index.datatypes import KIND_FILTERS, Filters
from index.facts.countries import country_of
from index.facts.names import sound
from index.textforms import fold, storable

_WORD = re.compile(r"[^\W_]+")


_AMONG = "documents.id IN "
Clause = tuple[str, tuple[object, ...]]


def where(filters: Filters) -> tuple[str, list[object]]:
    """The condition on ``documents`` that filters stand for: all of ``clauses``.

    Returns:
        An SQL expression without ``WHERE`` (``1`` for no filter) and its parameters, in order.
    """
    found = clauses(filters)
    return (" AND ".join(clause for clause, _ in found) or "1"), [value for _, values in found for value in values]


@lru_cache(maxsize=512)
def clauses(filters: Filters) -> tuple[Clause, ...]:
    """Conditions on ``documents``, each of which a single index of the database answers, with their parameters.

    A party fits by country or body (any word for it: Japan, Japanese, Tokyo), otherwise by the words of a name or office,
    all of which must be in one party's name, office and country. The statement needs ``fold`` as an SQL function.
    """
    found: list[Clause] = []
    days = [(">=", filters.date_from), ("<=", filters.date_to)]
    if filters.date_from or filters.date_to:
        clause = " AND ".join(f"documents.day {sign} ?" for sign, day in days if day)
        found.append((clause, tuple(day.isoformat() for _, day in days if day)))
    found += [_party(party) for party in filters.parties]
    if filters.issuers:
        named = " OR ".join("instr(fold(issuer), ?)" for _ in filters.issuers)
        issuers = f"SELECT issuer FROM (SELECT DISTINCT issuer FROM documents) WHERE {named}"
        found.append((f"documents.issuer IN ({issuers})", tuple(fold(issuer) for issuer in filters.issuers)))
    if filters.kinds:
        kinds = sorted({kind.value for name in filters.kinds for kind in KIND_FILTERS[name]})
        found.append((f"documents.kind IN ({_marks(kinds)})", tuple(kinds)))
    if filters.doc_ids:
        # One value for them all: SQLite takes some thirty thousand values at most.
        found.append(("documents.doc_id IN (SELECT value FROM json_each(?))", (json.dumps(filters.doc_ids),)))
    return tuple((clause, tuple(storable(v) if isinstance(v, str) else v for v in values)) for clause, values in found)


def statement(condition: str) -> str:
    """The statement that selects the rows of documents for one of the ``clauses``, in any order, some more than once.

    Parties are answered from their own index only: also looking up each document would take ten times as long.
    """
    if condition.startswith(_AMONG):
        return condition.removeprefix(_AMONG).removeprefix("(").removesuffix(")")
    return f"SELECT id FROM documents WHERE {condition}"


def _party(party: str) -> Clause:
    country = country_of(party)
    if country:
        return f"{_AMONG}(SELECT document FROM parties WHERE country = ?)", (country,)
    words = tuple(dict.fromkeys(_sounds(party)))
    if not words:
        return "1", ()
    named = " INTERSECT ".join("SELECT folded FROM party_words WHERE word = ?" for _ in words)
    return f"{_AMONG}(SELECT document FROM parties WHERE folded IN ({named}))", words


@lru_cache(maxsize=1 << 15)
def party_words(*parts: str) -> str:
    """The form of a party's name that ``where`` compares: its words by sound, each between spaces."""
    return " " + " ".join(_sounds(" ".join(parts))) + " "


def _sounds(text: str) -> list[str]:
    """Words in the form in which spellings of one name agree, without the prefixes Al- and El-."""
    return [sound(word) for word in _WORD.findall(fold(text)) if word not in ("al", "el")]


def _marks(values: object) -> str:
    return ", ".join("?" for _ in values)  # type: ignore[attr-defined]
