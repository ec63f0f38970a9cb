"""What an index holds, and what computes its embeddings."""

from __future__ import annotations

from pathlib import Path

from index.catalogue import Catalogue
from index.datatypes import IndexStatus, parse_bound
from index.encoder import DEFAULT_MODEL, describe_engine
from index.errors import EncoderError, NoIndexError
from index.protocols import Encoder


def status_of(catalogue: Catalogue, engine: tuple[str, str]) -> IndexStatus:
    """What an index holds.

    Args:
        catalogue: Of the index.
        engine: What ``engine_of`` returns.
    """
    with catalogue.snapshot():
        return _status_of(catalogue, engine)


def _status_of(catalogue: Catalogue, engine: tuple[str, str]) -> IndexStatus:
    documents, passages, sentences = catalogue.counts()
    first, last = catalogue.days()
    return IndexStatus(
        documents=documents,
        copies=catalogue.copies(),
        passages=passages,
        sentences=sentences,
        issuers=catalogue.issuers(),
        languages=tuple(catalogue.languages().items()),
        date_from=parse_bound(first, last=False),
        date_to=parse_bound(last, last=True),
        model=catalogue.meta("model") or "",
        revision=catalogue.meta("revision") or "",
        dimension=int(catalogue.meta("dimension") or 0),
        engine=engine[0],
        engine_why=engine[1],
        path=str(catalogue.folder),
    )


def looked_at(catalogue: Catalogue, model: str, engine: str) -> IndexStatus:
    """What an index holds, without opening an assistant for it.

    Args:
        catalogue: Of the index.
        model: As the settings have it; empty for the one that the index was made with.
        engine: As the settings have it.
    """
    name = model or catalogue.meta("model") or DEFAULT_MODEL
    return status_of(catalogue, engine_of(name, None, only_reference=engine == "reference"))


def engine_of(model: str, encoder: Encoder | None, *, only_reference: bool) -> tuple[str, str]:
    """Which engine computes the embeddings, and why; it is not loaded.

    Args:
        model: Name of the model.
        encoder: The one that is loaded, if one is.
        only_reference: Whether the fast engine is left out.
    """
    if encoder is not None:
        return encoder.engine, "it is loaded"
    try:
        return describe_engine(model, only_reference=only_reference)
    except EncoderError as error:
        return "none", error.message


def recorded_model(folder: Path) -> str | None:
    """Name of the model that the index in a folder was made with; None if there is no index."""
    try:
        catalogue = Catalogue(folder)
    except NoIndexError:
        return None
    try:
        return catalogue.meta("model")
    finally:
        catalogue.close()
