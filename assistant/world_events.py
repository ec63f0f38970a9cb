"""Events that people date things by ("after the fall of Kabul", "at the Vilnius summit"), with their days."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

# What people call an event, and its first and last day. Widely reported facts; only events of one meaning.
_EVENTS: tuple[tuple[str, str, str], ...] = (
    (r"(?:first )?biden(?:'s)? inauguration|inauguration of (?:president )?biden", "2021-01-20", "2021-01-20"),
    (
        r"(?:second )?trump(?:'s)? (?:second )?inauguration|inauguration of (?:president )?trump",
        "2025-01-20",
        "2025-01-20",
    ),
    (r"myanmar coup|coup in (?:myanmar|burma)|burma coup", "2021-02-01", "2021-02-01"),
    (r"carbis bay(?: g7)?(?: summit)?|cornwall g7|g7 (?:summit )?in cornwall", "2021-06-11", "2021-06-13"),
    (r"biden[- ]putin summit|putin[- ]biden summit|geneva summit with putin", "2021-06-16", "2021-06-16"),
    (r"assassination of (?:president )?mo[iï]se|mo[iï]se(?:'s)? assassination", "2021-07-07", "2021-07-07"),
    (r"fall of kabul|taliban(?:'s)? takeover", "2021-08-15", "2021-08-15"),
    (r"aukus announcement|announcement of aukus", "2021-09-15", "2021-09-15"),
    (r"rome g-?20(?: summit)?|g-?20 (?:summit )?in rome", "2021-10-30", "2021-10-31"),
    (r"cop-?26", "2021-10-31", "2021-11-13"),
    (
        r"(?:russia(?:'s|n)? )?(?:full[- ]scale )?invasion of ukraine|(?:full[- ]scale )?russian invasion",
        "2022-02-24",
        "2022-02-24",
    ),
    (r"g7 (?:summit )?(?:in|at) elmau|elmau(?: g7)?(?: summit)?", "2022-06-26", "2022-06-28"),
    (r"(?:nato )?madrid summit|nato summit in madrid|madrid nato summit", "2022-06-28", "2022-06-30"),
    (r"assassination of (?:shinzo |former prime minister )?abe|abe(?:'s)? assassination", "2022-07-08", "2022-07-08"),
    (r"nord stream (?:sabotage|explosions?|blasts?)", "2022-09-26", "2022-09-26"),
    (r"death of queen elizabeth|queen(?: elizabeth)?(?:'s)? death", "2022-09-08", "2022-09-08"),
    (r"cop-?27", "2022-11-06", "2022-11-20"),
    (r"bali (?:g-?20 )?summit|g-?20 (?:summit )?in bali|g-?20 bali summit", "2022-11-15", "2022-11-16"),
    (r"(?:u\.?s\.?[- ])?africa leaders'? summit", "2022-12-13", "2022-12-15"),
    (r"(?:chinese )?(?:spy )?balloon (?:incident|shootdown|shoot-down)", "2023-02-04", "2023-02-04"),
    (r"(?:earthquakes? in t[uü]rk(?:ey|iye)|turkish earthquakes?)(?: and syria)?", "2023-02-06", "2023-02-06"),
    (r"g7 (?:summit )?in hiroshima|hiroshima (?:g7 )?summit|hiroshima g7(?: summit)?", "2023-05-19", "2023-05-21"),
    (r"kakhovka dam(?: (?:collapse|breach|destruction))?|destruction of the kakhovka dam", "2023-06-06", "2023-06-06"),
    (
        r"wagner (?:mutiny|rebellion|revolt)|prigozhin(?:'s)? (?:mutiny|rebellion|revolt|march)",
        "2023-06-23",
        "2023-06-24",
    ),
    (r"(?:nato )?vilnius summit|nato summit in vilnius|vilnius nato summit", "2023-07-11", "2023-07-12"),
    (r"niger coup|coup in niger", "2023-07-26", "2023-07-26"),
    (r"camp david summit|(?:trilateral )?(?:summit|meeting) at camp david", "2023-08-18", "2023-08-18"),
    (r"(?:new )?delhi (?:g-?20 )?summit|g-?20 (?:summit )?in (?:new )?delhi", "2023-09-09", "2023-09-10"),
    (
        r"(?:october 7(?:th)?|7(?:th)? (?:of )?october|7/10|oct\.? 7(?:th)?)(?: hamas)? (?:attacks?|massacre|assault)|"
        r"hamas(?:'s?)? (?:terror(?:ist)? )?(?:attacks?|massacre|assault)",
        "2023-10-07",
        "2023-10-07",
    ),
    (r"san francisco apec|apec (?:summit )?in san francisco|woodside summit", "2023-11-15", "2023-11-17"),
    (r"cop-?28", "2023-11-30", "2023-12-13"),
    (r"death of (?:alexei |aleksei )?navalny|navalny(?:'s)? death", "2024-02-16", "2024-02-16"),
    (r"(?:nato )?washington summit|nato summit in washington", "2024-07-09", "2024-07-11"),
    (r"cop-?29", "2024-11-11", "2024-11-22"),
    (r"lima apec|apec (?:summit )?in lima", "2024-11-14", "2024-11-16"),
    (r"rio g-?20(?: summit)?|g-?20 (?:summit )?in rio(?: de janeiro)?", "2024-11-18", "2024-11-19"),
    (r"fall of (?:bashar al-)?assad|assad(?:'s)? (?:fall|ouster|overthrow)", "2024-12-08", "2024-12-08"),
    (r"2020 (?:u\.?s\.? )?(?:presidential )?election", "2020-11-03", "2020-11-03"),
    (r"2022 midterms?(?: elections?)?", "2022-11-08", "2022-11-08"),
    (r"2024 (?:u\.?s\.? )?(?:presidential )?election", "2024-11-05", "2024-11-05"),
)
_PATTERNS = tuple(
    (re.compile(rf"\b(?:{words})\b", re.IGNORECASE), dt.date.fromisoformat(first), dt.date.fromisoformat(last))
    for words, first, last in _EVENTS
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventMention:
    """A world event named in a text: half-open span, first and last day."""

    start: int
    end: int
    first: dt.date
    last: dt.date


def find_world_events(text: str) -> Iterator[EventMention]:
    """Events that ``text`` names, in the order of the table."""
    text = text.replace("’", "'")
    for pattern, first, last in _PATTERNS:
        for match in pattern.finditer(text):
            yield EventMention(start=match.start(), end=match.end(), first=first, last=last)
