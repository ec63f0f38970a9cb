"""Filters as SQL: which documents fit. Pure; the catalogue runs what is built here."""

from __future__ import annotations

import json
import re

from index.datatypes import KIND_FILTERS, Filters
from index.facts.countries import country_of
from index.facts.names import sound
from index.textforms import fold, storable

_WORD = re.compile(r"[^\W_]+")


def where(filters: Filters) -> tuple[str, list[object]]:
    """The condition on ``documents`` that the filters mean.

    A party fits by country or body (any word for it: Japan, Japanese, Tokyo), else by the words of a name or office, each
    of which must stand in one party's name, office and country. The statement needs ``fold`` as an SQL function.

    Returns:
        An SQL expression without ``WHERE`` (``1`` for no filter) and its parameters, in order.
    """
    clauses: list[str] = []
    values: list[object] = []
    if filters.date_from:
        clauses.append("documents.day >= ?")
        values.append(filters.date_from.isoformat())
    if filters.date_to:
        clauses.append("documents.day <= ?")
        values.append(filters.date_to.isoformat())
    for party in filters.parties:
        clause, more = _party(party)
        clauses.append(clause)
        values.extend(more)
    if filters.issuers:
        named = " OR ".join("instr(fold(issuer), ?)" for _ in filters.issuers)
        issuers = f"SELECT issuer FROM (SELECT DISTINCT issuer FROM documents) WHERE {named}"
        clauses.append(f"documents.issuer IN ({issuers})")
        values.extend(fold(issuer) for issuer in filters.issuers)
    if filters.kinds:
        kinds = sorted({kind.value for name in filters.kinds for kind in KIND_FILTERS[name]})
        clauses.append(f"documents.kind IN ({_marks(kinds)})")
        values.extend(kinds)
    if filters.doc_ids:
        # One value for them all: SQLite takes some thirty thousand values at most.
        clauses.append("documents.doc_id IN (SELECT value FROM json_each(?))")
        values.append(json.dumps(filters.doc_ids))
    return (" AND ".join(clauses) or "1"), [storable(v) if isinstance(v, str) else v for v in values]


def _party(party: str) -> tuple[str, list[object]]:
    country = country_of(party)
    if country:
        return "documents.id IN (SELECT document FROM parties WHERE country = ?)", [country]
    words = _sounds(party)
    if not words:
        return "1", []
    named = " AND ".join("instr(folded, ?)" for _ in words)
    values: list[object] = [f" {word} " for word in words]
    return f"documents.id IN (SELECT document FROM parties WHERE {named})", values


def party_words(*parts: str) -> str:
    """What ``where`` compares a party's name with: its words by sound, each between spaces."""
    return " " + " ".join(_sounds(" ".join(parts))) + " "


def _sounds(text: str) -> list[str]:
    """Words in the form in which spellings of one name agree, without the prefixes Al- and El-."""
    return [sound(word) for word in _WORD.findall(fold(text)) if word not in ("al", "el")]


def _marks(values: object) -> str:
    return ", ".join("?" for _ in values)  # type: ignore[attr-defined]
