"""Lines into paragraphs and list items: hard-wrapped lines joined, headings and lists distinguished from prose."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

#: An intended line break (``<br>``, two spaces or a backslash at the end of the line).
LINE_BREAK = "  \n"

#: A line of marks only: rules, underlines of headings, ``###`` and ``-30-`` at the end of a release. Escaped marks
#: are noncharacters here.
_RULE = re.compile("[ ]*(?:(?:[-*_=#~\ufdd0-\ufdef] ?){3,}|-30-)[ ]*")
_HEADING = re.compile(r" {0,3}#{1,6} +(\S.*)")
_QUOTED = re.compile(r"\A {0,3}(?:> ?)+")
_ITEM = re.compile(r"[ ]*([-*+•·▪●◦‣–—]|\d{1,3}[.)])\s+(?=\S)")
#: Bullets that never occur in prose also separate items within a line.
_BULLET_IN_LINE = re.compile(r"(?<!\s)\s*(?<!\w)[•▪●◦‣]\s*(?=\S)|(?<=[:;,.])[•▪●◦‣]\s*(?=\S)")
_ENDED = (".", "!", "?", "”", '"', ":", "…", "。", "।", "؟")
#: No hard-wrapped file has lines as long as this (the White House wraps at 72): longer lines are whole paragraphs.
_WRAPPED = 120
#: Items separated by empty lines are one list if they are no longer than this; longer ones are paragraphs of their own.
_SHORT_ITEM = 25
_CJK = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")


@dataclass(slots=True)
class _Block:
    """Lines of one paragraph while they are gathered, each in the pieces that hard wrapping left."""

    lines: list[list[str]] = field(default_factory=list)
    is_list: bool = False
    broken: bool = False
    last_raw: str = ""


def paragraphs(text: str) -> Iterator[list[str]]:
    """Gather the lines of a text.

    Yields:
        The lines of one paragraph: one line for prose, one per item for a list (with its lead-in first, if it has one).
    """
    held: _Block | None = None
    is_short = False
    for block in _blocks(_one_bullet_a_line(text)):
        # Known for the lines already held, or a list of thousands would be searched for each of its items.
        if held and held.is_list and block.is_list and is_short and _short(block):
            held.lines += block.lines
            continue
        if held:
            yield _words(held)
        held, is_short = block, _short(block)
    if held:
        yield _words(held)


def heading_of(line: str) -> str:
    """The words of a Markdown heading, without its marks; empty if the line is not one."""
    match = _HEADING.fullmatch(line)
    words = match.group(1).rstrip() if match else ""
    before, _, marks = words.rpartition(" ")
    return before.rstrip() if before and set(marks) == {"#"} else words


def _short(block: _Block) -> bool:
    return all(sum(len(piece.split()) for piece in line) <= _SHORT_ITEM for line in block.lines)


def _words(block: _Block) -> list[str]:
    return ["".join(line) for line in block.lines]


def _one_bullet_a_line(text: str) -> str:
    if not re.search("[•▪●◦‣]", text):
        return text
    return "\n".join(_BULLET_IN_LINE.sub("\n• ", line).lstrip("\n") for line in text.split("\n"))


def _blocks(text: str) -> Iterator[_Block]:
    block = _Block()
    for raw in text.split("\n"):
        line = _QUOTED.sub("", raw.replace("\u00a0", " "))
        heading = heading_of(line)
        if not line.strip() or _RULE.fullmatch(line) or heading or _is_whole(block, line):
            if block.lines:
                yield block
            block = _Block()
        if heading:
            yield _Block(lines=[[heading]])
        elif line.strip() and not _RULE.fullmatch(line):
            _take(block, line)
    if block.lines:
        yield block


def _is_whole(block: _Block, line: str) -> bool:
    """Whether the line before was a paragraph of its own, as in files that are not hard-wrapped."""
    before = block.last_raw.rstrip()
    return (
        not block.is_list
        and len(before) > _WRAPPED
        and before.endswith(_ENDED)
        and not line.lstrip()[:1].islower()
        and not _ITEM.match(line)
    )


def _take(block: _Block, line: str) -> None:
    """Add a line: a new item, a new line after an intended break, or a continuation of the line before."""
    item = _ITEM.match(line)
    content = line.rstrip()
    broken = line.endswith("  ") or (content.endswith("\\") and not content.endswith("\\\\"))
    content = content.rstrip("\\") if broken else content
    if item and _starts_item(block, item.group(1)):
        block.is_list = block.is_list or not block.lines
        mark = item.group(1)
        block.lines.append([(f"{mark} " if mark[0].isdigit() else "") + content[item.end() :]])
    elif block.lines and not (block.broken and not content.lstrip()[:1].islower()):
        line_so_far, more = block.lines[-1], content.lstrip()
        line_so_far += ["" if _is_one_word(line_so_far[-1], more) else " ", more]
    else:
        block.lines.append([content.lstrip()])
    block.broken = broken
    block.last_raw = line


def _starts_item(block: _Block, mark: str) -> bool:
    """Whether a line begins an item: in prose a number or a dash can begin a line by chance, a bullet cannot."""
    if mark in "-*+•·▪●◦‣" or not block.lines or block.is_list or block.broken:
        return True
    return mark in {"1.", "1)"} or (mark in "–—" and block.lines[-1][-1].rstrip().endswith(":"))


def _is_one_word(before: str, after: str) -> bool:
    """Whether no space belongs between two pieces: a compound broken at its hyphen, or a script without spaces."""
    if before.endswith("-"):
        return before[-2:-1].isalnum() and after[:1].isalpha()
    return bool(_CJK.match(before[-1:]) and _CJK.match(after[:1]))
