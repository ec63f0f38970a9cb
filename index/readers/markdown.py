"""Markdown, with or without front matter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from index.datatypes import Document
from index.errors import FormatError
from index.readers.decode import decode, refuse_oversize
from index.readers.fields import FieldError, document, named

#: libyaml's loader is ten times as fast; the pure Python one gives the same result.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_OPENING = re.compile(r"\A\s*---[ \t]*\n(?=\s*(?:#.*\n\s*)*(?:[\"']?[\w-]+[\"']?:(?:\s|$)|---|\.\.\.))")
_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)
_KEY = r"(?mi)^[\"']?{}[\"']?[ \t]*:"
#: Front matter is flat; anything deep is not front matter, and libyaml would overflow the stack on it.
_DEEPEST = 16
#: Letters of front matter; a real one has a thousand. A number of a million parts (1:1:1…) takes minutes.
_LONGEST = 100_000
_MEND = "Mend the lines between the two --- marks, or take them out."


def read(path: Path, content: bytes) -> Iterator[Document]:
    """Read one readout.

    Raises:
        FormatError: The file is too long, binary or empty, or its front matter is broken (with the line).
    """
    refuse_oversize(path, len(content))
    yield from read_text(path, decode(path, content))


def has_front_matter(text: str) -> bool:
    """Whether a text opens with ``---`` and a first key."""
    return bool(_OPENING.match(_unix(text)))


def read_text(path: Path, text: str) -> Iterator[Document]:
    """Read one readout from decoded text.

    Raises:
        FormatError: As ``read``.
    """
    text = _unix(text)
    opening = _OPENING.match(text)
    if opening is None:
        front, body, first_line = "", text, 1
    else:
        closing = _CLOSING.search(text, opening.end())
        if closing is None:
            line = _line(text, opening.end()) - 1
            raise FormatError(f"The front matter of {path.name} has no closing ---.", path=path, line=line, mend=_MEND)
        front, body = text[opening.end() : closing.start()], text[closing.end() :]
        first_line = _line(text, opening.end())
    fields = _front_matter(path, front, first_line)
    try:
        yield document(named(fields), body, path=path, has_opening=True)
    except FieldError as error:
        raise _field_fault(path, front, first_line, error) from None


def _unix(text: str) -> str:
    return text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _line(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1


def _front_matter(path: Path, front: str, first_line: int) -> dict[Any, Any]:
    try:
        _refuse_odd(front)
        fields = yaml.load(front, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = first_line + (mark.line if mark else 0)
        problem = error.problem or "it is not YAML"
        raise _fault(path, line, problem) from None
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError) as error:
        raise _fault(path, first_line, str(error).split("\n")[0]) from None
    if fields is None:
        return {}
    if not isinstance(fields, dict):
        raise _fault(path, first_line, "it is not “key: value” lines")
    return fields


def _refuse_odd(front: str) -> None:
    if len(front) > _LONGEST:
        raise yaml.YAMLError(f"it has more than {_LONGEST:,} letters")
    depth = 0
    for event in yaml.parse(front, Loader=_LOADER):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > _DEEPEST:
            raise yaml.YAMLError("it is nested too deeply")
        if isinstance(event, yaml.AliasEvent):
            raise yaml.YAMLError("aliases (*name) are not taken")


def _fault(path: Path, line: int, problem: str) -> FormatError:
    return FormatError(
        f"The front matter of {path.name} is broken in line {line}: {problem}.", path=path, line=line, mend=_MEND
    )


def _field_fault(path: Path, front: str, first_line: int, error: FieldError) -> FormatError:
    if not error.field:
        return FormatError(f"{path.name} is empty.", path=path, mend="Put the readout's text into it.")
    match = re.search(_KEY.format(re.escape(error.field).replace("_", "[_ -]")), front)
    line = first_line + front.count("\n", 0, match.start()) if match else first_line
    return FormatError(f"In {path.name}, line {line}, {error}.", path=path, line=line, mend="Write days as 2023-05-18.")
