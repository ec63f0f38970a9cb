"""A graph of operators in the ONNX format, so that a model needs neither an exporter nor a file of its own.

Only what a forward pass needs: operators with numeric attributes, small constants, and weights that stay where they are and
are passed to the runtime beside the graph. The field numbers are those of ``onnx.proto3``; the encoding is that of
Protocol Buffers.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

#: Version of the operators (the first with GELU) and of the format that goes with it.
OPERATORS, FORMAT = 20, 9
_FLOAT, _BYTE, _INTEGER = 1, 2, 7
#: Types of attributes: a float, an integer, several integers.
_ONE_FLOAT, _ONE_INTEGER, _INTEGERS = 1, 2, 7
_OUTSIDE = 1


class Graph:
    """Operators in the order in which they are computed; values are named as they are added."""

    def __init__(self) -> None:
        self._nodes: list[bytes] = []
        self._domains: set[str] = set()
        self._held: list[bytes] = []
        #: Weights by name, in the order in which they were first used.
        self.weights: dict[str, NDArray[np.float32] | NDArray[np.uint8]] = {}

    def operator(self, kind: str, *inputs: str, domain: str = "", **attributes: float | int | Sequence[int]) -> str:
        """Add an operator with one output; returns the output's name.

        Args:
            kind: The operator's name.
            inputs: Names of values; empty for an optional one that is left out.
            domain: The operator's domain; ONNX's own by default.
            attributes: Its attributes.
        """
        name = f"v{len(self._nodes)}"
        fields = [_field(1, value) for value in inputs]
        fields += [_field(2, name), _field(4, kind), *([_field(7, domain)] if domain else [])]
        fields += [_field(5, _attribute(key, value)) for key, value in attributes.items()]
        self._domains |= {domain} if domain else set()
        self._nodes.append(b"".join(fields))
        return name

    def weight(self, name: str, values: NDArray[np.float32] | NDArray[np.uint8]) -> str:
        """Add values that are passed beside the graph; returns their name."""
        if name not in self.weights:
            self.weights[name] = values
            # The location is required but never read, as the values are in memory already.
            place = b"".join(_field(1, key) + _field(2, value) for key, value in (("location", "weights"),))
            shape = b"".join(_field(1, size) for size in values.shape)
            kind = _BYTE if values.dtype == np.uint8 else _FLOAT
            self._held.append(shape + _field(2, kind) + _field(8, name) + _field(13, place) + _field(14, _OUTSIDE))
        return name

    def constant(self, values: Sequence[int] | float) -> str:
        """Add a few integers, or one number; returns their name."""
        array = np.array(values, dtype=np.float32 if isinstance(values, float) else np.int64)
        name = f"c{len(self._held)}"
        shape = b"".join(_field(1, size) for size in array.shape)
        kind = _FLOAT if isinstance(values, float) else _INTEGER
        self._held.append(shape + _field(2, kind) + _field(8, name) + _field(9, array.tobytes()))
        return name

    def serialized(self, inputs: Iterable[str], output: str) -> bytes:
        """The model.

        Args:
            inputs: Names of rows of integers of any length.
            output: Name of the value to return, a matrix of floats.
        """
        graph = [_field(1, node) for node in self._nodes]
        graph += [_field(2, "bert"), *(_field(5, held) for held in self._held)]
        graph += [_field(11, _described(name, _INTEGER, ["tokens"])) for name in inputs]
        graph += [_field(12, _described(output, _FLOAT, ["rows", "features"]))]
        others = (_field(8, _field(1, domain) + _field(2, 1)) for domain in sorted(self._domains))
        return b"".join((_field(1, FORMAT), _field(7, b"".join(graph)), _field(8, _field(2, OPERATORS)), *others))


def _described(name: str, kind: int, sizes: Iterable[str]) -> bytes:
    """A value's name, type and shape; sizes are names."""
    shape = b"".join(_field(1, _field(2, size)) for size in sizes)
    return _field(1, name) + _field(2, _field(1, _field(1, kind) + _field(2, shape)))


def _attribute(name: str, value: float | int | Sequence[int]) -> bytes:
    if isinstance(value, float):
        return _field(1, name) + _field(2, value) + _field(20, _ONE_FLOAT)
    if isinstance(value, int):
        return _field(1, name) + _field(3, value) + _field(20, _ONE_INTEGER)
    return _field(1, name) + b"".join(_field(8, one) for one in value) + _field(20, _INTEGERS)


def _field(number: int, value: int | float | str | bytes) -> bytes:
    """One field: its number with the value's wire type, then the value."""
    if isinstance(value, int):
        return _varint(number << 3) + _varint(value)
    if isinstance(value, float):
        return _varint(number << 3 | 5) + struct.pack("<f", value)
    content = value.encode() if isinstance(value, str) else value
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    """An integer, seven bits per byte, lowest first; negative ones as 64 bits."""
    value &= (1 << 64) - 1
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    found.append(value)
    return bytes(found)
