"""The disk of the campaign that cuts the power: it gives back what was synchronised, and of the rest whatever it likes."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from benchmarks.unsettled import SURVIVES, Disk, Operation


def disk(folder: Path) -> Disk:
    (folder / "kept").write_bytes(b"before")
    return Disk(folder)


def do(
    to: Disk, kind: str, path: str = "", other: str = "", *, inode: int = 0, offset: int = 0, content: bytes = b""
) -> None:
    to.do(Operation(kind, inode, offset, path, other, content))


def found(of: Disk, survives: str, seed: int) -> dict[str, bytes | None]:
    return {name: content for name, (_, content) in of.cut(survives, random.Random(seed)).items()}


def replaced(folder: Path, *, synchronised: bool) -> Disk:
    """The file written anew beside its place and moved there."""
    made = disk(folder)
    do(made, "c", f"{folder}/new", inode=-1)
    do(made, "w", inode=-1, content=b"after")
    if synchronised:
        do(made, "s", f"{folder}/new", inode=-1)
    do(made, "r", f"{folder}/new", f"{folder}/kept")
    return made


@pytest.mark.parametrize("survives", SURVIVES)
def test_what_was_synchronised_before_it_was_renamed_is_the_old_or_the_new(tmp_path: Path, survives: str) -> None:
    made = replaced(tmp_path, synchronised=True)
    contents = {found(made, survives, seed)["kept"] for seed in range(40)}
    assert contents <= {b"before", b"after"}
    do(made, "s", str(tmp_path))
    assert all(found(made, survives, seed) == {"kept": b"after"} for seed in range(40))


def test_what_was_not_synchronised_may_be_empty_under_its_new_name(tmp_path: Path) -> None:
    made = replaced(tmp_path, synchronised=False)
    assert found(made, "names", 1) == {"kept": b""}
    assert found(made, "nothing", 1) == {"kept": b"before"}
    assert {found(made, "some", seed).get("kept") for seed in range(40)} == {b"before", b"after", b""}


def test_of_a_long_write_some_sectors_may_be_missing_and_of_a_cut_the_end_may_stay(tmp_path: Path) -> None:
    made = disk(tmp_path)
    inode = (tmp_path / "kept").stat().st_ino
    do(made, "w", inode=inode, content=b"\1" * 2048)
    torn = {found(made, "some", seed)["kept"] for seed in range(200)}
    assert any(content and b"\0" * 512 in content for content in torn)
    do(made, "s", f"{tmp_path}/kept", inode=inode)
    do(made, "t", inode=inode, offset=3)
    assert {len(found(made, "some", seed)["kept"] or b"") for seed in range(40)} == {3, 2048}


def test_a_folder_that_was_moved_is_there_with_what_was_in_it_or_under_its_old_name(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "page").write_bytes(b"text")
    made = disk(tmp_path)
    do(made, "r", f"{tmp_path}/old", f"{tmp_path}/new")
    seen = {name for seed in range(40) for name in found(made, "some", seed) if name.endswith("page")}
    assert seen == {"old/page", "new/page"}
    do(made, "u", f"{tmp_path}/new/page")
    do(made, "s", f"{tmp_path}/new")
    assert not any(name.endswith("page") for name in found(made, "nothing", 1))
