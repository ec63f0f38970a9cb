"""What each stage of the ranking is worth: every stage, and some together, switched off in turn.

    python -m benchmarks.ablation INDEX QUESTIONS…

Every question is asked once, follow-ups in their conversation; what was understood is then ranked anew by each set of
weights. Prints a Markdown table over the questions that stand alone, with the later turns of conversations in a column
of their own. A stage of weight 0 still proposes passages; it only has no say in their order.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

from assistant.api import Assistant
from assistant.datatypes import Answer
from assistant.errors import ReadoutsError
from assistant.evaluation import Ask, Gold, Line, Outcome, Summary, Type, read_questions, summarise
from assistant.evaluation.outcomes import judge_quoted
from assistant.history import History
from assistant.understanding import to_query
from index.fusion import Weights
from index.protocols import Vectors
from index.search import PassageIndex

STAGES = tuple(field.name for field in fields(Weights))
#: Stages that stand in for each other, so that one alone shows less than it is worth: switched off together.
TOGETHER: Mapping[str, tuple[str, ...]] = {
    "both vectors": ("paragraph", "sentence"),
    "the days": ("date", "narrow"),
    "the parties": ("party", "all_parties"),
    "all that was understood": ("date", "narrow", "party", "all_parties", "kind", "document"),
    "the topic's words": ("topic", "sentence_topic"),
}
#: Stages that rank alone, all others switched off.
ALONE = ("full_text", "paragraph", "sentence")
#: Passages that are looked at.
TOP = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One question that has its answer in a quote.

    Attributes:
        place: Where it stands.
        type: What sort of question.
        ask: The question.
        gold: Those of its golds that are in the index; at least one.
        answer: As the program gave it, with what it understood.
        vector: ``(D,)`` embedding of what it was ranked by.
    """

    place: str
    type: Type
    ask: Ask
    gold: tuple[Gold, ...]
    answer: Answer
    vector: Vectors


def collect(assistant: Assistant, lines: Sequence[Line]) -> list[Case]:
    """Ask every question with a quote for an answer; those whose readouts the index has not are left out."""
    asked = []
    for line in lines:
        if line.type in (Type.LIST, Type.UNANSWERABLE):
            continue
        talk = assistant.talk()
        for number, ask in enumerate(line.asks, start=1):
            answer = talk.ask(ask.question)
            gold = tuple(item for item in ask.gold if _is_there(assistant, item.doc))
            if gold:
                kind = Type.FIRST_TURN if line.type is Type.FOLLOWUP and number == 1 else line.type
                asked.append((f"{line.place}.{number}", kind, ask, gold, answer))
    vectors = assistant.encoder().encode([answer.understanding.text for *_, answer in asked])
    return [
        Case(place=place, type=kind, ask=ask, gold=gold, answer=answer, vector=vector)
        for (place, kind, ask, gold, answer), vector in zip(asked, vectors, strict=True)
    ]


def _is_there(assistant: Assistant, doc_id: str) -> bool:
    try:
        assistant.readout(doc_id)
    except ReadoutsError:
        return False
    return True


def measure(index: PassageIndex, cases: Sequence[Case], weights: Weights) -> Summary:
    """Figures of the ranking by these weights."""
    return summarise([_judge(index, case, weights) for case in cases])


def _judge(index: PassageIndex, case: Case, weights: Weights) -> Outcome:
    query = to_query(case.answer.understanding)
    hits = index.search(query, case.vector, top_k=TOP, weights=weights)
    return judge_quoted(
        case.place, case.type, case.ask, case.gold, replace(case.answer, hits=hits, citations=()), seconds=0.0
    )


def variants() -> Iterator[tuple[str, Weights]]:
    """Each row's name and its weights; the first is all of them."""
    every = Weights()
    yield "every stage", every
    for stage in STAGES:
        yield f"without `{stage}`", replace(every, **{stage: 0.0})
    for name, stages in TOGETHER.items():
        yield (
            f"without {name}: {', '.join(f'`{stage}`' for stage in stages)}",
            replace(every, **dict.fromkeys(stages, 0.0)),
        )
    for stage in ALONE:
        yield f"`{stage}` alone", replace(every, **{other: 0.0 for other in STAGES if other != stage})


def row(name: str, found: Summary, whole: Summary) -> str:
    """One line of the table."""
    alone, full = found.figures["stand-alone"], whole.figures["stand-alone"]
    cells = [f"{alone[figure].value:.3f}" for figure in ("passage MRR@10", "passage top-1", "passage hit@5")]
    cells.insert(1, f"{alone['passage MRR@10'].value - full['passage MRR@10'].value:+.3f}".replace("-", "−"))
    later = found.figures.get(Type.FOLLOWUP.value)
    cells.append(f"{later['passage MRR@10'].value:.3f}" if later else "–")
    return f"| {name} | {' | '.join(cells)} |"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index", type=Path, help="folder of the index")
    parser.add_argument("questions", type=Path, nargs="+", help="question files, as readouts evaluate takes them")
    options = parser.parse_args(arguments)
    with Assistant(options.index, history=History(None)) as assistant:
        cases = collect(assistant, read_questions(options.questions))
    index = PassageIndex(options.index)
    whole: Summary | None = None
    for name, weights in variants():
        found = measure(index, cases, weights)
        if whole is None:
            whole = found
            later = sum(case.type is Type.FOLLOWUP for case in cases)
            count = found.figures["stand-alone"]["passage MRR@10"].count
            print(f"{count} questions that stand alone, {later} later turns.\n")
            print("| ranking | MRR@10 | change | top-1 | hit@5 | later turns, MRR@10 |")
            print("|---|---|---|---|---|---|")
        print(row(name, found, whole), flush=True)
    index.close()


if __name__ == "__main__":
    main()
