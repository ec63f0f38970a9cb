"""Whether all that a catalogue holds is as it was written: what opening it verifies, and every row that has a seal."""

from __future__ import annotations

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
    """Look through a whole catalogue.

    Returns:
        Whether it was compared with a checksum as well, which a run that is writing, or was stopped, leaves without.

    Raises:
        DamagedError: Something is not as it was written.
    """
    faults = [str(row[0]) for row in catalogue.run("PRAGMA quick_check(1)")]
    if faults != ["ok"]:
        raise _damaged(catalogue, faults[0])
    if catalogue.run("PRAGMA user_version")[0][0] == SCHEMA_VERSION:
        for table, sealed, name, what in _SEALED:
            torn = catalogue.run(f"SELECT {name} FROM {table} WHERE seal != seal({sealed}) LIMIT 1")
            if torn:
                raise _damaged(catalogue, f"{what} {torn[0][0]} is not as it was written")
    (words,), (passages,) = (
        catalogue.run(f"SELECT count(*) FROM {table}")[0] for table in ("full_text_docsize", "passages")
    )
    if words != passages:
        raise _damaged(catalogue, f"its full text has {words} of {passages} passages")
    return checksums.kept(catalogue.path) is not None


def _damaged(catalogue: Catalogue, reason: str) -> DamagedError:
    return DamagedError(f"The catalogue {catalogue.path} is damaged: {reason}.", mend=checksums.mend(catalogue.folder))
