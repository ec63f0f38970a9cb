"""The passages that every peer gets, and the readouts they are of."""

from __future__ import annotations

import json
import shutil
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from index.datatypes import Document, Passage
from index.passages import embedding_text, split
from index.readers import find_files, read_file


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """What is asked.

    Attributes:
        folder: Readouts as files, for who reads them itself.
        passages: One JSON object a line, ``id`` and ``text``, for who is given them.
        by_id: Each passage.
        documents: Ids of the readouts.
    """

    folder: Path
    passages: Path
    by_id: Mapping[str, Passage]
    documents: frozenset[str]


def write_corpus(source: Path, target: Path, *, limit: int | None = None, first: Collection[str] = ()) -> Corpus:
    """Read readouts, part them as the index does, and write them out for the peers.

    Every passage has the title of its readout and the day of publication in front, the same words that the index puts
    in front of what it encodes: ours knows the day of the event besides, by its own rules.

    Args:
        source: Folder of readouts.
        target: Folder to write to; must be there.
        limit: Stop after the file with which so many passages are reached; None for all.
        first: Ids of readouts whose files come first where there is a limit.
    """
    files, _ = find_files([source])
    read = {path: [d for d in read_file(path, path.read_bytes()) if isinstance(d, Document)] for path in files}
    if limit is not None:
        wanted = set(first)
        files = tuple(sorted(files, key=lambda path: not any(d.source.doc_id in wanted for d in read[path])))
    folder = target / "readouts"
    folder.mkdir()
    by_id: dict[str, Passage] = {}
    for number, path in enumerate(files):
        if limit is not None and len(by_id) >= limit:
            break
        # Each in a folder of its own: readouts have the names of their files. A link would lead out of the folder.
        (folder / str(number)).mkdir()
        shutil.copyfile(path, folder / str(number) / path.name)
        for document in read[path]:
            by_id.update((f"{p.source.doc_id}#{p.paragraph}", p) for p in split(document))
    passages = target / "passages.jsonl"
    with passages.open("w", encoding="utf-8") as out:
        for name, passage in by_id.items():
            out.write(json.dumps({"id": name, "text": embedding_text(passage.source, None, passage.text)}) + "\n")
    documents = frozenset(passage.source.doc_id for passage in by_id.values())
    return Corpus(folder=folder, passages=passages, by_id=by_id, documents=documents)
