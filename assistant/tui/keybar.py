"""The footer: the keys that work now, as many as there is room for; help and the palette always."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.widgets import Footer
from textual.widgets._footer import FooterKey

from assistant.tui.keymap import COMMANDS

_ALWAYS = ("help", "command_palette")


_PLACES = {command.id: place for place, command in enumerate(COMMANDS)}


def _place(binding: Binding) -> int:
    """Where a key stands in the footer: as in the table, whatever key the person gave it."""
    identity = binding.id or ""
    return _PLACES.get(identity, _PLACES.get(identity.rpartition(".")[0], len(_PLACES)))


class KeyBar(Footer):
    """Never cut off at its right end, as a footer that scrolls would be."""

    def __init__(self) -> None:
        super().__init__(show_command_palette=False, compact=True)

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

    def compose(self) -> ComposeResult:
        """The keys that fit."""
        if not self._bindings_ready:
            return
        keys = sorted(self._keys(), key=lambda key: _place(key[0]))
        last = [key for key in keys if key[0].action in _ALWAYS]
        room = self.app.size.width - 2 - sum(self._width(binding) for binding, _ in last)
        shown = []
        for binding, enabled in keys:
            if binding.action not in _ALWAYS and self._width(binding) <= room:
                room -= self._width(binding)
                shown.append((binding, enabled))
        for binding, enabled in (*shown, *last):
            yield FooterKey(
                binding.key,
                self._shown(binding),
                binding.description,
                binding.action,
                disabled=not enabled,
                tooltip=binding.tooltip,
            )

    def on_resize(self, event: events.Resize) -> None:
        """Fit anew."""
        self.call_after_refresh(self.recompose)
