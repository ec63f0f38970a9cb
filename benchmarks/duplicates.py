"""Texts posted more than once in real corpora: what is folded, and what nearly is, to be read by eye; and what it costs.

``python -m benchmarks.duplicates CORPUS… [--near 0.6] [--output FILE]``: every pair that shares a number of ``bands`` within
some days, with the share of word sequences that both have (Jaccard), folded or not. CORPUS is a file or folder, ``.jsonl.gz``
too.
"""

from __future__ import annotations

import argparse
import datetime as dt
import gzip
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.tables import processor_seconds, tell
from index.datatypes import Document
from index.duplicates import DAYS, SHINGLE, Words, bands, same_text, words_of
from index.readers import find_files, read_file

Pair = tuple[float, bool, int, int]


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpora", type=Path, nargs="+")
    parser.add_argument("--near", type=float, default=0.6, help="least similarity of the pairs that are listed")
    parser.add_argument("--output", type=Path)
    given = parser.parse_args()
    documents = [document for corpus in given.corpora for document in _documents(corpus)]
    numbers: list[tuple[int, ...]] = []
    busy = processor_seconds(lambda: numbers.extend(bands(document.text) for document in documents))
    pairs = list(_pairs(documents, numbers))
    folded = [pair for pair in pairs if pair[1]]
    near = sorted((pair for pair in pairs if pair[0] >= given.near and not pair[1]), reverse=True)
    for told, some in (("folded, not word for word", [p for p in folded if p[0] < 1]), ("not folded", near)):
        for similarity, _, one, other in sorted(some, reverse=True):
            print(f"{told} {similarity:.2f}: {_line(documents[one])} | {_line(documents[other])}")
    exact = sum(similarity == 1 for similarity, *_ in folded)
    tell(
        "Texts posted more than once",
        (
            "documents",
            "pairs looked at",
            "folded",
            "of them word for word",
            f"near (≥ {given.near}), not folded",
            "ms each",
        ),
        [[len(documents), len(pairs), len(folded), exact, len(near), 1000 * busy / len(documents)]],
        output=given.output,
        notes=[
            f"Pairs published within {DAYS} days, or of no known day; the last column is processor time of the numbers.",
            f"One text is looked at beside {_most_beside_one(pairs)} others at most; the longest has "
            f"{max(len(document.text.split()) for document in documents):,} words.",
        ],
    )


def _most_beside_one(pairs: Sequence[Pair]) -> int:
    beside = Counter(place for _, _, *both in pairs for place in both)
    return max(beside.values(), default=0)


def _documents(corpus: Path) -> Iterator[Document]:
    for path in find_files([corpus])[0] if corpus.is_dir() else [corpus]:
        content = path.read_bytes()
        if path.suffix == ".gz":
            path, content = path.with_suffix(""), gzip.decompress(content)
        yield from (found for found in read_file(path, content) if isinstance(found, Document))


def _pairs(documents: Sequence[Document], numbers: Sequence[tuple[int, ...]]) -> Iterator[Pair]:
    sharing: defaultdict[int, list[int]] = defaultdict(list)
    for place, keys in enumerate(numbers):
        for key in keys:
            sharing[key].append(place)
    pairs = {(one, other) for places in sharing.values() for n, other in enumerate(places) for one in places[:n]}
    known: dict[int, Words] = {}
    for one, other in sorted(pairs):
        days = [documents[place].source.published for place in (one, other)]
        if all(days) and abs(_number(days[0]) - _number(days[1])) > DAYS:
            continue
        for place in (one, other):
            if place not in known:
                known[place] = words_of(documents[place].source.title, documents[place].text)
        ours, theirs = known[one], known[other]
        yield _similarity(ours, theirs), same_text(ours, theirs), one, other


def _number(day: dt.date | None) -> int:
    return day.toordinal() if day else 0


def _similarity(ours: Words, theirs: Words) -> float:
    one, other = (
        {words.folded[place : place + SHINGLE] for place in range(max(1, len(words.folded) - SHINGLE + 1))}
        for words in (ours, theirs)
    )
    return len(one & other) / len(one | other)


def _line(document: Document) -> str:
    return f"{document.source.doc_id} ({document.source.published}) {document.source.title}"


if __name__ == "__main__":
    main()
