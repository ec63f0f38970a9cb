"""Every key of the screen, in one table: bindings, help, palette and footer are all made from it.

An entry's ``id`` is the name by which a person can bind other keys to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from textual.binding import Binding, BindingType
from textual.dom import DOMNode


class Part(StrEnum):
    """A part of the screen with keys of its own; the value heads its help."""

    APP = "anywhere"
    CHAT = "on the main screen"
    QUESTION = "the question box"
    CONVERSATION = "the conversation"
    SOURCES = "the list of sources"
    READING = "the reading pane"
    RELATED = "other readouts of the same days and parties"
    FIND = "find in a readout"
    BROWSE = "all readouts"
    TABLE = "the table of readouts"
    FACETS = "what narrows the table"
    HISTORY = "past conversations"
    HISTORY_LIST = "the list of conversations"
    INDEX = "the index"
    SKIPPED = "the list of what was skipped"
    DIALOG = "a dialog"
    HELP = "help"


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One thing a person can do.

    Attributes:
        id: Name of the action, ``part.verb``.
        part: Where its keys work.
        keys: Keys, separated by commas, as Textual names them.
        action: Textual action on the widget of the part.
        label: One or two words, for the footer.
        help: One sentence.
        shown: How the keys are written if that is not one key; also, what the help shows.
        footer: Whether the footer shows it.
        priority: Whether it takes precedence over the focused widget's use of the key.
    """

    id: str
    part: Part
    keys: str
    action: str
    label: str
    help: str
    shown: str = ""
    footer: bool = False
    priority: bool = False


def _c(identity: str, part: Part, keys: str, action: str, label: str, text: str, **more: object) -> Command:
    return Command(id=identity, part=part, keys=keys, action=action, label=label, help=text, **more)  # type: ignore[arg-type]


def _list_keys(part: Part, name: str) -> tuple[Command, ...]:
    return (
        _c(f"{name}.down", part, "j,down", "cursor_down", "Down", "Move down.", shown="j ↓"),
        _c(f"{name}.up", part, "k,up", "cursor_up", "Up", "Move up.", shown="k ↑"),
        _c(f"{name}.first", part, "g,home", "first", "First", "Go to the first.", shown="g home"),
        _c(f"{name}.last", part, "G,end", "last", "Last", "Go to the last.", shown="G end"),
    )


