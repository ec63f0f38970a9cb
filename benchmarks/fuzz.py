"""Coverage-guided fuzzing: whatever bytes a reader, a question or a settings file gets, they are read or refused in words.

``python -m benchmarks.fuzz TARGET [--seconds 60] [--seed 1] [--corpus FOLDER]``, with a target that ``--help`` names, or
``all`` for one after another. The fuzzer is atheris (libFuzzer), which no extra installs, as it has wheels for Linux
only: ``pip install atheris==3.0.0``. It changes its starting inputs, and continues from every change that reaches lines or
branches that none reached before. It starts from readouts in the format of the target, and from every small hostile
structure of that format. The lines of a PDF are read in this process, where a hundred inputs take as long as one
in a process of its own. An input that raises anything but a ``ReadoutsError`` or takes more than five CPU seconds is kept as
``crash-…`` in the folder, and the exit code is not 0.
"""

from __future__ import annotations

import argparse
import datetime as dt
import importlib
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import chain
from pathlib import Path

from benchmarks.hostile.cases import acting
from benchmarks.hostile.costs import costs
from benchmarks.hostile.files import WRITERS
from benchmarks.hostile.structures import structures
from benchmarks.hostile.texts import ACTING

#: Modules whose lines and branches are watched.
_WATCHED = ("index", "assistant")
_QUESTIONS = (
    'party:Japan from:2023-05 kind:call "exact words"', "When did Quist last call Oyelaran?", "and what about May?",
    "list all meetings with Japan in 2023 after June", "issuer:'Ministry of Kelp' to:2024 is:diplomatic who spoke of kelp",
)  # fmt: skip
_SETTINGS = 'index = "kelp"\nmodel = "x"\nengine = "auto"\ntheme = "light"\n[keys]\nquit = "ctrl+q"\n'
_ASKED = '{"type": "content", "question": "Who met?", "gold": [{"doc": "a", "quote": "They met."}]}\n'
#: Bytes of an input; longer ones are tried by ``benchmarks.hostile_documents``.
LONGEST = 4096
#: Seconds of the processor that an input may take, and by the clock, which runs on while other programs do.
SLOWEST, GIVEN_UP = 5, 120
#: Structures that fill the memory of whoever unpacks or draws them, which a process of its own is bounded to.
_BOMBS = re.compile("bomb|doubling")
#: Elements and levels of the structures that are started from.
_FEW = 12
_STATISTICS = ("number_of_executed_units", "slowest_unit_time_sec")
TARGETS = (*WRITERS, "question", "filters", "settings", "evaluate")


