"""How large a readout may be: a text of millions of lines or sentences is made to exhaust time and memory."""

from __future__ import annotations

import re
from itertools import islice
from pathlib import Path

from index.errors import FormatError
from index.readers import decode

#: Lines and sentence ends of one readout. Of 1,410 real ones none has more than 148; this many take five seconds of the
#: processor to index without the model, and 200 MB.
MAX_PIECES = 100_000
#: Bytes of a file, checked before it is opened: a dump of a hundred thousand readouts has 256 MB, and is held in memory.
MAX_FILE_BYTES = 1 << 30
_MEND = "Split it into one file a readout, or give the readouts as JSON Lines."
#: What will begin a line or an item, or end a sentence, once a text is clean, in any format that it may still be in. Every
#: bullet begins an item; lines and full stops count by the run.
_RUNS, _BULLETS, _DASHES = "\n\r\f\u2028\u2029.!?…;。！？｡．।॥෴؟۔։።។", "•▪●◦‣", "-–—·"
_PIECE = re.compile(
    rf"[{_RUNS}]+|[{_BULLETS}]|(?<!\S)[{_DASHES}](?=\s)|<(?=[bdhlpt])(?:br|div|h[1-6]|li|p|td|th|tr)\b", re.IGNORECASE
)


def refuse_overlong(path: Path, text: str) -> None:
    """Refuse a text that is too long or has too many pieces.

    Args:
        path: The file, or where it is in a file.
        text: The text as in the file, or clean.

    Raises:
        FormatError: It has more than ``MAX_TEXT_BYTES`` or more than ``MAX_PIECES``.
    """
    if len(text) > decode.MAX_TEXT_BYTES:
        message = f"{path.name} has a text longer than {decode.MAX_TEXT_BYTES >> 20} MB; a readout is a page or two."
        raise FormatError(message, path=path, mend=_MEND)
    # Most texts have fewer characters than the bound, and most others fewer marks.
    if len(text) > MAX_PIECES and sum(map(text.count, f"{_RUNS}{_BULLETS}{_DASHES}<")) > MAX_PIECES:
        refuse_so_many(path, sum(1 for _ in islice(_PIECE.finditer(text), MAX_PIECES + 1)))


def refuse_so_many(path: Path, count: int) -> None:
    """Refuse a text with too many pieces, counted while it is read.

    Args:
        path: The file, or where it is in a file.
        count: Pieces so far.

    Raises:
        FormatError: There are more than ``MAX_PIECES``.
    """
    if count > MAX_PIECES:
        raise FormatError(
            f"{path.name} has a text of more than {MAX_PIECES:,} lines and sentences; a readout is a page or two.",
            path=path,
            mend=_MEND,
        )
