"""What is kept beside the index, from several processes at once: writers, conversations, saved searches."""

from __future__ import annotations

import json
import multiprocessing
import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.together import world
from benchmarks.together.processes import Place, run

#: Turns that each process keeps, and readouts that each writer adds.
TURNS, ADDED = 40, 6
WAIT = "Wait until it is done"


def writers(place: Place, count: int) -> tuple[int, list[str]]:
    """So many commands write to one index at once; each ends well, or says that another is writing, and does when
    it is run again.

    Returns:
        How many said that they have to wait, and what was wrong.
    """
    folders = [place.work / f"writer-{number}" for number in range(count)]
    wanted = set()
    for number, folder in enumerate(folders):
        folder.mkdir(exist_ok=True)
        ours = range(1000 + count * 100 + number * ADDED, 1000 + count * 100 + (number + 1) * ADDED)
        world.write(folder, ours, 1)
        wanted |= {world.doc_id(one) for one in ours}
    left, waited, faults = list(folders), 0, list[str]()
    while left and not faults:
        running = {folder: _started(place, folder) for folder in left}
        for folder, process in running.items():
            _, said = process.communicate(timeout=300)
            if process.returncode == 0:
                left.remove(folder)
            elif process.returncode == 1 and WAIT in said:
                waited += 1
            else:
                faults.append(f"a writer ended with {process.returncode}: {said[-400:]}")
    listed = {
        json.loads(line)["doc_id"] for line in run(place, "list", "--json", "--limit", "100000").stdout.splitlines()
    }
    if not wanted <= listed:
        faults.append(f"of several writers' readouts these are missing: {sorted(wanted - listed)}")
    faults += doctor(place)
    return waited, faults


def _started(place: Place, folder: Path) -> subprocess.Popen[str]:
    command = [*place.command, "index", str(folder), "--index", str(place.index), "--quiet"]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=place.environment()
    )  # fmt: skip


def doctor(place: Place) -> list[str]:
    """What ``readouts doctor`` finds wrong."""
    ran = run(place, "doctor", "--json")
    checks = [json.loads(line) for line in ran.stdout.splitlines()]
    # An encoder that needs no model is none that is installed.
    wrong = [check for check in checks if not check["good"] and not (place.make and check["name"] == "model")]
    return [f"doctor: {check}" for check in wrong] + [f"doctor said nothing: {ran.stderr[-300:]}"] * (not checks)


def together(place: Place, count: int, work: Callable[..., None], *arguments: Any) -> list[Any]:
    """Run a function in so many processes at once; each gets its number and a file to write to.

    Returns:
        What they wrote, None for one that ended badly.
    """
    context = multiprocessing.get_context("spawn")
    reports = [place.work / f"report-{work.__name__}-{number}.json" for number in range(count)]
    running = [
        context.Process(target=work, args=(place, number, *arguments, report)) for number, report in enumerate(reports)
    ]
    for report in reports:
        report.unlink(missing_ok=True)
    for process in running:
        process.start()
    for process in running:
        process.join()
    return [json.loads(report.read_text()) if report.exists() else None for report in reports]


def conversations(place: Place, count: int = 4) -> tuple[int, list[str]]:
    """So many processes begin to keep conversations in a folder that is not there yet; returns turns, and what was wrong."""
    fresh = replace(place, work=place.work / "fresh")
    shutil.rmtree(fresh.work, ignore_errors=True)
    fresh.work.mkdir()
    fresh.index.symlink_to(place.index.absolute())
    found = together(fresh, count, keep_turns)
    faults = [error for one in found for error in (one if one is not None else ["a process ended badly"])]
    with fresh.assistant() as assistant:
        turns = assistant.history.turns("common")
        if [turn.number for turn in turns] != list(range(1, count * TURNS + 1)):
            faults.append(f"{count * TURNS} turns were kept, {len(turns)} are there")
        for number in range(count):
            own = [turn.answer.question for turn in assistant.history.turns(f"own-{number}")]
            if own != [f"ferries {number} {turn}" for turn in range(TURNS)]:
                faults.append(f"the conversation of process {number} is not as it was kept")
    return 2 * count * TURNS, faults


def keep_turns(place: Place, number: int, report: Path) -> None:
    """Keep turns in a conversation of its own and in one of all."""
    errors = []
    with place.assistant() as assistant:
        answer = assistant.ask("ferries")
        for turn in range(TURNS):
            for conversation in (f"own-{number}", "common"):
                try:
                    assistant.history.add_turn(conversation, replace(answer, question=f"ferries {number} {turn}"))
                except Exception as error:  # noqa: BLE001 - whatever it is, it is what we look for
                    errors.append(f"keeping a turn: {error}")
    report.write_text(json.dumps(errors), encoding="utf-8")


def searches(place: Place, rounds: int = 12, count: int = 2) -> tuple[int, list[str]]:
    """Processes ask one saved search for news while readouts come; every readout is told by one of them at least.

    Returns:
        How many readouts were told, and what was wrong.
    """
    saved = replace(place, work=place.work / "searches")
    shutil.rmtree(saved.work, ignore_errors=True)
    saved.marked.mkdir(parents=True)
    saved.index.symlink_to(place.index.absolute())
    with saved.assistant() as assistant:
        assistant.saved.add("seals", "harbour seals", from_now=True)
    context = multiprocessing.get_context("spawn")
    writing = context.Process(target=bring, args=(saved, rounds))
    writing.start()
    found = together(saved, count, tell_news)
    writing.join()
    told = [doc_id for one in found if one for doc_id in one["told"]]
    faults = [error for one in found for error in (one["errors"] if one else ["a process ended badly"])]
    wanted = {world.doc_id(5000 + number) for number in range(rounds)}
    if not wanted <= set(told):
        faults.append(f"nobody was told of {sorted(wanted - set(told))}")
    return len(told), faults


def bring(place: Place, rounds: int) -> None:
    """Add a readout at a time."""
    with place.assistant() as assistant:
        for number in range(rounds):
            world.write(place.marked, [5000 + number], 1)
            assistant.add([place.marked])
            time.sleep(0.1)
    place.rest.touch()


def tell_news(place: Place, number: int, report: Path) -> None:
    """Ask for news until nothing comes any more."""
    told, errors = list[str](), list[str]()
    with place.assistant() as assistant:
        while True:
            last = place.rest.exists()
            try:
                news = assistant.saved.news("seals")
                news.reported()
                told += [hit.passage.source.doc_id for hit in news.hits]
            except Exception as error:  # noqa: BLE001 - as above
                errors.append(f"asking for news: {error}")
            if last:
                break
            time.sleep(0.02 * number)
    report.write_text(json.dumps({"told": told, "errors": errors}), encoding="utf-8")
