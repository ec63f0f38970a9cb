"""Ask diplomatic readouts a question; get the exact passages, each with its source."""

from assistant.api import Assistant, Talk
from assistant.datatypes import Answer, Citation, Conversation, Status, Turn
from assistant.errors import ReadoutsError
from index.datatypes import Filters, Hit, IndexReport, IndexStatus, Progress, Readout, Record

__version__ = "0.1.0"

__all__ = [
    "Answer",
    "Assistant",
    "Citation",
    "Conversation",
    "Filters",
    "Hit",
    "IndexReport",
    "IndexStatus",
    "Progress",
    "Readout",
    "ReadoutsError",
    "Record",
    "Status",
    "Talk",
    "Turn",
    "__version__",
]
