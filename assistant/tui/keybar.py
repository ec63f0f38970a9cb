"""The footer: the keys that work now, as many as there is room for; always with help and the palette."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen
from textual.widgets import Footer
from textual.widgets._footer import FooterKey

from assistant.tui.keymap import COMMANDS

_ALWAYS = ("help", "command_palette")


_PLACES = {command.id: place for place, command in enumerate(COMMANDS)}


def _place(binding: Binding) -> int:
    """The place of a key in the footer: as in the table, whatever key the person gave it."""
    identity = binding.id or ""
    return _PLACES.get(identity, _PLACES.get(identity.rpartition(".")[0], len(_PLACES)))


class KeyBar(Footer):
    """Never cut off at its right end, as a footer that scrolls would be."""

    def __init__(self) -> None:
        super().__init__(show_command_palette=False, compact=True)
        self._composed: list[tuple[Binding, str, bool]] = []

    def _keys(self) -> Iterator[tuple[Binding, bool]]:
        seen: set[str] = set()
        for _, binding, enabled, _ in self.screen.active_bindings.values():
            if binding.action == "back" and getattr(self.screen, "at_home", False):
                continue
            if binding.show and binding.action not in seen:
                seen.add(binding.action)
                yield binding, enabled

    def _shown(self, binding: Binding) -> str:
        quotes = getattr(self.screen, "quotes", 0)
        if binding.action.startswith("cite") and quotes:
            return "1" if quotes == 1 else f"1–{min(quotes, 9)}"
        if binding.id in getattr(self.app, "own_keys", {}):
            binding = replace(binding, key_display=None)
        return self.app.get_key_display(binding)

    def _width(self, binding: Binding) -> int:
        return cell_len(self._shown(binding)) + cell_len(binding.description) + 3

    def _fitting(self) -> list[tuple[Binding, str, bool]]:
        """The keys that fit, how each is written, and whether it works."""
        keys = sorted(self._keys(), key=lambda key: _place(key[0]))
        last = [key for key in keys if key[0].action in _ALWAYS]
        room = self.app.size.width - 2 - sum(self._width(binding) for binding, _ in last)
        fitting = []
        for binding, enabled in keys:
            if binding.action not in _ALWAYS and self._width(binding) <= room:
                room -= self._width(binding)
                fitting.append((binding, enabled))
        return [(binding, self._shown(binding), enabled) for binding, enabled in (*fitting, *last)]

    def compose(self) -> ComposeResult:
        """The keys that fit."""
        if not self._bindings_ready:
            return
        self._composed = self._fitting()
        for binding, shown, enabled in self._composed:
            yield FooterKey(
                binding.key, shown, binding.description, binding.action, disabled=not enabled, tooltip=binding.tooltip
            )

    def bindings_changed(self, screen: Screen[object]) -> None:
        """Show other keys, if they changed: most steps change none, and making them anew lays out the whole screen."""
        self._bindings_ready = True
        if screen.app.app_focus and self.is_attached and screen is self.screen:
            self.call_after_refresh(self._renew)

    async def _renew(self) -> None:
        if self.is_attached and self._fitting() != self._composed:
            await self.recompose()

    def on_resize(self, event: events.Resize) -> None:
        """Fit anew."""
        self.call_after_refresh(self.recompose)
