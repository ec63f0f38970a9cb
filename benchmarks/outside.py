"""Questions from outside diplomacy, to check that what is tuned on readouts breaks nothing elsewhere.

``python benchmarks/outside.py clapnq FOLDER`` indexes the passages of ``FOLDER/corpus.jsonl`` and asks the questions of
``FOLDER/queries.jsonl``: where the right passage ranks, whether the first quote is an answering sentence, and how well
support separates answerable questions from the others.

``python benchmarks/outside.py cast FILE`` makes each turn of the conversations in ``FILE`` stand on its own and compares
it with the question that a person wrote in its place.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from assistant import Answer, Assistant, Citation, Filters, Status, Turn
from assistant.conversation import resolve
from assistant.datatypes import Understanding
from assistant.evaluation import Evaluation, Figure, evaluate, render
from assistant.evaluation.metrics import mean_figure
from index.datatypes import Facts, Progress, Source, Span
from index.facts.directory import Directory
from index.full_text import stem, terms


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one of the two benchmarks and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("set", choices=("clapnq", "cast"))
    parser.add_argument("path", type=Path, help="folder of clapnq, or file of rewritten turns")
    parser.add_argument("--limit", type=int, help="ask only so many questions, or resolve only so many turns")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures, question by question")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep the index of clapnq here for the next run")
    chosen = parser.parse_args(arguments)
    if chosen.set == "clapnq":
        evaluation = clapnq(chosen.path, keep=chosen.keep, limit=chosen.limit)
        Console().print(render(evaluation))
        result = evaluation.to_dict()
    else:
        rewrites = cast(_lines(chosen.path)[: chosen.limit])
        figures = cast_figures(rewrites)
        Console().print(_table(figures))
        result = {"figures": {name: asdict(f) for name, f in figures.items()}, "turns": [asdict(r) for r in rewrites]}
    if chosen.json:
        chosen.json.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def clapnq(folder: Path, *, keep: Path | None = None, limit: int | None = None) -> Evaluation:
    """Index the passages, each as a document of its own, and ask the questions.

    What is reported as ``content`` are the answerable questions, gold being each of their answering sentences. The
    figures by readout are those of passage retrieval: a document here is one passage of the set.
    """
    with tempfile.TemporaryDirectory() as scratch:
        place = keep or Path(scratch)
        place.mkdir(parents=True, exist_ok=True)
        corpus, questions = place / "corpus.jsonl", place / "questions.jsonl"
        passages = _lines(folder / "corpus.jsonl")
        _write(corpus, ({"id": p["_id"], "title": p["title"], "text": p["text"]} for p in passages))
        _write(questions, map(clapnq_question, _lines(folder / "queries.jsonl")))
        with Assistant.open(place / "index", history=place / "history") as assistant:
            report = assistant.add([corpus])
            print(f"{report.documents} documents, {report.passages} passages", file=sys.stderr)
            return evaluate(assistant, [questions], limit=limit, progress=_tell)


def clapnq_question(record: dict[str, Any]) -> dict[str, Any]:
    """A record of clapnq as a line of a question file."""
    if not record["answerable"]:
        return {"type": "unanswerable", "question": record["text"], "why": "near miss: the passage does not say"}
    gold = [{"doc": record["passage_id"], "quote": sentence} for sentence in record["gold_sentences"]]
    # One answerable question has no sentence marked: any words of its passage will do.
    gold = gold or [{"doc": record["passage_id"]}]
    return {"type": "content", "question": record["text"], "gold": gold}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewrite:
    """One turn made to stand on its own.

    Attributes:
        id: Of the turn.
        raw: As the person typed it.
        standalone: As the program made it.
        rewrite: As a person rewrote it.
        needs_context: Whether that person had to.
        opening: Whether it is the first of its conversation.
        carried: Content words of ``standalone`` that ``raw`` has not.
        wanted: Content words of ``rewrite`` that ``raw`` has not.
        right: Those of ``carried`` whose stem ``rewrite`` has.
        found: Those of ``wanted`` whose stem ``standalone`` has.
    """

    id: str
    raw: str
    standalone: str
    rewrite: str
    needs_context: bool
    opening: bool
    carried: tuple[str, ...]
    wanted: tuple[str, ...]
    right: tuple[str, ...]
    found: tuple[str, ...]


def cast(records: Iterable[dict[str, Any]]) -> list[Rewrite]:
    """Resolve each turn after the turns before it, which are resolved in their order too, as in a real conversation."""
    directory, today = Directory.of(()), dt.date(2022, 1, 1)
    memory: dict[tuple[str, ...], str] = {}
    rewrites = []
    for record in records:
        history, raw = tuple(record["user_history"]), record["raw"]
        turns: list[Turn] = []
        for number, earlier in enumerate(history, start=1):
            said = record["last_response"] if number == len(history) else None
            standalone = memory.get(history[:number], earlier)
            turns.append(_turn(number, earlier, standalone, said or ""))
        standalone = resolve(raw, turns, today=today, directory=directory).standalone
        memory[*history, raw] = standalone
        rewrites.append(_compared(record, standalone))
    return rewrites


def _turn(number: int, question: str, standalone: str, said: str) -> Turn:
    citation = Citation(
        number=1,
        source=Source(doc_id="response", title="Response"),
        facts=Facts(),
        paragraph=0,
        passage=said,
        span=Span(start=0, end=len(said)),
        score=1.0,
    )
    answer = Answer(
        question=question,
        standalone_question=standalone,
        understanding=Understanding(text=standalone, filters=Filters()),
        status=Status.ANSWERED if said else Status.ABSTAINED,
        support=1.0 if said else 0.0,
        missing=(),
        citations=(citation,) if said else (),
        hits=(),
    )
    return Turn(number=number, asked_at=dt.datetime(2022, 1, 1, tzinfo=dt.UTC), answer=answer)


def _compared(record: dict[str, Any], standalone: str) -> Rewrite:
    raw, rewrite = record["raw"], record["rewrite"]
    carried, wanted = _added(raw, standalone), _added(raw, rewrite)
    human, ours = set(map(stem, terms(rewrite))), set(map(stem, terms(standalone)))
    return Rewrite(
        id=record["_id"],
        raw=raw,
        standalone=standalone,
        rewrite=rewrite,
        needs_context=record["needs_context"],
        opening=not record["user_history"],
        carried=carried,
        wanted=wanted,
        right=tuple(word for word in carried if stem(word) in human),
        found=tuple(word for word in wanted if stem(word) in ours),
    )


def _added(raw: str, longer: str) -> tuple[str, ...]:
    there = set(map(stem, terms(raw)))
    return tuple(word for word in terms(longer) if stem(word) not in there)


def cast_figures(rewrites: Sequence[Rewrite]) -> dict[str, Figure]:
    """Shares over the turns, with their bootstrap intervals; a turn is left alone where no content word was added."""
    alone = [r for r in rewrites if not r.needs_context]
    needy = [r for r in rewrites if r.needs_context]
    carrying = [r for r in needy if r.carried]
    wanting = [r for r in needy if r.wanted]
    figures = {
        "stand-alone turns left alone": mean_figure([float(not r.carried) for r in alone]),
        "the same, openings apart": mean_figure([float(not r.carried) for r in alone if not r.opening]),
        "turns in need of context that carry something over": mean_figure([float(bool(r.carried)) for r in needy]),
        "of those: every carried-over term is in the human's rewrite": mean_figure(
            [float(r.right == r.carried) for r in carrying]
        ),
        "of those: some carried-over term is in it": mean_figure([float(bool(r.right)) for r in carrying]),
        "of those: share of the carried-over terms that are in it": mean_figure(
            [len(r.right) / len(r.carried) for r in carrying]
        ),
        "share of the human's added terms that were carried over": mean_figure(
            [len(r.found) / len(r.wanted) for r in wanting]
        ),
    }
    return {name: figure for name, figure in figures.items() if figure}


def _table(figures: dict[str, Figure]) -> Table:
    table = Table("figure", "turns", "share", "95 %", box=None)
    for name, figure in figures.items():
        table.add_row(name, str(figure.count), f"{figure.value:.3f}", f"{figure.low:.2f}–{figure.high:.2f}")
    return table


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]


def _write(path: Path, records: Iterable[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")


def _tell(progress: Progress) -> None:
    if progress.done % 50 == 0:
        print(f"{progress.done} of {progress.total}", file=sys.stderr)


if __name__ == "__main__":
    main()
