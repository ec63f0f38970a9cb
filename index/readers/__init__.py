"""Files into documents: one module a format, chosen by ending and content; all clean-up of text happens here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from index.datatypes import Document, Skipped
from index.errors import CorpusError, FormatError
from index.readers import markdown, records, text
from index.readers.decode import MAX_TEXT_BYTES

__all__ = ["MAX_TEXT_BYTES", "READER_VERSION", "find_files", "read_file"]

#: To be raised when reading rules change, so that files that did not change are read again.
READER_VERSION = 1

_READERS: Mapping[str, Callable[[Path, bytes], Iterator[Document | Skipped]]] = {
    ".md": markdown.read,
    ".markdown": markdown.read,
    ".txt": text.read,
    ".text": text.read,
    ".json": records.read,
    ".jsonl": records.read,
    ".ndjson": records.read,
}
#: Files about a folder, not of it.
_ABOUT = frozenset({"readme", "license", "licence", "changelog"})


def find_files(paths: Sequence[Path]) -> tuple[tuple[Path, ...], tuple[Skipped, ...]]:
    """The files to read: files as named, folders with all that lies in them.

    Within a folder, hidden files and README, LICENSE and CHANGELOG files are passed over; a named file is always taken.

    Returns:
        Absolute, resolved files without duplicates, folders in sorted order; and what no reader takes, with reasons.

    Raises:
        CorpusError: A path does not exist.
    """
    found: dict[Path, None] = {}
    skipped: dict[Path, str] = {}
    for path in paths:
        try:
            resolved = path.expanduser().resolve(strict=True)
        except (OSError, RuntimeError, ValueError) as error:
            raise CorpusError(f"There is no file or folder {path}.", mend="Check the spelling of the path.") from error
        if resolved.is_dir():
            _walk(resolved, found, skipped, set())
        elif resolved.is_file():
            found[resolved] = None
        else:
            skipped[resolved] = "It is neither a file nor a folder."
    reasons = tuple(Skipped(path=str(path), reason=reason) for path, reason in skipped.items() if path not in found)
    return tuple(found), reasons


def _walk(folder: Path, found: dict[Path, None], skipped: dict[Path, str], seen: set[Path]) -> None:
    """Add the files of a folder; ``seen`` holds resolved folders, so that links in a ring end."""
    pending = [folder]
    while pending:
        here = pending.pop()
        if here in seen:
            continue
        seen.add(here)
        try:
            entries = sorted(here.iterdir())
        except OSError as error:
            skipped[here] = f"The folder cannot be read ({error.strerror})."
            continue
        folders = []
        for entry in entries:
            if entry.name.startswith("."):
                continue
            try:
                resolved = entry.resolve(strict=True)
            except (OSError, RuntimeError):
                skipped[entry] = "The link leads nowhere."
                continue
            if resolved.is_dir():
                folders.append(resolved)
            elif not resolved.is_file():
                skipped[resolved] = "It is neither a file nor a folder."
            elif resolved.suffix.lower() in _READERS:
                if entry.stem.lower() not in _ABOUT:
                    found[resolved] = None
            elif entry.stem.lower() not in _ABOUT:
                skipped[resolved] = f"{_no_reader(resolved)}."
        pending.extend(reversed(folders))


def read_file(path: Path, content: bytes) -> Iterator[Document | Skipped]:
    """Read one file.

    Args:
        path: The file; its ending and its content choose the reader.
        content: Its bytes.

    Yields:
        Its readouts, and a ``Skipped`` for each record that cannot be taken (``path`` is then ``FILE:LINE``).

    Raises:
        FormatError: The file as a whole cannot be read; nothing has been yielded then.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        endings = ", ".join(_READERS)
        raise FormatError(f"{_no_reader(path)}.", path=path, mend=f"Readouts are read from {endings} files.")
    return reader(path, content)


def _no_reader(path: Path) -> str:
    kind = f"{path.suffix} files" if path.suffix else "files without an ending"
    return f"There is no reader for {kind}"
