"""What the screen remembers from one day to the next: theme, layout and the questions asked."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from index import private

#: How many questions can be fetched back with the up key.
MOST_QUESTIONS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """What is kept.

    Attributes:
        theme: Name of the theme; empty for the default.
        layout: Name of the layout; empty for the default.
        questions: Questions as typed, oldest first.
    """

    theme: str = ""
    layout: str = ""
    questions: tuple[str, ...] = ()

    def asked(self, question: str) -> Remembered:
        """The same with one more question; one asked again moves to the end."""
        others = tuple(q for q in self.questions if q != question)
        return replace(self, questions=(*others, question)[-MOST_QUESTIONS:])


def read(path: Path | None) -> Remembered:
    """What the file says; nothing if there is none or it cannot be used."""
    if path is None:
        return Remembered()
    try:
        found: Any = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Remembered()
    if not isinstance(found, dict):
        return Remembered()
    questions = found.get("questions")
    return Remembered(
        theme=str(found.get("theme", "")),
        layout=str(found.get("layout", "")),
        questions=tuple(q for q in questions if isinstance(q, str))[-MOST_QUESTIONS:]
        if isinstance(questions, list)
        else (),
    )


def write(path: Path | None, remembered: Remembered) -> bool:
    """Write the file anew; returns whether that was possible (failing to remember is no reason to stop)."""
    if path is None:
        return False
    try:
        private.make_folder(path.parent)
        private.replace(path, json.dumps(asdict(remembered), ensure_ascii=False).encode())
    except (OSError, UnicodeEncodeError):
        return False
    return True
