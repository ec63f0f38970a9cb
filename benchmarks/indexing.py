"""How fast readouts are encoded, compared with plain ``SentenceTransformer.encode``; and what indexing adds to that.

``python -m benchmarks.indexing CORPUS [--texts 1500] [--rounds 3] [--whole FOLDER] [--output FILE]``: encoders by turns
over the same sample of texts (default batch size for sentence-transformers); with ``--whole`` the corpus is indexed into a
new folder, and the total time is shown beside that of encoding.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer

from benchmarks.tables import median, seconds, tell, texts_of
from index import build
from index.encoder import find_model, load_encoder
from index.encoder.fast import FastEncoder
from index.encoder.models import WEIGHTS
from index.encoder.recipe import read_recipe
from index.encoder.torch_bert import TorchBert, best_type
from index.encoder.weights import read_tensors
from index.protocols import Encoder, Vectors


class Timed:
    """An encoder that says how long it encoded."""

    def __init__(self, encoder: Encoder) -> None:
        self.name, self.revision, self.dimension = encoder.name, encoder.revision, encoder.dimension
        self.engine, self._encoder = encoder.engine, encoder
        self.seconds = 0.0
        self.texts = 0

    def encode(self, texts: Sequence[str]) -> Vectors:
        """As the encoder does."""
        return self._encoder.encode(texts)

    def encode_stream(self, texts: Sequence[str]) -> Iterator[tuple[NDArray[np.intp], Vectors]]:
        """As the encoder does; what is done with a batch between two does not count."""
        stream = self._encoder.encode_stream(texts)
        self.texts += len(texts)
        while True:
            started = time.perf_counter()
            found = next(stream, None)
            self.seconds += time.perf_counter() - started
            if found is None:
                return
            yield found


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--texts", type=int, default=1500)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--whole", type=Path, help="a folder that is not there yet")
    parser.add_argument("--output", type=Path)
    given = parser.parse_args()
    if given.whole:
        _whole(given.corpus, given.whole, given.output)
    else:
        _throughput(texts_of(given.corpus, given.texts), given.rounds, given.output)


def _throughput(texts: Sequence[str], rounds: int, output: Path | None) -> None:
    model = find_model()
    peer = SentenceTransformer(str(model.folder), local_files_only=True)
    ours, plain = load_encoder(model), load_encoder(model)
    assert isinstance(plain, FastEncoder)
    # What a processor without bfloat16 would be given.
    plain.many = TorchBert(read_recipe(model.folder), read_tensors(model.folder / WEIGHTS), torch.float32)
    works: dict[str, Callable[[], object]] = {
        "SentenceTransformer.encode": lambda: peer.encode(list(texts), normalize_embeddings=True),
        f"readouts, {best_type()}": lambda: ours.encode(texts),
        "readouts, torch.float32": lambda: plain.encode(texts),
    }
    for work in works.values():
        work()
    rates: dict[str, list[float]] = {name: [] for name in works}
    busy: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            started = time.process_time()
            rates[name].append(len(texts) / seconds(work))
            busy[name].append(len(texts) / (time.process_time() - started))
    tell(
        "Encoding, texts per second",
        ("", "texts/s", "ratio", "texts a processor second", "ratio"),
        [[name, *_beside(rates, name), *_beside(busy, name)] for name in works],
        output=output,
        notes=[
            f"{len(texts)} texts of the corpus, {rounds} rounds by turns, {torch.get_num_threads()} threads; "
            f"load on the machine {os.getloadavg()[0]:.1f}."
        ],
        rates=rates,
        busy=busy,
    )


def _beside(rates: Mapping[str, Sequence[float]], name: str) -> tuple[float, float]:
    """The median rate of one, and the median over the rounds of its ratio to the first."""
    first = next(iter(rates.values()))
    return median(rates[name]), median(a / b for a, b in zip(rates[name], first, strict=True))


def _whole(corpus: Path, folder: Path, output: Path | None) -> None:
    encoders: list[Timed] = []

    def load() -> Timed:
        encoders.append(Timed(load_encoder(find_model())))
        return encoders[0]

    report = build.add(folder, [corpus], load)
    (encoder,) = encoders
    tell(
        "Indexing",
        ("readouts", "texts encoded", "whole s", "encoding s", "whole / encoding", "texts/s"),
        [
            [
                *(report.documents, encoder.texts, report.seconds, encoder.seconds),
                *(report.seconds / encoder.seconds, encoder.texts / encoder.seconds),
            ]
        ],
        output=output,
        notes=[f"Load on the machine {os.getloadavg()[0]:.1f}."],
    )


if __name__ == "__main__":
    main()
