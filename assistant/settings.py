"""Settings, read once at the edge and passed inward as values.

Command-line options override ``READOUTS_…`` variables, which override the settings file, which overrides the defaults.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

import platformdirs

from assistant.errors import SettingsError
from assistant.settings_file import read_file, write_file

#: What the settings file may hold, and what each key means.
KEYS: Mapping[str, str] = {
    "index": "folder of the index",
    "history": "folder of the conversations",
    "model": "name or folder of the sentence-transformers model; empty for the one that the index was made with",
    "limit": "how many passages are shown, from 1 to 1000",
    "engine": "what computes embeddings: auto for the fastest that serves the model, or reference",
}
#: What "engine" may be.
ENGINES = ("auto", "reference")
_PREFIX = "READOUTS_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every setting with its value.

    Attributes:
        index: Folder of the index.
        history: Folder of the conversations.
        model: Model to encode with; empty for the one the index was made with, otherwise the default.
        limit: How many passages are shown.
        engine: One of ``ENGINES``.
        keys: Other keys for actions of the chat, by the action's name; only the file can set them.
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
    """Where the settings file is, whether or not there is one."""
    named = environment.get(_PREFIX + "SETTINGS")
    return Path(named) if named else platformdirs.user_config_path("readouts", appauthor=False) / "settings.toml"


def defaults() -> dict[str, object]:
    """Every setting's default."""
    data = platformdirs.user_data_path("readouts", appauthor=False)
    return {"index": data / "index", "history": data, "model": "", "limit": 10, "engine": "auto"}


def read_settings(options: Mapping[str, object] | None = None, environment: Mapping[str, str] = os.environ) -> Settings:
    """Determine every setting.

    Args:
        options: Values given on the command line; None for those not given.
        environment: The environment's variables.

    Raises:
        SettingsError: The file cannot be read, a key is unknown, or a value is invalid for its key.
    """
    values = defaults()
    origins = dict.fromkeys(values, "default")
    path = settings_file(environment)
    file = read_file(path, KEYS)
    for key, value in file.values.items():
        values[key], origins[key] = value, str(path)
    for key in KEYS:
        if environment.get(_PREFIX + key.upper()):
            values[key], origins[key] = environment[_PREFIX + key.upper()], _PREFIX + key.upper()
    for key, value in (options or {}).items():
        if value is not None:
            values[key], origins[key] = value, f"--{key}"
    places = {
        k: f"line {file.lines[k]} of {o}" if o == str(path) and k in file.lines else o for k, o in origins.items()
    }
    return Settings(
        index=_folder("index", values["index"], places),
        history=_folder("history", values["history"], places),
        model=_name("model", values["model"], places),
        limit=_count("limit", values["limit"], places),
        engine=_engine(values["engine"], places),
        keys=file.keys,
        origins=origins,
    )


def write_settings(environment: Mapping[str, str] = os.environ) -> Path:
    """Write the settings file with every default as a comment; returns where it is.

    Raises:
        SettingsError: It exists already, or cannot be written.
    """
    path, values = settings_file(environment), defaults()
    write_file(path, [(key, meaning, values[key]) for key, meaning in KEYS.items()])
    return path


def _folder(key: str, value: object, origins: Mapping[str, str]) -> Path:
    if not isinstance(value, (str, Path)) or not str(value):
        raise SettingsError(f"“{key}” (from {origins[key]}) must name a folder.", mend="Write a path between quotes.")
    return Path(value).expanduser().absolute()


def _name(key: str, value: object, origins: Mapping[str, str]) -> str:
    if not isinstance(value, (str, Path)):
        raise SettingsError(f"“{key}” (from {origins[key]}) is {value}.", mend="Write a name or a path between quotes.")
    return str(value)


def _engine(value: object, origins: Mapping[str, str]) -> str:
    if value not in ENGINES:
        raise SettingsError(
            f"“engine” (from {origins['engine']}) is {value}.", mend=f"Write one of: {', '.join(ENGINES)}."
        )
    return str(value)


def _count(key: str, value: object, origins: Mapping[str, str]) -> int:
    # Only a variable's value comes as text.
    written = str(value) if type(value) is int or origins[key].startswith(_PREFIX) else ""
    count = int(written) if re.fullmatch(r"\d{1,4}", written, re.ASCII) else 0
    if not 1 <= count <= 1000:
        raise SettingsError(f"“{key}” (from {origins[key]}) is {value}.", mend="Write a number from 1 to 1000.")
    return count


assert set(KEYS) == {f.name for f in fields(Settings)} - {"origins", "keys"} == set(defaults())
