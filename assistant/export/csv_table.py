"""Comma-separated values: a row for each quote or readout; no cell is a formula."""

from __future__ import annotations

import csv
import io
from typing import Any

from assistant.export.rows import columns_and_rows
from assistant.export.sheet import Sheet
from index.markup import one_line

#: A spreadsheet takes a cell that begins so for a formula and works it out.
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def render(sheet: Sheet) -> str:
    """The sheet as RFC 4180 describes it, with lines ending in a line feed; dates in ISO 8601, true and false as words."""
    columns, rows = columns_and_rows(sheet)
    written = io.StringIO()
    table = csv.writer(written, lineterminator="\n")
    table.writerow(columns)
    for row in rows:
        table.writerow([_cell(row.get(column)) for column in columns])
    return written.getvalue()


def _cell(value: Any) -> str:
    if not isinstance(value, str):
        return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    # An apostrophe in front is what spreadsheets themselves take for "this is text". No tab and no line break is left by now.
    text = one_line(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
