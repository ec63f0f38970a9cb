"""Answers, conversations, searches and lists as files to keep or to pass on, one module per form."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

from assistant.errors import ExportError
from assistant.export import bibtex, csl, csv_table, html_page, markdown, ris
from assistant.export.sheet import Sheet
from assistant.forms import FORMS, form_of
from index import private

#: What a table program needs in front of a file to read it as UTF-8; a pipe is better off without.
_MARK = "\ufeff"


def _json(sheet: Sheet) -> str:
    """What ``--json`` prints: one object, or one object per line for many."""
    return "".join(json.dumps(value, ensure_ascii=True) + "\n" for value in sheet.values)


_RENDER: Mapping[str, Callable[[Sheet], str]] = {
    "markdown": markdown.render,
    "html": html_page.render,
    "json": _json,
    "csv": csv_table.render,
    "csl-json": csl.render,
    "bibtex": bibtex.render,
    "ris": ris.render,
}


def export(sheet: Sheet, form: str) -> str:
    """The whole sheet in one of ``FORMS``; nothing in it controls a terminal, a browser or a spreadsheet.

    Raises:
        ExportError: There is no such form.
    """
    if form not in _RENDER:
        raise ExportError(f"There is no form of export called “{form}”.", mend=f"Known are: {', '.join(FORMS)}.")
    return _RENDER[form](sheet)


def write(sheet: Sheet, path: Path, form: str = "") -> None:
    """Write a new file; an existing one is left alone.

    A CSV file begins with a byte order mark, without which Excel does not read it as UTF-8.

    Args:
        sheet: What to write.
        path: The file.
        form: One of ``FORMS``; if empty, by the file's ending.

    Raises:
        ExportError: The form is unknown, or the file exists already or cannot be written.
    """
    form = form or form_of(path)
    text = export(sheet, form)
    try:
        private.create(path, (_MARK + text if form == "csv" else text).encode())
    except FileExistsError as error:
        raise ExportError(f"{path} is there already.", mend="Choose another name, or move it away first.") from error
    except OSError as error:
        raise ExportError(f"{path} cannot be written: {error.strerror}.", mend="Choose another folder.") from error
