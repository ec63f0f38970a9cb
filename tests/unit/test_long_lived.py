"""A process that stays while others change the index: what it answers from, and what the changes leave behind in it."""

from __future__ import annotations

import collections
import gc
from pathlib import Path

from small_index import HashEncoder, readout, write_corpus

from assistant.api import Assistant
from assistant.history import History
from index import build
from index.datatypes import Facts, Source, Span

#: Of these each readout has some; questions make none that stay.
COUNTED = (Source, Facts, Span)


def held(assistant: Assistant) -> collections.Counter[type]:
    """How many of ``COUNTED`` there are once some questions were answered and all was read ahead."""
    for _ in range(2):
        assistant.ask("What was said of grain barges?")
    reading = assistant._opened().reading_ahead
    assert reading is not None
    reading.join()
    gc.collect()
    return collections.Counter(type(one) for one in gc.get_objects() if isinstance(one, COUNTED))


def test_changes_of_the_index_leave_no_second_copy_of_what_stayed(tmp_path: Path) -> None:
    texts = {f"call-{n:02}.md": readout(f"Call {n}", f"Kelp {n}. Grain barges {n}.") for n in range(30)}
    folder = write_corpus(tmp_path / "readouts", texts)
    build.add(tmp_path / "built", [folder], HashEncoder)
    others = collections.Counter(type(one) for one in gc.get_objects() if isinstance(one, COUNTED))
    with Assistant(tmp_path / "built", history=History(None), encoder=HashEncoder()) as assistant:
        before = held(assistant) - others
        for number in range(3):
            (folder / "call-00.md").write_text(readout("Call 0", f"Kelp and salt {number}. Grain barges."))
            build.add(tmp_path / "built", [folder], HashEncoder)
            now = held(assistant) - others
        # The readout that changed may be there as it was.
        assert all(now[one] <= before[one] * 1.2 for one in COUNTED), (before, now)
