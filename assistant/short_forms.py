"""Short forms and second spellings of English diplomacy, for full-text search: ``PM`` is also "prime minister"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.textforms import fold

#: Folded short form to what it stands for. Countries and bodies are not here: ``index.facts.countries`` knows them.
SHORT_FORMS: dict[str, tuple[str, ...]] = {
    "pm": ("prime minister",),
    "fm": ("foreign minister",),
    "vp": ("vice president",),
    "veep": ("vice president",),
    "nsa": ("national security advisor",),
    "potus": ("president",),
    "vpotus": ("vice president",),
    "secdef": ("secretary of defense",),
    "secstate": ("secretary of state",),
    "premier": ("prime minister",),
    "nsc": ("national security council",),
    "mfa": ("ministry of foreign affairs", "foreign ministry"),
    "ai": ("artificial intelligence",),
    "ev": ("electric vehicle",),
    "lng": ("liquefied natural gas",),
    "mou": ("memorandum of understanding",),
    "fta": ("free trade agreement",),
    "ipef": ("indo-pacific economic framework",),
    "pgii": ("partnership for global infrastructure and investment",),
    "pgi": ("partnership for global infrastructure and investment",),
    "bri": ("belt and road",),
    "jcpoa": ("joint comprehensive plan of action", "iran nuclear deal"),
    "npt": ("non-proliferation treaty",),
    "ctbt": ("comprehensive test ban treaty",),
    "icbm": ("intercontinental ballistic missile",),
    "wmd": ("weapons of mass destruction",),
    "unsc": ("security council",),
    "unga": ("general assembly",),
    "unscr": ("security council resolution",),
    "cop26": ("climate change conference", "glasgow"),
    "cop27": ("climate change conference", "sharm el-sheikh"),
    "cop28": ("climate change conference", "dubai"),
    "cop29": ("climate change conference", "baku"),
    "idf": ("israel defense forces",),
    "irgc": ("islamic revolutionary guard corps", "revolutionary guards"),
    "isis": ("islamic state", "isil", "daesh"),
    "isil": ("islamic state", "isis", "daesh"),
    "daesh": ("islamic state", "isis", "isil"),
    "pkk": ("kurdistan workers' party",),
    "sdf": ("syrian democratic forces",),
    "rsf": ("rapid support forces",),
    "saf": ("sudanese armed forces",),
    "tplf": ("tigray people's liberation front",),
    "gerd": ("grand ethiopian renaissance dam",),
    "m23": ("march 23 movement",),
    "monusco": ("stabilization mission",),
    "agoa": ("african growth and opportunity act",),
    "usmca": ("united states-mexico-canada agreement",),
    "ttc": ("trade and technology council",),
    "ira": ("inflation reduction act",),
    "pepfar": ("emergency plan for aids relief",),
    "fonop": ("freedom of navigation",),
    "fonops": ("freedom of navigation",),
    "eez": ("exclusive economic zone",),
    "dmz": ("demilitarized zone",),
    "thaad": ("terminal high altitude area defense",),
    "himars": ("high mobility artillery rocket",),
    "atacms": ("army tactical missile",),
    "patriots": ("patriot", "air defense"),
    "lgbt": ("lgbtqi+", "lgbtq"),
    "lgbtq": ("lgbtqi+", "lgbt"),
    "gbv": ("gender-based violence",),
    "ngo": ("nongovernmental organization", "civil society"),
    "poc": ("point of contact",),
    "dod": ("department of defense",),
    "dhs": ("department of homeland security",),
    "cbp": ("customs and border protection",),
    "usaid": ("agency for international development",),
    "dfc": ("development finance corporation",),
    "covid": ("covid-19", "pandemic", "coronavirus"),
    "coronavirus": ("covid-19", "pandemic"),
}

#: Names that people are known by and no official text uses, in small letters.
NICKNAMES: dict[str, str] = {
    "amlo": "Andrés Manuel López Obrador",
    "mbs": "Mohammed bin Salman",
    "mbz": "Mohamed bin Zayed",
    "bibi": "Benjamin Netanyahu",
    "jokowi": "Joko Widodo",
    "bongbong": "Ferdinand Marcos",
    "abu mazen": "Mahmoud Abbas",
}

_SECOND_SPELLINGS = (
    (re.compile(r"(\w{3,})is(e[ds]?|ing|ations?|ers?)\b"), r"\1iz\2"),
    (re.compile(r"\b(lab|hon|neighb|fav|col|behavi|harb|rum|vig|val|end|arm)our"), r"\1or"),
    (re.compile(r"\bdefence"), "defense"),
    (re.compile(r"\boffence"), "offense"),
    (re.compile(r"\blicence"), "license"),
    (re.compile(r"\bprogrammes?\b"), "program"),
    (re.compile(r"\bcentre"), "center"),
    (re.compile(r"\btheatre"), "theater"),
    (re.compile(r"\baluminium"), "aluminum"),
    (re.compile(r"\badviser"), "advisor"),
    (re.compile(r"\bcheque"), "check"),
    (re.compile(r"\bmould"), "mold"),
    (re.compile(r"\bgrey"), "gray"),
    (re.compile(r"ll(ed|ing|er)\b"), r"l\1"),
)
_WORD = re.compile(r"[^\W_]+")


def second_spellings(text: str) -> Iterator[str]:
    """Other spellings of words in ``text`` (``defense`` for ``defence``), and what its short forms stand for."""
    for match in _WORD.finditer(fold(text)):
        word = match.group()
        yield from SHORT_FORMS.get(word, ())
        for pattern, other in _SECOND_SPELLINGS:
            spelled = pattern.sub(other, word)
            if spelled != word:
                yield spelled
                break
