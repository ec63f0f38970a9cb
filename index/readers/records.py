"""JSON records: one object, an array of objects, or one object a line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from index.datatypes import Document, Skipped
from index.errors import FormatError
from index.readers.decode import MAX_TEXT_BYTES, decode
from index.readers.fields import FieldError, document, named, text_of

_SPACE = re.compile(r"[ \t\r\n]*")
_MEND = "Give one JSON object a line, or an array of objects, each with at least “text”."


def read(path: Path, content: bytes) -> Iterator[Document | Skipped]:
    """Read every record; one that cannot be taken is given as ``Skipped`` with its line, and reading goes on.

    Fields: ``id``, ``title``/``headline``, ``date``/``published``, ``issuer``/``source``, ``url``/``link``,
    ``text``/``body``/``content``, and the facts that front matter may give.

    Raises:
        FormatError: The file as a whole is no JSON (with the line).
    """
    text = decode(path, content)
    if not text.strip():
        raise FormatError(f"{path.name} is empty.", path=path, mend=_MEND)
    if _is_lines(path, text):
        yield from _read_lines(path, text)
        return
    for line, record in _read_whole(path, text):
        yield _document(path, line, record)


def _is_lines(path: Path, text: str) -> bool:
    """Content counts, not the ending: a first line that is an object by itself, followed by another line."""
    first, _, rest = text.strip().partition("\n")
    if first.startswith("[") or first.strip() == "{":
        return False
    if path.suffix.lower() in {".jsonl", ".ndjson"}:
        return True
    return bool(rest.strip()) and isinstance(_parsed(first), dict)


def _parsed(line: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _read_lines(path: Path, text: str) -> Iterator[Document | Skipped]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except RecursionError:
            yield _skipped(path, number, "the record is nested too deeply")
        except ValueError as error:
            yield _skipped(path, number, f"the line is not JSON: {_problem(error)}")
        else:
            yield _document(path, number, record)


def _read_whole(path: Path, text: str) -> list[tuple[int, Any]]:
    """The records of one object or one array, each with the line it starts in."""
    decoder = json.JSONDecoder()
    records: list[tuple[int, Any]] = []
    place, line, counted = _skip(text, 0), 1, 0
    is_array = text.startswith("[", place)
    place = _skip(text, place + 1) if is_array else place
    try:
        while not (is_array and text.startswith("]", place)):
            line, counted = line + text.count("\n", counted, place), place
            record, place = decoder.raw_decode(text, place)
            records.append((line, record))
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


def _document(path: Path, line: int, record: Any) -> Document | Skipped:
    if not isinstance(record, dict):
        return _skipped(path, line, "the record is not an object with fields")
    fields = named(record)
    raw = text_of(fields)
    if not raw:
        return _skipped(path, line, "the record has no text")
    if len(raw.encode(errors="replace")) > MAX_TEXT_BYTES:
        return _skipped(path, line, "the record's text is longer than 8 MB; a readout is a page or two")
    try:
        return document(fields, raw, path=path, has_opening=False)
    except FieldError as error:
        return _skipped(path, line, str(error) if error.field else "the record has no text")


def _skipped(path: Path, line: int, reason: str) -> Skipped:
    return Skipped(path=f"{path}:{line}", reason=reason[:1].upper() + reason[1:] + ".")
