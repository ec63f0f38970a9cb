"""The command about settings: config."""

from __future__ import annotations

import click

from assistant import printing
from assistant.settings import KEYS, read_settings, settings_file


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def config(as_json: bool) -> None:
    """Each setting, its value, and where that came from."""
    settings = read_settings()
    values = {key: str(getattr(settings, key)) for key in KEYS}
    file = settings_file()
    if as_json:
        told: dict[str, object] = {key: {"value": values[key], "origin": settings.origins[key]} for key in KEYS}
        printing.print_json(told | {"keys": {"value": dict(settings.keys), "origin": str(file)}})
        return
    for key in KEYS:
        printing.out().print(f"{key:<8} {values[key] or '(none)'}  [{settings.origins[key]}]  {KEYS[key]}")
    for action, keys in settings.keys.items():
        printing.out().print(printing.printable(f"keys     {action} = {keys}  [{file}]"))
    printing.out().print(f"settings file: {file}")
