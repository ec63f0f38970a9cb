"""Words for the screen: made harmless, and phrased as a reader expects them.

Anything from a document, a question or a file name reaches a widget only through ``plain`` or ``line``.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

from assistant.datatypes import Answer, Status
from assistant.harmless import plain as plain
from assistant.wording import counted as counted
from index.datatypes import Facts, Party, Side, Source
from index.markup import address
from index.pages import page_words
from index.textforms import fold

_MARKDOWN_ACTS = re.compile(r"([\\\[\]<`])")


def line(text: str) -> str:
    """``plain`` on one line."""
    if text.isascii() and text.isprintable():  # most are, and long lists have many
        return " ".join(text.split())
    return " ".join(plain(text).split())


def alike(text: str) -> str:
    """The text folded for comparison, code point by code point, so that what is found can be marked."""
    if text.isascii():
        return text.lower()
    return "".join((fold(c) or "\ufffc")[0] if not unicodedata.combining(c) else "\ufffc" for c in text)


def day(date: dt.date | None) -> str:
    """``5 May 2023``, or "undated"."""
    return f"{date.day} {date:%b} {date.year}" if date else "undated"


def days(first: dt.date | None, last: dt.date | None) -> str:
    """A range as briefly as possible: ``May 2023``, ``2023``, ``since 5 May 2023``."""
    if first is None and last is None:
        return "any date"
    if first is None:
        return f"until {day(last)}"
    if last is None:
        return f"since {day(first)}"
    if first == last:
        return day(first)
    after = last + dt.timedelta(days=1)
    if first.day == 1 and after.day == 1:
        if first.month == 1 and after.month == 1:
            return str(first.year) if first.year == last.year else f"{first.year}–{last.year}"
        if (first.year, first.month) == (last.year, last.month):
            return f"{first:%b} {first.year}"
        return f"{first:%b} {first.year} – {last:%b} {last.year}"
    return f"{day(first)} – {day(last)}"


def span(first: str, last: str) -> str:
    """``days`` of two ISO dates."""
    return days(dt.date.fromisoformat(first), dt.date.fromisoformat(last))


def when(source: Source, facts: Facts) -> str:
    """Day of the event, otherwise of publication."""
    if facts.event_date and facts.event_end and facts.event_end != facts.event_date:
        return days(facts.event_date, facts.event_end)
    return day(facts.event_date or source.published)


def party(who: Party) -> str:
    """Name, office and country as far as they are known."""
    about = ", ".join(part for part in (who.office, who.country) if part)
    if who.name:
        return line(f"{who.name} ({about})" if about else who.name)
    return line(about)


def sides(facts: Facts) -> str:
    """Who met whom, in few words: ``Sullivan – Wang Yi``; empty if nobody is known."""

    def short(side: Side) -> str:
        return ", ".join(dict.fromkeys(p.name or p.country or p.office for p in facts.parties if p.side is side))

    return line(" – ".join(part for part in (short(Side.OWN), short(Side.COUNTERPART)) if part))


def origin(source: Source, facts: Facts, pages: tuple[int, int] | None = None) -> str:
    """Issuer, day, kind and page on one line."""
    page = page_words(*pages) if pages else ""
    return " · ".join(part for part in (line(source.issuer), when(source, facts), facts.kind.value, page) if part)


def support_mark(answer: Answer) -> tuple[str, str, str]:
    """How well the answer is backed: a mark, the words with the estimate in [0, 1], and the name of the colour.

    The bounds follow a reader's expectation: of answers at 0.75, three in four are right.
    """
    if answer.status is Status.ABSTAINED:
        return "○○○", "The readouts do not say", "error"
    partial = answer.status is Status.PARTIAL
    if answer.support >= 0.75:
        mark, words, color = ("●●○", "Well", "warning") if partial else ("●●●", "Well", "success")
    elif answer.support >= 0.5:
        mark, words, color = "●●○", "Fairly", "warning"
    else:
        mark, words, color = "●○○", "Weakly", "error"
    return mark, f"{'Partly' if partial else words} supported ({answer.support:.2f})", color


def lasting(seconds: float) -> str:
    """``0.4 s``, ``12 s``, ``3 min``, ``2 h 5 min``."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"


def citation_markdown(quote: str, source: Source, facts: Facts, pages: tuple[int, int] | None = None) -> str:
    """Quote and citation as Markdown, each paragraph on one unwrapped line."""
    title, url = _inert(source.title), address(source.url)
    link = f"[{title}](<{url}>)" if url else f"“{title}”"
    parts = [_inert(source.issuer), link]
    if facts.event_date:
        parts.append(
            f"{facts.kind.value} of {day(facts.event_date)}" if facts.kind.value != "other" else day(facts.event_date)
        )
    if source.published and source.published != facts.event_date:
        parts.append(f"published {day(source.published)}")
    parts.append(page_words(*pages) if pages else "")
    return f"> {_inert(quote)}\n\n— {', '.join(part for part in parts if part)}\n"


def _inert(text: str) -> str:
    """One line of Markdown without links, pictures or HTML; stars and the like only affect its look."""
    return _MARKDOWN_ACTS.sub(r"\\\1", line(text))
