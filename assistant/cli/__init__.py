"""The command line: a thin skin over ``Assistant``; data to standard output, notes and progress to standard error."""

from __future__ import annotations

from pathlib import Path

import click

from assistant import __version__
from assistant.cli import completing
from assistant.cli.group import Commands, Folder, Group, hand_on
from assistant.cli.opening import on_terminal, open_chat, settle_bundled
from assistant.settings import ENGINES, read_settings

#: Where each command is; none is loaded before it is called, so that the chat is there at once.
COMMANDS = {
    "demo": "assistant.cli.program:demo",
    "serve": "assistant.cli.serving:serve",
    "mcp": "assistant.cli.assistants:mcp",
    "config": "assistant.cli.configuring:config",
    "completion": "assistant.cli.shells:completion",
    "doctor": "assistant.cli.program:doctor",
    "backup": "assistant.cli.keeping:backup",
    "restore": "assistant.cli.keeping:restore",
    "index": "assistant.cli.documents:index_command",
    "ask": "assistant.cli.questions:ask",
    "search": "assistant.cli.questions:search",
    "list": "assistant.cli.documents:list_command",
    "show": "assistant.cli.showing:show",
    "remove": "assistant.cli.documents:remove",
    "status": "assistant.cli.documents:status",
    "evaluate": "assistant.cli.measuring:evaluate",
    "watch": "assistant.cli.saving:watch",
    "history": "assistant.cli.conversations:history",
    "export": "assistant.cli.conversations:export",
}
#: The first sentence of each command's help, so that the page of all commands loads none of them.
SUMMARIES = {
    "demo": "Open the chat, over the bundled readouts if there is no index; without a terminal, answer a sample question.",
    "serve": "The chat in a browser on this machine; needs the extra “serve”.",
    "mcp": "Serve an assistant of your choice over the Model Context Protocol, on standard input and output.",
    "config": "Every setting, its value, and where the value came from.",
    "completion": "Print a script that lets a shell complete commands, options, ids, issuers and parties.",
    "doctor": "Check model, index, vectors, conversations, privacy and disk; each failure says how to mend it.",
    "backup": "Write index, conversations and saved searches into one file, even while others read and write.",
    "restore": "Put a backup in place: index, conversations and saved searches; verified before anything is touched.",
    "index": "Add or update files, folders and web addresses; only what changed is encoded again.",
    "ask": "Answer a question with quotes and their sources.",
    "search": "Passages for a query, best first, without an answer.",
    "list": "Readouts in the index, the latest first.",
    "show": "A whole readout with its facts; also its earlier wordings, and what was reworded.",
    "remove": "Remove readouts from the index by their ids, all or none; their files stay.",
    "status": "What the index holds, and which model it was made with.",
    "evaluate": "Measure retrieval, answers, follow-ups, lists and silence on files of questions.",
    "watch": "Saved searches: what is new to each since its last run.",
    "history": "Past conversations, the latest first; with a query, those that contain its words.",
    "export": "A conversation with its quotes and their sources, as Markdown by default.",
}


@click.group(
    cls=Group,
    commands=Commands(COMMANDS),
    summaries=SUMMARIES,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="readouts")
@click.option("--index", "index", type=Folder(), help="Folder of the index.")
@click.option("--model", help="Name or folder of a sentence-transformers model.")
@click.option("--engine", type=click.Choice(ENGINES), help="What computes embeddings: the fastest, or the reference.")
@click.option(
    "--conversation",
    metavar="ID",
    shell_complete=completing.conversations,
    help="Continue this conversation.",
)
@click.pass_context
def main(
    ctx: click.Context, index: Path | None, model: str | None, engine: str | None, conversation: str | None
) -> None:
    """Ask diplomatic readouts a question; get the exact passages, each with its source.

    Without a command, opens the chat on a terminal; options before a command belong to it. Exit codes: 0 done,
    1 the work failed, 2 wrong usage or settings, 3 no index or one that cannot be used as it is, 10 a saved search has
    news, 130 interrupted.
    """
    if ctx.invoked_subcommand:
        hand_on(ctx)
        return
    if not on_terminal():
        click.echo(ctx.get_help())
        return
    settings = read_settings({"index": index, "model": model, "engine": engine})
    settle_bundled(settings, quiet=False)
    ctx.exit(open_chat(settings, conversation=conversation))
