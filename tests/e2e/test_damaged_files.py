"""A short, fixed part of ``python -m benchmarks.damage``: every file, with an encoder that needs no model."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from small_index import HashEncoder, write_corpus

import assistant.api
import assistant.doctor
import assistant.repairing
from benchmarks.damage import worlds
from benchmarks.damage.campaign import GOOD, Campaign
from benchmarks.damage.damaging import cases
from benchmarks.damage.workers import VARIANTS, prepare, run_here
from index import checksums
from index.vectors import rows, segmented

#: What is done to the files of each; the command does all of it to all.
KINDS = {"flat": ("bit", "deleted"), "lists": ("cut", "zeroed"), "large": ("bit", "garbage"), "rot": ("bit", "zeroed")}


@pytest.mark.parametrize("variant", VARIANTS)
def test_whatever_file_is_damaged_no_answer_is_wrong_and_the_repair_names_what_is_lost(
    variant: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Set to what they are, so that they are that again afterwards.
    for module, name in ((rows, "LARGE"), (segmented, "INVERTED_FROM"), (checksums, "WHOLE")):
        monkeypatch.setattr(module, name, getattr(module, name))
    prepare(variant)
    encoder = HashEncoder()
    for module in (assistant.api, assistant.repairing):
        monkeypatch.setattr(module, "find_model", lambda name, **_: name)
        monkeypatch.setattr(module, "load_encoder", lambda model, **_: encoder)

    def start(place: Path) -> tuple[worlds.Run, Callable[[], None]]:
        for name, value in worlds.places(place).items():
            monkeypatch.setenv(name, value)
        return lambda *command: run_here(command), lambda: None

    drawn = random.Random(7)
    with worlds.site() as address:
        campaign = Campaign(tmp_path / "work", write_corpus(tmp_path / "corpus"), address, start)
        every = sorted({case for case in cases(campaign.whole) if case[1] in KINDS[variant]})
        every = [case for case in every if variant == "flat" or case[0].endswith((".sqlite", ".lists", ".rows"))]
        bad = {}
        for name, kind in every:
            found = campaign.case(name, kind, drawn)
            if found is not None and found[0] not in GOOD:
                bad[name, kind] = found
        campaign.close()
    assert not bad
