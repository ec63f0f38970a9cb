"""The app: looks, the palette, help and jump mode; everything else is on its screens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import platformdirs
from textual.app import App, SystemCommand
from textual.binding import BindingType
from textual.command import CommandPalette
from textual.driver import Driver
from textual.screen import Screen

from assistant.tui import state
from assistant.tui.backend import Backend
from assistant.tui.browse import BrowseScreen
from assistant.tui.chat import ChatScreen
from assistant.tui.closing import Palette
from assistant.tui.helping import HelpScreen
from assistant.tui.history import HistoryScreen
from assistant.tui.indexing import IndexScreen
from assistant.tui.jump import Jump
from assistant.tui.keymap import Part, bindings
from assistant.tui.palette import ActionsProvider
from assistant.tui.parts import LAYOUTS
from assistant.tui.rebinding import keymap_of
from assistant.tui.themes import THEMES, defaults

#: Letters of jump mode and the parts they lead to, by screen.
JUMPS: Mapping[type[Screen[Any]], Mapping[str, str]] = {
    ChatScreen: {
        "q": "QuestionBox",
        "c": "ConversationView",
        "s": "SourcesList",
        "r": "ReadingText",
        "m": "RelatedList",
    },
    BrowseScreen: {"f": "#filter", "t": "RecordTable", "n": "FacetList"},
    HistoryScreen: {"w": "#search", "l": "ConversationList"},
    IndexScreen: {"p": "#path", "l": "SkippedList"},
}


class ReadoutsApp(App[int]):
    """The screen.

    Args:
        assistant: What answers.
        conversation: A past conversation to go on with.
        remember: File that keeps theme and questions; None to remember nothing.
        keys: Other keys for actions, by the names in ``keymap.COMMANDS``.
    """

    TITLE = "Readouts"
    CSS_PATH = "app.tcss"
    BINDINGS: ClassVar[list[BindingType]] = bindings(Part.APP)
    COMMANDS: ClassVar = {lambda: ActionsProvider}
    ENABLE_COMMAND_PALETTE = True

    def __init__(
        self,
        assistant: Backend,
        *,
        conversation: str | None = None,
        remember: Path | None = None,
        keys: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__()
        self._assistant = assistant
        self._conversation = conversation
        self._remember = remember
        self._remembered = state.read(remember)
        for theme in THEMES:
            self.register_theme(theme)
        known = self._remembered.theme in self.available_themes
        self.theme = self._remembered.theme if known else THEMES[0].name
        self.own_keys = dict(keys or {})
        if self.own_keys:
            self.set_keymap(keymap_of(self.own_keys))

    def get_driver_class(self) -> type[Driver]:
        """Ours for a terminal of POSIX."""
        found = super().get_driver_class()
        if found.__name__ != "LinuxDriver":
            return found
        from assistant.tui.driver import TerminalDriver  # Windows has no such terminal.

        return TerminalDriver

    def get_default_screen(self) -> Screen[None]:
        """The conversation."""
        remembered = self._remembered
        return ChatScreen(
            self._assistant,
            conversation=self._conversation,
            questions=remembered.questions,
            arrangement=remembered.layout if remembered.layout in LAYOUTS else next(iter(LAYOUTS)),
        )

    def get_system_commands(self, screen: Screen[object]) -> list[SystemCommand]:
        """None of Textual's own: the palette offers ours."""
        return []

    def action_command_palette(self) -> None:
        """The palette, in our words."""
        if not isinstance(self.screen, CommandPalette):
            self.push_screen(Palette(placeholder="What do you want to do?", id="--command-palette"))

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Colours that themes other than ours do not name."""
        return defaults(dark=self.current_theme.dark)

    def remember_question(self, question: str) -> None:
        """Keep a question for the up key of another day."""
        self._keep(self._remembered.asked(question))

    def remember_layout(self, name: str) -> None:
        """Remember a layout for another day."""
        self._keep(replace(self._remembered, layout=name))

    def _keep(self, remembered: state.Remembered) -> None:
        self._remembered = remembered
        state.write(self._remember, remembered)

    def action_next_theme(self) -> None:
        """The next of our looks."""
        names = [theme.name for theme in THEMES]
        here = names.index(self.theme) if self.theme in names else -1
        self.theme = names[(here + 1) % len(names)]
        self._keep(replace(self._remembered, theme=self.theme))
        self.notify(f"Theme: {self.theme}", timeout=2, markup=False)

    def part(self) -> Part:
        """The part the person is in."""
        node = self.screen.focused
        for candidate in (*(node.ancestors_with_self if node else ()), self.screen):
            part = getattr(candidate, "PART", None)
            if isinstance(part, Part):
                return part
        return Part.APP

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """With only one part, there is nowhere to jump."""
        return action != "jump" or type(self.screen) in JUMPS

    def action_help(self) -> None:
        """Help for the part the person is in."""
        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(self.part(), self.own_keys))

    def action_jump(self) -> None:
        """Show letters on the parts."""
        screen = self.screen
        targets = {letter: screen.query_one(part) for letter, part in JUMPS.get(type(screen), {}).items()}

        def go(letter: str | None) -> None:
            if letter:
                targets[letter].focus(scroll_visible=False)

        self.push_screen(Jump({letter: widget for letter, widget in targets.items() if widget.region}), go)


def run(
    assistant: Backend,
    *,
    conversation: str | None = None,
    state_folder: Path | None = None,
    keys: Mapping[str, str] | None = None,
) -> int:
    """Show the screen until the person leaves; returns the exit code.

    Args:
        assistant: What answers.
        conversation: A past conversation to go on with.
        state_folder: Where theme and earlier questions are remembered; the user's own folder by default.
        keys: Other keys for actions, by name.

    Raises:
        SettingsError: ``keys`` names an unknown action or key.
    """
    folder = state_folder or platformdirs.user_state_path("readouts", appauthor=False)
    app = ReadoutsApp(assistant, conversation=conversation, remember=folder / "screen.json", keys=keys)
    app.run()
    return app.return_code or 0
