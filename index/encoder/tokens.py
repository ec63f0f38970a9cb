"""Texts to token numbers, token numbers to batches, and results of batches back to the order of the texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import EncoderError
from index.protocols import Vectors

Tokens = NDArray[np.int32]
#: Texts tokenised and sorted at once: enough for even batches, and memory does not grow with the corpus.
WINDOW = 16_384


class Tokenizer:
    """A model's own tokenizer, truncating at the length that the model reads; nothing is padded."""

    def __init__(self, folder: Path, longest: int) -> None:
        import tokenizers

        try:
            self._tokenizer: Any = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
        except Exception as error:
            raise EncoderError(
                f"The tokenizer of {folder} cannot be read: {error}.", mend="Fetch or copy the model again."
            ) from error
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(longest)

    def one(self, text: str) -> Tokens:
        """Token numbers of one text, including special ones."""
        return np.array(self._tokenizer.encode(text.strip()).ids, dtype=np.int32)

    def many(self, texts: Sequence[str]) -> list[Tokens]:
        """Token numbers of each text."""
        found = self._tokenizer.encode_batch_fast([text.strip() for text in texts])
        return [np.array(encoding.ids, dtype=np.int32) for encoding in found]


def batches(lengths: Sequence[int], budget: int) -> Iterator[list[int]]:
    """Places of texts in batches of similar length, longest first.

    Args:
        lengths: Tokens of each text.
        budget: Most tokens in a batch, counting each text as long as the longest; a longer text is a batch of its own.
    """
    batch: list[int] = []
    longest = 0
    for place in sorted(range(len(lengths)), key=lambda place: -lengths[place]):
        if batch and (len(batch) + 1) * longest > budget:
            yield batch
            batch = []
        if not batch:
            longest = max(1, lengths[place])
        batch.append(place)
    if batch:
        yield batch


def in_order(stream: Iterable[tuple[NDArray[np.intp], Vectors]], count: int, dimension: int) -> Vectors:
    """All vectors of a stream, each in its place.

    Args:
        stream: Places and their vectors, batch by batch.
        count: How many there are.
        dimension: Length of each.
    """
    vectors = np.empty((count, dimension), dtype=np.float32)
    for places, batch in stream:
        vectors[places] = batch
    return vectors
