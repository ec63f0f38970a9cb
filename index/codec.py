"""Our dataclasses to plain JSON values and back, so that a saved conversation can be restored completely."""

from __future__ import annotations

import dataclasses
import datetime as dt
import types
import typing
from collections.abc import Callable, Mapping
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
    """A ``cls`` from what ``encode`` made of it; missing fields take their defaults, unknown ones are skipped.

    Raises:
        TypeError, ValueError, KeyError: The value does not describe a ``cls``.
    """
    return cast(T, _decoder(cast(Any, cls))(value))


@cache
def _decoder(kind: Any) -> Callable[[Any], Any]:
    """What makes a value of one kind; worked out once, for an index of many readouts is decoded over and over."""
    if kind is Any:
        return _as_it_is
    origin, parts = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        return _or_none(_decoder(next(part for part in parts if part is not types.NoneType)))
    if origin is tuple:
        decoders = tuple(_decoder(part) for part in parts if part is not Ellipsis)
        return _or_none(_tuple_of(decoders[0]) if parts[1:] == (Ellipsis,) else _tuple(decoders))
    return _or_none(_of_class(kind) if isinstance(kind, type) else _as_it_is)


def _as_it_is(value: Any) -> Any:
    return value


def _or_none(decoder: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else decoder(value)


def _tuple_of(decoder: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: tuple(map(decoder, value))


def _tuple(decoders: tuple[Callable[[Any], Any], ...]) -> Callable[[Any], Any]:
    return lambda value: tuple(decoder(item) for decoder, item in zip(decoders, value, strict=True))


def _of_class(kind: type) -> Callable[[Any], Any]:
    if dataclasses.is_dataclass(kind):
        return lambda value: _dataclass(kind, value)
    if issubclass(kind, dt.datetime):
        return dt.datetime.fromisoformat
    if issubclass(kind, dt.date):
        return dt.date.fromisoformat
    return kind if issubclass(kind, Enum) or kind in (int, float, str, bool) else _as_it_is


def _dataclass(kind: type, value: Any) -> Any:
    if not isinstance(value, Mapping):
        raise TypeError(f"{kind.__name__} is not made of {value!r}")
    hints = _hints(kind)
    return kind(**{name: _decoder(hints[name])(item) for name, item in value.items() if name in hints})


@cache
def _hints(kind: type) -> dict[str, Any]:
    fields = {field.name for field in dataclasses.fields(kind)}
    return {name: hint for name, hint in typing.get_type_hints(kind).items() if name in fields}