# fmt: off
_APP = (
    _c("app.help", Part.APP, "f1,question_mark", "help", "Help",
       "Help for the part you are in.", shown="f1 ?", footer=True),
    _c("app.palette", Part.APP, "ctrl+p", "command_palette", "Actions",
       "Find any action by its name.", footer=True, priority=True),
    _c("app.jump", Part.APP, "ctrl+o", "jump", "Jump", "Go to any part of this screen by one letter.", priority=True),
    _c("app.theme", Part.APP, "ctrl+t", "next_theme", "Theme",
       "Dark, light, or the terminal's own colours.", priority=True),
    _c("app.quit", Part.APP, "ctrl+q", "quit", "Quit", "Quit; conversations are saved.", priority=True),
)
_CHAT = (
    _c("chat.back", Part.CHAT, "escape", "back", "Back",
       "Back to the question; there, stop waiting, then clear the box.", shown="esc", footer=True),
    _c("chat.cite", Part.CHAT, "1,2,3,4,5,6,7,8,9", "cite", "Open quote",
       "Open the quote with this number.", shown="1–9", footer=True),
    _c("chat.cite_typing", Part.CHAT, ",".join(f"alt+{n}" for n in range(1, 10)), "cite", "Open quote",
       "Open the quote with this number, also while typing.", shown="alt+1–9", priority=True),
    _c("chat.copy", Part.CHAT, "y,alt+y", "copy", "Copy",
       "Copy the quote with its source as Markdown.", shown="y", footer=True),
    _c("chat.source", Part.CHAT, "o,alt+o", "source", "Web source",
       "Open the official text in the browser.", shown="o", footer=True),
    _c("chat.why", Part.CHAT, "w,alt+w", "why", "Why?",
       "Why this passage: its score in every stage.", shown="w", footer=True),
    _c("chat.next", Part.CHAT, "n,alt+n", "next_place", "Next",
       "Next passage of the answer; next place found, while finding.",
       shown="n", footer=True),
    _c("chat.previous", Part.CHAT, "p,alt+p", "previous_place", "Previous",
       "Previous passage of the answer, or place found.", shown="p"),
    _c("chat.sources", Part.CHAT, "s,alt+s", "show_sources", "Sources",
       "Go to the list of sources.", shown="s", footer=True),
    _c("chat.read", Part.CHAT, "r,alt+r", "show_reading", "Read", "Go to the reading pane.", shown="r"),
    _c("chat.related", Part.CHAT, "m,alt+m", "show_related", "Related",
       "Go to the other readouts of the same days and parties.", shown="m", footer=True),
    _c("chat.drop_filter", Part.CHAT, "x,alt+x", "drop_filter", "Drop filter",
       "Ask again without something that was understood.", shown="x", footer=True),
    _c("chat.standalone", Part.CHAT, "f2", "standalone", "Reword",
       "Put the question, as it was understood, back into the box."),
    _c("chat.pager", Part.CHAT, "f3", "pager", "Pager", "The whole readout in your pager."),
    _c("chat.editor", Part.CHAT, "f4", "editor", "Editor", "The readout's file in your editor, or a copy of its text."),
    _c("chat.add", Part.CHAT, "f5", "add", "Index",
       "The index: what it holds; add a file, a folder or a web address, follow or stop the run."),
    _c("chat.layout", Part.CHAT, "f6", "layout", "Layout",
       "Side by side, more room for reading, or one part at a time.", priority=True),
    _c("chat.export", Part.CHAT, "f7", "export", "Export",
       "Write this conversation to a file, in the form that its name ends in.", priority=True),
    _c("chat.new", Part.CHAT, "ctrl+n", "new", "New", "Begin a new conversation.", priority=True),
    _c("chat.history", Part.CHAT, "ctrl+r", "history", "History", "Past conversations: resume, search, rename, export, delete.",
       footer=True, priority=True),
    _c("chat.browse", Part.CHAT, "ctrl+b", "browse", "Browse", "All readouts in a table.", footer=True, priority=True),
    _c("chat.filter", Part.CHAT, "ctrl+f", "filter", "Filter", "Ask only some readouts: by date, party, issuer, kind.",
       footer=True, priority=True),
)
_QUESTION = (
    _c("question.send", Part.QUESTION, "enter", "send", "Ask", "Ask the question.", shown="enter", footer=True),
    _c("question.newline", Part.QUESTION, "ctrl+j,alt+enter,shift+enter", "newline", "New line",
       "Start a new line.", shown="ctrl+j"),
    _c("question.up", Part.QUESTION, "up", "earlier", "Earlier",
       "The question before, from the first line.", shown="↑"),
    _c("question.down", Part.QUESTION, "down", "later", "Later", "The question after, from the last line.", shown="↓"),
    _c("question.page_up", Part.QUESTION, "pageup", "page(-1)", "Page up", "Scroll the conversation up.", shown="pgup"),
    _c("question.page_down", Part.QUESTION, "pagedown", "page(1)", "Page down",
       "Scroll the conversation down.", shown="pgdn"),
    _c("question.to_answer", Part.QUESTION, "tab", "to_answer", "Answer", "Go to the answer, where single keys work.",
       footer=True),
)
_CONVERSATION = (
    *_list_keys(Part.CONVERSATION, "conversation"),
    _c("conversation.press", Part.CONVERSATION, "enter,space", "press", "Open",
       "Open the marked quote or row, or drop the marked filter.",
       shown="enter", footer=True),
    _c("conversation.page_up", Part.CONVERSATION, "pageup,ctrl+u", "page_up", "Page up",
       "Scroll up a page.", shown="pgup"),
    _c("conversation.page_down", Part.CONVERSATION, "pagedown,ctrl+d", "page_down", "Page down",
       "Scroll down a page.", shown="pgdn"),
    _c("conversation.type", Part.CONVERSATION, "i", "screen.back", "Type", "Back to the question box."),
)
_SOURCES = (
    *_list_keys(Part.SOURCES, "sources"),
    _c("sources.open", Part.SOURCES, "enter,space", "select", "Open",
       "Open it in the reading pane.", shown="enter", footer=True),
)
_RELATED = (
    *_list_keys(Part.RELATED, "related"),
    _c("related.open", Part.RELATED, "enter,space", "select", "Open",
       "Open it in the reading pane.", shown="enter", footer=True),
)
_READING = (
    _c("reading.down", Part.READING, "j,down", "scroll_down", "Down", "Scroll down a line.", shown="j ↓"),
    _c("reading.up", Part.READING, "k,up", "scroll_up", "Up", "Scroll up a line.", shown="k ↑"),
    _c("reading.first", Part.READING, "g,home", "scroll_home", "Top", "Go to the facts at the top.", shown="g home"),
    _c("reading.last", Part.READING, "G,end", "scroll_end", "End", "Go to the end.", shown="G end"),
    _c("reading.page_down", Part.READING, "space,pagedown,ctrl+d", "page_down", "Page down",
       "Scroll down a page.", shown="space"),
    _c("reading.page_up", Part.READING, "b,pageup,ctrl+u", "page_up", "Page up", "Scroll up a page.", shown="b"),
    _c("reading.find", Part.READING, "slash", "find", "Find", "Find words in this readout.", shown="/", footer=True),
    _c("reading.quote", Part.READING, "q", "to_quote", "To the quote", "Scroll back to the quote."),
)
_FIND = (
    _c("find.next", Part.FIND, "enter,down", "next", "Next", "Go to the next place found.", shown="enter", footer=True),
    _c("find.previous", Part.FIND, "up,shift+enter", "previous", "Previous",
       "Go to the previous place found.", shown="↑", footer=True),
    _c("find.close", Part.FIND, "escape", "close", "Close", "Stop finding.", shown="esc", footer=True),
)
_BROWSE = (
    _c("browse.back", Part.BROWSE, "escape", "back", "Back",
       "Back to the table; clear the filter; clear what was chosen; back to the conversation.",
       shown="esc", footer=True),
    _c("browse.ask", Part.BROWSE, "ctrl+a", "ask", "Ask these",
       "Ask only the marked readouts, or, if none is marked, those listed.", footer=True, priority=True),
    _c("browse.sort", Part.BROWSE, "ctrl+s", "sort", "Sort", "Order by the next column.", footer=True, priority=True),
    _c("browse.reverse", Part.BROWSE, "ctrl+x", "reverse", "Reverse", "Reverse the order.", priority=True),
    _c("browse.narrow", Part.BROWSE, "ctrl+f", "narrow", "Narrow",
       "Choose years, kinds, issuers and parties.", footer=True, priority=True),
    _c("browse.filter", Part.BROWSE, "slash", "filter", "Filter",
       "Type words that a row must all contain.", shown="/"),
)
_TABLE = (
    *_list_keys(Part.TABLE, "table"),
    _c("table.open", Part.TABLE, "enter", "open", "Read", "Open the readout in the reading pane.", footer=True),
    _c("table.mark", Part.TABLE, "space", "mark", "Mark", "Mark the readout, to ask only those marked.", footer=True),
    _c("table.page_down", Part.TABLE, "pagedown,ctrl+d", "page(1)", "Page down", "A page down.", shown="pgdn"),
    _c("table.page_up", Part.TABLE, "pageup,ctrl+u", "page(-1)", "Page up", "A page up.", shown="pgup"),
)
_FACETS = (
    *_list_keys(Part.FACETS, "facets"),
    _c("facets.choose", Part.FACETS, "enter,space", "select", "Choose",
       "Show only readouts with this value, or undo that.", shown="enter", footer=True),
)
_HISTORY = (
    _c("history.back", Part.HISTORY, "escape", "back", "Back",
       "Clear the search, then back to the conversation.", shown="esc", footer=True),
    _c("history.search", Part.HISTORY, "slash", "search", "Search", "Type words said in a conversation.", shown="/"),
)
_HISTORY_LIST = (
    *_list_keys(Part.HISTORY_LIST, "history_list"),
    _c("history.resume", Part.HISTORY_LIST, "enter,space", "select", "Resume",
       "Continue this conversation.", shown="enter", footer=True),
    _c("history.rename", Part.HISTORY_LIST, "r", "screen.rename", "Rename", "Give it another title.", footer=True),
    _c("history.export", Part.HISTORY_LIST, "e", "screen.export", "Export",
       "Write it to a file, in the form that its name ends in.", footer=True),
    _c("history.delete", Part.HISTORY_LIST, "d,delete", "screen.delete", "Delete",
       "Delete it, after asking.", shown="d", footer=True),
)
_INDEX = (
    _c("index.back", Part.INDEX, "escape", "back", "Back",
       "Back to the conversation; adding continues.", shown="esc", footer=True),
    _c("index.stop", Part.INDEX, "ctrl+x", "stop", "Stop",
       "Stop adding; what was in the index stays.", footer=True, priority=True),
)
_SKIPPED = _list_keys(Part.SKIPPED, "skipped")
_DIALOG = (
    _c("dialog.cancel", Part.DIALOG, "escape", "cancel", "Close",
       "Close without doing anything.", shown="esc", footer=True),
)
_HELP = (
    _c("help.close", Part.HELP, "escape,q,f1,question_mark", "close", "Close",
       "Close this page.", shown="esc", footer=True),
    _c("help.down", Part.HELP, "j,down", "scroll(1)", "Down", "Scroll down.", shown="j ↓"),
    _c("help.up", Part.HELP, "k,up", "scroll(-1)", "Up", "Scroll up.", shown="k ↑"),
)

