"""Ask diplomatic readouts a question; get the exact passages, each with its source.

The names are fetched when they are first used, so that what needs one of them need not load the whole program.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.api import Assistant
    from assistant.datatypes import Answer, Citation, Conversation, Status, Turn
    from assistant.errors import ReadoutsError
    from assistant.news import News
    from assistant.results import Answers, Hits, Records
    from assistant.saved_searches import SavedSearch
    from assistant.talk import Talk
    from index.datatypes import Filters, Hit, IndexReport, IndexStatus, Progress, Readout, Record
    from index.versions import Version

__version__ = "0.1.0"

__all__ = [
    "Answer",
    "Answers",
    "Assistant",
    "Citation",
    "Conversation",
    "Filters",
    "Hit",
    "Hits",
    "IndexReport",
    "IndexStatus",
    "News",
    "Progress",
    "Readout",
    "ReadoutsError",
    "Record",
    "Records",
    "SavedSearch",
    "Status",
    "Talk",
    "Turn",
    "Version",
    "__version__",
]

_HOMES = {
    "assistant.api": ("Assistant",),
    "assistant.datatypes": ("Answer", "Citation", "Conversation", "Status", "Turn"),
    "assistant.errors": ("ReadoutsError",),
    "assistant.news": ("News",),
    "assistant.results": ("Answers", "Hits", "Records"),
    "assistant.saved_searches": ("SavedSearch",),
    "assistant.talk": ("Talk",),
    "index.datatypes": ("Filters", "Hit", "IndexReport", "IndexStatus", "Progress", "Readout", "Record"),
    "index.versions": ("Version",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    """Fetch a name from the module that defines it."""
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(_HOME_OF[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
