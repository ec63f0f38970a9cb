"""Settings, read once at the edge and passed inward as values.

Options of the command line beat ``READOUTS_…`` variables, which beat the settings file, which beats the defaults.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

import platformdirs

from assistant.errors import SettingsError

#: What the settings file may hold, what each key means, and its default (None: worked out below).
KEYS: Mapping[str, str] = {
    "index": "folder of the index",
    "history": "folder of the conversations",
    "model": "name or folder of the sentence-transformers model",
    "limit": "how many passages are shown",
    "engine": "what computes embeddings: auto for the fastest that serves the model, or reference",
}
#: What "engine" may be.
ENGINES = ("auto", "reference")
#: The table of the file that gives actions of the chat other keys.
KEYS_TABLE = "keys"
_PREFIX = "READOUTS_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every setting with its value.

    Attributes:
        index: Folder of the index.
        history: Folder of the conversations.
        model: Model to encode with; empty for the one the index was made with, else the default.
        limit: How many passages are shown.
        engine: One of ``ENGINES``.
        keys: Other keys for actions of the chat, by the action's name; only the file can give them.
        origins: Where each value came from: "default", "settings file", a variable's or an option's name.
    """

    index: Path
    history: Path
    model: str = ""
    limit: int = 10
    engine: str = "auto"
    keys: Mapping[str, str] = field(default_factory=dict)
    origins: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_default_index(self) -> bool:
        """Whether nobody named the folder of the index."""
        return self.origins.get("index") == "default"


def settings_file(environment: Mapping[str, str] = os.environ) -> Path:
    """Where the settings file is, whether there is one or not."""
    named = environment.get(_PREFIX + "SETTINGS")
    return Path(named) if named else platformdirs.user_config_path("readouts", appauthor=False) / "settings.toml"


def read_settings(options: Mapping[str, object] | None = None, environment: Mapping[str, str] = os.environ) -> Settings:
    """Settle every setting.

    Args:
        options: Values given on the command line; None values are not given.
        environment: The environment's variables.

    Raises:
        SettingsError: The file cannot be read, a key is unknown, or a value is none for its key.
    """
    data = platformdirs.user_data_path("readouts", appauthor=False)
    values: dict[str, object] = {"index": data / "index", "history": data, "model": "", "limit": 10, "engine": "auto"}
    origins = dict.fromkeys(values, "default")
    path = settings_file(environment)
    found = _read_file(path)
    keys = dict(_keys(found.pop(KEYS_TABLE, {}), path))
    for key, value in found.items():
        values[key], origins[key] = value, str(path)
    for key in KEYS:
        if environment.get(_PREFIX + key.upper()):
            values[key], origins[key] = environment[_PREFIX + key.upper()], _PREFIX + key.upper()
    for key, value in (options or {}).items():
        if value is not None:
            values[key], origins[key] = value, f"--{key}"
    return Settings(
        index=_folder("index", values["index"], origins),
        history=_folder("history", values["history"], origins),
        model=str(values["model"]),
        limit=_count("limit", values["limit"], origins),
        engine=_engine(values["engine"], origins),
        keys=keys,
        origins=origins,
    )


def _read_file(path: Path) -> dict[str, object]:
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(
            f"The settings file {path} cannot be read: {error}.", mend="Mend that line or remove the file."
        ) from error
    for key in found:
        if key not in KEYS and key != KEYS_TABLE:
            near = difflib.get_close_matches(key, KEYS, n=1)
            mend = f"Did you mean “{near[0]}”?" if near else f"Known are: {', '.join(KEYS)}."
            raise SettingsError(f"The settings file {path} has an unknown key “{key}”.", mend=mend)
    return found


def _keys(table: object, path: Path, name: str = "") -> Iterator[tuple[str, str]]:
    """Keys by action; ``chat.new`` without quotes is a table within the table."""
    if isinstance(table, str) and name:
        yield name, table
    elif isinstance(table, list) and name and all(isinstance(key, str) for key in table):
        yield name, " ".join(table)
    elif isinstance(table, dict):
        for key, inner in table.items():
            yield from _keys(inner, path, f"{name}.{key}" if name else key)
    else:
        where = f"“{name}” in [keys]" if name else "“keys”"
        raise SettingsError(
            f"{where} of the settings file {path} names no keys.",
            mend='Write for example: [keys] and below it chat.new = "f9"',
        )


def _folder(key: str, value: object, origins: Mapping[str, str]) -> Path:
    if not isinstance(value, (str, Path)) or not str(value):
        raise SettingsError(f"“{key}” (from {origins[key]}) must name a folder.", mend="Write a path between quotes.")
    return Path(value).expanduser().absolute()


def _engine(value: object, origins: Mapping[str, str]) -> str:
    if value not in ENGINES:
        raise SettingsError(
            f"“engine” (from {origins['engine']}) is {value}.", mend=f"Write one of: {', '.join(ENGINES)}."
        )
    return str(value)


def _count(key: str, value: object, origins: Mapping[str, str]) -> int:
    try:
        count = int(str(value))
    except ValueError:
        count = 0
    if not 1 <= count <= 1000:
        raise SettingsError(f"“{key}” (from {origins[key]}) is {value}.", mend="Write a number from 1 to 1000.")
    return count


assert set(KEYS) == {f.name for f in fields(Settings)} - {"origins", "keys"}
