"""Where a readout says who met whom: its title without stock words, and the first sentences of its text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.datatypes import Document
from index.facts.people import find_people

#: How many code points describe the event; what follows is its substance.
_LONGEST = 2_400
_STOCK = re.compile(
    r"^(?:the\s+(?:below|following)\b[^.:]{0,80}\battributable\b[^.:\n]*[:.]?|for immediate "
    r"release\W*)\s*",
    re.IGNORECASE,
)
_TRANSCRIPT = re.compile(
    r"\*\s?\*\s?\*|\b(?:Beginning|Excerpts from (?:the )?transcript) of\b|\bPresident of \w+ "
    r"[\w ]{3,40}: "
)
#: "Baku, 1 March 2023 (TDI):", "WASHINGTON –"; what precedes the mark is place and date.
_DATELINE = re.compile(
    r"^(?P<line>[A-Z][\w.’' ]{1,40}(?:, (?:D\.?C\.?|[^.:;–—\n]{1,40}?))?(?: \([\w .,/-]{1,30}\))?)(?: ?[–—]| --| "
    r"-(?= )|:)\s+(?=[“\"A-Z])"
)
_SENTENCE_END = re.compile(r"(?:[.!?][”\"’']?\s+(?=[“\"*(]?[A-ZÀ-Þ]))|\n+")
_NOT_AN_END = re.compile(
    r"(?:\b(?:Jr|Sr|Dr|Mr|Mrs|Ms|Gen|Lt|Col|Adm|Gov|Sen|Rep|Amb|St|Prof|Hon|No|vs|v|Maj|Capt|Sgt)"
    r"|\b[A-Z]|\b(?:[A-Z]\.)+[A-Z])\.$"
)
#: "in Washington, D.C. Deputy Secretary Sherman said" is two sentences, "with U.S. President Biden" is not.
_ENDED_BY_PLACE = re.compile(r"\bD\.C\.$")
_ENDED_BY_INITIALS = re.compile(r"\b(?:U\.S|U\.N|U\.K|E\.U)\.$")
_STARTERS = re.compile(r"(?:The|He|She|They|In|On|At|During|It|This|A|An|Both|Following|After|Today|Mr|Ms)\b")

_HEADLINE = re.compile(
    r"^(?:joint\s+)?(?:readout|read-out|statement|press release)s?:?\s+(?:(?:of|from|by"
    r"|on)\s+)?(?:the\s+)?",
    re.IGNORECASE,
)
_SPOKEN_FOR = re.compile(
    r"^(?:(?:NSC|National Security Council|State Department|White House|Press|Deputy"
    r"|Principal)\s+)*(?:Spokes(?:person|man|woman)|Press Secretary)"
    r"(?:\s+[A-Z][\w’'-]+){0,4}?\s+(?:on|of|for|regarding|about)\s+(?:the\s+)?"
)
#: Where the names of those who met end and what they spoke about begins.
_TOPIC = re.compile(
    r"\s(?:to\s+(?!the\b|his\b|her\b|their\b|its\b|our\b|all\b)[a-z]{2,}|(?:regarding|concerning|about"
    r"|following|amid|ahead\s+of|in\s+advance\s+of|in\s+light\s+of"
    r"|after|before|where|when|which|who(?:se)?|while|because|as\s+part\s+of|in\s+the\s+wake\s+of"
    r"|in\s+response\s+to|in\s+order\s+to|on\s+the\s+(?:occasion|eve)\s+of|in\s+preparation\s+for"
    r"|on(?!\s+(?:behalf|the\s+(?:margins|sidelines|phone)|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
    r"|Jan|Feb|Mar|Apr|May\s\d|Jun|Jul|Aug|Sep|Oct|Nov|Dec|\d))"
    r"|at\s+(?:the|their|his|her)\s+(?:own\s+)?(?:initiative|request)|at\s+the\s+\w+’?'?s?\s+(?:side|initiative)"
    r"|(?:discuss(?:ed|es)|talked\s+about)(?!\s+with\b)|marking|as|focused|for\s+(?:an?|the(?!\s+(?:first|second|third)\s+time\b)|talks"
    r"|discussions|consultations|meetings)|during\s+which|and\s+(?:discussed|thanked|expressed"
    r"|reaffirmed|reviewed|welcomed|conveyed|congratulated|underscored)|\-|–|—)\s|[;:])"
)
_TITLE_TOPIC = re.compile(
    r"\s(?:to\s+(?:discuss|mark|celebrate|advance|address|review|strengthen|support|launch|drive"
    r"|protect|combat|highlight|highlights|urge|thank|build|prevent|expand)\b|"
    r"(?:regarding|concerning|about|following|amid|ahead\s+of|in\s+advance\s+of|marking|aimed\s+at"
    r"|focused\s+on|on(?!\s+behalf)|for\s+the|in\s+honor\s+of)\s|-\s|–\s|—\s)",
    re.IGNORECASE,
)
_COUNTERPARTS = re.compile(
    r"\bwith (?=the |his |her |a |[A-Z])|\b(?:between|met|called|congratulated|received|welcomed"
    r"|spoke to)\b"
)
_OPENS_WITH = re.compile(
    r"^(?:as part of|from(?= \w+ \d)|during|ahead of|following|after|before|in|on|at|today|yesterday|earlier|this|last"
    r"|while|upon|over|throughout|for|building on|prior to|amid|to|with|tonight)\b",
    re.IGNORECASE,
)

#: What reports an event, and a sentence that opens with its day.
_DEED = re.compile(
    r"\b(?:met|meets|meeting|spoke|speaks|call(?:ed)?|held|holds|hosted|hosts|convened|convenes|joined|visited|travell?ed|talks"
    r"|talked|conversation|received|discussed|discusses|discuss|led|participated|gathered|chaired|launched|briefed|briefing|took"
    r" part|talk|convening|addressed|attended|welcomed|congratulated|informed|reported|presented|announced"
    r"|kicked off|completing)\b",
    re.IGNORECASE,
)
_DATED_DEED = re.compile(
    r"(?:Today|Yesterday|This (?:morning|afternoon|evening|week)|Last week|On (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
    r"|On (?:January|February|March|April|May|June|July|August|September|October|November|December) \d)\b"
)
_SETTING_END = re.compile(
    r"^(?:Today|Yesterday|Tonight|(?:This|Last|Earlier this|Later this) (?:morning|afternoon|evening"
    r"|week|month)),? |, "
)
#: What follows a comma inside a date or a place: "On Thursday, September 23rd", "In Dubai, United Arab Emirates".
_DATE_GOES_ON = re.compile(
    r"(?:(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
    r"|\d|D\.C\.|[JS]r\.|[A-Z]\w+,|(?:and|or)\b)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """The words of a readout that describe the event itself.

    Attributes:
        title: Title without "Readout of", cut where the subject of the talk begins.
        headline: The whole title.
        heading: Lines above the text without a full stop ("Between the Secretary and Irish officials"); may be empty.
        dateline: "Baku, 1 March 2023 (TDI)"; empty if there is none.
        setting: What opens the first sentence, up to its comma ("During a working visit to Brussels"); may be empty.
        clause: The first sentence after that, up to the subject of the talk.
        sentences: The first sentences, whole.
    """

    title: str
    headline: str
    heading: str
    dateline: str
    setting: str
    clause: str
    sentences: tuple[str, ...]


def read_opening(document: Document) -> Opening:
    """Find title, setting and first sentences of a readout."""
    headline = document.source.title
    heading, dateline, body = _body(document.text[:_LONGEST])
    sentences = _event_first(split_sentences(body)[:8])
    first = sentences[0] if sentences else ""
    setting, rest = _setting(first)
    return Opening(
        title=_title(headline),
        headline=headline,
        heading=heading,
        dateline=dateline,
        setting=setting,
        clause=_clause(rest),
        sentences=sentences,
    )


def _event_first(sentences: tuple[str, ...]) -> tuple[str, ...]:
    """The sentences from the one that reports the event, if those before are background without a day or an act."""
    if not sentences or _DEED.search(sentences[0]):
        return sentences
    for place, sentence in enumerate(sentences[1:4], start=1):
        if _DATED_DEED.match(sentence) and _DEED.search(sentence):
            return (*sentences[place:], *sentences[:place])
    return sentences


def _clause(sentence: str) -> str:
    """Who met whom: up to the topic, with counterparts named after it ("discussed energy with …")."""
    clause = cut_topic(sentence)
    if len(clause) < len(sentence) and not _COUNTERPARTS.search(clause):
        match = _COUNTERPARTS.search(sentence, len(clause))
        if match and match.group().startswith("with"):
            return f"{clause} {cut_topic(sentence[match.start() :])}"
    return clause


def cut_topic(sentence: str, topic: re.Pattern[str] = _TOPIC) -> str:
    """The sentence up to where it turns to what was discussed; an office ("Envoy for Hostage Affairs") ends nothing."""
    spans: list[tuple[int, int]] | None = None
    for match in topic.finditer(sentence):
        if spans is None:
            spans = [(person.start, person.end) for person in find_people(sentence)]
        if not any(start < match.start() + 1 < end for start, end in spans):
            return sentence[: match.start()]
    return sentence


def split_sentences(text: str) -> tuple[str, ...]:
    """Sentences of ``text``; full stops after initials and abbreviations end none."""
    sentences, start = [], 0
    for match in _SENTENCE_END.finditer(text):
        before = text[start : match.start() + 1].rstrip("”\"’'") if "\n" not in match.group() else ""
        ended = _ENDED_BY_PLACE.search(before) or (
            _ENDED_BY_INITIALS.search(before) and _STARTERS.match(text, match.end())
        )
        if before and _NOT_AN_END.search(before) and not ended:
            continue
        if piece := text[start : match.end()].strip():
            sentences.append(piece)
        start = match.end()
    if piece := text[start:].strip():
        sentences.append(piece)
    return tuple(sentences)


def _body(text: str) -> tuple[str, str, str]:
    """Heading, dateline and text, without attribution, headings and transcript."""
    text = _STOCK.sub("", text.strip())
    paragraphs = [paragraph.strip() for paragraph in text.split("\n\n") if paragraph.strip()]
    headings = []
    while len(paragraphs) > 1 and _is_heading(paragraphs[0]):
        headings.append(paragraphs.pop(0).strip("*_# "))
        paragraphs[0] = _STOCK.sub("", paragraphs[0])
        if not paragraphs[0] and len(paragraphs) > 1:
            paragraphs.pop(0)
    heading = "; ".join(headings)
    text = "\n\n".join(paragraphs)
    transcript = _TRANSCRIPT.search(text)
    if transcript and transcript.start() > 40:
        text = text[: transcript.start()]
    match = _DATELINE.match(text)
    if match and (any(c.isdigit() for c in match["line"]) or match["line"].isupper()):
        return heading, match["line"], text[match.end() :]
    return heading, "", text


def _is_heading(paragraph: str) -> bool:
    return len(paragraph) < 300 and (paragraph.rstrip("*_ ")[-1:] not in '.!?:”"’)' or paragraph.startswith(("*", "#")))


def _setting(sentence: str) -> tuple[str, str]:
    """What opens the sentence before its subject ("This week, on the margins of the summit,"), and the rest."""
    start = 0
    while _OPENS_WITH.match(sentence[start:]):
        stops = (
            stop.end() + start
            for stop in _SETTING_END.finditer(sentence[start:])
            if not _DATE_GOES_ON.match(sentence, stop.end() + start)
        )
        stop = next(stops, None)
        if stop is None:
            break
        start = stop
    return sentence[:start].rstrip(", "), sentence[start:]


def _title(headline: str) -> str:
    title = _HEADLINE.sub("", headline)
    title = _SPOKEN_FOR.sub("", title)
    return cut_topic(title, _TITLE_TOPIC)
