"""What the tests of indexing share: looking into an index, and encoders that must stay idle."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from small_index import HashEncoder

from index.catalogue import Catalogue
from index.datatypes import Filters, Hit, IndexReport, Query, Readout
from index.protocols import Encoder
from index.search import PassageIndex


def ids(folder: Path) -> set[str]:
    catalogue = Catalogue(folder)
    found = {record.source.doc_id for record in catalogue.records(Filters(), limit=None)}
    catalogue.close()
    return found


def ask(folder: Path, text: str, encoder: Encoder | None = None, **parts: object) -> tuple[Hit, ...]:
    opened = PassageIndex(folder)
    vector = (encoder or HashEncoder()).encode([text])[0]
    try:
        return opened.search(Query(text=text, **parts), vector)  # type: ignore[arg-type]
    finally:
        opened.close()


def first(folder: Path, text: str, encoder: Encoder | None = None) -> str:
    return ask(folder, text, encoder)[0].passage.source.doc_id


def changes(report: IndexReport) -> tuple[int, int, int, int]:
    return report.added, report.updated, report.unchanged, report.removed


def never() -> HashEncoder:
    raise AssertionError("nothing is to be encoded, so no model is to be loaded")


def never_if_nothing_new() -> Encoder:
    """An encoder that fails where it has anything to encode."""

    class Idle(HashEncoder):
        def encode(self, texts: object) -> np.ndarray:
            raise AssertionError(f"nothing new is to be encoded: {texts}")

    return Idle()


def records(folder: Path) -> list[Readout]:
    catalogue = Catalogue(folder)
    found = [catalogue.readout(doc_id) for doc_id in sorted(ids(folder))]
    catalogue.close()
    return found
