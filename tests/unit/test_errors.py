from __future__ import annotations

from pathlib import Path

import pytest

from assistant import errors as assistant_errors
from assistant.errors import EXIT_CODES, exit_code
from index import errors as index_errors
from index.errors import FormatError, NoIndexError, ReadoutsError


def tree(cls: type[ReadoutsError] = ReadoutsError) -> list[type[ReadoutsError]]:
    return [cls, *(below for child in cls.__subclasses__() for below in tree(child))]


#: What the contract says: 1 the work failed, 2 wrong usage or settings, 3 no index or one that cannot be used as it is.
CODES = {
    "ReadoutsError": 1, "CorpusError": 1, "FormatError": 1, "NoIndexError": 3, "MismatchError": 3, "BusyError": 1,
    "EncoderError": 1, "DocumentError": 1, "FilterError": 2, "QuestionError": 2, "SettingsError": 2, "HistoryError": 1,
    "QuestionFileError": 2,
}  # fmt: skip


def instance(cls: type[ReadoutsError]) -> ReadoutsError:
    if issubclass(cls, NoIndexError):
        return cls(Path("/x"))
    if issubclass(cls, FormatError):
        return cls("It happened.", path=Path("/x"))
    return cls("It happened.")


OURS = [cls for cls in tree() if cls.__module__ in ("index.errors", "assistant.errors")]


@pytest.mark.parametrize("cls", OURS)
def test_every_error_has_an_exit_code_that_scripts_can_rely_on(cls: type[ReadoutsError]) -> None:
    assert exit_code(instance(cls)) in (1, 2, 3)
    if cls.__name__ in CODES:
        assert exit_code(instance(cls)) == CODES[cls.__name__]


def test_no_error_of_the_contract_is_missing() -> None:
    assert {cls.__name__ for cls in OURS} >= CODES.keys() | {"CatalogueError"}


def test_an_error_of_a_kind_of_its_own_has_the_code_of_the_nearest_kind_above() -> None:
    class OwnError(assistant_errors.SettingsError):
        pass

    assert OwnError not in EXIT_CODES
    assert exit_code(OwnError("x")) == EXIT_CODES[assistant_errors.SettingsError]


@pytest.mark.parametrize("cls", OURS)
def test_every_error_stands_in_the_tree_of_a_docstring(cls: type[ReadoutsError]) -> None:
    assert cls.__name__ in (index_errors.__doc__ or "") + (assistant_errors.__doc__ or "")


def test_an_error_says_what_happened_and_then_its_mend() -> None:
    assert str(ReadoutsError("It broke.", mend="Mend it.")) == "It broke. Mend it."
    assert str(ReadoutsError("It broke.")) == "It broke."


def test_a_missing_index_is_named_with_the_command_that_makes_one(tmp_path: Path) -> None:
    error = NoIndexError(tmp_path)
    assert str(tmp_path) in error.message
    assert f"readouts index FOLDER --index {tmp_path}" in error.mend