def main() -> None:
    """Fuzz one target, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", choices=[*TARGETS, "all"])
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--corpus", type=Path, help="where inputs are kept; a folder that is thrown away by default")
    given = parser.parse_args()
    if given.target == "all":
        sys.exit(_all(given.seconds, given.seed, given.corpus or Path(tempfile.mkdtemp(prefix="fuzz-"))))
    try:
        import atheris
    except ModuleNotFoundError:
        sys.exit("Fuzzing needs atheris, which has wheels for Linux: pip install atheris==3.0.0")
    with atheris.instrument_imports(include=list(_WATCHED)):
        try_one = _timed(_target(given.target))
    folder = given.corpus or Path(tempfile.mkdtemp(prefix="fuzz-"))
    folder.mkdir(parents=True, exist_ok=True)
    for number, content in enumerate(_beginnings(given.target)):
        (folder / f"beginning-{number}").write_bytes(content)
    options = [f"-max_total_time={given.seconds}", f"-seed={given.seed}", f"-max_len={LONGEST}", f"-timeout={GIVEN_UP}"]
    options += ["-rss_limit_mb=2048", "-print_final_stats=1", f"-artifact_prefix={folder}/", str(folder)]
    atheris.Setup([sys.argv[0], *options], try_one)
    atheris.Fuzz()


def _all(seconds: int, seed: int, corpus: Path) -> int:
    """Fuzz every target in a process of its own; 1 if any found something."""
    rows: list[list[object]] = []
    for target in TARGETS:
        folder = corpus / target
        command = [sys.executable, "-m", "benchmarks.fuzz", target, f"--seconds={seconds}", f"--seed={seed}"]
        done = subprocess.run([*command, f"--corpus={folder}"], capture_output=True, text=True, check=False)
        told = done.stderr + done.stdout
        executed, slowest = (re.search(rf"stat::{name}:\s+(\d+)", told) for name in _STATISTICS)
        coverage = re.findall(r"cov: (\d+) ft: (\d+)", told)
        kept = [path.name for path in folder.glob("*-*") if path.name.startswith(("crash", "timeout", "oom", "leak"))]
        counts = [int(found[1]) if found else 0 for found in (executed, slowest)]
        rows.append(
            [target, *counts, *map(int, coverage[-1] if coverage else (0, 0)), " ".join(kept) or done.returncode]
        )
        print(*rows[-1], file=sys.stderr, flush=True)
    wrong = [str(row[0]) for row in rows if row[-1] != 0]
    # Not by ``benchmarks.tables``: what it imports would not be watched.
    print("| target | inputs | slowest, s | edges | features | found |\n|---|---|---|---|---|---|")
    for row in rows:
        print(f"| {' | '.join(map(str, row))} |")
    inputs = sum(int(str(row[1])) for row in rows)
    print(f"{inputs:,} inputs, {seconds} s a target, seed {seed}; finds in {len(wrong)} targets: {corpus}")
    return int(bool(wrong))


def _beginnings(target: str) -> list[bytes]:
    if target in WRITERS:
        acts = [WRITERS[target](acting(text)) for text in ("kelp", *ACTING.values())]
        small = (structures(_FEW), costs(_FEW))
        odd = [content for name, content in chain(*small) if name.endswith(f".{target}") and not _BOMBS.search(name)]
        return [content for content in acts + odd if len(content) <= LONGEST]
    texts = {"question": _QUESTIONS, "filters": _QUESTIONS, "settings": (_SETTINGS,), "evaluate": (_ASKED,)}[target]
    return [text.encode() for text in texts]


def _target(target: str) -> Callable[[bytes], None]:
    """What is done with one input; imported here, while atheris watches."""
    kinds = {"question": _question, "filters": _filters, "settings": _settings, "evaluate": _evaluate, "pdf": _pdf}
    return kinds[target]() if target in kinds else _reader(f"fuzzed.{target}")


def _timed(try_one: Callable[[bytes], None]) -> Callable[[bytes], None]:
    def timed(content: bytes) -> None:
        started = time.process_time()
        try_one(content)
        taken = time.process_time() - started
        assert taken < SLOWEST, f"{taken:.1f} s of the processor"

    return timed


def _reader(name: str) -> Callable[[bytes], None]:
    plan, readers = importlib.import_module("index.plan"), importlib.import_module("index.readers")
    errors, types = importlib.import_module("index.errors"), importlib.import_module("index.datatypes")

    def try_one(content: bytes) -> None:
        try:
            for found in readers.read_file(Path(name), content):
                if isinstance(found, types.Document):
                    reading = plan.read(found.source.doc_id, found)
                    assert found.text.strip()
                    assert all(passage.text.strip() for passage in reading.passages)
                    for text in reading.texts():
                        text.encode()
                elif isinstance(found, types.Skipped):
                    assert found.reason
        except errors.ReadoutsError as error:
            _check(error)

    return try_one


def _pdf() -> Callable[[bytes], None]:
    pdf, lines = importlib.import_module("index.readers.pdf"), importlib.import_module("index.readers.pdf_lines")
    errors = importlib.import_module("index.errors")

    def lines_of(path: Path, content: bytes) -> object:
        found = json.loads(json.dumps(lines.read(content)))
        if not found.get("pages"):
            raise errors.FormatError("It is damaged or encrypted.", path=path)
        return found

    vars(pdf)["_lines_of"] = lines_of
    return _reader("fuzzed.pdf")


def _check(error: Exception) -> None:
    """A refusal has words."""
    assert str(error)


def _question() -> Callable[[bytes], None]:
    understanding = importlib.import_module("assistant.understanding")
    directory = importlib.import_module("index.facts.directory")
    errors = importlib.import_module("index.errors")
    parties = importlib.import_module("index.datatypes").Party
    day = dt.date(2024, 2, 29)
    known = directory.Directory.of([(parties(name="Mara Quist", office="Minister", country="Japan"), day, "a")])

    def try_one(content: bytes) -> None:
        try:
            understanding.understand(content.decode(errors="surrogateescape"), today=day, directory=known)
        except errors.ReadoutsError as error:
            _check(error)

    return try_one


def _filters() -> Callable[[bytes], None]:
    """The language of filters as it is typed, and as options and programs give it."""
    matching, errors = importlib.import_module("assistant.matching"), importlib.import_module("index.errors")
    filters, day = importlib.import_module("index.datatypes").Filters, dt.date(2024, 2, 29)

    def try_one(content: bytes) -> None:
        text = content.decode(errors="surrogateescape")
        given = ({"date_from": text}, {"date_to": text}, {"kinds": (text,)}, {"parties": (text,), "issuers": (text,)})
        for one in ({}, *given):
            try:
                typed = filters(**one)
                matching.read_criterion(text, typed, day)
                assert typed & typed == typed
                assert not typed - typed
            except errors.ReadoutsError as error:
                _check(error)

    return try_one


def _settings() -> Callable[[bytes], None]:
    settings = importlib.import_module("assistant.settings")
    return _of_file(lambda path: settings.read_settings({}, {"READOUTS_SETTINGS": str(path)}), "settings.toml")


def _evaluate() -> Callable[[bytes], None]:
    questions = importlib.import_module("assistant.evaluation.questions")
    return _of_file(lambda path: list(questions.read_questions([path])), "questions.jsonl")


def _of_file(read: Callable[[Path], object], name: str) -> Callable[[bytes], None]:
    errors = importlib.import_module("index.errors")
    path = Path(tempfile.mkdtemp(prefix="fuzz-")) / name

    def try_one(content: bytes) -> None:
        path.write_bytes(content)
        try:
            read(path)
        except errors.ReadoutsError as error:
            _check(error)

    return try_one


if __name__ == "__main__":
    main()
