"""BERT in PyTorch for many texts: no padding in the products, weights laid out for the processor, bfloat16 if it has it.

sentence-transformers pads every batch to its longest text and multiplies in float32. Here the tokens of a batch follow one
another, only attention sees them as rows of texts, weights are packed once by oneDNN, and a processor with bfloat16
products uses them: with attention, norms and the sum over tokens as exact as they were, embeddings stay within a cosine of
0.9999 of the reference. ``python -m benchmarks.engines`` has the figures. Imports torch, so it is imported only when needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from index.encoder.recipe import Recipe
from index.encoder.tokens import Tokens
from index.encoder.weights import Tensors
from index.protocols import Vectors

#: Attention is twice as fast over rows of a multiple of this many tokens.
ROUND = 32
#: In bfloat16 plain products beat torch's own attention on a processor up to rows of this many tokens: 0.9 against 1.7 µs a
#: token at 32, 1.2 against 2.3 at 64, 4.6 against 5.8 at 224; at 256 they take 10 against 6.
PLAIN_UP_TO = 224


def best_type() -> torch.dtype:
    """bfloat16 if the processor multiplies in it, otherwise float32: emulated bfloat16 would be slower."""
    probes = ("_is_avx512_bf16_supported", "_is_amx_tile_supported")
    if any(getattr(torch.cpu, name, bool)() for name in probes):
        return torch.bfloat16
    return torch.float32


def sees_graphics_card() -> bool:
    """Whether torch can compute on something faster than the processor."""
    return torch.cuda.is_available() or torch.backends.mps.is_available()


class TorchBert:
    """The forward pass for a batch of texts.

    Args:
        recipe: What is computed.
        tensors: Weights by their names in the file, without a prefix.
        dtype: Type of the products; the best for this processor by default.
    """

    def __init__(self, recipe: Recipe, tensors: Tensors, dtype: torch.dtype | None = None) -> None:
        self.recipe = recipe
        self.dtype = dtype or best_type()
        weights = {name: torch.from_numpy(np.array(tensor)) for name, tensor in tensors.items()}
        self._words = weights["embeddings.word_embeddings.weight"]
        # All tokens are of the first segment.
        kind = weights["embeddings.token_type_embeddings.weight"][0]
        self._positions = weights["embeddings.position_embeddings.weight"] + kind
        self._norm = weights["embeddings.LayerNorm.weight"], weights["embeddings.LayerNorm.bias"]
        self._layers = [
            _Layer(weights, f"encoder.layer.{number}.", self.dtype, recipe) for number in range(recipe.layers)
        ]

    @property
    def type_name(self) -> str:
        """What the products are computed in: "float32" or "bfloat16"."""
        return str(self.dtype).removeprefix("torch.")

    @torch.inference_mode()
    def encode(self, texts: Sequence[Tokens]) -> Vectors:
        """Unit vectors of texts of similar length, ``(len(texts), width)``."""
        lengths = torch.tensor([len(tokens) for tokens in texts])
        tokens = torch.from_numpy(np.concatenate(texts).astype(np.int64))
        places = torch.cat([torch.arange(length) for length in lengths.tolist()])
        x = functional.layer_norm(
            self._words[tokens] + self._positions[places], (self.recipe.width,), *self._norm, self.recipe.epsilon
        )
        rows = _Rows(lengths, places, self.dtype)
        for layer in self._layers:
            x = layer(x, rows)
        if self.recipe.pooling == "cls":
            pooled = x[places == 0]
        else:
            owner = torch.repeat_interleave(torch.arange(len(texts)), lengths)
            pooled = torch.zeros(len(texts), self.recipe.width).index_add_(0, owner, x) / lengths[:, None]
        return np.asarray(functional.normalize(pooled, eps=1e-12).numpy(), dtype=np.float32)


class _Rows:
    """Where the tokens of a batch are when each text is a row, as attention needs it."""

    def __init__(self, lengths: torch.Tensor, places: torch.Tensor, dtype: torch.dtype) -> None:
        self.texts = len(lengths)
        self.length = -(-int(lengths.max()) // ROUND) * ROUND
        self._index = torch.repeat_interleave(torch.arange(self.texts) * self.length, lengths) + places
        beyond = torch.arange(self.length)[None] >= lengths[:, None]
        self.mask = torch.zeros(beyond.shape, dtype=dtype).masked_fill_(beyond, float("-inf"))[:, None, None, :]

    def spread(self, x: torch.Tensor) -> torch.Tensor:
        """``(tokens, n)`` to ``(texts, length, n)``, with zeros after each text."""
        rows = x.new_zeros(self.texts * self.length, x.shape[1])
        rows[self._index] = x
        return rows.view(self.texts, self.length, -1)

    def gather(self, rows: torch.Tensor) -> torch.Tensor:
        """``(texts, length, n)`` back to ``(tokens, n)``."""
        return rows.reshape(self.texts * self.length, -1)[self._index]


class _Layer:
    """One layer over packed tokens."""

    def __init__(self, weights: dict[str, torch.Tensor], prefix: str, dtype: torch.dtype, recipe: Recipe) -> None:
        names = [f"{prefix}attention.self.{part}" for part in ("query", "key", "value")]
        self._heads, self._width, self._epsilon = recipe.heads, recipe.width, recipe.epsilon
        self._dtype = dtype
        # The scale of the scores is folded into the query before its weights are rounded.
        scales = ((recipe.width // recipe.heads) ** -0.5, 1.0, 1.0)
        self._project = _linear(
            torch.cat([weights[f"{name}.weight"] * scale for name, scale in zip(names, scales, strict=True)]),
            torch.cat([weights[f"{name}.bias"] * scale for name, scale in zip(names, scales, strict=True)]),
            dtype,
        )
        self._output, self._grow, self._shrink = (
            _linear(weights[f"{prefix}{name}.weight"], weights[f"{prefix}{name}.bias"], dtype, gelu=gelu)
            for name, gelu in (("attention.output.dense", False), ("intermediate.dense", True), ("output.dense", False))
        )
        self._norms = [
            (weights[f"{prefix}{name}.weight"], weights[f"{prefix}{name}.bias"])
            for name in ("attention.output.LayerNorm", "output.LayerNorm")
        ]

    def __call__(self, x: torch.Tensor, rows: _Rows) -> torch.Tensor:
        # What is passed from layer to layer stays in float32; only products are rounded.
        x = self._normalized(x + self._output(self._attention(x.to(self._dtype), rows)), 0)
        return self._normalized(x + self._shrink(self._grow(x.to(self._dtype))), 1)

    def _normalized(self, x: torch.Tensor, which: int) -> torch.Tensor:
        return functional.layer_norm(x, (self._width,), *self._norms[which], self._epsilon)

    def _attention(self, x: torch.Tensor, rows: _Rows) -> torch.Tensor:
        size = self._width // self._heads
        parted = rows.spread(self._project(x)).view(rows.texts, rows.length, 3, self._heads, size)
        query, key, value = parted.permute(2, 0, 3, 1, 4).reshape(3, -1, rows.length, size).unbind(0)
        if x.dtype == torch.float32 or rows.length > PLAIN_UP_TO:
            shape = rows.texts, self._heads, rows.length, size
            mixed = functional.scaled_dot_product_attention(
                query.view(shape), key.view(shape), value.view(shape), attn_mask=rows.mask, scale=1.0
            )
        else:
            scores = torch.bmm(query, key.transpose(1, 2)).view(rows.texts, self._heads, rows.length, rows.length)
            weights = scores.add_(rows.mask).softmax(-1).view(-1, rows.length, rows.length)
            mixed = torch.bmm(weights, value).view(rows.texts, self._heads, rows.length, size)
        return rows.gather(mixed.transpose(1, 2))


def _linear(weight: torch.Tensor, bias: torch.Tensor, dtype: torch.dtype, *, gelu: bool = False) -> Any:
    """``x W' + b``, with the activation if asked for, packed for the processor if torch can do that."""
    weight, bias = weight.to(dtype), bias.to(dtype)
    packed = getattr(torch.ops.mkldnn, "_linear_pointwise", None)
    reorder = getattr(torch.ops.mkldnn, "_reorder_linear_weight", None)
    available: Any = torch.backends.mkldnn.is_available
    if available() and packed and reorder:
        # What torch's own compiler calls: one pass for product, bias and activation.
        laid_out = reorder(weight)
        activation: tuple[Any, ...] = ("gelu", [], "none") if gelu else ("none", [], "")
        return lambda x: packed(x, laid_out, bias, *activation)
    if gelu:
        return lambda x: functional.gelu(functional.linear(x, weight, bias))
    return lambda x: functional.linear(x, weight, bias)
