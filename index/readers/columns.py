"""Which column of a table, or field of records, is what: by the user's word, the last reading, or names and contents."""

from __future__ import annotations

import difflib
import re
import statistics
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from index.datatypes import Document
from index.errors import FieldNameError, FormatError
from index.readers.days import parse_day
from index.readers.fields import FIELDS, TEXT, document, named, text_of

#: Records examined to determine what is what.
SAMPLE = 200
#: A table of readouts has a dozen columns; a hundred thousand would be examined a hundred million times.
MAX_COLUMNS = 1_000
#: Median length, in letters, from which a column is the text: a title has 60, a summary 150 or more.
_PROSE = 100
_TITLE_LETTERS = range(12, 300)
#: The share of cells that must be days, or addresses, for a column to be taken as such.
_SHARE = 0.8
#: The same if the column's name says so.
_HALF = 0.5
_DAY_NAMES = re.compile(r"date|day|time|publish|posted|issued|created", re.IGNORECASE)
_WEB = re.compile(r"https?://\S+\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What columns are to be read as.

    Attributes:
        named: Column of each field, as named by the user.
        kept: The same for each file, or member of one, from its last reading, by path.
    """

    named: Mapping[str, str] = field(default_factory=dict)
    kept: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


#: Nothing known.
NO_CHOICE = Choice()


def check_names(fields: Mapping[str, str]) -> None:
    """Refuse fields that do not exist.

    Raises:
        FieldNameError: One of the names is not in ``FIELDS``.
    """
    for name in fields:
        if name not in FIELDS:
            near = difflib.get_close_matches(name, FIELDS, n=1, cutoff=0.5)
            mend = f"Did you mean {near[0]}? " if near else ""
            raise FieldNameError(f"There is no field “{name}”.", mend=f"{mend}Fields are: {', '.join(FIELDS)}.")


def flat(record: Mapping[str, Any]) -> dict[str, Any]:
    """A record's own fields and those of the records within it, as ``outer.inner``."""
    result = {str(name): value for name, value in record.items()}
    for name, value in record.items():
        if isinstance(value, Mapping):
            for inner, part in value.items():
                result.setdefault(f"{name}.{inner}", part)
    return result


def choose(path: Path, records: Sequence[Mapping[str, Any]], choice: Choice) -> dict[str, str]:
    """The column of each field of ``FIELDS`` that is known or guessed.

    Args:
        path: The file, or the member of one.
        records: The first of its records, from ``flat``.
        choice: What is already known.

    Raises:
        FormatError: A named column does not exist, or there are too many columns.
    """
    columns = list(dict.fromkeys(name for record in records[:SAMPLE] for name in record))
    if len(columns) > MAX_COLUMNS:
        message = f"{path.name} has {len(columns):,} columns; {MAX_COLUMNS:,} are the most."
        raise FormatError(message, path=path, mend="Keep the columns that a readout needs: text, title, date, address.")
    chosen = {name: _column(path, columns, wanted) for name, wanted in choice.named.items()}
    kept = choice.kept.get(str(path), {})
    if kept and all(part in columns for column in kept.values() for part in _parts(column, columns)):
        return {**kept, **chosen}
    sample = records[:SAMPLE]
    cells = {column: [r[column] for r in sample if r.get(column) not in (None, "")] for column in columns}
    for name, column in _guessed(columns, cells, chosen):
        chosen.setdefault(name, column)
    return chosen


def told(mapping: Mapping[str, str]) -> str:
    """The mapping in words, and how to change it."""
    fields = ", ".join(f"{name}={column}" for name, column in mapping.items())
    return f"Taken: {fields}. Others are taken with --field NAME=COLUMN."


def is_plain(mapping: Mapping[str, str]) -> bool:
    """Whether columns are named after their fields, so that nothing was guessed."""
    return all(column in FIELDS[name] for name, column in mapping.items())


def made(record: Mapping[str, Any], mapping: Mapping[str, str], *, path: Path, is_strict: bool) -> Document:
    """The readout of a record.

    Args:
        record: From ``flat``.
        mapping: From ``choose``.
        path: The file.
        is_strict: Whether an invalid day is a fault; otherwise the readout has no day.

    Raises:
        FieldError: There is no text, or a field has an invalid value.
    """
    fields = named(record)
    for name, column in mapping.items():
        if name != "text" and column in record:
            fields |= dict.fromkeys(FIELDS[name], None) | {FIELDS[name][0]: record[column]}
    if not is_strict:
        for name in (*FIELDS["date"], *FIELDS["event_date"]):
            if name in fields and not _is_day(fields[name]):
                fields[name] = None
    parts = (text_of({TEXT[0]: record.get(part)}) for part in _parts(mapping.get("text", ""), record))
    return document(fields, "\n\n".join(part for part in parts if part), path=path, has_opening=False)


def names_itself(record: Mapping[str, Any], mapping: Mapping[str, str]) -> bool:
    """Whether a record has an id of its own."""
    return str(record.get(mapping.get("id", "id")) or "").strip() != ""


def _parts(column: str, columns: Iterable[str]) -> list[str]:
    """Columns that are joined into one text: ``summary,body``, unless a column has that name."""
    return [column] if column in columns else [part.strip() for part in column.split(",")]


def _column(path: Path, columns: Sequence[str], wanted: str) -> str:
    """The column that a user means, regardless of case."""
    alike = {column.casefold(): column for column in reversed(columns)}
    found = []
    for part in _parts(wanted, columns):
        if part.casefold() not in alike:
            near = difflib.get_close_matches(part.casefold(), alike, n=1, cutoff=0.5)
            mend = f"Did you mean {alike[near[0]]}? " if near else ""
            known = ", ".join(columns[:20]) + (" …" if len(columns) > 20 else "")
            raise FormatError(
                f"{path.name} has no column “{part}”.", path=path, mend=f"{mend}Its columns are: {known}."
            )
        found.append(alike[part.casefold()])
    return ",".join(found)


def _guessed(
    columns: Sequence[str], cells: Mapping[str, list[Any]], chosen: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Fields by the names of columns, then missing ones by the contents of columns."""
    used = {part for column in chosen.values() for part in _parts(column, columns)}
    by_name = {name: column for column in reversed(columns) for name in named({column: 0})}
    found = {}
    for name, names in FIELDS.items():
        column = next((by_name[other] for other in names if other in by_name), None)
        if name not in chosen and column is not None and column not in used:
            found[name] = column
    yield from found.items()
    free = [column for column in columns if column not in used | set(found.values()) and cells[column]]
    missing = FIELDS.keys() - found.keys() - chosen.keys()
    if "text" in missing and (prose := _prose(free, cells)):
        free.remove(prose)
        yield "text", prose
    for name, test in (("url", _is_address), ("date", _is_written_day)):
        shares = {column: _share(cells[column], test) for column in free if name in missing}
        called = [
            column for column in free if name == "date" and _DAY_NAMES.search(column) and shares.get(column, 0) >= _HALF
        ]
        fits = called or [column for column, share in shares.items() if share >= _SHARE]
        if fits:
            free.remove(fits[0])
            yield name, fits[0]
    if "title" in missing and (title := next((column for column in free if _is_title(cells[column])), None)):
        yield "title", title


def _prose(columns: Iterable[str], cells: Mapping[str, list[Any]]) -> str | None:
    """The column with the longest texts, if these are long enough."""
    lengths = {
        column: statistics.median(len(cell) if isinstance(cell, str) and " " in cell else 0 for cell in cells[column])
        for column in columns
    }
    longest = max(lengths, key=lambda column: lengths[column], default=None)
    return longest if longest is not None and lengths[longest] >= _PROSE else None


def _is_title(values: list[Any]) -> bool:
    words = [
        value for value in values if isinstance(value, str) and " " in value.strip() and len(value) in _TITLE_LETTERS
    ]
    return len(words) >= _SHARE * len(values) and len(set(words)) * 2 > len(words)


def _share(values: list[Any], test: Any) -> float:
    return sum(bool(test(value)) for value in values) / len(values)


def _is_address(value: Any) -> bool:
    return isinstance(value, str) and bool(_WEB.match(value.strip()))


def _is_written_day(value: Any) -> bool:
    return isinstance(value, str) and len(value) >= 8 and _is_day(value)


def _is_day(value: Any) -> bool:
    try:
        return parse_day(value) is not None
    except ValueError:
        return False
