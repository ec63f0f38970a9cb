"""Tables as CSV or TSV: each row a readout; the delimiter and the meaning of columns are detected."""

from __future__ import annotations

import csv
import io
import statistics
from collections.abc import Iterator
from pathlib import Path

from index.datatypes import Document, Note, Skipped
from index.errors import FormatError
from index.readers.columns import MAX_COLUMNS, SAMPLE, Choice, choose, made, names_itself, told
from index.readers.decode import MAX_TEXT_BYTES, decode
from index.readers.fields import FieldError
from index.readers.marks import marked
from index.reports import FieldNote

_MARKS = ",;\t|"
#: How much of a table is read to detect its delimiter.
_SAMPLE_LETTERS = 256 * 1024
_NAME_LETTERS = 80
_MEND = "Save it as CSV in UTF-8, with the names of the columns in the first line."


def read(path: Path, content: bytes, choice: Choice) -> Iterator[Document | Skipped | Note]:
    """Read every row; one that cannot be read is yielded as ``Skipped`` with its line, and reading continues.

    Raises:
        FormatError: The file as a whole is not a table with a column of text, or a named column does not exist.
    """
    text = decode(path, content)
    if not text.strip():
        raise FormatError(f"{path.name} is empty.", path=path, mend=_MEND)
    mark = _mark_of(text)
    names, first = _names(path, text, mark)
    records = list(_records(text, mark, names, first, SAMPLE))
    mapping = choose(path, [record for _, record in records if isinstance(record, dict)], choice)
    if "text" not in mapping:
        known = ", ".join(names[:20])
        raise FormatError(
            f"{path.name} has no column of texts among {known}.", path=path, mend="Name it with --field text=COLUMN."
        )
    yield FieldNote(path=str(path), text=told(mapping), fields=mapping)
    undated = 0
    for line, record in _records(text, mark, names, first, None):
        found = _document(path, line, record, mapping, has_many=len(records) > 1)
        undated += isinstance(found, Document) and "date" in mapping and not found.source.published
        yield found
    if undated:
        rows = "1 row has" if undated == 1 else f"{undated:,} rows have"
        yield Note(path=str(path), text=f"{rows} no day in {mapping['date']}.")


def _document(
    path: Path, line: int, record: dict[str, str] | str, mapping: dict[str, str], *, has_many: bool
) -> Document | Skipped:
    if isinstance(record, str):
        return Skipped(path=f"{path}:{line}", reason=record)
    if len(record.get(mapping["text"], "")) > MAX_TEXT_BYTES:
        return Skipped(path=f"{path}:{line}", reason="The row's text is longer than 8 MB; a readout is a page or two.")
    try:
        document = made(record, mapping, path=path, is_strict=False)
    except FieldError as error:
        return Skipped(
            path=f"{path}:{line}",
            reason=f"The row has no text in {mapping['text']}." if not error.field else f"{error}.",
        )
    except FormatError as error:
        return Skipped(path=f"{path}:{line}", reason=error.message)
    return marked(document) if has_many and not names_itself(record, mapping) else document


def _rows(text: str, mark: str) -> Iterator[tuple[int, list[str]]]:
    """Rows, each with the line on which it begins."""
    csv.field_size_limit(2 * MAX_TEXT_BYTES)
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=mark)
    line = 1
    for row in reader:
        if any(cell.strip() for cell in row):
            yield line, row
        line = reader.line_num + 1


def _mark_of(text: str) -> str:
    """The delimiter that splits most rows into the same number of cells, two or more; a comma for a single column."""
    best, place = (0.0, 0), ""
    for mark in _MARKS:
        lengths = []
        try:
            for _, row in _rows(text[:_SAMPLE_LETTERS], mark):
                lengths.append(len(row))
                if len(lengths) > SAMPLE:
                    break
        except csv.Error:
            if not lengths:
                continue
        # The last row may be truncated.
        lengths = lengths[:-1] if len(lengths) > 2 else lengths
        usual = statistics.mode(lengths) if lengths else 0
        score = lengths.count(usual) / len(lengths) if usual > 1 else 0.0, usual
        if score > best:
            best, place = score, mark
    return place or ","


def _names(path: Path, text: str, mark: str) -> tuple[list[str], int]:
    """Names of the columns, and how many rows to skip."""
    try:
        row = next((row for _, row in _rows(text, mark)), [])
    except csv.Error as error:
        raise FormatError(f"{path.name} is no CSV: {error}.", path=path, mend=_MEND) from None
    if len(row) > MAX_COLUMNS:
        message = f"{path.name} has {len(row):,} columns; {MAX_COLUMNS:,} are the most."
        raise FormatError(message, path=path, mend="Keep the columns that a readout needs: text, title, date, address.")
    names = [cell.strip() for cell in row]
    given = [name for name in names if name]
    is_head = len(given) * 2 > len(names) and len(set(given)) == len(given) and all(map(_is_name, given))
    return [name if name and is_head else f"column {place}" for place, name in enumerate(names, start=1)], int(is_head)


def _is_name(cell: str) -> bool:
    return len(cell) <= _NAME_LETTERS and not cell[0].isdigit() and "://" not in cell and not cell.endswith(".")


def _records(
    text: str, mark: str, names: list[str], first: int, limit: int | None
) -> Iterator[tuple[int, dict[str, str] | str]]:
    """Rows as records by line; for an invalid row, its fault in words."""
    rows = _rows(text, mark)
    line = 0
    try:
        for number, (line, row) in enumerate(rows):
            if number < first:
                continue
            if limit is not None and number - first >= limit:
                return
            if len(row) > len(names) and any(cell.strip() for cell in row[len(names) :]):
                yield line, f"The row has {len(row)} cells, and there are {len(names)} columns."
            else:
                yield line, dict(zip(names, row, strict=False))
    except csv.Error as error:
        yield line + 1, f"Nothing can be read from here on: {error}."
