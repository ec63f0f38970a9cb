"""What long jobs report: their progress, what they changed, what they skipped; and what an index holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from index.filters import iso

#: Between the path of a file and that of a member within it, as in ``talks.zip!/may/berlin.pdf``.
MEMBER = "!/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A file or record that was not read, and why.

    Attributes:
        path: The file, with ``:LINE`` for one record of it.
        reason: One sentence.
    """

    path: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What the user should know about a file that was read.

    Attributes:
        path: The file; empty if the note concerns the whole index.
        text: One sentence.
    """

    path: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A readout that an indexing run changed.

    Attributes:
        what: "added", "updated" or "removed".
        doc_id: Its id.
        path: Its file.
    """

    what: str
    doc_id: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """A readout whose text another one has too.

    Attributes:
        doc_id: Its id.
        leader: Id of the one that is shown instead.
    """

    doc_id: str
    leader: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldNote(Note):
    """The fields that the columns of a table or of records were taken for; ``text`` is empty if that is obvious.

    Attributes:
        fields: The column of each field.
    """

    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Progress of a long job.

    Attributes:
        stage: "reading", "encoding" or "writing".
        done: Units finished (files when reading, texts when encoding, readouts when writing).
        total: Units in all, as far as known.
        note: What is being worked on.
    """

    stage: str
    done: int
    total: int
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexReport:
    """What one indexing run changed.

    Attributes:
        added: Readouts that are new.
        updated: Readouts whose text, title, date or facts changed.
        unchanged: Readouts that did not change.
        removed: Readouts whose file or record is gone.
        skipped: Files and records that could not be read.
        notes: What to know about files that were read.
        changes: Each readout that was added, updated or removed.
        folded: Readouts newly found to be copies of others.
        documents: Readouts in the index now.
        passages: Passages in the index now.
        encoded: Texts that had to be encoded.
        seconds: Elapsed time.
    """

    added: int
    updated: int
    unchanged: int
    removed: int
    skipped: tuple[Skipped, ...]
    documents: int
    passages: int
    encoded: int
    seconds: float
    notes: tuple[Note, ...] = ()
    changes: tuple[Change, ...] = ()
    folded: tuple[Folded, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The report as the public JSON has it."""
        return {
            "added": self.added,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "removed": self.removed,
            "skipped": [{"path": s.path, "reason": s.reason} for s in self.skipped],
            "notes": [{"path": note.path, "note": note.text} for note in self.notes],
            "folded": [{"doc_id": one.doc_id, "leader": one.leader} for one in self.folded],
            "documents": self.documents,
            "passages": self.passages,
            "encoded": self.encoded,
            "seconds": self.seconds,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexStatus:
    """What an index holds.

    Attributes:
        documents: Readouts.
        copies: Those of them that are shown under another readout with the same text.
        passages: Paragraphs.
        sentences: Sentences.
        issuers: In alphabetical order.
        languages: Code and number of readouts of each language, the most frequent first; an empty code is an unknown language.
        date_from: First day of an event, or None.
        date_to: Last day of an event, or None.
        model: Model the index was made with.
        revision: Its revision.
        dimension: Length of its vectors.
        engine: What computes the embeddings.
        engine_why: Why that engine is used.
        path: Folder of the index.
    """

    documents: int
    passages: int
    sentences: int
    issuers: tuple[str, ...]
    date_from: dt.date | None
    date_to: dt.date | None
    model: str
    revision: str
    dimension: int
    engine: str
    path: str
    engine_why: str = ""
    copies: int = 0
    languages: tuple[tuple[str, int], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The status as the public JSON has it."""
        return {
            "documents": self.documents,
            "copies": self.copies,
            "passages": self.passages,
            "sentences": self.sentences,
            "issuers": list(self.issuers),
            "languages": {code or "unknown": count for code, count in self.languages},
            "from": iso(self.date_from),
            "to": iso(self.date_to),
            "model": self.model,
            "revision": self.revision,
            "dimension": self.dimension,
            "engine": self.engine,
            "engine_why": self.engine_why,
            "path": self.path,
        }
