"""A value computed beside other things."""

from __future__ import annotations

import functools
import os
import subprocess
import sys
import threading
import time
import weakref

import pytest

from index.errors import EncoderError
from index.pending import KEPT, Pending


def test_it_is_computed_while_other_things_are_done() -> None:
    told = threading.Event()
    waiting = Pending(lambda: told.wait(timeout=60))
    assert not waiting.is_there
    told.set()
    assert waiting.result()
    assert waiting.is_there
    assert waiting.result()


def test_what_it_raises_is_raised_where_the_value_is_asked_for() -> None:
    def fail() -> None:
        raise EncoderError("No.", mend="Yes.")

    waiting = Pending(fail)
    for _ in range(2):
        with pytest.raises(EncoderError, match=r"No\."):
            waiting.result()


def test_what_is_computed_after_a_value_that_is_not_there_yet_is_computed_in_its_thread() -> None:
    told = threading.Event()

    def first() -> int:
        assert told.wait(timeout=60)
        return threading.get_ident()

    value = Pending(first)
    others = [Pending(threading.get_ident, after=value) for _ in range(2)]
    assert not any(other.is_there for other in others)
    told.set()
    assert [other.result() for other in others] == [value.result()] * 2


def test_what_is_computed_after_a_value_that_is_there_or_failed_is_computed_all_the_same() -> None:
    value = Pending(lambda: 1)
    assert value.result()
    assert Pending(lambda: value.result() + 1, after=value).result() == 2
    told = threading.Event()
    failing = Pending(lambda: told.wait(timeout=60) / 0)
    further = Pending(lambda: 3, after=failing)
    told.set()
    assert further.result() == 3
    with pytest.raises(ZeroDivisionError):
        failing.result()


def test_calls_that_follow_each_other_take_no_thread_each_and_leave_nothing_behind() -> None:
    class Large: ...

    def made(large: Large) -> int:
        assert large
        return threading.get_ident()

    Pending(threading.get_ident).result()
    before = threading.active_count()
    made_by = set()
    for _ in range(20):
        large = Large()
        left = weakref.ref(large)
        made_by.add(Pending(functools.partial(made, large)).result())
        del large
        end = time.monotonic() + 60
        while left() is not None and time.monotonic() < end:
            time.sleep(0.001)
        assert left() is None
    # One more if the next call comes before the thread of the last one is ready for it.
    assert threading.active_count() <= before + 1
    assert len(made_by) <= 2


def test_of_many_threads_that_had_a_call_at_once_few_are_kept() -> None:
    told = threading.Event()
    before = threading.active_count()
    many = [Pending(lambda: told.wait(timeout=60)) for _ in range(8)]
    assert threading.active_count() >= before + 8 - KEPT
    told.set()
    assert all(one.result() for one in many)
    end = time.monotonic() + 60
    while threading.active_count() > before + KEPT and time.monotonic() < end:
        time.sleep(0.001)
    assert threading.active_count() <= before + KEPT
    assert Pending(lambda: 3).result() == 3


def test_a_process_ends_only_when_its_calls_have() -> None:
    code = (
        "import time\nfrom index.pending import Pending\n"
        "Pending(lambda: 1).result()\nPending(lambda: (time.sleep(0.3), print('ended', flush=True)))\nprint('last')"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["last", "ended"]
    assert not told.stderr


def test_no_thread_is_left_when_the_interpreter_ends_and_what_is_asked_for_then_is_computed() -> None:
    code = (
        "import atexit, threading\n"
        "def last(): print(threading.active_count(), Pending(lambda: 2).result(), threading.active_count())\n"
        "atexit.register(last)\nfrom index.pending import Pending\nPending(lambda: 1).result()"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["1", "2", "1"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_a_forked_process_has_threads_of_its_own() -> None:
    code = (
        "import os, signal\nfrom index.pending import Pending\n"
        "Pending(lambda: 1).result()\nchild = os.fork()\n"
        "if not child:\n signal.alarm(30)\n print(Pending(lambda: 2).result(), flush=True)\n os._exit(0)\n"
        "assert os.waitpid(child, 0)[1] == 0"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "2\n"


def test_a_process_that_ends_while_a_call_loads_a_faster_engine_ends_in_order() -> None:
    code = (
        "from index.encoder import load_encoder\nfrom index.encoder.models import find_model\n"
        "from assistant.api import DEFAULT_MODEL\nfrom index.pending import Pending\n"
        "encoder = load_encoder(find_model(DEFAULT_MODEL))\n"
        "for text in ('kelp', 'barge', 'ferry'): Pending(lambda: encoder.encode([text])).result()\n"
        "assert not encoder.loading.daemon"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (told.returncode, told.stderr) == (0, "")
