"""Our dataclasses to plain JSON values and back, so that a saved conversation is whole again when it is opened."""

from __future__ import annotations

import dataclasses
import datetime as dt
import types
import typing
from collections.abc import Mapping
from enum import Enum
from functools import cache
from typing import Any, TypeVar, cast

T = TypeVar("T")


def encode(value: Any) -> Any:
    """A value as JSON has it: dataclasses as objects, tuples as arrays, dates as ISO text."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: encode(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): encode(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [encode(item) for item in value]
    return value


def decode(cls: type[T], value: Any) -> T:
    """What ``encode`` made of a ``cls``; fields that are not there take their defaults, unknown ones are passed over.

    Raises:
        TypeError, ValueError, KeyError: The value is no such thing.
    """
    return cast(T, _decode(cls, value))


def _decode(kind: Any, value: Any) -> Any:
    origin = typing.get_origin(kind)
    if value is None or kind is Any:
        return value
    if origin in (typing.Union, types.UnionType):
        return _decode(next(part for part in typing.get_args(kind) if part is not types.NoneType), value)
    if origin is tuple:
        parts = typing.get_args(kind)
        if len(parts) == 2 and parts[1] is Ellipsis:
            return tuple(_decode(parts[0], item) for item in value)
        return tuple(_decode(part, item) for part, item in zip(parts, value, strict=True))
    if isinstance(kind, type):
        return _decode_class(kind, value)
    return value


def _decode_class(kind: type, value: Any) -> Any:
    if dataclasses.is_dataclass(kind):
        if not isinstance(value, Mapping):
            raise TypeError(f"{kind.__name__} is not made of {value!r}")
        hints = _hints(kind)
        return kind(**{name: _decode(hints[name], item) for name, item in value.items() if name in hints})
    if issubclass(kind, dt.datetime):
        return dt.datetime.fromisoformat(value)
    if issubclass(kind, dt.date):
        return dt.date.fromisoformat(value)
    if issubclass(kind, Enum):
        return kind(value)
    return kind(value) if kind in (int, float, str, bool) else value


@cache
def _hints(kind: type) -> dict[str, Any]:
    fields = {field.name for field in dataclasses.fields(kind)}
    return {name: hint for name, hint in typing.get_type_hints(kind).items() if name in fields}
