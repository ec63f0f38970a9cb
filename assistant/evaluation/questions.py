"""Question files: one JSON object per line, read and checked before the first question is asked."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from assistant.errors import QuestionFileError


class Type(StrEnum):
    """The type of question a line asks; each is reported on its own.

    ``FIRST_TURN`` never appears in a file: it is what the first turn of a ``followup`` line is reported as.
    """

    CONTENT = "content"
    VAGUE = "vague"
    ATTRIBUTION = "attribution"
    METADATA = "metadata"
    TEMPORAL = "temporal"
    FIRST_TURN = "first turn"
    FOLLOWUP = "followup"
    LIST = "list"
    UNANSWERABLE = "unanswerable"


#: Types that ask one question and have their answer in a quote.
QUOTED = (Type.CONTENT, Type.VAGUE, Type.ATTRIBUTION, Type.METADATA, Type.TEMPORAL)

#: Kinds of unanswerable question, by the words that open the line's ``why`` ("NEAR MISS: no price is named",
#: "off-topic: cooking"); other lines are ``unmarked``.
KINDS = ("near miss", "absent", "off topic")
UNMARKED = "unmarked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gold:
    """Where one right answer is.

    Attributes:
        doc: Id of the readout.
        quote: Words of the readout that answer; empty if the readout as a whole does, any of its words being right.
    """

    doc: str
    quote: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One question as it is asked.

    Attributes:
        question: Its words.
        gold: Right answers, any one of which will do; empty for lists and unanswerable questions.
    """

    question: str
    gold: tuple[Gold, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a question file.

    Attributes:
        place: ``FILE:LINE``, with only the file's name, so that runs from different folders can be compared.
        type: Type of question; never ``Type.FIRST_TURN``.
        asks: One question, or the turns of a conversation in order.
        gold_docs: Every readout that a list counts; otherwise empty.
        kind: Of an unanswerable question: "near miss", "absent", "off topic" or "unmarked"; otherwise empty.
    """

    place: str
    type: Type
    asks: tuple[Ask, ...]
    gold_docs: tuple[str, ...] = ()
    kind: str = ""


def read_questions(files: Sequence[Path]) -> tuple[Line, ...]:
    """Read question files, in the order given; empty lines are skipped, fields not known here too.

    Raises:
        QuestionFileError: A file cannot be read or holds no question, or a line of it is not as the format wants it;
            the message opens with ``FILE:LINE``.
    """
    names = Counter(path.name for path in files)
    lines: list[Line] = []
    for path in files:
        label = path.name if names[path.name] == 1 else str(path)
        found = [
            _line(text, where=f"{path}:{number}", place=f"{label}:{number}")
            for number, text in enumerate(_read(path).split("\n"), start=1)
            if text.strip()
        ]
        if not found:
            raise QuestionFileError(f"{path} holds no question.", mend="Write one JSON object per line.")
        lines.extend(found)
    return tuple(lines)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise QuestionFileError(f"{path} cannot be read: {error.strerror}.", mend="Check the path.") from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise QuestionFileError(f"{path}:{line}: the text is not UTF-8.", mend="Save the file as UTF-8.") from error


def _line(text: str, *, where: str, place: str) -> Line:
    try:
        record = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _fault(where, f"this is not JSON ({error})") from error
    if not isinstance(record, dict):
        raise _fault(where, "this is not a JSON object")
    name = record.get("type")
    known = [kind.value for kind in Type if kind is not Type.FIRST_TURN]
    if name not in known:
        raise _fault(where, f"“type” is {json.dumps(name)}, not one of {', '.join(known)}")
    kind = Type(name)
    if kind is Type.FOLLOWUP:
        turns = _list(record, "turns", where)
        return Line(place=place, type=kind, asks=tuple(_ask(turn, f"{where}, turn {n}") for n, turn in turns))
    if kind is Type.LIST:
        docs = tuple(_text(doc, "gold_docs", where) for _, doc in _list(record, "gold_docs", where))
        return Line(place=place, type=kind, asks=(_bare(record, where),), gold_docs=tuple(dict.fromkeys(docs)))
    if kind is Type.UNANSWERABLE:
        return Line(place=place, type=kind, asks=(_bare(record, where),), kind=_kind(record.get("why")))
    return Line(place=place, type=kind, asks=(_ask(record, where),))


def _kind(why: object) -> str:
    reason = why.lower().replace("-", " ") if isinstance(why, str) else ""
    return next((kind for kind in KINDS if reason.startswith(kind)), UNMARKED)


def _bare(record: dict[str, Any], where: str) -> Ask:
    return Ask(question=_text(record.get("question"), "question", where))


def _ask(record: object, where: str) -> Ask:
    if not isinstance(record, dict):
        raise _fault(where, "this is not a JSON object")
    gold = []
    for number, item in _list(record, "gold", where):
        if not isinstance(item, dict):
            raise _fault(where, f"gold {number} is not a JSON object")
        quote = _text(item["quote"], "quote", where) if item.get("quote") else ""
        gold.append(Gold(doc=_text(item.get("doc"), "doc", where), quote=quote))
    return Ask(question=_text(record.get("question"), "question", where), gold=tuple(gold))


def _list(record: dict[str, Any], name: str, where: str) -> list[tuple[int, Any]]:
    value = record.get(name)
    if not isinstance(value, list) or not value:
        raise _fault(where, f"“{name}” must be a list with something in it")
    return list(enumerate(value, start=1))


def _text(value: object, name: str, where: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _fault(where, f"“{name}” must be words")
    if any("\ud800" <= letter <= "\udfff" for letter in value):
        raise _fault(where, f"“{name}” holds half a character (a lone surrogate)")
    return value


def _fault(where: str, what: str) -> QuestionFileError:
    return QuestionFileError(f"{where}: {what}.", mend="Fix the line, or remove it, and run again.")
