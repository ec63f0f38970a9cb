"""The vectors of an index kept in step with its catalogue, which names the list of segments that belongs to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from index.catalogue import Catalogue
from index.errors import CatalogueError, DamagedError
from index.vectors import FlatIndex, Rows, SegmentedIndex
from index.vectors.store import TABLES, are_verified, change_vectors, read_vectors, sweep

#: Key of the catalogue's ``meta`` that names the page.
PAGE = "vectors"
#: Up to so many rows a reader computes missing vectors in its own memory; more take minutes and gigabytes.
MADE_BY_READERS = 400_000


def open_vectors(catalogue: Catalogue, before: Mapping[str, SegmentedIndex] | None = None) -> dict[str, SegmentedIndex]:
    """The vectors of the catalogue's present state, from their files or, if these are missing or damaged, from the catalogue.

    Args:
        catalogue: Of the index.
        before: What was opened for an earlier state; see ``read_vectors``.

    Raises:
        CatalogueError: They are missing, and too many for a reader to compute.
    """
    try:
        return stored_vectors(catalogue, before)
    except CatalogueError as error:
        if sum(catalogue.counts()[1:]) > MADE_BY_READERS:
            raise DamagedError(
                f"The vectors of the index {catalogue.folder} are missing or damaged.",
                mend=f"They are made again by: readouts doctor --repair --index {catalogue.folder}",
            ) from error
    dimension = catalogue.dimension
    made = {table: FlatIndex(Rows.of(catalogue.vectors_of(table), dimension)) for table in TABLES}
    return {table: SegmentedIndex(dimension, [flat]) for table, flat in made.items()}


def stored_vectors(
    catalogue: Catalogue, before: Mapping[str, SegmentedIndex] | None = None
) -> dict[str, SegmentedIndex]:
    """The vectors of the catalogue's present state, from their files.

    Raises:
        CatalogueError: Files are missing, damaged, or do not hold as many rows as the catalogue.
    """
    name = catalogue.meta(PAGE)
    if name is None:
        raise CatalogueError(f"The index {catalogue.folder} has no vectors yet.", mend="Run: readouts index")
    found = read_vectors(catalogue.folder, name, catalogue.dimension, before)
    for table, count in zip(TABLES, catalogue.counts()[1:], strict=True):
        if len(found[table]) != count:
            raise DamagedError(
                f"There are {len(found[table])} vectors for {count} {table}.",
                mend=f"They are made again by: readouts doctor --repair --index {catalogue.folder}",
            )
    return found


def are_there(catalogue: Catalogue) -> bool:
    """Whether the vectors of the catalogue's present state may be on disk; those of an earlier state are swept away."""
    name = catalogue.meta(PAGE)
    return name is None or (catalogue.folder / name).exists()


def write_vectors(catalogue: Catalogue, gone: Sequence[int], last: tuple[int, int]) -> None:
    """Write the vectors of what changes in a transaction, and name them in it.

    Args:
        catalogue: Within its transaction, all other changes made.
        gone: Rows of the documents that were removed.
        last: The last ids of passages and of sentences after documents were removed and before others were added.

    Raises:
        CatalogueError: The disk is full.
    """
    name = catalogue.meta(PAGE)
    try:
        read_vectors(catalogue.folder, name or "", catalogue.dimension)
    except CatalogueError:
        remake_vectors(catalogue)
    else:
        _change(catalogue, name, gone, last)


def remake_vectors(catalogue: Catalogue) -> None:
    """Write the vectors of the whole catalogue again, and name them, in its transaction.

    Raises:
        CatalogueError: The disk is full.
    """
    _change(catalogue, None, (), (0, 0))


def _change(catalogue: Catalogue, name: str | None, gone: Sequence[int], last: tuple[int, int]) -> None:
    above = dict(zip(TABLES, last, strict=True))
    page = change_vectors(
        catalogue.folder,
        name,
        catalogue.dimension,
        gone=gone,
        fresh=lambda table: (catalogue.count_above(table, above[table]), catalogue.vectors_of(table, above[table])),
    )
    catalogue.set_meta(PAGE, page)


def tidy(catalogue: Catalogue) -> None:
    """Remove vector files that no longer belong to the catalogue; after the transaction."""
    name = catalogue.meta(PAGE)
    if name is not None:
        sweep(catalogue.folder, name)


def whole(catalogue: Catalogue) -> bool:
    """Whether the vectors of the present state are on disk, with what it takes to verify them when they are opened."""
    try:
        stored_vectors(catalogue)
    except CatalogueError:
        return False
    return are_verified(catalogue.folder, catalogue.meta(PAGE) or "")
