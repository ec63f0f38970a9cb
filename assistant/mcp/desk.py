"""What the tools do, as plain values; knows nothing of the protocol."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, TypeVar

from assistant import searching
from assistant.api import Assistant
from assistant.harmless import plain
from assistant.wording import fact_lines
from index.datatypes import Filters, Passage, Readout
from index.errors import MismatchError

T = TypeVar("T")

#: Code points of a readout that are given at once, in whole paragraphs: ten thousand tokens, a small part of what an
#: assistant of today can hold.
AT_ONCE = 40_000


class Desk:
    """Answers the tools from one index, whatever becomes of that meanwhile; safe to use from several threads.

    Args:
        make: Opens an assistant over the index. It is called again where the index was made again with another model.
    """

    def __init__(self, make: Callable[[], Assistant]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._assistant = make()

    def ask(self, question: str, filters: Filters, *, conversation: str | None, passages: int) -> dict[str, Any]:
        """``Answer.to_dict``."""
        found = self._with(
            lambda a: a.ask(question, filters=filters, conversation=conversation or None, top_k=passages)
        )
        return harmless(found.to_dict())

    def search(self, query: str, filters: Filters, *, limit: int) -> dict[str, Any]:
        """What ``readouts search --json`` prints."""
        return harmless(self._with(lambda a: searching.search(a, query, filters=filters, top_k=limit)).to_dict())

    def listed(self, filters: Filters, *, limit: int, offset: int, latest_first: bool) -> dict[str, Any]:
        """Readouts that fit, by their day, a part of the list at a time."""
        total, records = self._with(
            lambda a: (a.count(filters), a.records(filters, limit=offset + limit, latest_first=latest_first))
        )
        after = offset + limit
        return harmless(
            {
                "total": total,
                "readouts": [record.to_dict() for record in records[offset:]],
                "next_offset": after if after < total else None,
            }
        )

    def read(self, doc_id: str, first: int, last: int | None) -> dict[str, Any]:
        """A readout with its facts: the paragraphs from ``first`` to ``last``, of these as many as are given at once."""

        def look(assistant: Assistant) -> dict[str, Any]:
            told = part(assistant.readout(doc_id), first, last)
            (record,) = assistant.records(Filters(doc_ids=(doc_id,), copies=True))
            return told | {"also": record.to_dict()["also"]}

        return harmless(self._with(look))

    def text(self, doc_id: str) -> str:
        """A readout as plain text: its title, its facts, one per line, and its words, as many as are given at once."""
        readout = self._with(lambda a: a.readout(doc_id))
        told = part(readout, 0, None)
        facts = [f"{label}: {value}" for label, value in fact_lines(readout)]
        more = [] if told["next_paragraph"] is None else ["", "[It goes on; the tool read_readout reads the rest.]"]
        return plain("\n".join([readout.source.title, *facts, "", told["text"], *more, ""]))

    def _with(self, work: Callable[[Assistant], T]) -> T:
        assistant = self._assistant
        try:
            return work(assistant)
        except MismatchError:
            # Made with another model since the encoder was loaded; the next assistant takes that. Threads may still use this.
            with self._lock:
                if self._assistant is assistant:
                    self._assistant = self._make()
            return work(self._assistant)


def part(readout: Readout, first: int, last: int | None) -> dict[str, Any]:
    """Some paragraphs of a readout: those asked for, as far as ``AT_ONCE`` reaches, but one at least."""
    chosen: list[Passage] = []
    size = 0
    for passage in readout.passages[first : None if last is None else last + 1]:
        size += len(passage.text)
        if chosen and size > AT_ONCE:
            break
        chosen.append(passage)
    whole = readout.to_dict()
    numbers = {passage.paragraph for passage in chosen}
    after = first + len(chosen)
    return whole | {
        "text": readout.text[chosen[0].span.start : chosen[-1].span.end] if chosen else "",
        "passages": [told for told in whole["passages"] if told["paragraph"] in numbers],
        "paragraphs": len(readout.passages),
        "next_paragraph": after if after < len(readout.passages) else None,
    }


def harmless(told: dict[str, Any]) -> dict[str, Any]:
    """The object with every text in it harmless; offsets stay true."""
    return {key: _harmless(value) for key, value in told.items()}


def _harmless(value: Any) -> Any:
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, list):
        return [_harmless(item) for item in value]
    return harmless(value) if isinstance(value, dict) else value
