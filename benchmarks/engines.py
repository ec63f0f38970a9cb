"""Which engine computes embeddings: texts per second by length, one question, and how near they are to the reference.

``python -m benchmarks.engines CORPUS [--texts 400] [--output FILE]`` prints the table that decided; ``--probes`` writes the
reference's vectors of the texts by which an engine is verified, which come with the program.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import torch
from sentence_transformers import SentenceTransformer

from benchmarks.eight_bits import BLOCK, EightBitBert
from benchmarks.tables import median, processor_seconds, seconds, tell, texts_of
from index.encoder import find_model, load_encoder, trust
from index.encoder.models import WEIGHTS
from index.encoder.numpy_bert import NumpyBert
from index.encoder.onnx_bert import OnnxBert
from index.encoder.recipe import read_recipe
from index.encoder.reference import SentenceTransformerEncoder
from index.encoder.tokens import Tokenizer, batches
from index.encoder.torch_bert import TorchBert
from index.encoder.weights import read_tensors
from index.protocols import Vectors

BUDGET = 2048
QUESTION = "What did the two leaders say about the Black Sea grain exports?"
Encode = Callable[[Sequence[str]], Vectors]


def main() -> None:
    """Measure and tell, or write the probes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path, nargs="?")
    parser.add_argument("--texts", type=int, default=400)
    parser.add_argument("--output", type=Path)
    parser.add_argument("--probes", action="store_true")
    given = parser.parse_args()
    if given.probes:
        reference = load_encoder(find_model(), only_reference=True)
        np.save(Path(trust.__file__).with_name("probes.npy"), reference.encode(trust.PROBES).astype(np.float16))
        return
    if given.corpus is None:
        parser.error("name a corpus, or give --probes")
    _table(texts_of(given.corpus, given.texts), given.output)


def engines() -> dict[str, Encode]:
    """Every engine by its name, the reference first."""
    model = find_model()
    recipe, tensors = read_recipe(model.folder), read_tensors(model.folder / WEIGHTS)
    tokenizer = Tokenizer(model.folder, recipe.longest)

    def over(engine: NumpyBert | OnnxBert | TorchBert) -> Encode:
        def encode(texts: Sequence[str]) -> Vectors:
            tokens = tokenizer.many(texts)
            vectors = np.empty((len(texts), model.dimension), dtype=np.float32)
            for places in batches([len(one) for one in tokens], BUDGET):
                vectors[places] = engine.encode([tokens[place] for place in places])
            return vectors

        return encode

    reference = SentenceTransformerEncoder(model)
    peer = SentenceTransformer(str(model.folder), local_files_only=True)
    return {
        "sentence-transformers, as it comes": lambda texts: peer.encode(texts, normalize_embeddings=True),
        "sentence-transformers, sorted, token budget": reference.encode,
        "NumPy float32": over(NumpyBert(recipe, tensors)),
        "ONNX Runtime float32": over(OnnxBert(recipe, tensors)),
        f"ONNX Runtime, eight bits in blocks of {BLOCK}": over(EightBitBert(recipe, tensors)),
        "PyTorch float32, packed": over(TorchBert(recipe, tensors, torch.float32)),
        "PyTorch bfloat16, packed": over(TorchBert(recipe, tensors, torch.bfloat16)),
    }


def _table(texts: Sequence[str], output: Path | None) -> None:
    model = find_model()
    tokenizer = Tokenizer(model.folder, read_recipe(model.folder).longest)
    lengths = [len(tokens) for tokens in tokenizer.many(texts)]
    made = engines()
    expected = next(iter(made.values()))(texts)
    order = np.argsort(-(expected @ expected.T), axis=1)[:, 1:11]
    rows = []
    for name, encode in made.items():
        found = encode(texts)
        cosines = (found * expected).sum(axis=1)
        near = np.argsort(-(found @ found.T), axis=1)[:, 1:11]
        agree = np.mean([len(set(a) & set(b)) / 10 for a, b in zip(order, near, strict=True)])
        single = median(seconds(partial(encode, [QUESTION])) for _ in range(30)) * 1e3
        by_length = [_rate(encode, texts, lengths, tokens) for tokens in (32, 128)]
        mixed = len(texts) / seconds(partial(encode, texts))
        busy = len(texts) / processor_seconds(partial(encode, texts))
        rows.append([name, *by_length, mixed, busy, single, float(cosines.mean()), float(cosines.min()), float(agree)])
    tell(
        "Engines",
        (
            "engine",
            "texts/s, 32 tokens",
            "128",
            "real mix",
            "the same a processor second",
            "one question, ms",
            "cosine, mean",
            "least",
            "ten nearest agree",
        ),
        rows,
        output=output,
        notes=[
            f"{len(texts)} texts, {np.mean(lengths):.0f} tokens in the mean; {torch.get_num_threads()} threads for many, one "
            f"for a question in NumPy and for all in ONNX Runtime; load on the machine {os.getloadavg()[0]:.1f}."
        ],
    )


def _rate(encode: Encode, texts: Sequence[str], lengths: Sequence[int], tokens: int) -> float:
    """Texts per second over those nearest to a length."""
    nearest = sorted(range(len(texts)), key=lambda place: abs(lengths[place] - tokens))[:64]
    chosen = [texts[place] for place in nearest]
    return len(chosen) / median(seconds(lambda: encode(chosen)) for _ in range(3))


if __name__ == "__main__":
    main()
