"""What a shell offers for a word that was begun: read from the index and the conversations, silent where that fails."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.shell_completion import BashComplete, CompletionItem, add_completion_class

from assistant.cli.late import Late
from assistant.settings import read_settings

if TYPE_CHECKING:
    from assistant import history as histories
    from assistant import saved_searches as saving
    from index import names
else:
    histories, saving, names = Late("assistant.history"), Late("assistant.saved_searches"), Late("index.names")

#: What click asks the program for when a shell completes.
VARIABLE = "_READOUTS_COMPLETE"
#: What bash would take for its own in a word, and how it stands there escaped.
_SHELLS_OWN = re.compile(r"[^\w@%+=:,./-]")
#: The same behind a quotation mark; what no backslash takes its meaning from there stands between marks of the other kind.
_WITHIN = {'"': re.compile(r'[\\"$`!]'), "'": re.compile("'")}
_BETWEEN = {('"', "!"): "\"'!'\"", ("'", "'"): "'\\''"}
_NOTHING = re.compile(r"(?!)")
Completed = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


def _quietly(look: Callable[[click.Context, str], Iterable[tuple[str, str]]]) -> Completed:
    """Offers, each with its help; none where anything fails: a message would land in the line that is being typed."""

    def complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        try:
            offered = [*look(ctx, incomplete)]
        except Exception:  # noqa: BLE001
            return []
        # A name that could act on the terminal is not offered; its help is cut to what stands on one line.
        return [
            CompletionItem(value, help="".join(filter(str.isprintable, told))[:80] or None)
            for value, told in offered
            if value.isprintable()
        ]

    return complete


def _index(ctx: click.Context) -> Path:
    return read_settings({"index": ctx.params.get("index")}).index


doc_ids = _quietly(lambda ctx, start: names.doc_ids(_index(ctx), start))
issuers = _quietly(lambda ctx, start: [(name, "") for name in names.issuers(_index(ctx), start)])
parties = _quietly(lambda ctx, start: [(name, "") for name in names.parties(_index(ctx), start)])


@_quietly
def conversations(ctx: click.Context, start: str) -> Iterable[tuple[str, str]]:
    """Ids of conversations with their titles, the last first."""
    folder = read_settings().history
    if not (folder / histories.FILE_NAME).is_file():
        return []
    history = histories.History(folder)
    try:
        return [(talk.id, talk.title) for talk in history.conversations() if talk.id.startswith(start)]
    finally:
        history.close()


@_quietly
def saved_searches(ctx: click.Context, start: str) -> Iterable[tuple[str, str]]:
    """Names of saved searches with their queries."""
    folder = read_settings().history
    if not (folder / saving.FILE_NAME).is_file():
        return []
    found = saving.SavedSearches(folder)
    try:
        return [(search.name, search.query) for search in found.all() if search.name.startswith(start)]
    finally:
        found.close()


class Bash(BashComplete):
    """Bash, with names of several words: click's own gives them to the shell as they stand, which parts them."""

    source_template = """\
%(complete_func)s() {
    local IFS=$'\\n' completion
    while IFS= read -r completion; do
        case "${completion%%%%,*}" in
            dir) COMPREPLY=(); compopt -o dirnames ;;
            file) COMPREPLY=(); compopt -o default ;;
            plain) COMPREPLY+=("${completion#*,}") ;;
        esac
    done < <(env COMP_WORDS="${COMP_WORDS[*]}" COMP_CWORD="$COMP_CWORD" %(complete_var)s=bash_complete "$1" 2>/dev/null)
}
complete -o nosort -F %(complete_func)s %(prog_name)s
"""

    def format_completion(self, item: CompletionItem) -> str:
        """A line for the shell, in which nothing of a name is the shell's own, whatever mark stands before it."""
        words, place = os.environ.get("COMP_WORDS", "").split("\n"), os.environ.get("COMP_CWORD", "")
        typed = words[int(place)] if place.isdecimal() and int(place) < len(words) else ""
        mark = typed[:1]
        own = _WITHIN.get(mark, _SHELLS_OWN) if item.type == "plain" else _NOTHING
        return f"{item.type},{own.sub(lambda m: _BETWEEN.get((mark, m[0]), chr(92) + m[0]), item.value)}"


add_completion_class(Bash)
