"""How near one question's embedding comes to the processor's limits: bytes by bandwidth, operations by rate of products.

``python -m benchmarks.floor [--tokens 14] [--rounds 30] [--output FILE]``: every weight of the layers has to be read once, and
every token multiplied by it. Both are compared with what this machine reads and multiplies on one thread, measured in the same
run by turns, and the engines with the larger of the two. Processor time is used, which is steadier than wall time under load.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from pathlib import Path

from assistant.cli.starting import settle

settle()

import numpy as np  # noqa: E402 - its products are on one thread only where that was settled before
from threadpoolctl import threadpool_limits  # noqa: E402

from benchmarks.tables import median, processor_seconds, tell  # noqa: E402
from index.encoder import find_model  # noqa: E402
from index.encoder.models import WEIGHTS  # noqa: E402
from index.encoder.numpy_bert import NumpyBert  # noqa: E402
from index.encoder.onnx_bert import OnnxBert  # noqa: E402
from index.encoder.recipe import read_recipe  # noqa: E402
from index.encoder.weights import read_tensors  # noqa: E402

#: Rows and columns of the product by which the rate is measured: large enough that nothing but multiplying counts.
SIDE = 1024


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tokens", type=int, default=14)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--output", type=Path)
    given = parser.parse_args()
    model = find_model()
    recipe, tensors = read_recipe(model.folder), read_tensors(model.folder / WEIGHTS)
    matrices = [tensor for name, tensor in tensors.items() if ".layer." in name and tensor.ndim == 2]
    numbers = sum(matrix.size for matrix in matrices)
    operations = 2 * numbers * given.tokens
    random = np.random.default_rng(1)
    text = random.integers(2000, 20_000, given.tokens).astype(np.int32)
    flat, square = random.random(numbers, dtype=np.float32), random.random((SIDE, SIDE), dtype=np.float32)
    few, quicker = NumpyBert(recipe, tensors), OnnxBert(recipe, tensors)
    work: dict[str, Callable[[], object]] = {
        "read": lambda: flat @ flat,
        "multiply": lambda: square @ square,
        "NumPy": lambda: few.encode([text]),
        "ONNX Runtime": lambda: quicker.encode([text]),
    }
    times: dict[str, list[float]] = {name: [] for name in work}
    with threadpool_limits(limits=1):
        for _ in range(given.rounds):
            for name, one in work.items():
                times[name].append(processor_seconds(one) * 1e3)
    middles = {name: median(found) for name, found in times.items()}
    rate = 2 * SIDE**3 / middles["multiply"]
    bounds = {"weights read once": middles["read"], "operations at the rate of a large product": operations / rate}
    floor = max(bounds.values())
    tell(
        f"One question of {given.tokens} tokens, one thread",
        ("", "processor ms", "of the floor"),
        [[name, took, took / floor] for name, took in (bounds | {n: middles[n] for n in list(work)[2:]}).items()],
        output=given.output,
        notes=[
            f"{numbers * 4 / 1e6:.1f} MB of weights at {numbers * 4 / middles['read'] / 1e6:.1f} GB/s, "
            f"{operations / 1e9:.2f} billion operations at {rate / 1e6:.0f} GFLOP/s; medians of {given.rounds} by turns; "
            f"load on the machine {os.getloadavg()[0]:.1f}."
        ],
    )


if __name__ == "__main__":
    main()
