"""Modules of ours that a command loads when it first uses them, so that its help and its completion do without."""

from __future__ import annotations

import importlib
from typing import Any


class Late:
    """A module that is imported when one of its names is first asked for; safe from any thread.

    Type checkers know nothing of this: import the module for them under ``TYPE_CHECKING``.

    Args:
        name: Full name of the module.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        return getattr(importlib.import_module(self._name), attribute)
