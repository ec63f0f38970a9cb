"""What is told of a process that answers for long."""

from __future__ import annotations

import itertools

import pytest

from benchmarks.growth import Sample, Times, in_turn, judged


def sample(done: int, resident: int = 400_000_000, files: int = 16, own: int = 250_000_000) -> Sample:
    return Sample(done=done, resident=resident, own=own, files=files, threads=3)


def times(busy: float, piece: float = 0.001) -> Times:
    found = Times()
    for _ in range(20):
        found.wall.append(busy)
        found.busy.append(busy)
        found.piece.append(piece)
    return found


def test_the_same_questions_are_timed_at_the_start_and_at_the_end_and_all_were_asked_before() -> None:
    found = list(in_turn(itertools.count(), count=20, warm=5, part=3))
    assert [number for _, number in found] == [0, 1, 2, 3, 4, 0, 1, 2, *range(5, 14), 0, 1, 2]
    assert [end for end, _ in found] == [None] * 5 + [0] * 3 + [None] * 9 + [1] * 3


@pytest.mark.parametrize(
    ("grown", "fault"), [(404_000_000, []), (430_000_000, ["memory grew by 7.5%"])], ids=["level", "grown"]
)
def test_memory_that_grew_by_more_than_it_may_is_a_fault(grown: int, fault: list[str]) -> None:
    samples = [sample(0), *(sample(n, grown) for n in range(1, 12))]
    assert judged("so many", samples, (times(0.02), times(0.02)), None, []) == fault


def test_memory_of_its_own_that_grew_is_a_fault_where_pages_of_files_went_meanwhile() -> None:
    samples = [sample(0), *(sample(n, resident=300_000_000, own=280_000_000) for n in range(1, 12))]
    assert judged("so many", samples, (times(0.02), times(0.02)), None, []) == ["memory grew by 7.5%"]


def test_a_file_that_stays_open_is_a_fault() -> None:
    samples = [sample(0), *(sample(n, files=17) for n in range(1, 12))]
    assert judged("so many", samples, (times(0.02), times(0.02)), None, []) == ["16 and later 17 files"]


def test_times_are_compared_as_multiples_of_a_fixed_piece_of_work(capsys: pytest.CaptureFixture[str]) -> None:
    samples = [sample(n) for n in range(12)]
    # All took longer, the piece as well: the machine did other things.
    assert judged("so many", samples, (times(0.02), times(0.03, piece=0.0015)), None, []) == []
    told = capsys.readouterr().out
    assert "+50.0%" in told
    assert "+0.0%" in told
    found = judged("so many", samples, (times(0.02), times(0.03)), None, [])
    assert found == ["the 95th percentile of the processor's time grew by 50.0%"]
