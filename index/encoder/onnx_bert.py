"""BERT in ONNX Runtime for the questions of a process that answers several.

A single call runs outside Python, so the question is looked up in the full text meanwhile, and it uses kernels of
its own, whatever NumPy was built with. Importing it takes a tenth of a second, too long for a single question: the first
is computed in NumPy. This module imports onnxruntime, so it is imported only when needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import onnxruntime

from index import memory
from index.encoder.onnx_graph import Graph
from index.encoder.recipe import Recipe
from index.encoder.tokens import Tokens
from index.encoder.weights import Tensors
from index.protocols import Vectors

#: Severity from which the runtime writes to standard error.
_ERRORS = 3


class OnnxBert:
    """The forward pass for one text, on one thread.

    Args:
        recipe: What is computed.
        tensors: Weights by their names in the file, without a prefix.
    """

    #: The graph that the operators are written to.
    graph = Graph

    def __init__(self, recipe: Recipe, tensors: Tensors) -> None:
        graph = self.graph()
        self._output = _forward(graph, recipe, tensors)
        runtime: Any = onnxruntime
        # Nothing is sent anywhere; on Windows the runtime would otherwise report to its maker that it was started.
        runtime.disable_telemetry_events()
        options = runtime.SessionOptions()
        options.log_severity_level = _ERRORS
        # Beside a busy process a second thread makes a question five times as slow.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        # Both the arrays and their wrappers must outlive the session.
        self._weights = {name: np.asarray(values) for name, values in graph.weights.items()}
        self._wrapped = [runtime.OrtValue.ortvalue_from_numpy(values) for values in self._weights.values()]
        options.add_external_initializers(list(self._weights), self._wrapped)
        model = graph.serialized(("tokens", "places"), self._output)
        with memory.in_large_pages():
            self._session = runtime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        self._places = np.arange(recipe.longest, dtype=np.int64)

    def encode(self, texts: Sequence[Tokens]) -> Vectors:
        """Unit vectors of texts, ``(len(texts), width)``."""
        pooled = np.concatenate([self._pooled(tokens) for tokens in texts])
        return np.asarray(pooled / np.maximum(np.linalg.norm(pooled, axis=1, keepdims=True), 1e-12), dtype=np.float32)

    def _pooled(self, tokens: Tokens) -> Vectors:
        given = {"tokens": tokens.astype(np.int64), "places": self._places[: len(tokens)]}
        found: Vectors = self._session.run([self._output], given)[0]
        return found


def _forward(graph: Graph, recipe: Recipe, tensors: Tensors) -> str:
    """Write the forward pass; returns the name of the pooled vector, ``(1, width)``."""

    def weight(name: str) -> str:
        return graph.weight(name, tensors[name])

    def normalized(x: str, name: str) -> str:
        parts = weight(f"{name}.weight"), weight(f"{name}.bias")
        return graph.operator("LayerNormalization", x, *parts, axis=-1, epsilon=float(recipe.epsilon))

    def affine(x: str, name: str) -> str:
        return graph.operator("Gemm", x, weight(f"{name}.weight"), weight(f"{name}.bias"), transB=1)

    first = graph.constant([0])
    looked_up = (("word", "tokens"), ("position", "places"), ("token_type", first))
    words, places, kind = (
        graph.operator("Gather", weight(f"embeddings.{table}_embeddings.weight"), rows) for table, rows in looked_up
    )
    x = graph.operator("Add", graph.operator("Add", words, places), kind)
    x = normalized(x, "embeddings.LayerNorm")
    attend = _attention(graph, recipe)
    for number in range(recipe.layers):
        layer = f"encoder.layer.{number}"
        mixed = attend(*(affine(x, f"{layer}.attention.self.{part}") for part in ("query", "key", "value")))
        x = graph.operator("Add", x, affine(mixed, f"{layer}.attention.output.dense"))
        x = normalized(x, f"{layer}.attention.output.LayerNorm")
        grown = graph.operator("Gelu", affine(x, f"{layer}.intermediate.dense"))
        x = normalized(graph.operator("Add", x, affine(grown, f"{layer}.output.dense")), f"{layer}.output.LayerNorm")
    if recipe.pooling == "cls":
        return graph.operator("Gather", x, first)
    return graph.operator("ReduceMean", x, first, keepdims=1)


def _attention(graph: Graph, recipe: Recipe) -> Any:
    """A function that writes the attention of a layer, given the names of its queries, keys and values."""
    size = recipe.width // recipe.heads
    parted, whole = graph.constant([-1, recipe.heads, size]), graph.constant([-1, recipe.width])
    scale = graph.constant(float(size**-0.5))

    def attend(query: str, key: str, value: str) -> str:
        query, key, value = (graph.operator("Reshape", part, parted) for part in (query, key, value))
        query = graph.operator("Mul", graph.operator("Transpose", query, perm=(1, 0, 2)), scale)
        scores = graph.operator("MatMul", query, graph.operator("Transpose", key, perm=(1, 2, 0)))
        weights = graph.operator("Softmax", scores, axis=-1)
        mixed = graph.operator("MatMul", weights, graph.operator("Transpose", value, perm=(1, 0, 2)))
        return graph.operator("Reshape", graph.operator("Transpose", mixed, perm=(1, 0, 2)), whole)

    return attend
