"""Whether an encoder is the one an index was made with."""

from __future__ import annotations

from index.catalogue import Catalogue
from index.encoder import Model
from index.errors import MismatchError
from index.protocols import Encoder


def check_model(catalogue: Catalogue, encoder: Encoder | Model) -> None:
    """Refuse an encoder (or a model, before it is loaded) that is not the one the index was made with.

    Raises:
        MismatchError: Name, revision or dimension differ.
    """
    made_with = catalogue.meta("model")
    if made_with is None:
        return
    ours = (made_with, catalogue.meta("revision"), catalogue.meta("dimension"))
    theirs = (encoder.name, encoder.revision, str(encoder.dimension))
    if ours[1:] != theirs[1:]:
        raise MismatchError(
            f"The index {catalogue.folder} was made with the model {ours[0]} (revision {ours[1]}, {ours[2]} dimensions), "
            f"not with {theirs[0]} (revision {theirs[1]}, {theirs[2]} dimensions).",
            mend=f"Use --model {ours[0]}, or encode all again with: "
            f"readouts index --rebuild --model {theirs[0]} --index {catalogue.folder}",
        )
