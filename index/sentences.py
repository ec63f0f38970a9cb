"""Where sentences end, by rule: full stops told from abbreviations, initials and decimals; list items; many scripts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from index.datatypes import Span

#: Sentences above this are split at semicolons: a quote should be read at a glance.
_LONG = 120

#: Stops that end a sentence whatever follows: of Chinese and Japanese, Devanagari and its sisters, Sinhala, Arabic and Urdu,
#: Armenian, Ethiopic, Burmese and Khmer.
_ALWAYS = re.compile("[。！？｡．।॥෴؟۔։።။។]")
#: A full stop (or its like) with the quotes and brackets that close after it.
_STOP = re.compile(rf"""(?:[.!?…]+|{_ALWAYS.pattern}+)(?:["”’»')\]>」』》）]+|\[\d+\])*""")
_OPENING = "\"“‘«'([<¿¡-–—•"
_INITIALS = re.compile(r"(?:\A|(?<=[\W_]))(?:[^\W\d_]\.)*[A-ZÀ-ÞА-Я]\Z")
_NUMBER = re.compile(r"\d{1,3}(?:\.\d{1,2})*\Z")
_GLUED = re.compile(r"[A-ZÀ-ÞА-Я][^\W\d_A-ZÀ-ÞА-Я]|[\"“(<][A-Z]|(?:A|I) ")
_ADDRESS = re.compile(r"://|@|www\.|/\S*\.|\.(?:gov|com|org|net|int|eu|uk)\b", re.IGNORECASE)
#: Marks of a list whose lines have been joined.
_LISTED = re.compile(r"(?<!\S)(?P<mark>[-–—•▪●·])\s+(?=\S)")
_LIST = 3
#: How far a rule looks around a stop, so that a text without any space costs no more than another.
_REACH = 60
_LINE = re.compile(r"[^\n]+")
#: Everything that can part a line: stops, marks of a list, semicolons.
_INSIDE = re.compile(rf"[.!?…;]|{_ALWAYS.pattern}|{_LISTED.pattern}")
_LETTER = re.compile(r"\w")
_WORDLESS = re.compile(r"(?:\s+(?:<?[….]+>?|\[[….]+\]|\([….]+\)))+(?=\s|\Z)")


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


#: Never the last word of a sentence: titles before a name and words that announce what follows.
_BEFORE_NAME = _set(
    "mr mrs ms messrs dr prof gen lt col maj capt cmdr adm brig sgt cpl amb sen rep gov rev hon fr st mt ft vs cf "
    "e.g i.e viz ret v asst dep sec pres fig approx"
)
#: Abbreviations only when a number follows.
_BEFORE_NUMBER = _set(
    "no nos art arts para paras p pp vol sec ch jan feb mar apr jun jul aug sep sept oct nov dec ca op res"
)
#: Abbreviations that can end a sentence: they do when a word follows that begins sentences.
_EITHER = _set("jr sr u.s u.n u.k e.u u.s.a u.a.e inc co corp ltd llc bros ph.d m.d dept govt univ assn intl")
#: Abbreviations that end a sentence whenever a capital follows, but for what belongs to a time of day.
_MOSTLY_END = _set("etc d.c a.m p.m al")
_AFTER_TIME = _set("et est edt ct pt gmt utc eastern central pacific local moscow kyiv on monday tuesday wednesday")
#: Words that begin sentences and hardly ever stand inside a name.
_STARTERS = _set(
    "the this that these those he she they it we i you his her their its our both all in on at as after before during "
    "following for from with while when where if since to also additionally moreover furthermore however finally there "
    "today yesterday earlier later and but or not no each such any some many most several other another an a by under "
    "over through throughout building noting recognizing looking taken together meanwhile who what why how"
)


def sentences(text: str) -> tuple[Span, ...]:
    """Find the sentences of a passage.

    Each list item (a line of its own, or one of three or more after dashes or bullets) counts as a sentence; a list
    separated by semicolons stays whole up to 120 words.

    Returns:
        Spans in order, without overlap, trimmed of white space, that together cover all of ``text`` but white space.
    """
    return tuple(
        Span(start=start, end=end) for line in _LINE.finditer(text) for start, end in _parted(text, *line.span())
    )


def _parted(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The sentences of one line."""
    if not _INSIDE.search(text, start, end):
        # Nothing in it could part it: the usual item of a list.
        yield from _trimmed(text, start, end)
        return
    for item in _items(text, start, end):
        for sentence in _sentences(text, *item):
            yield from _shortened(text, *sentence)


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    words = text[start:end]
    lead = len(words) - len(words.lstrip())
    if lead < len(words):
        yield start + lead, start + len(words.rstrip())


def _items(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Split a line that is a flattened list: three or more of the same mark, each before a capital or a digit."""
    marks = [match for match in _LISTED.finditer(text, start, end) if not text[match.end()].islower()]
    drawn = Counter(match["mark"] for match in marks).most_common(1)
    cuts = [match.start() for match in marks if match["mark"] == drawn[0][0]]
    lead = text[start : cuts[0]].rstrip() if cuts else ""
    if len(cuts) < _LIST or (lead and not lead.endswith((":", ".", ";"))):
        cuts = []
    for first, last in zip([start, *cuts], [*cuts, end], strict=True):
        yield from _trimmed(text, first, last)


def _sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Split an item at the ends of its sentences; marks without a word stay with what is before them."""
    first = counted = start
    quotes, worded = 0, False
    for match in _STOP.finditer(text, start, end):
        stop = match.end()
        quotes += text.count('"', counted, match.start())
        worded = worded or bool(_LETTER.search(text, max(first, counted), match.start()))
        counted = match.start()
        if stop < end and worded and _is_end(text, first, match, end):
            if text[stop].isalpha() and text[stop - 1] == '"' and quotes % 2 == 0:
                # A straight quote between two glued words opens what follows where all before it are closed.
                stop -= 1
            # "<…>" and the like stand for nothing alone.
            lost = _WORDLESS.match(text, stop, end)
            stop = lost.end() if lost else stop
            yield from _trimmed(text, first, stop)
            first, worded = stop, False
    yield from _trimmed(text, first, end)


def _is_end(text: str, first: int, match: re.Match[str], end: int) -> bool:
    """Whether a sentence that began at ``first`` ends with this stop, which is not the last thing in the text."""
    stop = match.end()
    if _ALWAYS.search(match.group()):
        return True
    follows = text[stop : min(end, stop + _REACH)]
    glued = not follows[0].isspace()
    bare = follows.lstrip().lstrip(_OPENING).lstrip()
    if not bare or bare[0].islower():
        return False
    # No further back than the rules look, or a text without a space would be read again for every stop.
    earliest = max(first, match.start() - _REACH)
    begun = max(text.rfind(" ", earliest, match.start()) + 1, earliest)
    token = text[begun : match.start()]
    if glued and not _is_glued(text, match, token, end):
        return False
    numbered = begun == first and bool(_NUMBER.match(token))
    return not numbered and _may_end(token, match.group(), bare)


def _is_glued(text: str, match: re.Match[str], token: str, end: int) -> bool:
    """Whether a space is missing after a stop: "them.The", never "Build.gov" or "U.S.-led"."""
    before = text[match.start() - 1 : match.start()]
    rest = text[match.end() : min(end, match.end() + _REACH)].split(maxsplit=1)[0]
    fits = before.islower() or before.isdigit() or before in set(')]”’"')
    return fits and bool(_GLUED.match(text, match.end(), end)) and not _ADDRESS.search(token + match.group() + rest)


def _may_end(token: str, stop: str, bare: str) -> bool:
    """Whether a word may end a sentence, given what follows it."""
    if stop not in {".", ".)"}:
        return True
    word = re.split(r"[-–—/(“\"‘']", token.lower())[-1]
    following = re.match(r"[\w’']+", bare)
    after = following.group().lower() if following else ""
    if word in _BEFORE_NAME:
        return False
    if word in _BEFORE_NUMBER and not _INITIALS.search(token):
        return not bare[0].isdigit()
    if word in _MOSTLY_END:
        return not (word in {"a.m", "p.m"} and after in _AFTER_TIME)
    if word in _EITHER or _INITIALS.search(token):
        return after in _STARTERS and not re.match(r"[A-Z]\.", bare)
    return True


def _shortened(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Split a sentence of more than 120 words at semicolons, into pieces of at least half as many."""
    left = len(text[start:end].split())
    first = piece = start
    read = 0
    if left > _LONG:
        for match in re.finditer(r";(?=\s)", text[start:end]):
            cut = start + match.end()
            words = len(text[piece:cut].split())
            read, left, piece = read + words, left - words, cut
            if read >= _LONG // 2 and left >= _LONG // 2:
                yield from _trimmed(text, first, cut)
                first, read = cut, 0
    yield from _trimmed(text, first, end)
