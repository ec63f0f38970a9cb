from __future__ import annotations

import re
from pathlib import Path

import pytest

from assistant.errors import SettingsError
from assistant.settings import KEYS, read_settings, settings_file, write_settings


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


def environment(file: Path, **variables: str) -> dict[str, str]:
    return {"READOUTS_SETTINGS": str(file), **variables}


def test_without_anything_the_defaults_hold(file: Path) -> None:
    settings = read_settings(environment=environment(file))
    assert (settings.limit, settings.model) == (10, "")
    assert settings.index.is_absolute()
    assert settings.history.is_absolute()
    assert settings.origins == dict.fromkeys(KEYS, "default")
    assert settings.is_default_index


def test_options_beat_variables_which_beat_the_file_which_beats_defaults(file: Path) -> None:
    file.write_text('limit = 3\nmodel = "filed"\nindex = "/filed"\n', encoding="utf-8")
    variables = environment(file, READOUTS_LIMIT="4", READOUTS_MODEL="named")
    settings = read_settings({"limit": 5, "model": None}, variables)
    assert (settings.limit, settings.model, settings.index) == (5, "named", Path("/filed"))
    assert settings.origins == {
        "limit": "--limit", "model": "READOUTS_MODEL", "index": str(file), "history": "default",
        "engine": "default",
    }  # fmt: skip
    assert not settings.is_default_index


def test_an_engine_that_is_none_is_refused_with_those_there_are(file: Path) -> None:
    assert read_settings({"engine": "reference"}, environment(file)).engine == "reference"
    with pytest.raises(SettingsError, match="turbo") as caught:
        read_settings(environment=environment(file, READOUTS_ENGINE="turbo"))
    assert "auto, reference" in caught.value.mend


def test_a_variable_that_is_empty_is_not_given(file: Path) -> None:
    assert read_settings(environment=environment(file, READOUTS_LIMIT="")).limit == 10


def test_folders_are_made_absolute_and_the_home_is_filled_in(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    settings = read_settings({"index": "here", "history": "~/talks"}, environment(file))
    assert (settings.index, settings.history) == (tmp_path / "here", tmp_path / "home" / "talks")


@pytest.mark.parametrize(("key", "near"), [("limits", "limit"), ("histroy", "history"), ("Model", "model")])
def test_an_unknown_key_is_refused_with_the_nearest_known_one(file: Path, key: str, near: str) -> None:
    file.write_text(f"{key} = 1\n", encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        read_settings(environment=environment(file))
    assert key in caught.value.message
    assert near in caught.value.mend


def test_a_key_like_no_other_is_refused_with_all_known_ones(file: Path) -> None:
    file.write_text("zzzzzz = 1\n", encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        read_settings(environment=environment(file))
    assert all(key in caught.value.mend for key in KEYS)


@pytest.mark.parametrize("limit", ["0", "-3", "1001", "ten", "2.5", "1e3", "99999999999999999999"])
def test_a_limit_that_is_none_is_refused_with_where_it_came_from(file: Path, limit: str) -> None:
    with pytest.raises(SettingsError, match="READOUTS_LIMIT") as caught:
        read_settings(environment=environment(file, READOUTS_LIMIT=limit))
    assert "1 to 1000" in caught.value.mend


@pytest.mark.parametrize("limit", ["true", "2.5", "[]", '""'])
def test_a_limit_of_another_type_in_the_file_is_refused(file: Path, limit: str) -> None:
    file.write_text(f"limit = {limit}\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="limit"):
        read_settings(environment=environment(file))


@pytest.mark.parametrize("folder", ["5", "true", '""', "[]"])
def test_a_folder_that_is_none_is_refused(file: Path, folder: str) -> None:
    file.write_text(f"index = {folder}\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="index"):
        read_settings(environment=environment(file))


@pytest.mark.parametrize("content", [b"limit = ", b"[[", b"\xff\xfe"])
def test_a_file_that_cannot_be_read_is_named(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with pytest.raises(SettingsError, match=r"settings\.toml") as caught:
        read_settings(environment=environment(file))
    assert caught.value.mend


def test_the_file_stands_in_the_folder_for_settings_unless_it_is_named(tmp_path: Path) -> None:
    assert settings_file({"READOUTS_SETTINGS": str(tmp_path / "mine.toml")}) == tmp_path / "mine.toml"
    assert settings_file({}).name == "settings.toml"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("# mine\n\nlimt = 3\n", "Line 3"),
        ('index = "/a"\nmodel = 5\n', "line 2 of"),
        ("\n[index]\na = 1\n", "line 2 of"),
        ('\n\n"limit" = "5"\n', "line 3 of"),
        ("  engine  = 'turbo'\n", "line 1 of"),
        ("[zzz]\n", "Line 1"),
        ("[keys]\nchat.new = 'f9'\nchat.copy = 3\n", "“chat.copy” in \\[keys\\], line 3"),
        ("limit = 3\nlimit = 4\n", "line 2"),
    ],
)
def test_what_is_wrong_in_the_file_is_refused_with_its_line(file: Path, content: str, words: str) -> None:
    file.write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError, match=words) as caught:
        read_settings(environment=environment(file))
    assert str(file) in caught.value.message
    assert caught.value.mend


def test_a_mark_of_the_byte_order_is_no_part_of_the_first_key(file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbflimit = 3\n")
    assert read_settings(environment=environment(file)).limit == 3


def test_a_file_is_written_once_with_every_default_as_a_comment(tmp_path: Path) -> None:
    named = environment(tmp_path / "deep" / "settings.toml")
    before = read_settings(environment=named)
    path = write_settings(named)
    text = path.read_text(encoding="utf-8")
    assert [line for line in text.splitlines() if line and not line.startswith("#")] == []
    assert read_settings(environment=named) == before
    with pytest.raises(SettingsError, match="is there already"):
        write_settings(named)
    assert path.read_text(encoding="utf-8") == text
    # Every line that shows a default is one that can be used.
    path.write_text(re.sub(r"^# (?=\w+ = |\[keys\]|\w+\.\w+ = )", "", text, flags=re.MULTILINE), encoding="utf-8")
    after = read_settings(environment=named)
    assert {key: getattr(after, key) for key in KEYS} == {key: getattr(before, key) for key in KEYS}
    assert after.origins == dict.fromkeys(KEYS, str(path))
    assert after.keys == {"chat.new": "f9", "chat.copy": "y ctrl+y"}
