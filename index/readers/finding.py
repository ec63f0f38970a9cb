"""The files to read: those named, and everything in a named folder."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from pathlib import Path

from index.datatypes import Skipped
from index.errors import CorpusError, FormatError
from index.readers.bounds import MAX_FILE_BYTES
from index.readers.formats import HEAD_BYTES, format_of, has_known_ending, no_reader
from index.textforms import storable

#: Files about a folder, not of it.
_ABOUT = frozenset({"readme", "license", "licence", "changelog"})
#: The file that identifies a folder as an index, and the endings of the files beside it.
_CATALOGUE = "catalogue.sqlite"
_VECTORS = frozenset({".vectors", ".rows", ".lists", ".faiss"})


def find_files(paths: Sequence[Path]) -> tuple[tuple[Path, ...], tuple[Skipped, ...]]:
    """The files to read: files as named, folders with everything in them.

    Within a folder, hidden files, the files of an index and README, LICENSE and CHANGELOG files are skipped; a named file
    is always taken.

    Returns:
        Absolute, resolved files without duplicates, folders in sorted order; and the files that no reader takes, with reasons.

    Raises:
        CorpusError: A path does not exist.
    """
    found: dict[Path, None] = {}
    skipped: dict[Path, str] = {}
    roots = {path.expanduser().resolve() for path in paths if path.expanduser().is_dir()}
    for path in paths:
        try:
            resolved = path.expanduser().resolve(strict=True)
        except (OSError, RuntimeError, ValueError) as error:
            raise CorpusError(f"There is no file or folder {path}.", mend="Check the spelling of the path.") from error
        if resolved.is_dir():
            _walk(resolved, found, skipped, set(), roots)
        elif resolved.is_file():
            found[resolved] = None
        else:
            skipped[resolved] = "It is neither a file nor a folder."
    reasons = tuple(
        Skipped(path=storable(str(path)), reason=reason) for path, reason in skipped.items() if path not in found
    )
    return tuple(found), reasons


def content_of(path: Path) -> bytes:
    """The bytes of a file, which may no longer be the one that was found.

    If it grows meanwhile, no more is read than it had. If it has become a pipe or a device, it is not waited for.

    Raises:
        FormatError: It cannot be read, is no longer a file, or has more than ``MAX_FILE_BYTES``.
    """
    try:
        with open(path, "rb", opener=_without_waiting) as file:
            about = os.fstat(file.fileno())
            if not stat.S_ISREG(about.st_mode):
                raise FormatError("It is neither a file nor a folder.", path=path)
            if about.st_size > MAX_FILE_BYTES:
                most = f"{MAX_FILE_BYTES >> 30} GB"
                raise FormatError(f"It is larger than {most}; split it into smaller files.", path=path)
            return file.read(about.st_size)
    except OSError as error:
        raise FormatError(f"It cannot be read: {error.strerror}.", path=path) from error


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _walk(folder: Path, found: dict[Path, None], skipped: dict[Path, str], seen: set[Path], roots: set[Path]) -> None:
    """Add the files of a folder.

    ``seen`` has resolved folders, so that cyclic links end; a link that leads out of all ``roots`` is not followed: a
    folder from elsewhere would bring in files that its user never named.
    """
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
        is_index = any(entry.name == _CATALOGUE for entry in entries)
        folders = []
        for entry in entries:
            if entry.name.startswith(".") or (is_index and _of_index(entry)):
                continue
            try:
                # Resolving examines every folder above; for anything but a link these are known.
                resolved = entry.resolve(strict=True) if entry.is_symlink() else entry
            except (OSError, RuntimeError):
                skipped[entry] = "The link leads nowhere."
                continue
            if resolved is not entry and not roots & {resolved, *resolved.parents}:
                skipped[entry] = "The link leads out of the folder; name what it leads to."
            elif resolved.is_dir():
                folders.append(resolved)
            elif not resolved.is_file():
                skipped[resolved] = "It is neither a file nor a folder."
            elif entry.stem.lower() in _ABOUT:
                continue
            elif has_known_ending(resolved) or format_of(resolved, _head(resolved)):
                found[resolved] = None
            else:
                skipped[resolved] = f"{no_reader(resolved)}."
        pending.extend(reversed(folders))


def _of_index(path: Path) -> bool:
    return path.name.startswith(_CATALOGUE) or path.suffix in _VECTORS


def _head(path: Path) -> bytes:
    """The first bytes of a file whose ending says nothing; empty if they cannot be read."""
    try:
        with open(path, "rb", opener=_without_waiting) as file:
            return file.read(HEAD_BYTES)
    except OSError:
        return b""
