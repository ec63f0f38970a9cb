"""Keys of one's own, by the names of actions."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Static
from textual.widgets._footer import FooterKey
from tui_fakes import FakeBackend
from tui_helpers import ask, chat, until

from assistant.errors import SettingsError
from assistant.settings import read_settings
from assistant.tui.app import ReadoutsApp
from assistant.tui.hanging import Hanging
from assistant.tui.helping import HelpScreen
from assistant.tui.keybar import KeyBar
from assistant.tui.palette import ActionsProvider
from assistant.tui.rebinding import keymap_of


def test_keys_are_read_from_the_settings_with_and_without_quotes(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('[keys]\nchat.new = "f9"\n"chat.copy" = ["y", "ctrl+y"]\n', encoding="utf-8")
    settings = read_settings(environment={"READOUTS_SETTINGS": str(file)})
    assert settings.keys == {"chat.new": "f9", "chat.copy": "y ctrl+y"}
    assert keymap_of(settings.keys) == {"chat.new": "f9", "chat.copy": "y,ctrl+y"}


@pytest.mark.parametrize("written", ["keys = 3", "[keys]\nchat.new = 3", "[keys]\nchat.new = [1]"])
def test_what_names_no_keys_is_refused(tmp_path: Path, written: str) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(written, encoding="utf-8")
    with pytest.raises(SettingsError, match="names no keys"):
        read_settings(environment={"READOUTS_SETTINGS": str(file)})


@pytest.mark.parametrize(
    ("keys", "message", "mend"),
    [
        ({"chat.nwe": "f9"}, "chat.nwe", "“chat.new”"),
        ({"chat.new": "ctlr+n"}, "ctlr+n", "ctrl+n"),
        ({"chat.new": "bananas"}, "bananas", "Keys are written like"),
        ({"chat.new": " "}, "no key", "Write a key"),
        ({"chat.new": "ctrl+b"}, "chat.browse", "another key"),
        ({"chat.cite": "a,b"}, "needs 9 keys", "in order"),
    ],
)
def test_names_and_keys_that_mean_nothing_are_refused_with_their_mend(
    keys: dict[str, str], message: str, mend: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        keymap_of(keys)
    assert message in caught.value.message
    assert mend in caught.value.mend


def test_two_actions_can_change_their_keys_with_each_other() -> None:
    assert keymap_of({"chat.new": "ctrl+b", "chat.browse": "ctrl+n"}) == {
        "chat.new": "ctrl+b",
        "chat.browse": "ctrl+n",
    }


def test_characters_and_numbers_are_put_in_the_terms_of_the_screen() -> None:
    assert keymap_of({"app.help": "f1 !"}) == {"app.help": "f1,exclamation_mark"}
    assert keymap_of({"chat.cite": "f d h l v u z c a"})["chat.cite.9"] == "a"


async def test_another_key_works_the_old_one_does_not_and_help_palette_and_footer_name_it() -> None:
    app = ReadoutsApp(FakeBackend(), keys={"chat.copy": "f9", "chat.new": "f8"})
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await ask(pilot, "ferry")
        offered = {name: about for name, about, _ in ActionsProvider(screen).offered()}
        assert offered["New"].endswith("(f8)")
        await pilot.press("tab")

        def copy_keys() -> set[str]:
            return {k.key_display for k in screen.query_one(KeyBar).query(FooterKey) if k.description == "Copy"}

        await until(pilot, lambda: copy_keys() == {"f9"})
        await pilot.press("f1")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))
        pages = [w.content for w in app.screen.query(Static) if isinstance(w.content, Hanging)]
        assert "f8" in {margin.plain.strip() for page in pages for margin, _ in page.rows}
        await pilot.press("escape", "ctrl+n")
        assert chat(pilot).conversation.exchanges
        await pilot.press("f8")
        await until(pilot, lambda: not screen.conversation.exchanges)
