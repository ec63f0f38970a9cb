"""The rows of the CSV form as a pandas data frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.errors import ExportError
from assistant.export.rows import columns_and_rows
from assistant.export.sheet import Sheet

if TYPE_CHECKING:
    from pandas import DataFrame

_DAYS = ("published", "event_date", "event_end")
_COUNTS = ("rank", "number", "paragraph")


def frame(sheet: Sheet) -> DataFrame:
    """One row for each quote, passage or readout; texts as they are, days as timestamps.

    Raises:
        ExportError: pandas is not installed.
    """
    try:
        import pandas
    except ModuleNotFoundError:
        raise ExportError("A data frame needs pandas.", mend="pip install 'readouts[pandas]'") from None
    columns, rows = columns_and_rows(sheet)
    made: DataFrame = pandas.DataFrame(list(rows), columns=list(columns))
    for day in _DAYS:
        made[day] = pandas.to_datetime(made[day])
    for count in set(_COUNTS) & set(columns):
        # A silent answer has no number, which no plain integer can tell.
        made[count] = made[count].astype("Int64")
    return made
