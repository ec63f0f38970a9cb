"""Pictures of the real screen over a real index, as SVG and PNG: ``python -m benchmarks.pictures INDEX FOLDER``.

The letters of a PNG are those of DejaVu Sans Mono, which must be installed.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

import resvg_py

from assistant.api import Assistant
from assistant.tui.app import ReadoutsApp
from assistant.tui.chat import ChatScreen

#: Seconds to wait for one step at most.
PATIENCE = 60.0
#: Width of a cell in the picture, and of a letter of DejaVu Sans Mono in its own size.
CELL = 12.2
ADVANCE = 1233 / 2048


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One state of the screen.

    Attributes:
        name: File name without its ending.
        size: Columns and lines.
        question: Asked first; empty for none.
        keys: Pressed then, one after the other.
        theme: Look.
    """

    name: str
    size: tuple[int, int] = (120, 40)
    question: str = ""
    keys: tuple[str, ...] = ()
    theme: str = "ink"


QUOTES = "What did Biden tell Putin about Ukraine in December 2021?"
PICTURES = (
    Picture(name="start-80x24", size=(80, 24)),
    Picture(name="answer", question=QUOTES),
    Picture(name="answer-80x24", size=(80, 24), question=QUOTES),
    Picture(name="reading", question=QUOTES, keys=("tab", "1")),
    Picture(name="reading-80x24", size=(80, 24), question=QUOTES, keys=("tab", "1")),
    Picture(name="light", question=QUOTES, theme="paper"),
    Picture(name="ansi", question=QUOTES, theme="ansi"),
    Picture(name="wall", size=(200, 50), question=QUOTES, keys=("tab",)),
    Picture(name="abstention", question="Who won the football match between the two ministers?", keys=("tab",)),
    Picture(name="list", question="How many times did Biden and Zelenskyy speak in 2022?", keys=("tab",)),
    Picture(name="why", question=QUOTES, keys=("tab", "w")),
    Picture(name="browse", keys=("ctrl+b", "ctrl+f", "j", "enter")),
    Picture(name="browse-80x24", size=(80, 24), keys=("ctrl+b",)),
    Picture(name="index", keys=("f5",)),
    Picture(name="help", question=QUOTES, keys=("tab", "f1")),
    Picture(name="palette", question=QUOTES, keys=("ctrl+p",)),
    Picture(name="palette-80x24", size=(80, 24), keys=("ctrl+p",)),
    Picture(name="filters-80x24", size=(80, 24), question="party:Japan from:2023 security", keys=("ctrl+f",)),
    Picture(name="notice-80x24", size=(80, 24), question=QUOTES, keys=("tab", "y")),
    Picture(name="light-browse-80x24", size=(80, 24), theme="paper", keys=("ctrl+b", "ctrl+f", "j")),
    Picture(name="history", question=QUOTES, keys=("ctrl+r",)),
)


async def take(assistant: Assistant, picture: Picture) -> str:
    """The screen as SVG."""
    app = ReadoutsApp(assistant)
    app.theme = picture.theme
    async with app.run_test(size=picture.size, notifications=True) as pilot:
        screen = app.screen
        assert isinstance(screen, ChatScreen)
        await _until(pilot, lambda: screen.asking.ready and bool(screen.top.holdings))
        if picture.question:
            screen.question.fill(picture.question)
            await pilot.press("enter")
            await _until(pilot, lambda: screen.asking.pending is None and screen.exchange is not None)
        for key in picture.keys:
            await pilot.pause(0.2)
            await pilot.press(key)
        await pilot.pause(0.5)
        return app.export_screenshot()


async def _until(pilot, condition) -> None:  # type: ignore[no-untyped-def]
    for _ in range(int(PATIENCE / 0.05)):
        await pilot.pause(0.05)
        if condition():
            return
    raise TimeoutError("The screen did not come to rest.")


def for_converters(svg: str) -> str:
    """The same picture for converters that drop spaces at the start of a text and have not the font."""

    def shift(match: re.Match[str]) -> str:
        spaces = match["spaces"].count("&#160;")
        return f'{match["head"]}x="{float(match["x"]) + spaces * CELL:g}"{match["mid"]}>'

    svg = re.sub(r'(?P<head><text [^>]*?)x="(?P<x>[\d.]+)"(?P<mid>[^>]*?)>(?P<spaces>(?:&#160;)+)(?=[^<])', shift, svg)
    svg = re.sub(r' textLength="[\d.]+"', "", svg)
    svg = svg.replace("font-size: 20px;", f"font-size: {CELL / ADVANCE:.3f}px;", 1)
    return svg.replace("Fira Code", "DejaVu Sans Mono").replace("font-family: arial", "font-family: DejaVu Sans")


def main() -> None:
    """Take all pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("index", type=Path, help="folder of the index")
    parser.add_argument("out", type=Path, help="folder for the pictures")
    parser.add_argument("--only", nargs="*", default=(), help="names of pictures")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as history, Assistant.open(options.index, history=history) as assistant:
        # What is loaded for a first question is no part of the time that the screen shows.
        assistant.ask("What did Blinken and Sisi discuss?")
        for picture in PICTURES:
            if options.only and picture.name not in options.only:
                continue
            svg = asyncio.run(take(assistant, picture))
            (options.out / f"{picture.name}.svg").write_text(svg, encoding="utf-8")
            png = resvg_py.svg_to_bytes(svg_string=for_converters(svg))
            (options.out / f"{picture.name}.png").write_bytes(png)
            print(picture.name)


if __name__ == "__main__":
    main()