# fmt: on

COMMANDS: tuple[Command, ...] = (
    *_QUESTION,
    *_CONVERSATION,
    *_SOURCES,
    *_RELATED,
    *_READING,
    *_FIND,
    *_CHAT,
    *_TABLE,
    *_FACETS,
    *_BROWSE,
    *_HISTORY_LIST,
    *_HISTORY,
    *_SKIPPED,
    *_INDEX,
    *_DIALOG,
    *_HELP,
    *_APP,
)


def commands(part: Part) -> tuple[Command, ...]:
    """The commands of a part, the most useful first."""
    return tuple(command for command in COMMANDS if command.part is part)


def bindings(part: Part) -> list[BindingType]:
    """The commands of a part as Textual takes them.

    The footer shows only the first key of a command. ``cite`` stands for nine actions, one per digit.
    """
    made: list[BindingType] = []
    for command in commands(part):
        if command.action == "cite":
            made.extend(_digits(command))
            continue
        for place, key in enumerate(command.keys.split(",")):
            made.append(
                Binding(
                    key,
                    command.action,
                    command.label,
                    show=command.footer and place == 0,
                    priority=command.priority,
                    key_display=command.shown.split(" ")[0] if place == 0 and command.shown else None,
                    tooltip=command.help,
                    id=command.id,
                )
            )
    return made


def _digits(command: Command) -> list[Binding]:
    return [
        Binding(
            key,
            f"cite({number})",
            command.label,
            show=command.footer and number == 1,
            key_display=command.shown,
            tooltip=command.help,
            id=f"{command.id}.{number}",
            priority=command.priority,
        )
        for number, key in enumerate(command.keys.split(","), start=1)
    ]


def keys_of(command: Command, own: Mapping[str, str] | None = None) -> str:
    """The keys as a person reads them: ``ctrl+p``, ``y``, ``1–9``.

    Args:
        command: The command.
        own: Keys that the person gave to actions, by id.
    """
    if own and command.id in own:
        return " ".join(own[command.id].replace(",", " ").split())
    return command.shown or command.keys.split(",")[0]


def key_of(identity: str, node: DOMNode) -> str:
    """The first key of an action, as set by the person who uses this app."""
    command = next(command for command in COMMANDS if command.id == identity)
    return keys_of(command, getattr(node.app, "own_keys", {})).split(" ")[0]
