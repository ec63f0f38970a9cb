"""What an indexing run has read and not yet written: kept in a file, so that memory does not grow with the corpus."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from index import codec
from index.database import translate
from index.datatypes import Document, Facts, Passage, Span
from index.pages import pages_of
from index.passages import embedding_text

#: Bytes up to which readings stay in memory: some thousand readouts, so that a small run writes no file.
IN_MEMORY = 16_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A document to be written, with everything that was read from it."""

    record_id: str
    document: Document
    digest: bytes
    facts: Facts
    passages: tuple[Passage, ...]

    def texts(self) -> Iterator[str]:
        """Texts to embed: each passage, followed by its sentences."""
        source, day = self.document.source, self.facts.event_date
        for passage in self.passages:
            yield embedding_text(source, day, passage.text)
            for sentence in passage.sentences:
                yield embedding_text(source, day, passage.text[sentence.start : sentence.end])


class Readings:
    """Readings in the order in which they were added; they can be iterated repeatedly, and must be closed.

    Their file is in the folder of the index without a name, so that it disappears with the process, however that ends.

    Args:
        folder: Folder of the index.
        readings: The first readings.

    Raises:
        CatalogueError: From every method: the file cannot be written, or the disk is full.
    """

    def __init__(self, folder: Path, readings: Iterable[Reading] = ()) -> None:
        self._path = folder / "readings"
        self._file = tempfile.SpooledTemporaryFile(IN_MEMORY, dir=str(folder))  # noqa: SIM115 - closed by ``close``
        self._places: dict[str, int] = {}
        self._end = 0
        for reading in readings:
            self.append(reading)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Forget all of them."""
        # What was not written yet need not be: a disk that is full is told by who reads or appends.
        with suppress(OSError):
            self._file.close()

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[Reading]:
        return (self._at(place) for place in self._places.values())

    def append(self, reading: Reading) -> None:
        """Add one; its document's id must be new."""
        line = json.dumps(_packed(reading), ensure_ascii=False, default=str).encode("utf-8", "surrogatepass") + b"\n"
        with translate(self._path):
            self._file.seek(self._end)
            self._file.write(line)
        self._places[reading.document.source.doc_id] = self._end
        self._end += len(line)

    def doc_ids(self) -> Iterable[str]:
        """Ids of the documents, in order."""
        return self._places.keys()

    def get(self, doc_id: str) -> Reading | None:
        """The one with this id, or None."""
        place = self._places.get(doc_id)
        return None if place is None else self._at(place)

    def _at(self, place: int) -> Reading:
        with translate(self._path):
            self._file.seek(place)
            line = self._file.readline()
        return _unpacked(json.loads(line.decode("utf-8", "surrogatepass")))


def _packed(reading: Reading) -> list[Any]:
    """A reading as JSON; for passages only where they and their sentences begin and end, as the text holds their words."""
    spans = [
        [p.span.start, p.span.end, *(place for s in p.sentences for place in (s.start, s.end))]
        for p in reading.passages
    ]
    # What a file states of itself is written as the catalogue writes it: whatever JSON does not know, in words.
    document = codec.encode(reading.document) | {"given": dict(reading.document.given)}
    return [reading.record_id, reading.digest.hex(), document, codec.encode(reading.facts), spans]


def _unpacked(packed: list[Any]) -> Reading:
    record_id, digest, document, facts, spans = packed
    document = codec.decode(Document, document)
    return Reading(
        record_id=record_id,
        document=document,
        digest=bytes.fromhex(digest),
        facts=codec.decode(Facts, facts),
        passages=tuple(_passage(document, number, *places) for number, places in enumerate(spans)),
    )


def _passage(document: Document, number: int, start: int, end: int, *places: int) -> Passage:
    return Passage(
        source=document.source,
        paragraph=number,
        text=document.text[start:end],
        span=Span(start=start, end=end),
        sentences=tuple(Span(start=s, end=e) for s, e in zip(places[::2], places[1::2], strict=True)),
        pages=pages_of(document.pages, start, end),
    )
