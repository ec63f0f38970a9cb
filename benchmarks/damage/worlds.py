"""What is damaged: an index with conversations, saved searches, a page that was fetched, settings, a cache and a model."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks import web_site

TALK = "talk"
QUESTIONS = (
    "What did they say about the peace agreement?",
    "How many calls were there in 2022?",
    "Who met the Prime Minister of Japan?",
)
#: Another setting than the default, so that it shows whether it is read.
SETTINGS = b'# Read by every command.\nlimit = 7\nengine = "auto"\n\n[keys]\nchat.new = "f9"\n'
PAGE = (
    b"<!doctype html><html lang='en'><title>A call about salt (3 May 2024)</title><body><p>The two ministers spoke of salt and "
    b"of the price of barges. They agreed to speak again.</p></body></html>"
)

Run = Callable[..., Mapping[str, Any]]


def places(place: Path) -> dict[str, str]:
    """Variables by which the program keeps everything below a place."""
    return {
        "READOUTS_INDEX": str(place / "index"),
        "READOUTS_HISTORY": str(place / "talks"),
        "READOUTS_SETTINGS": str(place / "config" / "settings.toml"),
        "XDG_CACHE_HOME": str(place / "cache"),
        "DAMAGE_MODEL": str(place / "model"),
    }


def make(place: Path, corpus: Path, address: str, run: Run, model: Path | None) -> None:
    """Make all of it.

    Args:
        place: Where.
        corpus: Folder of readouts.
        address: Of a page.
        run: Runs a command over this place.
        model: Folder of a model, whose files are linked to; None for none.
    """
    (place / "config").mkdir(parents=True)
    (place / "config" / "settings.toml").write_bytes(SETTINGS)
    for path in sorted(model.rglob("*")) if model else ():
        if path.is_file():
            link = place / "model" / path.relative_to(model or path)
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(path.resolve())
    for command in (
        ["index", str(corpus), address, "--quiet"],
        ["ask", QUESTIONS[0], "--conversation", TALK, "--json"],
        ["ask", "And what about 2023?", "--conversation", TALK, "--json"],
        ["watch", "add", "peace", "peace agreement"],
        ["watch", "run", "--json"],
        ["watch", "add", "salt", "price of salt", "--from", "2024"],
    ):
        ran = run(*command)
        if ran["code"] not in (0, 10):
            raise SystemExit(f"{command}: {ran['err']}{ran['trace']}")


def few(corpus: Path, folder: Path) -> Path:
    """A smaller corpus, for another index."""
    folder.mkdir(parents=True)
    for path in sorted(corpus.iterdir())[:5]:
        shutil.copy(path, folder)
    return folder


@contextmanager
def site() -> Iterator[str]:
    """A web site of one page that does not change; gives its address."""
    with web_site.site() as served:
        yield served.give("/salt", PAGE, ETag='"first"', Content_Type="text/html; charset=utf-8")
