"""Whether the content of a catalogue is as it was written: all of it, or the readouts that an answer shows."""

from __future__ import annotations

import json
from collections.abc import Iterable

from index import checksums
from index.catalogue import Catalogue
from index.errors import DamagedError
from index.schema import SCHEMA_VERSION, SEALED_DOCUMENT, SEALED_VERSION

#: Tables with seals, what they are of, and what one row of them is called.
_SEALED = (
    ("documents", SEALED_DOCUMENT, "doc_id", "the readout"),
    ("versions", SEALED_VERSION, "doc_id", "an earlier wording of"),
    ("embeddings", "key, vector", "hex(key)", "the embedding"),
)


def check(catalogue: Catalogue) -> bool:
    """Check a whole catalogue.

    Returns:
        Whether it was also compared with a checksum; there is none while a run writes, or after one was stopped.

    Raises:
        DamagedError: Something is not as it was written.
    """
    faults = [str(row[0]) for row in catalogue.run("PRAGMA quick_check(1)")]
    if faults != ["ok"]:
        raise _damaged(catalogue, faults[0])
    if catalogue.run("PRAGMA user_version")[0][0] == SCHEMA_VERSION:
        for table, sealed, name, what in _SEALED:
            # Embeddings of before there were seals stay without.
            differs = "seal != seal({})" if table == "embeddings" else "seal IS NOT seal({})"
            torn = catalogue.run(f"SELECT {name} FROM {table} WHERE {differs.format(sealed)} LIMIT 1")
            if torn:
                raise _damaged(catalogue, f"{what} {torn[0][0]} is not as it was written")
    (words,), (passages,) = (
        catalogue.run(f"SELECT count(*) FROM {table}")[0] for table in ("full_text_docsize", "passages")
    )
    if words != passages:
        raise _damaged(catalogue, f"its full text has {words} of {passages} passages")
    return catalogue.compare()


def check_shown(catalogue: Catalogue, doc_ids: Iterable[str]) -> None:
    """Compare readouts that an answer quotes with their seals, if the catalogue as a whole was not compared with a checksum.

    Raises:
        DamagedError: One of them is not as it was written.
    """
    if catalogue.whole or catalogue.run("PRAGMA user_version")[0][0] != SCHEMA_VERSION:
        return
    torn = catalogue.run(
        "SELECT doc_id FROM documents WHERE doc_id IN (SELECT value FROM json_each(?)) "
        f"AND seal IS NOT seal({SEALED_DOCUMENT}) LIMIT 1",
        (json.dumps(sorted(doc_ids)),),
    )
    if torn:
        raise _damaged(catalogue, f"the readout {torn[0][0]} is not as it was written")


def _damaged(catalogue: Catalogue, reason: str) -> DamagedError:
    return DamagedError(f"The catalogue {catalogue.path} is damaged: {reason}.", mend=checksums.mend(catalogue.folder))
