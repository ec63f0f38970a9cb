"""BERT in NumPy over memory-mapped weights: nothing is loaded, so the first question need not wait.

One text at a time on one thread: a question of twenty tokens is too short to be split, and beside a busy process a
second thread makes it five times as slow. For many texts see ``index.encoder.torch_bert``.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.encoder.recipe import Recipe
from index.encoder.tokens import Tokens
from index.encoder.weights import Tensors
from index.protocols import Vectors

Array = NDArray[np.float32]
#: Multiplications up to which OpenBLAS computes a product in place, on a processor with AVX-512; larger matrices are first
#: copied into an order that suits its kernels, which for the few columns of a question takes longer than the product itself.
_AS_IT_STANDS = 1_000_000
#: Rows of a weight matrix that are multiplied at once, to keep a product below that: multiples of what the kernel takes.
_ROWS = (96, 48, 24, 12)
#: Columns that the kernels take at once: a product with an odd number takes up to a quarter longer than with one more.
_ABREAST = 2


class NumpyBert:
    """The forward pass for one text; activations are ``(features, tokens)``, which makes the products faster.

    Args:
        recipe: What is computed.
        tensors: Weights by their names in the file, without a prefix.
    """

    def __init__(self, recipe: Recipe, tensors: Tensors) -> None:
        from threadpoolctl import ThreadpoolController

        self._recipe = recipe
        self._embeddings = [
            tensors[f"embeddings.{kind}_embeddings.weight"] for kind in ("word", "position", "token_type")
        ]
        self._embedding_norm = _norm(tensors, "embeddings.LayerNorm")
        self._layers = [_Layer(tensors, f"encoder.layer.{number}.") for number in range(recipe.layers)]
        self._threads = ThreadpoolController().select(user_api="blas")
        self._lock = threading.Lock()

    def encode(self, texts: Sequence[Tokens]) -> Vectors:
        """Unit vectors of texts, ``(len(texts), width)``."""
        # The limit is process-wide: of two threads that set and restore it, the second would restore the first one's limit.
        with self._lock, self._threads.limit(limits=1):
            return np.stack([self._forward(tokens) for tokens in texts])

    def _forward(self, tokens: Tokens) -> Array:
        recipe = self._recipe
        words, positions, kinds = self._embeddings
        count = len(tokens)
        x = np.zeros((recipe.width, -(-count // _ABREAST) * _ABREAST), dtype=np.float32)
        x[:, :count] = (words[tokens] + positions[:count] + kinds[0]).T
        x = _normalized(x, self._embedding_norm, recipe.epsilon)
        for layer in self._layers:
            x += _affine(layer.output, self._attention(layer, x, count))
            x = _normalized(x, layer.attention_norm, recipe.epsilon)
            x += _affine(layer.shrink, _gelu(_affine(layer.grow, x)))
            x = _normalized(x, layer.output_norm, recipe.epsilon)
        vector = x[:, :count].mean(axis=1) if recipe.pooling == "mean" else x[:, 0]
        return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-12), dtype=np.float32)

    def _attention(self, layer: _Layer, x: Array, count: int) -> Array:
        """What each column takes from the first ``count``; those after them are not tokens, and are never attended to."""
        heads = self._recipe.heads
        size = len(x) // heads
        query, key, value = (
            _affine(part, x).reshape(heads, size, -1) for part in (layer.query, layer.key, layer.value)
        )
        query *= np.float32(size**-0.5)
        # What is attended to is in rows: sums over rows run along the columns, all of them at once.
        scores = key[:, :, :count].transpose(0, 2, 1) @ query
        scores -= np.maximum.reduce(scores, axis=1, keepdims=True)
        np.exp(scores, out=scores)
        scores /= np.add.reduce(scores, axis=1, keepdims=True)
        return np.asarray((value[:, :, :count] @ scores).reshape(len(x), -1))


Affine = tuple[Array, Array]


class _Layer:
    """Weights of one layer: pairs of a matrix ``(out, in)`` and a column ``(out, 1)``."""

    def __init__(self, tensors: Tensors, prefix: str) -> None:
        self.query, self.key, self.value, self.output, self.grow, self.shrink = (
            (tensors[f"{prefix}{name}.weight"], tensors[f"{prefix}{name}.bias"][:, None])
            for name in (
                *("attention.self.query", "attention.self.key", "attention.self.value"),
                *("attention.output.dense", "intermediate.dense", "output.dense"),
            )
        )
        self.attention_norm = _norm(tensors, f"{prefix}attention.output.LayerNorm")
        self.output_norm = _norm(tensors, f"{prefix}output.LayerNorm")


def _norm(tensors: Tensors, name: str) -> Affine:
    return tensors[f"{name}.weight"][:, None], tensors[f"{name}.bias"][:, None]


def _affine(part: Affine, x: Array) -> Array:
    weight, bias = part
    outputs, inputs = weight.shape
    fitting = _AS_IT_STANDS // (inputs * x.shape[1])
    rows = next((rows for rows in _ROWS if rows <= fitting and outputs % rows == 0), outputs)
    product = (weight.reshape(-1, rows, inputs) @ x).reshape(outputs, -1)
    product += bias
    return product


def _normalized(x: Array, norm: Affine, epsilon: float) -> Array:
    """Layer normalisation over the features (Ba, Kiros and Hinton 2016)."""
    x = x - np.add.reduce(x, axis=0) / np.float32(len(x))
    x /= np.sqrt(np.einsum("ft,ft->t", x, x) / np.float32(len(x)) + np.float32(epsilon))
    x *= norm[0]
    x += norm[1]
    return x


def _gelu(x: Array) -> Array:
    """``x Φ(x)`` in place (Hendrycks and Gimpel 2016).

    Φ uses the error function of Abramowitz and Stegun, 7.1.26, whose error is below 1.5e-7; NumPy has none. With its
    upper tail t, ``x Φ(x)`` is ``max(x, 0) - |x| t(|x|)`` on either side of 0.
    """
    size = np.abs(x)
    t = size * np.float32(0.3275911 * 0.5**0.5)
    t += np.float32(1)
    np.reciprocal(t, out=t)
    tail = t * np.float32(1.061405429 / 2)
    for coefficient in (-1.453152027, 1.421413741, -0.284496736, 0.254829592):
        tail += np.float32(coefficient / 2)
        tail *= t
    np.square(size, out=t)
    t *= np.float32(-0.5)
    np.exp(t, out=t)
    tail *= t
    tail *= size
    np.maximum(x, 0, out=x)
    x -= tail
    return x
