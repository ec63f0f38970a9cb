"""The command that makes a shell complete: completion."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from assistant.cli.completing import VARIABLE

#: How each shell takes up what the command prints.
SHELLS = {
    "bash": 'Put into ~/.bashrc: eval "$(readouts completion bash)"',
    "zsh": 'Put into ~/.zshrc, behind compinit: eval "$(readouts completion zsh)"',
    "fish": "readouts completion fish > ~/.config/fish/completions/readouts.fish",
}


@click.command(epilog=" ".join(f"{shell}: {told}." for shell, told in SHELLS.items()))
@click.argument("shell", type=click.Choice(tuple(SHELLS)))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print a script that lets a shell complete commands, options, ids, issuers and parties."""
    made = get_completion_class(shell)
    assert made is not None
    click.echo(made(ctx.find_root().command, {}, "readouts", VARIABLE).source())
