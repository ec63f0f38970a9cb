"""The command palette: every action that the present screen knows, by name."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator, Mapping
from typing import Any

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.dom import DOMNode
from textual.widget import Widget

from assistant.tui.keymap import Command, Part, commands, keys_of

#: Digits while typing do the same as digits otherwise.
_TWICE = {"chat.cite_typing"}
_MOST_QUOTES = 9


class ActionsProvider(Provider):
    """Offers the commands of the screen, of each of its parts, and of the app, if they can be done now."""

    def offered(self) -> Iterator[tuple[str, str, Callable[[], Coroutine[Any, Any, None]]]]:
        """Name, help with keys, and what to run."""
        for part, node in self._parts():
            for command in commands(part):
                if command.id in _TWICE:
                    continue
                if command.action == "cite":
                    for number in range(1, _MOST_QUOTES + 1):
                        if self.allowed(node, f"cite({number})"):
                            yield (
                                f"{command.label} {number}",
                                f"{command.help}  ({number})",
                                self._run(node, f"cite({number})"),
                            )
                elif self.allowed(node, command.action):
                    yield (
                        self._name(command),
                        f"{command.help}  ({keys_of(command, self._own_keys())})",
                        self._run(node, command.action),
                    )

    def _own_keys(self) -> Mapping[str, str]:
        return getattr(self.app, "own_keys", {})

    def _name(self, command: Command) -> str:
        if command.part in (Part.APP, Part.CHAT):
            return command.label
        return f"{command.label} ({command.part.value})"

    def _parts(self) -> Iterator[tuple[Part, DOMNode]]:
        screen = self.screen
        if isinstance(getattr(screen, "PART", None), Part):
            yield screen.PART, screen  # type: ignore[attr-defined]
        yield Part.APP, self.app
        for widget in screen.walk_children(Widget):
            part = getattr(widget, "PART", None)
            if isinstance(part, Part) and widget.display:
                yield part, widget

    @staticmethod
    def allowed(node: DOMNode, action: str) -> bool:
        """Whether the action can be done now."""
        name, _, rest = action.removeprefix("screen.").removeprefix("app.").partition("(")
        parameters = (int(rest.rstrip(")")),) if rest else ()
        owner = node.screen if action.startswith("screen.") else node
        return owner.check_action(name, parameters) is not False

    def _run(self, node: DOMNode, action: str) -> Callable[[], Coroutine[Any, Any, None]]:
        async def run() -> None:
            if isinstance(node, Widget) and node.focusable:
                node.focus(scroll_visible=False)
            await self.app.run_action(action, node)

        return run

    async def discover(self) -> Hits:
        """All of them."""
        for name, about, run in self.offered():
            yield DiscoveryHit(Content(name), run, text=name, help=about)

    async def search(self, query: str) -> Hits:
        """Those whose name or help fits the words."""
        matcher = self.matcher(query)
        for name, about, run in self.offered():
            score = matcher.match(f"{name} {about}")
            if score > 0:
                by_name = matcher.match(name)
                yield Hit(
                    max(by_name, score * 0.8),
                    matcher.highlight(name) if by_name else Content(name),
                    run,
                    text=name,
                    help=about,
                )
