from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from leaders import make_index, open_assistant
from small_index import HashEncoder, write_corpus

from assistant.api import Assistant
from index import build
from index.search import PassageIndex

# The same examples in every run, so that a red run means a change and not a new draw; READOUTS_HYPOTHESIS=random explores.
hypothesis.settings.register_profile("steady", derandomize=True, deadline=None)
if os.environ.get("READOUTS_HYPOTHESIS") != "random":
    hypothesis.settings.load_profile("steady")


@pytest.fixture
def encoder() -> HashEncoder:
    return HashEncoder()


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Folder with the eight invented readouts."""
    return write_corpus(tmp_path / "readouts")


@pytest.fixture
def built(tmp_path: Path, corpus: Path) -> Path:
    """Folder of an index over the invented readouts, to be written to."""
    folder = tmp_path / "built"
    build.add(folder, [corpus], HashEncoder)
    return folder


@pytest.fixture(scope="session")
def passages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PassageIndex]:
    """An index over the invented readouts, open for questions; shared, so never written to."""
    folder = tmp_path_factory.mktemp("shared")
    build.add(folder / "built", [write_corpus(folder / "readouts")], HashEncoder)
    opened = PassageIndex(folder / "built")
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def leaders_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of an index over the leaders' readouts; shared, so never written to."""
    return make_index(tmp_path_factory.mktemp("leaders"))


@pytest.fixture
def leaders(leaders_index: Path) -> Iterator[Assistant]:
    """An assistant over the leaders' readouts, with conversations in memory."""
    with open_assistant(leaders_index) as opened:
        yield opened


@pytest.fixture(scope="session")
def corpora() -> Path:
    """Folder of the real corpora."""
    named = os.environ.get("READOUTS_CORPORA", "")
    if not named:
        pytest.skip("READOUTS_CORPORA does not name the folder of the real corpora")
    if not Path(named).is_dir():
        pytest.skip(f"READOUTS_CORPORA names {named}, which is no folder")
    return Path(named)
