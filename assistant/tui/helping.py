"""The help page: what the part in front of you is for, its keys, and the keys that work elsewhere."""

from __future__ import annotations

from collections.abc import Mapping

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from assistant.tui.closing import ClosesOnce
from assistant.tui.hanging import Hanging
from assistant.tui.keybar import KeyBar
from assistant.tui.keymap import Command, Part, bindings, commands, keys_of

#: What each part is for.
ABOUT: Mapping[Part, str] = {
    Part.QUESTION: (
        "Type a question as you would say it; follow-ups (“and on energy?”) keep their context. Dates, people and "
        "countries in it are understood and shown beneath the question; drop what was guessed wrong. Filters can be "
        "typed, too:\n\n"
        'party:Japan   from:2023-05   to:2023-08   kind:call   issuer:Kremlin   "exact words"\n\n'
        "Every word of an answer is quoted. Press tab to go to the answer, where single keys open, copy and explain."
    ),
    Part.CONVERSATION: (
        "Questions with their answers. The mark (▸) goes through quotes, rows and understood filters; enter opens what "
        "it stands on. ●●● well, ●●○ fairly or partly, ●○○ weakly supported; ○○○ the readouts do not say, and the "
        "nearest passages follow."
    ),
    Part.SOURCES: "The quotes of the answer by number, then the other passages that were found.",
    Part.READING: (
        "The whole readout. The open quote is underlined on a coloured ground, with a bar beside its paragraph; other "
        "quotes of the same answer are underlined. Beside it, or at its foot, stand readouts of the same days and parties."
    ),
    Part.RELATED: "Readouts within three days of this one that share a party: often the other side's account of it.",
    Part.FIND: "Type words to find in this readout; accents and capitals do not matter.",
    Part.BROWSE: (
        "Every readout, one a row. Typed words must all stand in a row: a date (2023-05), kind, issuer, party, word of "
        "the title. Beside the table stand years, kinds, issuers and parties with their counts. The line of bars counts "
        "readouts a month."
    ),
    Part.TABLE: "Every readout, one a row; click a heading to sort by it, space marks a row.",
    Part.FACETS: (
        "Values and how many readouts each would leave. Several of one list widen, values of different lists narrow."
    ),
    Part.INDEX: (
        "What the index holds. Type a file, a folder or a web address and press enter to add it; only what is new or changed "
        "is encoded. "
        "Meanwhile, go back and ask: the line at the top tells how far it is."
    ),
    Part.SKIPPED: "Files and records that were not taken, each with its reason; the rest was.",
    Part.HISTORY: "Conversations are saved as they happen. Type words said in one to find it.",
    Part.HISTORY_LIST: "Conversations are saved as they happen, the last one first.",
}
_BELOW: Mapping[Part, tuple[Part, ...]] = {
    Part.QUESTION: (Part.CHAT, Part.APP),
    Part.CONVERSATION: (Part.CHAT, Part.APP),
    Part.SOURCES: (Part.CHAT, Part.APP),
    Part.READING: (Part.CHAT, Part.APP),
    Part.RELATED: (Part.CHAT, Part.APP),
    Part.FIND: (Part.CHAT, Part.APP),
    Part.BROWSE: (Part.TABLE, Part.FACETS, Part.APP),
    Part.TABLE: (Part.BROWSE, Part.APP),
    Part.FACETS: (Part.BROWSE, Part.APP),
    Part.HISTORY: (Part.HISTORY_LIST, Part.APP),
    Part.HISTORY_LIST: (Part.HISTORY, Part.APP),
    Part.INDEX: (Part.SKIPPED, Part.APP),
    Part.SKIPPED: (Part.INDEX, Part.APP),
    Part.DIALOG: (Part.APP,),
    Part.HELP: (Part.APP,),
}


def help_rows(part: Part) -> tuple[tuple[str, tuple[Command, ...]], ...]:
    """Headings and commands that help on a part shows: its own keys first, then those around it."""
    return tuple((p.value, commands(p)) for p in (part, *_BELOW.get(part, (Part.APP,))))


class HelpScreen(ClosesOnce, ModalScreen[None]):
    """Help on one part."""

    BINDINGS = bindings(Part.HELP)
    PART = Part.HELP

    def __init__(self, part: Part, own_keys: Mapping[str, str]) -> None:
        super().__init__()
        self.part = part
        self._own_keys = own_keys

    def compose(self) -> ComposeResult:
        """What the part is for, then its keys."""
        with VerticalScroll(classes="window help") as window:
            window.border_title = f"Help: {self.part.value}"
            if self.part in ABOUT:
                yield Static(Content(ABOUT[self.part]), markup=False, classes="about")
            for heading, listed in help_rows(self.part):
                yield Static(Content.styled(f"Keys: {heading}", "bold $primary"), markup=False, classes="heading")
                rows = [(Content.styled(f"  {self._keys(c):<14}", "bold $accent"), _about(c)) for c in listed]
                yield Static(Hanging(rows), markup=False)
        yield KeyBar()

    def _keys(self, command: Command) -> str:
        return keys_of(command, self._own_keys)

    def action_close(self) -> None:
        """Close."""
        self.dismiss(None)

    def action_scroll(self, lines: int) -> None:
        """Scroll by lines."""
        self.query_one(".window", VerticalScroll).scroll_relative(y=lines, animate=False)


def _about(command: Command) -> Content:
    """What it does, and the name by which settings bind other keys to it."""
    return Content.assemble(command.help, (f"  {command.id}", "$quiet"))
