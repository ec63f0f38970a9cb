"""The reference: what sentence-transformers computes, and the way any model is loaded.

The only file that imports sentence-transformers, and it does so when a model is loaded.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.encoder.models import Model
from index.encoder.tokens import batches, in_order
from index.errors import EncoderError
from index.protocols import Vectors

#: Tokens per batch: on a processor small batches of one length are best, on a graphics card large ones.
BUDGET, GPU_BUDGET = 2048, 32_768
#: Up to this many texts are encoded on one thread.
FEW = 2


class SentenceTransformerEncoder:
    """The reference: what sentence-transformers computes, rows of length 1; on a graphics card if torch sees one."""

    engine = "sentence-transformers"

    def __init__(self, model: Model) -> None:
        self.name, self.revision, self.dimension = model.name, model.revision, model.dimension
        # The files are on disk by now; nothing below may use the network.
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        # The progress bar that transformers draws while it reads weights would end up in the output of every script.
        silence: Any = logging.disable_progress_bar
        silence()
        try:
            self._model: Any = SentenceTransformer(
                str(model.folder),
                local_files_only=True,
                trust_remote_code=False,
                model_kwargs={"use_safetensors": True},
            )
        except (OSError, ValueError, RuntimeError, KeyError, ImportError) as error:
            raise EncoderError(
                f"The model {model.name} cannot be loaded: {error}",
                mend="Name a sentence-transformers model, or leave out --model for the default.",
            ) from error

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode a batch; see ``Encoder.encode``."""
        return in_order(self.encode_stream(texts), len(texts), self.dimension)

    def encode_stream(self, texts: Sequence[str]) -> Iterator[tuple[NDArray[np.intp], Vectors]]:
        """Encode many texts, longest first; see ``Encoder.encode_stream``."""
        import torch

        threads = torch.get_num_threads()
        # A question is too short to be split: beside a busy process two threads made it five times as slow as one.
        torch.set_num_threads(1 if len(texts) <= FEW else threads)
        try:
            yield from self._batches(texts)
        finally:
            torch.set_num_threads(threads)

    def _batches(self, texts: Sequence[str]) -> Iterator[tuple[NDArray[np.intp], Vectors]]:
        budget = BUDGET if self._model.device.type == "cpu" else GPU_BUDGET
        # Only the model's tokenizer knows the number of tokens; four characters per token is near enough for even batches.
        lengths = [len(text) // 4 + 2 for text in texts]
        for places in batches(lengths, budget):
            batch = self._model.encode(
                [texts[place] for place in places],
                batch_size=len(places),
                normalize_embeddings=True,
                convert_to_numpy=True,
                show_progress_bar=False,
            )
            yield np.array(places, dtype=np.intp), np.asarray(batch, dtype=np.float32)
