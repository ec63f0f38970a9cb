"""Tensors of a safetensors file, memory-mapped: what is not used is never read from disk."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import EncoderError

Tensors = dict[str, NDArray[np.float32]]
#: The header of a real model has about ten thousand bytes; a greater length than this means damage.
_LONGEST_HEADER = 100_000_000


def read_tensors(path: Path) -> Tensors:
    """Every float32 tensor of a file by name, as a view of the mapped file; other types are left out.

    The format: eight bytes with the length of a JSON header, the header with type, shape and place of each tensor, the bytes.

    Raises:
        EncoderError: The file is damaged.
    """
    try:
        mapped = np.memmap(path, mode="r", dtype=np.uint8)
        length = int.from_bytes(mapped[:8].tobytes(), "little")
        if length > min(len(mapped) - 8, _LONGEST_HEADER):
            raise ValueError("its header is longer than the file")
        header: dict[str, Any] = json.loads(mapped[8 : 8 + length].tobytes())
        body = mapped[8 + length :]
        return {
            name: body[slice(*entry["data_offsets"])].view(np.float32).reshape(entry["shape"])
            for name, entry in header.items()
            if name != "__metadata__" and entry["dtype"] == "F32"
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise EncoderError(
            f"The weights {path} cannot be read: {error}.", mend="Fetch or copy the model again."
        ) from error
