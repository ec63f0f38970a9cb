"""The command line: a thin skin over ``Assistant``; data to standard output, notes and progress to standard error."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from assistant import __version__, bundled, printing
from assistant.api import Assistant
from assistant.cli import documents, questions
from assistant.cli.options import Group, common, open_assistant, progress_bar
from assistant.doctor import examine
from assistant.errors import SettingsError
from assistant.history import History
from assistant.settings import KEYS, Settings, read_settings, settings_file


@click.group(cls=Group, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
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
@common
def demo(index: Path | None, model: str | None, as_json: bool, quiet: bool) -> None:
    """Open the chat, over the bundled readouts where there is no index; without a terminal, answer a sample question."""
    settings = read_settings({"index": index, "model": model})
    _settle_bundled(settings, quiet=quiet, anywhere=True)
    if _on_terminal() and not as_json:
        sys.exit(_open_chat(settings))
    with open_assistant(settings) as assistant:
        answer = assistant.ask(bundled.SAMPLE_QUESTION)
    if as_json:
        printing.print_json(answer.to_dict())
        return
    printing.out().print(f"> {bundled.SAMPLE_QUESTION}")
    printing.print_answer(printing.out(), answer)
    printing.out().print(f"\nTo open the chat, run this on a terminal: {Path(sys.argv[0])}")


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


@main.command()
@click.option("--index", "index", type=click.Path(path_type=Path), help="Folder of the index.")
@click.option("--model", help="Name or folder of a sentence-transformers model.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, a check a line.")
def doctor(index: Path | None, model: str | None, as_json: bool) -> None:
    """Check model, index, vectors, conversations and disk; each failure says its mend. Exit code 1 if there is any."""
    checks = list(examine(read_settings({"index": index, "model": model})))
    for check in checks:
        if as_json:
            printing.print_json({"name": check.name, "good": check.good, "found": check.found, "mend": check.mend})
        else:
            mark = "ok  " if check.good else "FAIL"
            printing.out().print(printing.printable(f"{mark} {check.name}: {check.found} {check.mend}".rstrip()))
    if not all(check.good for check in checks):
        sys.exit(1)


def _on_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _settle_bundled(settings: Settings, *, quiet: bool, anywhere: bool = False) -> None:
    """Index the bundled readouts where there is no index yet, unless somebody named another place for it."""
    with open_assistant(settings) as assistant:
        if assistant.exists() or not (anywhere or settings.is_default_index):
            return
        with progress_bar(quiet) as listener:
            if not quiet:
                printing.notes().print(f"First start: indexing the bundled readouts in {settings.index}")
            assistant.add([bundled.bundled_corpus()], progress=listener)


def _open_chat(settings: Settings) -> int:
    # The screen is the one part of ours that loads only when it is opened: nothing else here needs Textual.
    from assistant.tui.app import run

    if not settings.is_default_index and not Assistant(settings.index, history=History(None)).exists():
        raise SettingsError(
            f"There is no index at {settings.index}.", mend=f"readouts index FOLDER --index {settings.index}"
        )
    with open_assistant(settings) as assistant:
        return run(assistant)


for command in (
    documents.index_command,
    questions.ask,
    questions.search,
    documents.list_command,
    documents.show,
    documents.remove,
    documents.status,
    questions.evaluate,
    questions.history,
):
    main.add_command(command)
