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


#: Names a file; a question with the word "slowly" says by making it that it is being encoded, and waits for it to go.
SLOW = "HASHED_SLOW"


class SlowEncoder(HashEncoder):
    """Takes its time over some questions."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        waiting = Path(os.environ[SLOW])
        if any("slowly" in text for text in texts):
            waiting.touch()
            while waiting.exists():
                time.sleep(0.01)
        return super().encode(texts)


class HoldingEncoder(HashEncoder):
    """Encodes one batch, says so, and waits."""

    def encode_stream(self, texts: Sequence[str]) -> Iterator[tuple[NDArray[np.intp], Vectors]]:
        for batch in super().encode_stream(texts):
            yield batch
            Path(os.environ[HOLD]).touch()
            time.sleep(300)


if __name__ == "__main__":
    kinds = {HOLD: HoldingEncoder, SLOW: SlowEncoder}
    encoder = next((kind for name, kind in kinds.items() if os.environ.get(name)), HashEncoder)()
    vars(assistant.api).update(find_model=lambda name, **_: name, load_encoder=lambda model, **_: encoder)
    main(prog_name="readouts")
