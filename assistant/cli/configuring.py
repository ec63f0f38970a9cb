"""The command about settings: config."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant import printing
from assistant.cli.group import Folder
from assistant.cli.late import Late
from assistant.cli.options import encoding
from assistant.settings import KEYS, read_settings, settings_file, write_settings

if TYPE_CHECKING:
    from assistant.tui import rebinding
else:  # it knows the keys of terminals by Textual, which takes longer to load than everything else here
    rebinding = Late("assistant.tui.rebinding")


@click.command()
@click.option(
    "--path", "only_path", is_flag=True, help="Print where the settings file is, whether or not there is one."
)
@click.option("--init", is_flag=True, help="Write a settings file with every default as a comment.")
@click.option("--index", "index", type=Folder(), help="Folder of the index.")
@encoding
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def config(
    only_path: bool, init: bool, index: Path | None, model: str | None, engine: str | None, as_json: bool
) -> None:
    """Every setting, its value, and where the value came from."""
    if only_path and init:
        raise click.UsageError("--path and --init exclude each other.")
    if only_path or init:
        path = write_settings() if init else settings_file()
        if as_json:
            printing.print_json({"path": str(path)})
        else:
            click.echo(path)
        return
    settings = read_settings({"index": index, "model": model, "engine": engine})
    if settings.keys:
        rebinding.keymap_of(settings.keys)  # refuses what is no action or no key, as the chat would
    values = {key: str(getattr(settings, key)) for key in KEYS}
    file = settings_file()
    if as_json:
        told: dict[str, object] = {key: {"value": values[key], "origin": settings.origins[key]} for key in KEYS}
        printing.print_json(told | {"keys": {"value": dict(settings.keys), "origin": str(file)}})
        return
    for key in KEYS:
        told_so = f"{key:<8} {values[key] or '(none)'}  [{settings.origins[key]}]  {KEYS[key]}"
        printing.out().print(printing.printable(told_so))
    for action, keys in settings.keys.items():
        printing.out().print(printing.printable(f"keys     {action} = {keys}  [{file}]"))
    missing = "" if file.is_file() else "  (not there; readouts config --init writes it)"
    printing.out().print(printing.printable(f"settings file: {file}{missing}"))
