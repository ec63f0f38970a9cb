"""Indexing in a process of its own, and what a reader then finds."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

from small_index import HashEncoder

from index.catalogue import Catalogue
from index.datatypes import Filters, Query
from index.search import PassageIndex

TESTS = Path(__file__).parents[1]
HEAD = """
import os, resource, signal, sys
from pathlib import Path
sys.path[:0] = [{tests!r}, {root!r}]
from small_index import HashEncoder
from index import build
built, corpus = Path(sys.argv[1]), Path(sys.argv[2])
"""


def in_process(code: str, built: Path, corpus: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(code, built, corpus), capture_output=True, text=True, check=False, timeout=60)


def command(code: str, built: Path, corpus: Path) -> list[str]:
    head = HEAD.format(tests=str(TESTS), root=str(TESTS.parent))
    return [sys.executable, "-c", head + textwrap.dedent(code), str(built), str(corpus)]


def ids(folder: Path) -> set[str]:
    catalogue = Catalogue(folder)
    found = {record.source.doc_id for record in catalogue.records(Filters(), limit=None)}
    catalogue.close()
    return found


def first(passages: PassageIndex, text: str) -> str:
    return passages.search(Query(text=text), HashEncoder().encode([text])[0])[0].passage.source.doc_id


def first_of(folder: Path, text: str) -> str:
    opened = PassageIndex(folder)
    try:
        return first(opened, text)
    finally:
        opened.close()
