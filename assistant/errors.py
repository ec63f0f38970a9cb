"""What can go wrong between a person and the index.

The branch of ``ReadoutsError`` that belongs to the assistant::

    ReadoutsError
    ├── QuestionError      the question cannot be asked as it is (empty, too long)
    ├── SettingsError      a setting is unknown or has a value it cannot have
    ├── SavedSearchError   a saved search cannot be found, kept or read
    │   └── DamagedSearchesError  saved searches are not as they were written
    ├── HistoryError       a conversation cannot be found, read or written
    │   └── DamagedHistoryError   conversations are not as they were written
    ├── BackupError        a backup cannot be written, or cannot be used
    ├── ExportError        a conversation cannot be written to this file or in this form
    └── QuestionFileError  a line of a question file cannot be read

``EXIT_CODES`` maps every class of the tree to the exit code that scripts see.
"""

from __future__ import annotations

from index.errors import (
    CatalogueError,
    CorpusError,
    DamagedError,
    DocumentError,
    EncoderError,
    FetchError,
    FieldNameError,
    FilterError,
    FormatError,
    MismatchError,
    NoIndexError,
    ReadoutsError,
)


class QuestionError(ReadoutsError):
    """The question cannot be asked as it is."""


class SettingsError(ReadoutsError):
    """A setting is unknown or has a value that it cannot have."""


class ExportError(ReadoutsError):
    """A conversation cannot be written to this file or in this form."""


class SavedSearchError(ReadoutsError):
    """A saved search cannot be found, kept or read."""


class HistoryError(ReadoutsError):
    """A conversation cannot be found, read or written."""


class BackupError(ReadoutsError):
    """A backup cannot be written, or cannot be used."""


class DamagedSearchesError(SavedSearchError):
    """Saved searches are not as they were written."""


class DamagedHistoryError(HistoryError):
    """Conversations are not as they were written."""


class QuestionFileError(ReadoutsError):
    """A file of questions cannot be read."""


#: Exit code of each class; the most specific class that an error is an instance of decides.
EXIT_CODES: dict[type[ReadoutsError], int] = {
    ReadoutsError: 1,
    CorpusError: 1,
    FetchError: 1,
    FormatError: 1,
    CatalogueError: 1,
    DocumentError: 1,
    BackupError: 1,
    ExportError: 1,
    HistoryError: 1,
    SavedSearchError: 1,
    EncoderError: 1,
    QuestionError: 2,
    QuestionFileError: 2,
    SettingsError: 2,
    FieldNameError: 2,
    FilterError: 2,
    DamagedError: 3,
    DamagedHistoryError: 3,
    DamagedSearchesError: 3,
    NoIndexError: 3,
    MismatchError: 3,
}


def exit_code(error: ReadoutsError) -> int:
    """The exit code of an error, by its nearest class in ``EXIT_CODES``."""
    return next(EXIT_CODES[cls] for cls in type(error).__mro__ if cls in EXIT_CODES)


__all__ = [
    "EXIT_CODES",
    "BackupError",
    "DamagedHistoryError",
    "DamagedSearchesError",
    "ExportError",
    "HistoryError",
    "QuestionError",
    "QuestionFileError",
    "ReadoutsError",
    "SavedSearchError",
    "SettingsError",
    "exit_code",
]
