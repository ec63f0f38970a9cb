"""Text to embeddings: a model found and verified, and the engine that computes with it.

sentence-transformers is the reference and the way any model is loaded; for models that they cover, three engines built from
the same weights are faster, and are used once they have been compared with it.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from index.encoder.cache import Cache
from index.encoder.fast import FastEncoder
from index.encoder.models import DEFAULT_MODEL, Model, find_model
from index.encoder.recipe import NotCoveredError, read_recipe
from index.encoder.reference import SentenceTransformerEncoder
from index.errors import EncoderError
from index.protocols import Encoder

__all__ = [
    "DEFAULT_MODEL",
    "FAST",
    "Model",
    "SentenceTransformerEncoder",
    "describe_engine",
    "find_model",
    "load_encoder",
    "probe_engine",
]

#: What the fast engine is called.
FAST = FastEncoder.engine


def load_encoder(model: Model, *, only_reference: bool = False, cache: Path | None = None) -> Encoder:
    """Load a model that was found: in a fraction of a second if the fast engine covers it, otherwise in seconds.

    Args:
        model: What to load.
        only_reference: Do not use the fast engine.
        cache: Folder for what can be made again; the system's cache folder by default.

    Raises:
        EncoderError: Its files are damaged, or sentence-transformers cannot load it.
    """
    loaded: list[SentenceTransformerEncoder] = []

    def reference() -> SentenceTransformerEncoder:
        if not loaded:
            loaded.append(SentenceTransformerEncoder(model))
        return loaded[0]

    if only_reference:
        return reference()
    try:
        return FastEncoder(model, Cache(cache), reference)
    except NotCoveredError:
        return reference()


def describe_engine(name: str, *, only_reference: bool = False) -> tuple[str, str]:
    """Which engine serves a model, and why, judged by its files alone; nothing is loaded and the network is not used.

    Whether the fast engine computes the same as the reference is determined when it is first loaded.

    Raises:
        EncoderError: As ``find_model``.
    """
    slow = SentenceTransformerEncoder.engine
    if only_reference:
        return slow, "the reference was asked for"
    if name != DEFAULT_MODEL and not Path(name).expanduser().is_dir():
        return slow, "or a faster one, which is settled when the model is loaded: it is no folder"
    try:
        read_recipe(find_model(name).folder)
    except NotCoveredError as reason:
        return slow, f"the fast engine does not cover this model: {reason}"
    questions = "NumPy for a first question, ONNX Runtime for those after it"
    if find_spec("onnxruntime") is None:
        questions = "NumPy for questions (ONNX Runtime, which is quicker, is not installed)"
    return FAST, f"{questions}, PyTorch for many texts, from the model's own weights"


def probe_engine(model: Model, *, cache: Path | None = None) -> float | None:
    """Compare the fast engine with the reference over a few texts, without loading the reference.

    Returns:
        The lowest cosine; None if the reference's vectors for these texts are not known on this machine.

    Raises:
        EncoderError: The fast engine does not compute the same as the reference.
    """

    def unknown() -> SentenceTransformerEncoder:
        raise LookupError

    try:
        return FastEncoder(model, Cache(cache), unknown).probe()
    except LookupError:
        return None
    except NotCoveredError as error:
        raise EncoderError(
            f"The fast engine does not serve: {error}.",
            mend="Questions are answered by sentence-transformers meanwhile; install numpy and tokenizers again.",
        ) from error
