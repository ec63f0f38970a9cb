"""The command line with an encoder that needs no model: ``python hashed_cli.py ask …`` is ``readouts ask …``."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from small_index import HashEncoder

import assistant.api
from assistant.cli import main
from index.protocols import Vectors

#: Names a file that is made once the first batch is encoded; the encoder then waits to be stopped.
HOLD = "HASHED_HOLD"


class HoldingEncoder(HashEncoder):
    """Encodes one batch, says so, and waits."""

    def encode_stream(self, texts: Sequence[str]) -> Iterator[tuple[NDArray[np.intp], Vectors]]:
        for batch in super().encode_stream(texts):
            yield batch
            Path(os.environ[HOLD]).touch()
            time.sleep(300)


if __name__ == "__main__":
    encoder = HoldingEncoder() if os.environ.get(HOLD) else HashEncoder()
    vars(assistant.api).update(find_model=lambda name: name, load_encoder=lambda model, **_: encoder)
    main(prog_name="readouts")
