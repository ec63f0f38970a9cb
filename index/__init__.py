"""Documents at rest, and how they are found. Imports nothing of the assistant."""

from index.datatypes import (
    Document,
    Facts,
    Filters,
    Hit,
    IndexReport,
    Kind,
    Party,
    Passage,
    Progress,
    Query,
    Readout,
    Record,
    Side,
    Skipped,
    Source,
    Span,
    StageScore,
)
from index.errors import ReadoutsError

__all__ = [
    "Document",
    "Facts",
    "Filters",
    "Hit",
    "IndexReport",
    "Kind",
    "Party",
    "Passage",
    "Progress",
    "Query",
    "Readout",
    "ReadoutsError",
    "Record",
    "Side",
    "Skipped",
    "Source",
    "Span",
    "StageScore",
]
