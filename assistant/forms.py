"""The forms of export, by name and by file ending; the code that writes one is loaded when it is wanted."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from assistant.errors import ExportError
from index import private

#: Every form.
FORMS = ("markdown", "html", "json", "csv", "csl-json", "bibtex", "ris")
#: Forms by the ending of a file; the first ending of each is the usual one.
ENDINGS: Mapping[str, str] = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".csl.json": "csl-json",
    ".json": "json",
    ".jsonl": "json",
    ".csv": "csv",
    ".bib": "bibtex",
    ".ris": "ris",
}
#: The usual ending of each form.
USUAL = tuple(next(ending for ending, one in ENDINGS.items() if one == form) for form in FORMS)


def form_of(path: Path) -> str:
    """The form that a file's ending stands for.

    Raises:
        ExportError: It stands for none.
    """
    name = path.name.lower()
    form = next((form for ending, form in ENDINGS.items() if name.endswith(ending)), None)
    if form is None:
        raise ExportError(
            f"The ending of {path.name} stands for no form of export.", mend=f"End it with {', '.join(USUAL)}."
        )
    return form


def refuse(path: Path, form: str = "") -> None:
    """Refuse a file before any work is done for it.

    Raises:
        ExportError: It exists already, its folder does not, or its ending stands for no form and none is given.
    """
    if not form:
        form_of(path)
    if path.exists():
        # Of one that was killed once the file had its name.
        private.clear_beside(path)
        raise ExportError(f"{path} is there already.", mend="Choose another name, or move it away first.")
    if not path.absolute().parent.is_dir():
        raise ExportError(f"{path} cannot be written: there is no such folder.", mend="Choose another folder.")
