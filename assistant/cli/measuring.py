"""The command that measures: evaluate."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant import printing
from assistant.cli.late import Late
from assistant.cli.options import common, encoding, open_assistant, progress_bar
from assistant.settings import read_settings

if TYPE_CHECKING:
    from assistant import evaluation
else:
    evaluation = Late("assistant.evaluation")


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--compare",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Earlier run to compare with.",
)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write the whole run here as JSON.")
@encoding
@common
def evaluate(
    files: tuple[Path, ...],
    compare: Path | None,
    output: Path | None,
    index: Path | None,
    model: str | None,
    engine: str | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Measure retrieval, answers, follow-ups, lists and silence on files of questions."""
    if output is not None and not output.absolute().parent.is_dir():
        raise click.BadParameter(f"There is no folder {output.absolute().parent}.", param_hint="--output")
    earlier = evaluation.load(compare) if compare is not None else None
    with (
        open_assistant(read_settings({"index": index, "model": model, "engine": engine})) as assistant,
        progress_bar(quiet) as listener,
    ):
        assistant.warm()
        run = evaluation.evaluate(assistant, files, progress=listener)
    if output is not None:
        evaluation.save(run, output)
    found = run.to_dict()
    comparison = None if earlier is None else evaluation.compare(earlier, found)
    if as_json:
        printing.print_json(found | ({"comparison": comparison.to_dict()} if comparison else {}))
        return
    printing.out().print(evaluation.render(run))
    if comparison:
        printing.out().print(evaluation.render_comparison(comparison))
