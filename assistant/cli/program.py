"""Commands about the program itself: demo, doctor."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant import bundled, printing
from assistant.cli.group import Folder
from assistant.cli.late import Late
from assistant.cli.opening import on_terminal, open_chat, settle_bundled
from assistant.cli.options import common, encoding, open_assistant
from assistant.settings import read_settings

if TYPE_CHECKING:
    from assistant import doctor as checking
    from assistant import repairing
else:
    checking, repairing = Late("assistant.doctor"), Late("assistant.repairing")


@click.command()
@encoding
@common
def demo(index: Path | None, model: str | None, engine: str | None, as_json: bool, quiet: bool) -> None:
    """Open the chat, over the bundled readouts if there is no index; without a terminal, answer a sample question."""
    settings = read_settings({"index": index, "model": model, "engine": engine})
    settle_bundled(settings, quiet=quiet, anywhere=True)
    if on_terminal() and not as_json:
        sys.exit(open_chat(settings))
    with open_assistant(settings) as assistant:
        answer = assistant.ask(bundled.SAMPLE_QUESTION)
    if as_json:
        printing.print_json(answer.to_dict())
        return
    printing.out().print(f"> {bundled.SAMPLE_QUESTION}")
    printing.print_answer(printing.out(), answer)
    started = Path(sys.argv[0])
    command = "python -m assistant" if started.name == "__main__.py" else started
    printing.out().print(f"\nTo open the chat, run this on a terminal: {command}")


@click.command()
@click.option("--index", "index", type=Folder(), help="Folder of the index.")
@encoding
@click.option(
    "--repair",
    is_flag=True,
    help="First mend what is damaged: make it again from what is whole, or save it; nothing is deleted.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON, one check per line.")
def doctor(index: Path | None, model: str | None, engine: str | None, repair: bool, as_json: bool) -> None:
    """Check model, index, vectors, conversations, privacy and disk; each failure says how to mend it.

    Exit code 1 if anything failed.
    """
    settings = read_settings({"index": index, "model": model, "engine": engine})
    for done in repairing.repair(settings) if repair else ():
        if as_json:
            printing.print_json(done.to_dict())
        else:
            printing.out().print(printing.printable(f"mended {done.name}: {done.done}"))
            for name, values in (("lost", done.lost), ("index again", done.again)):
                for value in values:
                    printing.out().print(printing.printable(f"  {name}: {value}"))
    checks = list(checking.examine(settings))
    for check in checks:
        if as_json:
            printing.print_json({"name": check.name, "good": check.good, "found": check.found, "mend": check.mend})
        else:
            mark = "ok  " if check.good else "FAIL"
            printing.out().print(printing.printable(f"{mark} {check.name}: {check.found} {check.mend}".rstrip()))
    if not all(check.good for check in checks):
        sys.exit(1)
