"""Screens that close once, however quickly a second key follows the one that closes them."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from textual import work
from textual.await_complete import AwaitComplete
from textual.command import CommandPalette
from textual.css.query import NoMatches
from textual.screen import Screen

if TYPE_CHECKING:
    _Closing = Screen[Any]
else:
    # Textual takes styles and keys from the first base that is a widget: this is to be none.
    _Closing = object


class ClosesOnce(_Closing):
    """A screen that ignores what would close it while it is closing: Textual would close the one below, or end the program."""

    def dismiss(self, result: Any = None) -> AwaitComplete:
        """Close with a result, if this is the screen that is shown; one that is not laid out yet closes once it is."""
        if self.is_active and self.is_mounted:
            return super().dismiss(result)
        if self.is_active:
            self.call_later(self._close, result)
        return AwaitComplete()

    def _close(self, result: Any) -> None:
        # Not awaited, as what ``dismiss`` returns must not be here.
        self.dismiss(result)


class Palette(ClosesOnce, CommandPalette):
    """The command palette; what it gathers or does while it opens or closes finds none of its parts."""

    @work(exclusive=True, group=CommandPalette._GATHER_COMMANDS_GROUP)
    async def _gather_commands(self, search_value: str) -> None:
        gather = CommandPalette._gather_commands.__wrapped__  # type: ignore[attr-defined]
        with suppress(NoMatches):
            await gather(self, search_value)

    def _action_command_list(self, action: str) -> None:
        # A list that is not laid out yet does not know how long a page is.
        with suppress(KeyError, NoMatches):
            super()._action_command_list(action)
