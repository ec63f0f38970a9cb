"""The command line: a thin skin over ``Assistant``. Data goes to standard output, notes and progress to standard error."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

import click

from assistant import __version__, asking, bundled, evaluation, printing
from assistant.api import Assistant
from assistant.errors import ReadoutsError, SettingsError, exit_code
from assistant.history import History
from assistant.settings import KEYS, Settings, read_settings, settings_file
from index.datatypes import KIND_FILTERS, Filters, Progress

_INTERRUPTED = 130


class _Group(click.Group):
    """Commands whose errors become one sentence and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except ReadoutsError as error:
            printing.notes().print(printing.printable(f"readouts: {error.message}"), style="bold red", soft_wrap=True)
            if error.mend:
                printing.notes().print(printing.printable(error.mend), soft_wrap=True)
            ctx.exit(exit_code(error))
        except KeyboardInterrupt:
            printing.notes().print("readouts: interrupted; what was there before is as it was.")
            ctx.exit(_INTERRUPTED)
        except BrokenPipeError:
            # The reader of our output has left; there is nobody to tell.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(0)


def _common(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options that every command has."""
    for option in (
        click.option("--index", "index", type=click.Path(path_type=Path), help="Folder of the index."),
        click.option("--model", help="Name or folder of a sentence-transformers model."),
        click.option("--json", "as_json", is_flag=True, help="Print JSON."),
        click.option("--quiet", is_flag=True, help="No notes and no progress."),
    ):
        command = option(command)
    return command


def _filtering(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options that say which readouts count; they arrive as ``filters``."""

    @functools.wraps(command)
    def wrapped(
        *args: Any,
        date_from: str | None,
        date_to: str | None,
        party: tuple[str, ...],
        issuer: tuple[str, ...],
        kind: tuple[str, ...],
        **rest: Any,
    ) -> Any:
        filters = Filters(date_from=date_from, date_to=date_to, parties=party, issuers=issuer, kinds=kind)
        return command(*args, filters=filters, **rest)

    kinds = click.Choice(list(KIND_FILTERS))
    for option in (
        click.option("--from", "date_from", metavar="DATE", help="First day: 2023, 2023-05 or 2023-05-18."),
        click.option("--to", "date_to", metavar="DATE", help="Last day."),
        click.option("--party", multiple=True, metavar="NAME", help="Person, country, body or office; may be repeated."),
        click.option("--issuer", multiple=True, metavar="NAME", help="Who published it; a part of the name will do."),
        click.option("--kind", multiple=True, type=kinds, help="What sort of event."),
    ):
        wrapped = option(wrapped)
    return wrapped


@click.group(cls=_Group, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="readouts")
@click.option("--index", "index", type=click.Path(path_type=Path), help="Folder of the index (for the chat).")
@click.option("--model", help="Name or folder of a sentence-transformers model (for the chat).")
@click.pass_context
def main(ctx: click.Context, index: Path | None, model: str | None) -> None:
    """Ask diplomatic readouts a question; get the exact passages, each with its source.

    Without a command, opens the chat on a terminal. Exit codes: 0 done, 1 the work failed, 2 wrong usage or settings,
    3 no index or one that cannot be used as it is, 130 interrupted.
    """
    if ctx.invoked_subcommand:
        return
    if not _on_terminal():
        click.echo(ctx.get_help())
        return
    settings = read_settings({"index": index, "model": model})
    _settle_bundled(settings, quiet=False)
    ctx.exit(_open_chat(settings))


@main.command()
@_common
def demo(index: Path | None, model: str | None, as_json: bool, quiet: bool) -> None:
    """Open the chat, over the bundled readouts if there is no index yet; without a terminal, answer a sample question."""
    settings = read_settings({"index": index, "model": model})
    _settle_bundled(settings, quiet=quiet, anywhere=True)
    if _on_terminal() and not as_json:
        sys.exit(_open_chat(settings))
    with _assistant(settings) as assistant:
        answer = assistant.ask(bundled.SAMPLE_QUESTION)
    if as_json:
        printing.print_json(answer.to_dict())
        return
    printing.out().print(f"> {bundled.SAMPLE_QUESTION}")
    printing.print_answer(printing.out(), answer)
    printing.out().print(f"\nTo open the chat, run this on a terminal: {Path(sys.argv[0])}")


@main.command("index")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--rebuild", is_flag=True, help="Read and encode again what the index holds, with --model or the default.")
@_common
def index_command(
    paths: tuple[Path, ...], rebuild: bool, index: Path | None, model: str | None, as_json: bool, quiet: bool
) -> None:
    """Add or update files and folders; only what changed is encoded again."""
    if bool(paths) == rebuild:
        raise click.UsageError("Name files or folders, or give --rebuild alone.")
    settings = read_settings({"index": index, "model": model})
    with _assistant(settings) as assistant, _progress(quiet) as listener:
        report = assistant.rebuild(progress=listener) if rebuild else assistant.add(paths, progress=listener)
    if as_json:
        printing.print_json(report.to_dict())
    elif not quiet or report.skipped:
        printing.print_report(printing.out(), report)
    if report.skipped and not report.documents:
        sys.exit(1)


@main.command()
@click.argument("question", required=False)
@click.option("--file", "file", type=click.File(encoding="utf-8"), help="Questions, a line each, or JSON objects; - for standard input.")
@click.option("--conversation", metavar="ID", help="Continue (or begin) this conversation; its turns are kept.")
@click.option("-n", "--limit", type=click.IntRange(1, 1000), help="How many passages to carry along.")
@click.option("--explain", is_flag=True, help="Show why each passage ranks where it does.")
@_filtering
@_common
def ask(
    question: str | None,
    file: TextIO | None,
    conversation: str | None,
    limit: int | None,
    explain: bool,
    filters: Filters,
    index: Path | None,
    model: str | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Answer a question with quotes and their sources."""
    if (question is None) == (file is None):
        raise click.UsageError("Give a question, or --file with many.")
    settings = read_settings({"index": index, "model": model, "limit": limit})
    with _assistant(settings) as assistant:
        if file is None:
            assert question is not None
            answers = iter([assistant.ask(question, filters=filters, conversation=conversation, top_k=settings.limit)])
        else:
            questions = asking.read_questions(file, file.name, conversation=conversation)
            answers = asking.answer_all(assistant, questions, filters=filters, top_k=settings.limit)
        for answer in answers:
            if as_json:
                printing.print_json(answer.to_dict())
                continue
            console = printing.out()
            if file is not None:
                console.print(printing.printable(f"\n> {answer.question}"), style="bold")
            printing.print_answer(console, answer, explain=explain)


@main.command()
@click.argument("query")
@click.option("-n", "--limit", type=click.IntRange(1, 1000), help="How many passages.")
@click.option("--explain", is_flag=True, help="Show why each passage ranks where it does.")
@_filtering
@_common
def search(
    query: str,
    limit: int | None,
    explain: bool,
    filters: Filters,
    index: Path | None,
    model: str | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Passages for a query, best first, without an answer."""
    settings = read_settings({"index": index, "model": model, "limit": limit})
    with _assistant(settings) as assistant:
        found = asking.search(assistant, query, filters=filters, top_k=settings.limit)
    if as_json:
        printing.print_json(found.to_dict())
        return
    printing.print_hits(printing.out(), found.hits)
    if explain:
        printing.print_trails(printing.out(), found.hits)
    if not found.hits and not quiet:
        printing.notes().print("No passage fits.")


@main.command("list")
@click.option("-n", "--limit", type=click.IntRange(1), help="How many at most; all by default.")
@_filtering
@_common
def list_command(
    limit: int | None, filters: Filters, index: Path | None, model: str | None, as_json: bool, quiet: bool
) -> None:
    """Readouts in the index, the latest first."""
    with _assistant(read_settings({"index": index, "model": model})) as assistant:
        records = assistant.records(filters, limit=limit)
    if as_json:
        for record in records:
            printing.print_json(record.to_dict())
        return
    printing.print_records(printing.out(), records)
    if not quiet:
        printing.notes().print(f"{len(records)} readouts")


@main.command()
@click.argument("doc_id")
@_common
def show(doc_id: str, index: Path | None, model: str | None, as_json: bool, quiet: bool) -> None:
    """A whole readout with its facts."""
    with _assistant(read_settings({"index": index, "model": model})) as assistant:
        readout = assistant.readout(doc_id)
    if as_json:
        printing.print_json(readout.to_dict())
    else:
        printing.print_readout(printing.out(), readout)


@main.command()
@click.argument("doc_ids", nargs=-1, required=True)
@_common
def remove(doc_ids: tuple[str, ...], index: Path | None, model: str | None, as_json: bool, quiet: bool) -> None:
    """Remove readouts from the index by their ids, all or none; their files stay."""
    with _assistant(read_settings({"index": index, "model": model})) as assistant:
        removed = assistant.remove(doc_ids)
    if as_json:
        printing.print_json({"removed": removed})
    elif not quiet:
        printing.out().print(f"{removed} removed")


@main.command()
@_common
def status(index: Path | None, model: str | None, as_json: bool, quiet: bool) -> None:
    """What the index holds, and which model it was made with."""
    with _assistant(read_settings({"index": index, "model": model})) as assistant:
        found = assistant.status()
    if as_json:
        printing.print_json(found.to_dict())
    else:
        printing.print_status(printing.out(), found)


@main.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--compare", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="An earlier run's JSON.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write the whole run here as JSON.")
@_common
def evaluate(
    files: tuple[Path, ...],
    compare: Path | None,
    output: Path | None,
    index: Path | None,
    model: str | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Measure retrieval, answers, follow-ups, lists and silence on files of questions."""
    earlier = evaluation.load(compare) if compare is not None else None
    with _assistant(read_settings({"index": index, "model": model})) as assistant, _progress(quiet) as listener:
        assistant.warm()
        run = evaluation.evaluate(assistant, files, progress=listener)
    if output is not None:
        evaluation.save(run, output)
    if as_json:
        printing.print_json(run.to_dict())
    else:
        printing.out().print(evaluation.render(run))
    if earlier is not None:
        printing.notes().print(evaluation.render_comparison(evaluation.compare(earlier, run.to_dict())))


@main.command()
@click.argument("query", required=False, default="")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, a conversation a line.")
def history(query: str, as_json: bool) -> None:
    """Past conversations, the last first; with a query, those that hold its words."""
    found = History(read_settings().history).conversations(query)
    if as_json:
        for talk in found:
            printing.print_json(
                {"id": talk.id, "title": talk.title, "started_at": talk.started_at.isoformat(), "turns": talk.count}
            )
    else:
        printing.print_conversations(printing.out(), found)


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def config(as_json: bool) -> None:
    """Each setting, its value, and where that came from."""
    settings = read_settings()
    values = {key: str(getattr(settings, key)) for key in KEYS}
    if as_json:
        printing.print_json({key: {"value": values[key], "origin": settings.origins[key]} for key in KEYS})
        return
    for key in KEYS:
        printing.out().print(f"{key:<8} {values[key] or '(none)'}  [{settings.origins[key]}]  {KEYS[key]}")
    printing.out().print(f"settings file: {settings_file()}")


def _on_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _assistant(settings: Settings) -> Assistant:
    return Assistant(settings.index, history=History(settings.history), model=settings.model)


def _settle_bundled(settings: Settings, *, quiet: bool, anywhere: bool = False) -> None:
    """Index the bundled readouts where there is no index yet, unless somebody named another place for it."""
    with _assistant(settings) as assistant:
        if assistant.exists() or not (anywhere or settings.is_default_index):
            return
        with _progress(quiet) as listener:
            if not quiet:
                printing.notes().print(f"First start: indexing the bundled readouts in {settings.index}")
            assistant.add([bundled.bundled_corpus()], progress=listener)


def _open_chat(settings: Settings) -> int:
    # The screen is the one part of ours that loads only when it is opened: nothing else here needs Textual.
    from assistant.tui.app import run

    if not settings.is_default_index and not Assistant(settings.index, history=History(None)).exists():
        raise SettingsError(f"There is no index at {settings.index}.", mend=f"readouts index FOLDER --index {settings.index}")
    with _assistant(settings) as assistant:
        return run(assistant)


@contextmanager
def _progress(quiet: bool) -> Iterator[Callable[[Progress], None] | None]:
    """A progress bar on standard error, if that is a terminal."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bar(*columns, console=printing.notes(), transient=True) as bar:
        tasks: dict[str, Any] = {}

        def tell(progress: Progress) -> None:
            if progress.stage not in tasks:
                tasks[progress.stage] = bar.add_task(progress.stage, total=progress.total)
            bar.update(tasks[progress.stage], completed=progress.done, total=progress.total)

        yield tell
