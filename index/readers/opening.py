"""How a text opens: its own title, and the dateline of a report."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from index.readers.cleanup import clean_line
from index.readers.days import parse_day
from index.readers.layout import heading_of

#: The longest of 2,531 real titles has 47 words; a longer first line is text.
_TITLE_WORDS = 50
_NO_TITLES = frozenset(
    {"for immediate release", "immediate release", "press release", "press statement", "media release", "readout"}
)
#: Titles that programs put into files on their own.
_NO_TITLE = re.compile(r"untitled|microsoft word|\.(?:docx?|pdf|indd|rtf|pptx?|xlsx?)\b|\w_\w|\\|/", re.IGNORECASE)
_UNDERLINE = re.compile(r" {0,3}(?:=+|-+) *")
_LISTED = re.compile(r"\s*(?:[-*+•>|]|\d+[.)])\s")

_DATE = (
    r"(?:[A-Z][a-z]+, )?"
    r"(?P<date>\d{1,2}(?:st|nd|rd|th)? [A-Z][a-z]{2,8}\.?,? \d{4}|[A-Z][a-zA-Z]{2,8}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}"
    r"|\d{4}-\d{2}-\d{2})"
)
_DAY = re.compile(rf"(?<![\w-]){_DATE}(?![\w-])")
#: "Baku, 1 March 2023 (TDI):", "WASHINGTON, March 3, 2022 —", "GENEVA (3 March 2022) –"
_DATELINE = re.compile(
    r"(?P<place>[^\W\d_][\w.'’ -]{1,40}(?:, [^\W\d_][\w.'’ -]{1,30})?)(?:, ?| [(–—-] ?| )"
    rf"{_DATE}\)?,? ?(?:[(/\[](?P<agency>[^)\]/(\n]{{2,60}})[)/\]])?\s*(?::|—|–|--?|\.)(?=\s|\Z)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dateline:
    """What precedes the first sentence of a report; each part may be missing."""

    day: dt.date | None = None
    agency: str = ""


def read_dateline(text: str) -> Dateline:
    """The day and the agency of a report that opens with place and date.

    The place is where the report was filed, which need not be where the two sides met, so it stays in the text.
    """
    match = _DATELINE.match(text[:300])
    if match is None:
        return Dateline()
    try:
        day = parse_day(match["date"])
    except ValueError:
        return Dateline()
    return Dateline(day=day, agency=clean_line(match["agency"] or ""))


def split_title(raw: str) -> tuple[str, str]:
    """Separate a text from the title it opens with.

    Returns:
        The cleaned title and the rest; an empty title and the whole text if it opens otherwise or is nothing but the title.
    """
    lines = raw.lstrip("\ufeff").split("\n")
    first = next((place for place, line in enumerate(lines) if line.strip()), None)
    if first is None:
        return "", raw
    line, after = lines[first].rstrip(), lines[first + 1 :]
    heading = heading_of(line)
    underlined = bool(after) and len(after[0].strip()) >= 3 and bool(_UNDERLINE.fullmatch(after[0].rstrip()))
    alone = bool(after) and not after[0].strip()
    if not (heading or underlined or alone):
        return "", raw
    title = clean_line(heading or line)
    rest = "\n".join(after[1:] if underlined and not heading else after)
    is_title = bool(heading) or underlined or reads_like_title(line, title)
    if is_title and title and title.lower() not in _NO_TITLES and rest.strip():
        return title, rest
    return "", raw


def reads_like_title(line: str, title: str) -> bool:
    """Whether a line on its own above a text is its title.

    Args:
        line: The line as written.
        title: The same, cleaned.
    """
    return (
        not title.endswith((".", ":", ";", ",", "!"))
        and len(title.split()) <= _TITLE_WORDS
        and not _LISTED.match(line)
        and read_dateline(title) == Dateline()
    )


def told_title(given: str, opening: str) -> str:
    """The title in a file's own metadata, if its opening says most of it; otherwise empty.

    Programs fill the field on their own: with the name of the file, of a template or of an earlier text.
    """
    wanted = re.findall(r"\w{3,}", given.casefold())
    said = set(re.findall(r"\w{3,}", opening.casefold()))
    is_told = wanted and not _NO_TITLE.search(given) and sum(word in said for word in wanted) * 10 >= len(wanted) * 7
    return given if is_told else ""


def day_in(line: str) -> dt.date | None:
    """The first day that a line names in full, whatever else it says."""
    for match in _DAY.finditer(line[:300]):
        try:
            return parse_day(match["date"])
        except ValueError:
            continue
    return None
