"""A graph of operators as ONNX has it, read back by the runtime."""

from __future__ import annotations

import numpy as np
import onnxruntime
import pytest
from numpy.typing import NDArray

from index.encoder.onnx_graph import Graph


def run(graph: Graph, output: str, **given: NDArray[np.int64]) -> NDArray[np.float32]:
    options = onnxruntime.SessionOptions()
    values = [onnxruntime.OrtValue.ortvalue_from_numpy(one) for one in graph.weights.values()]
    options.add_external_initializers(list(graph.weights), values)
    model = graph.serialized(tuple(given), output)
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    found: NDArray[np.float32] = session.run([output], given)[0]
    return found


def test_operators_weights_constants_and_attributes_arrive_as_they_were_written() -> None:
    graph, table = Graph(), np.arange(1200, dtype=np.float32).reshape(300, 4)
    rows = graph.operator("Gather", graph.weight("table", table), "rows")
    halves = graph.operator("Reshape", rows, graph.constant([-1, 2, 2]))
    turned = graph.operator("Transpose", halves, perm=(0, 2, 1))
    scaled = graph.operator("Mul", turned, graph.constant(0.5))
    summed = graph.operator("ReduceSum", scaled, graph.constant([0]), keepdims=0)
    found = run(graph, summed, rows=np.array([299, 0, 130]))
    np.testing.assert_array_equal(found, (table[[299, 0, 130]].reshape(-1, 2, 2).transpose(0, 2, 1) / 2).sum(axis=0))


@pytest.mark.parametrize("axis", [-1, 1])
def test_negative_numbers_and_fractions_are_attributes_too(axis: int) -> None:
    graph, table = Graph(), np.array([[1.0, 3.0], [5.0, 5.5]], dtype=np.float32)
    scale, shift = np.array([2.0, 2.0], dtype=np.float32), np.array([1.0, 0.0], dtype=np.float32)
    rows = graph.operator("Gather", graph.weight("table", table), "rows")
    parts = graph.weight("scale", scale), graph.weight("shift", shift)
    normed = graph.operator("LayerNormalization", rows, *parts, axis=axis, epsilon=0.75)
    deviation = table - table.mean(axis=1, keepdims=True)
    expected = deviation / np.sqrt((deviation**2).mean(axis=1, keepdims=True) + 0.75) * scale + shift
    np.testing.assert_allclose(run(graph, normed, rows=np.array([0, 1])), expected, rtol=1e-6)


def test_a_weight_used_twice_is_handed_over_once() -> None:
    graph, table = Graph(), np.ones((3, 2), dtype=np.float32)
    first, second = (graph.operator("Gather", graph.weight("table", table), "rows") for _ in range(2))
    found = run(graph, graph.operator("Add", first, second), rows=np.array([1]))
    assert list(graph.weights) == ["table"]
    np.testing.assert_array_equal(found, [[2, 2]])
