"""Commands that keep and bring back everything in one file: backup, restore."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant import printing
from assistant.cli.late import Late
from assistant.cli.options import common
from assistant.settings import read_settings

if TYPE_CHECKING:
    from assistant import backup as backups
    from assistant import restoring
else:
    backups, restoring = Late("assistant.backup"), Late("assistant.restoring")


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace an existing file.")
@common
def backup(file: Path, force: bool, index: Path | None, as_json: bool, quiet: bool) -> None:
    """Write index, conversations and saved searches into one file, even while others read and write.

    What is damaged is reported and not backed up.
    """
    made = backups.back_up(read_settings({"index": index}), file, force=force)
    if as_json:
        printing.print_json(made.to_dict())
    elif not quiet:
        printing.out().print(
            printing.printable(
                f"{printing.counted(made.documents, 'readout')}, {printing.counted(made.conversations, 'conversation')} "
                f"and {printing.counted(made.searches, 'saved search')} in {made.path} "
                f"({made.size / 1e6:.1f} MB)"
            )
        )


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, exists=True, path_type=Path))
@click.option("--force", is_flag=True, help="Replace what is there; it is kept under another name.")
@common
def restore(file: Path, force: bool, index: Path | None, as_json: bool, quiet: bool) -> None:
    """Put a backup in place: index, conversations and saved searches; verified before anything is touched."""
    done = restoring.restore(read_settings({"index": index}), file, force=force)
    if as_json:
        printing.print_json(done.to_dict())
    elif not quiet:
        printing.out().print(
            f"Restored as of {done.made_at}: {printing.counted(done.documents or 0, 'readout')}, "
            f"{printing.counted(done.conversations or 0, 'conversation')}, "
            f"{printing.counted(done.searches or 0, 'saved search')}."
        )
        for path in done.kept:
            printing.out().print(printing.printable(f"  kept what was there: {path}"))
