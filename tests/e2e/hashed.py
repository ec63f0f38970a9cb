"""An encoder without a model, and the command line run with it: ``python hashed.py ask …`` is ``readouts ask …``."""

from __future__ import annotations

import hashlib
import os
import re
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

import assistant.api
from assistant.cli import main

#: Names a file that is made as soon as the second batch is asked for; the encoder then waits to be stopped.
HOLD = "HASHED_HOLD"
#: Gives the encoder another revision, as another model would have.
REVISION = "HASHED_REVISION"


class HashedWords:
    """Texts with the same words get the same unit vector; nothing is loaded."""

    engine = "hashed words"

    def __init__(self, *, name: str = "hashed/words", revision: str = "1", dimension: int = 64) -> None:
        self.name, self.revision, self.dimension = name, revision, dimension
        self.encoded = 0

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            self.encoded += 1
            vectors[row] = self._vector(text)
        return vectors

    def encode_stream(self, texts: Sequence[str]) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        for start in range(0, len(texts), 8):
            if start and os.environ.get(HOLD):
                Path(os.environ[HOLD]).touch()
                time.sleep(120)
            places = np.arange(start, min(start + 8, len(texts)), dtype=np.intp)
            yield places, self.encode([texts[place] for place in places])

    def _vector(self, text: str) -> np.ndarray:
        vector = np.full(self.dimension, 1e-3, dtype=np.float32)
        for word in re.findall(r"\w+", text.lower()):
            digest = hashlib.blake2b(word.encode(errors="replace"), digest_size=4).digest()
            vector[int.from_bytes(digest) % self.dimension] += 1.0
        return vector / np.float32(np.linalg.norm(vector))


if __name__ == "__main__":
    encoder = HashedWords(revision=os.environ.get(REVISION, "1"))
    setattr(assistant.api, "find_model", lambda name: name)
    setattr(assistant.api, "load_encoder", lambda model: encoder)
    sys.argv[0] = "readouts"
    main()
