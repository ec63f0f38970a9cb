"""JSON records: one object, an array of objects, or one object per line."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from index.datatypes import Document, Note, Skipped
from index.errors import FormatError
from index.readers.columns import SAMPLE, Choice, choose, flat, is_plain, made, names_itself, told
from index.readers.decode import MAX_TEXT_BYTES, decode
from index.readers.fields import FieldError, named, text_of
from index.readers.marks import marked
from index.reports import FieldNote

_BLANK = re.compile(r"\s*")
_SPACE = re.compile(r"[ \t\r\n]*")
_MEND = "Give one JSON object a line, or an array of objects, each with at least “text”."


def read(path: Path, content: bytes, choice: Choice) -> Iterator[Document | Skipped | Note]:
    """Read every record; one that cannot be read is yielded as ``Skipped`` with its line, and reading continues.

    A list of records may be within an object, or within an object in that one. What a record calls its fields is determined by
    ``columns.choose``; facts that front matter may give are taken under their own names.

    Args:
        path: The file.
        content: Its bytes.
        choice: What the fields are to be read as.

    Raises:
        FormatError: The file as a whole is not JSON (with the line), or a named field does not exist.
    """
    text = decode(path, content)
    if not text or text.isspace():
        raise FormatError(f"{path.name} is empty.", path=path, mend=_MEND)
    entries = _read_lines(path, text) if _is_lines(path, text) else iter(_inner(_read_whole(path, text)))
    first = list(itertools.islice(entries, SAMPLE))
    mapping = choose(path, [record for _, record in first if isinstance(record, dict)], choice)
    text = told(mapping) if "text" in mapping and not is_plain(mapping) else ""
    yield FieldNote(path=str(path), text=text, fields=mapping)
    has_many = len(first) > 1
    for line, record in itertools.chain(first, entries):
        yield record if isinstance(record, Skipped) else _document(path, line, record, mapping, has_many=has_many)


def _inner(records: list[tuple[int, Any]]) -> list[tuple[int, Any]]:
    """The records of the longest list in a single object, directly or in an object within it."""
    if len(records) != 1 or not isinstance(records[0][1], dict) or text_of(named(records[0][1])):
        return records
    lists = [value for value in flat(records[0][1]).values() if isinstance(value, list)]
    longest = max((value for value in lists if value and isinstance(value[0], dict)), key=len, default=None)
    if longest is None:
        return records
    return [(records[0][0], flat(record) if isinstance(record, dict) else record) for record in longest]


def _is_lines(path: Path, text: str) -> bool:
    """Whether it is JSON Lines, by content and not ending: a first line that is a complete object, followed by another line."""
    begin = _BLANK.match(text).end()  # type: ignore[union-attr]
    first, rest = next(_lines(text, begin), ("", len(text)))
    if first.startswith("[") or first.strip() == "{":
        return False
    if path.suffix.lower() in {".jsonl", ".ndjson"}:
        return True
    return _BLANK.fullmatch(text, rest) is None and isinstance(_parsed(first), dict)


def _lines(text: str, place: int = 0) -> Iterator[tuple[str, int]]:
    """Each line with the offset after it; one at a time, as a file may have hundreds of megabytes."""
    while place < len(text):
        end = text.find("\n", place)
        end = len(text) if end < 0 else end
        yield text[place:end], end + 1
        place = end + 1


def _parsed(line: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _read_lines(path: Path, text: str) -> Iterator[tuple[int, Any]]:
    for number, (line, _) in enumerate(_lines(text), start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except RecursionError:
            yield number, _skipped(path, number, "the record is nested too deeply")
        except ValueError as error:
            yield number, _skipped(path, number, f"the line is not JSON: {_problem(error)}")
        else:
            yield number, flat(record) if isinstance(record, dict) else record


def _read_whole(path: Path, text: str) -> list[tuple[int, Any]]:
    """The records of one object or one array, each with the line on which it starts."""
    decoder = json.JSONDecoder()
    records: list[tuple[int, Any]] = []
    place, line, counted = _skip(text, 0), 1, 0
    is_array = text.startswith("[", place)
    place = _skip(text, place + 1) if is_array else place
    try:
        while not (is_array and text.startswith("]", place)):
            line, counted = line + text.count("\n", counted, place), place
            record, place = decoder.raw_decode(text, place)
            records.append((line, flat(record) if is_array and isinstance(record, dict) else record))
            place = _skip(text, place)
            if not is_array:
                break
            if text.startswith(",", place):
                place = _skip(text, place + 1)
            elif not text.startswith("]", place):
                raise json.JSONDecodeError("Expecting ',' or ']'", text, place)
        rest = _skip(text, place + 1 if is_array else place)
        if rest < len(text):
            raise json.JSONDecodeError("Extra data", text, rest)
    except json.JSONDecodeError as error:
        message = f"{path.name} is not JSON: {_problem(error)} in line {error.lineno}."
        raise FormatError(message, path=path, line=error.lineno, mend=_MEND) from None
    except (ValueError, RecursionError):
        raise FormatError(f"{path.name} is not JSON that can be read.", path=path, line=line, mend=_MEND) from None
    return records


def _skip(text: str, place: int) -> int:
    match = _SPACE.match(text, place)
    return match.end() if match else place


def _problem(error: ValueError) -> str:
    return error.msg.lower() if isinstance(error, json.JSONDecodeError) else "a number is too long"


def _document(path: Path, line: int, record: Any, mapping: dict[str, str], *, has_many: bool) -> Document | Skipped:
    if not isinstance(record, dict):
        return _skipped(path, line, "the record is not an object with fields")
    if "text" not in mapping:
        known = f" among {', '.join(list(record)[:12])}" if record else ""
        return _skipped(path, line, f"the record has no text{known}; name it with --field text=NAME")
    try:
        document = made(record, mapping, path=path, is_strict=True)
    except FieldError as error:
        return _skipped(path, line, str(error) if error.field else "the record has no text")
    except FormatError as error:
        return Skipped(path=f"{path}:{line}", reason=error.message)
    if len(document.text.encode()) > MAX_TEXT_BYTES:
        return _skipped(path, line, "the record's text is longer than 8 MB; a readout is a page or two")
    return marked(document) if has_many and not names_itself(record, mapping) else document


def _skipped(path: Path, line: int, reason: str) -> Skipped:
    return Skipped(path=f"{path}:{line}", reason=reason[:1].upper() + reason[1:] + ".")
