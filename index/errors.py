"""What can go wrong with documents at rest, and what to do about it.

Every error is a sentence about what happened and, in ``mend``, a sentence about what to do next::

    ReadoutsError
    ├── CorpusError        a path holds nothing that can be indexed
    ├── FetchError         a web address is refused or cannot be fetched (it is skipped, the rest continues)
    ├── FormatError        one file or record cannot be read (it is skipped, the rest continues)
    ├── NoIndexError       there is no index at this place yet
    ├── MismatchError      the index and the program (or its model) do not fit together
    ├── CatalogueError     the catalogue cannot be read or written
    │   ├── DamagedError   a file of the index is not as it was written
    │   └── BusyError      another process is writing to this index
    ├── EncoderError       the model is unknown, damaged or cannot be loaded
    ├── DocumentError      no readout has this id
    ├── FieldNameError     a column is to be taken for a field that there is not
    └── FilterError        a filter value means nothing (a date that is none, an unknown kind)

The assistant adds its own branch in ``assistant.errors``.
"""

from __future__ import annotations

from pathlib import Path


class ReadoutsError(Exception):
    """Base of every error this program raises on purpose.

    Attributes:
        message: What happened, one sentence.
        mend: What the reader can do next, one sentence or a command; may be empty.
    """

    def __init__(self, message: str, *, mend: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.mend = mend

    def __str__(self) -> str:
        return f"{self.message} {self.mend}".strip()


class CorpusError(ReadoutsError):
    """A path that was to be indexed does not exist or holds nothing readable."""


class FetchError(ReadoutsError):
    """A web address is refused, or its page cannot be fetched."""


class FormatError(ReadoutsError):
    """One file, or one record of it, cannot be read.

    Attributes:
        path: The file.
        line: 1-based line of the fault, where one is known.
    """

    def __init__(self, message: str, *, path: Path, line: int | None = None, mend: str = "") -> None:
        super().__init__(message, mend=mend)
        self.path = path
        self.line = line


class NoIndexError(ReadoutsError):
    """The folder holds no index."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"There is no index at {path}.",
            mend=f"Make one with: readouts index FOLDER --index {path}",
        )
        self.path = path


class MismatchError(ReadoutsError):
    """The index was made with another model or by another version of the program."""


class CatalogueError(ReadoutsError):
    """The catalogue cannot be read or written (damaged, read-only, disk full)."""


class DamagedError(CatalogueError):
    """A file of the index is not as it was written, and cannot be used."""


class OlderFormatWarning(UserWarning):
    """What was of an older format is brought up to date; the message names the copy that is kept."""


class BusyError(CatalogueError):
    """Another process is writing to this index."""


class EncoderError(ReadoutsError):
    """The model cannot be found, verified or loaded."""


class DocumentError(ReadoutsError):
    """No readout has the id that was asked for."""


class FilterError(ReadoutsError):
    """A filter was given a value that means nothing."""


class FieldNameError(ReadoutsError):
    """A column was to be taken for a field that there is not."""
