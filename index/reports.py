"""What long jobs tell: how far they are, what they changed, what they passed over; and what an index holds."""

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
    """A file or record that was not taken, and why.

    Attributes:
        path: The file, with ``:LINE`` for one record of it.
        reason: One sentence.
    """

    path: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What the user should know of a file that was taken.

    Attributes:
        path: The file; empty for what concerns the whole index.
        text: One sentence.
    """

    path: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A readout that a run of indexing changed.

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
    """A readout whose text another one has as well.

    Attributes:
        doc_id: Its id.
        leader: Id of the one that is shown instead.
    """

    doc_id: str
    leader: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldNote(Note):
    """What the columns of a table, or the fields of records, were taken for; ``text`` is empty where that goes without saying.

    Attributes:
        fields: Column of each field.
    """

    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a long job is.

    Attributes:
        stage: "reading", "encoding" or "writing".
        done: Units finished (files for reading, texts for encoding).
        total: Units in all, as far as is known.
        note: What is being worked on.
    """

    stage: str
    done: int
    total: int
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexReport:
    """What one run of indexing changed.

    Attributes:
        added: Readouts that are new.
        updated: Readouts whose text, title, date or facts changed.
        unchanged: Readouts found as they were.
        removed: Readouts whose file or record is gone.
        skipped: What could not be taken.
        notes: What to know of files that were taken.
        changes: Each readout that was added, updated or removed.
        folded: What was found to be posted more than once, and was not known to be.
        documents: Readouts in the index now.
        passages: Passages in the index now.
        encoded: Texts that had to be encoded.
        seconds: Wall time.
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
        copies: Those of them that are shown under another, whose text they have.
        passages: Paragraphs.
        sentences: Sentences.
        issuers: In alphabetical order.
        languages: Code and number of readouts of each language, the most first; the code is empty where it is not known.
        date_from: First day of an event, or None.
        date_to: Last day of an event, or None.
        model: Model the index was made with.
        revision: Its revision.
        dimension: Length of its vectors.
        engine: What computes the embeddings.
        engine_why: Why it does.
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
