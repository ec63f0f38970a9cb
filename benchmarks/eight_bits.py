"""BERT with eight-bit weights, for comparison with the engines; not an engine of the program.

In blocks of 16 numbers, each with a scale of its own; what is multiplied with them is made so by ONNX Runtime on the way
(``MatMulNBits`` of its own operators).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.encoder.onnx_bert import OnnxBert
from index.encoder.onnx_graph import Graph
from index.protocols import Vectors

BLOCK = 16
#: Value that stands for zero, and the largest step from it.
_ZERO, _STEPS = 128, 127
#: Asks for products of whole numbers.
_WHOLE_NUMBERS = 4


class EightBitGraph(Graph):
    """A graph whose products with weights are of eight bits."""

    def __init__(self) -> None:
        super().__init__()
        self._given: dict[str, Any] = {}

    def weight(self, name: str, values: NDArray[np.float32] | NDArray[np.uint8]) -> str:
        """A weight's name; it is handed over by the operator that needs it."""
        self._given[name] = values
        return name

    def operator(self, kind: str, *inputs: str, domain: str = "", **attributes: Any) -> str:
        """Add an operator, in eight bits where it multiplies with weights."""
        if kind != "Gemm":
            for held in inputs:
                if held in self._given:
                    super().weight(held, self._given[held])
            return super().operator(kind, *inputs, domain=domain, **attributes)
        x, name, bias = inputs
        rows, columns = self._given[name].shape
        steps, scales = in_blocks(np.asarray(self._given[name]))
        parts = (
            super().weight(f"{name}.steps", steps),
            super().weight(f"{name}.scales", scales),
            *("", ""),
            super().weight(bias, self._given[bias]),
        )
        sizes = {"K": columns, "N": rows, "bits": 8, "block_size": BLOCK, "accuracy_level": _WHOLE_NUMBERS}
        return super().operator("MatMulNBits", x, *parts, domain="com.microsoft", **sizes)


class EightBitBert(OnnxBert):
    """``OnnxBert`` over weights of eight bits."""

    graph = EightBitGraph


def in_blocks(weights: Vectors) -> tuple[NDArray[np.uint8], Vectors]:
    """A matrix ``(N, K)`` as steps ``(N, K / BLOCK, BLOCK)`` and the size of a step in each block, ``(N * K / BLOCK,)``."""
    blocks = weights.reshape(len(weights), -1, BLOCK)
    scales = np.abs(blocks).max(axis=2, keepdims=True) / _STEPS
    steps = np.rint(blocks / np.maximum(scales, np.finfo(np.float32).tiny)) + _ZERO
    return steps.astype(np.uint8), scales.astype(np.float32).reshape(-1)
