"""Lists of results for scripts: tuples that can be exported, turned into a data frame, and shown in a notebook."""

from __future__ import annotations

import importlib
from abc import abstractmethod
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self, SupportsIndex, TypeVar, overload

from assistant.datatypes import Answer
from index.datatypes import Hit, Record

if TYPE_CHECKING:
    from pandas import DataFrame

    from assistant.export.sheet import Sheet

T = TypeVar("T")


class Results(tuple[T, ...]):
    """A tuple of what was found, in order.

    Attributes:
        title: What it was found for, the heading of an exported page; may be empty.
    """

    title: str

    def __new__(cls, items: Iterable[T] = (), *, title: str = "") -> Self:
        """Make one of any items.

        Args:
            items: In order.
            title: What they were found for.
        """
        made = super().__new__(cls, items)
        made.title = title
        return made

    @overload
    def __getitem__(self, place: SupportsIndex) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> Self: ...
    def __getitem__(self, place: SupportsIndex | slice) -> T | Self:
        if isinstance(place, slice):
            return type(self)(super().__getitem__(place), title=self.title)
        return super().__getitem__(place)

    def export(self, form: str) -> str:
        """All of it as text in one form: markdown, html, json, csv, csl-json, bibtex or ris.

        Raises:
            ExportError: There is no such form.
        """
        return str(importlib.import_module("assistant.export").export(self._sheet(), form))

    def to_frame(self) -> DataFrame:
        """A pandas data frame with the rows and columns of the CSV form, texts verbatim, days as timestamps.

        Raises:
            ExportError: pandas is not installed.
        """
        return importlib.import_module("assistant.export.frame").frame(self._sheet())

    def _repr_html_(self) -> str:
        return str(importlib.import_module("assistant.export.html_page").fragment(self._sheet()))

    def _repr_markdown_(self) -> str:
        return str(importlib.import_module("assistant.export.markdown").fragment(self._sheet()))

    @abstractmethod
    def _sheet(self) -> Sheet: ...


class Hits(Results[Hit]):
    """Passages found, best first; a data frame has a row for each passage."""

    def _sheet(self) -> Sheet:
        return _sheet("of_hits", self)


class Records(Results[Record]):
    """Readouts without their text, the latest first; a data frame has a row for each readout."""

    def _sheet(self) -> Sheet:
        return _sheet("of_records", self)


class Answers(Results[Answer]):
    """Answers in the order of their questions; a data frame has a row for each quote, and one for an answer without any."""

    def _sheet(self) -> Sheet:
        return _sheet("of_answers", self)


def _sheet(maker: str, results: Results[Any]) -> Sheet:
    """A sheet made by a function of ``assistant.export.sheet``, which is loaded only now."""
    made: Sheet = getattr(importlib.import_module("assistant.export.sheet"), maker)(results, results.title)
    return made
