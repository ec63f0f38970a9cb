"""Whether a fast engine computes the same as the reference: a few texts by both, and the verdict is recorded.

For the default model's weights, the reference's vectors of these texts come with the program (``python -m benchmarks.engines
--probes`` makes them); for any other model they are made once and kept in the cache folder under the checksum of its files.
So no question loads the reference to find out, except the first one asked of another model on this machine.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable
from pathlib import Path

import numpy as np

from index.encoder.cache import Cache
from index.encoder.models import DEFAULT_SHA256, Model
from index.encoder.recipe import NotCoveredError
from index.protocols import Vectors

#: Raise it with every change of what an engine computes, so that it is verified again.
ENGINE_VERSION = 2
#: The cosine with the reference that an engine must reach on every text, in float32 and in bfloat16 (measured: 0.9999).
LEAST = {"float32": 0.999_99, "bfloat16": 0.999}
#: Short and long texts, one truncated at the model's length, empty ones, other scripts, odd characters.
PROBES = (
    "Who raised human rights?",
    "What did the two presidents agree on when they spoke by telephone on 24 February 2022?",
    "The leaders’ call. 3 May 2023 They discussed the delivery of wheat, the price of natural gas, and a prisoner exchange; "
    "the Prime Minister thanked the Secretary-General for his good offices.",
    "Élodie Marchand met Владимир in 東京 – “naïve” façade, 12.5 % … 👩‍🚀",
    "",
    "UN U.N. NATO COVID-19 e-mail@example.org https://example.org/a_b?c=d \x00\t\u2060end",
    " ".join(f"Paragraph {number} speaks of trade, borders and the sea." for number in range(60)),
    "supercalifragilistic" * 12,
)
_SHIPPED = Path(__file__).with_name("probes.npy")
#: Files of a model, beside its weights, that determine what is computed.
_FILES = ("config.json", "modules.json", "tokenizer.json", "sentence_bert_config.json", "1_Pooling/config.json")


def fingerprint(model: Model) -> str:
    """What distinguishes one state of a model's files from another."""
    digest = hashlib.blake2b(model.revision.encode(), digest_size=16)
    for name in _FILES:
        path = model.folder / name
        digest.update(path.read_bytes() if path.is_file() else b"\0")
    return digest.hexdigest()


def reference_vectors(model: Model, cache: Cache, compute: Callable[[], Vectors]) -> Vectors:
    """The reference's vectors of ``PROBES``: shipped, kept, or computed now and kept.

    Args:
        model: The model.
        cache: Where those of models other than the default are kept.
        compute: Loads the reference and encodes ``PROBES``; called only if they are neither shipped nor kept.
    """
    if DEFAULT_SHA256.startswith(model.revision):
        shipped = np.load(_SHIPPED, allow_pickle=False).astype(np.float32)
        return np.asarray(shipped / np.linalg.norm(shipped, axis=1, keepdims=True))
    name = f"reference-{fingerprint(model)}"
    shape = len(PROBES), model.dimension
    kept = cache.read(name)
    try:
        if kept.get("probes") == list(PROBES):
            found = np.frombuffer(base64.b64decode(kept["vectors"], validate=True), dtype=np.float32).reshape(shape)
            if np.allclose(np.linalg.norm(found, axis=1), 1.0, atol=1e-3):
                return found
    except (KeyError, TypeError, ValueError, binascii.Error):
        pass  # damaged, so made again
    vectors = np.ascontiguousarray(compute(), dtype=np.float32)
    cache.write(name, {"probes": list(PROBES), "vectors": base64.b64encode(vectors.tobytes()).decode()})
    return vectors


def verify(encode: Callable[[], Vectors], expected: Vectors, dtype: str) -> float:
    """Compare an engine with the reference.

    Args:
        encode: Encodes ``PROBES`` with the engine.
        expected: The reference's vectors of them.
        dtype: What the engine computes in, a key of ``LEAST``.

    Returns:
        The least cosine.

    Raises:
        NotCoveredError: It is below what is required.
    """
    least = float((encode() * expected).sum(axis=1).min())
    if not least >= LEAST[dtype]:
        raise NotCoveredError(f"its vectors are not those of the reference (least cosine {least:.5f})")
    return least


def verify_once(
    model: Model, engine: str, cache: Cache, encode: Callable[[], Vectors], expected: Callable[[], Vectors]
) -> None:
    """Call ``verify`` in float32, unless this engine, as now installed, was verified on these files before.

    Args:
        model: The model whose files they are.
        engine: Name and version of what computes.
        cache: Where the verdicts are recorded.
        encode: As ``verify``.
        expected: Returns the reference's vectors.

    Raises:
        NotCoveredError: As ``verify``.
    """
    verdicts = cache.read("verified")
    key = f"{fingerprint(model)} {engine} {ENGINE_VERSION}"
    least = verdicts.get(key)
    if isinstance(least, float) and least >= LEAST["float32"]:
        return
    cache.write("verified", verdicts | {key: verify(encode, expected(), "float32")})
