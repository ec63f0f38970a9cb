"""Forms of a text: tidied for display, folded for matching.

``tidy`` keeps every word and only removes what no reader sees; it runs once, in the readers, before any offset exists.
``fold`` is only for comparing and never reaches a screen.
"""

from __future__ import annotations

import itertools
import re
import unicodedata

#: English names of the months, January first, whatever the locale of the process.
MONTHS = tuple("January February March April May June July August September October November December".split())

#: Marks that take no room and mean nothing in running text: soft hyphen, zero-width characters and joiners' word marks,
#: byte-order mark, direction marks. ZWNJ and ZWJ (U+200C, U+200D) stay: Sinhala, Tamil and Persian are written with them.
_UNSEEN = "\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u061c\U000e0000-\U000e007f"
_INVISIBLE = re.compile(f"[{_UNSEEN}]")
#: Letters of tags (U+E0000 and after) are ASCII that programs read and nobody sees; real ones name a region behind a flag.
_FLAG = "\U0001f3f4"
_INVISIBLE_BUT_FLAGS = re.compile(f"({_FLAG}[\U000e0030-\U000e0039\U000e0061-\U000e007a]{{2,6}}\U000e007f)|[{_UNSEEN}]")
#: Selectors of the form of a letter: one counts, and more hide bytes.
_SELECTORS = "[\ufe00-\ufe0f\U000e0100-\U000e01ef]"
_MORE_SELECTORS = re.compile(f"(?<={_SELECTORS}){_SELECTORS}+")
_OTHER_SPACES = "\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
#: Every run of spaces but the one plain space, which most are.
_SPACES = re.compile(f"[{_OTHER_SPACES}][ {_OTHER_SPACES}]*| [ {_OTHER_SPACES}]+")
#: C0 and C1 controls but tab and newline: they could steer a terminal and are never text.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")

#: Cyrillic letters that look like Latin ones, for words that mix both scripts.
_LOOK_ALIKES = str.maketrans("АВЕКМНОРСТУХаеіјорсухѕԁһ", "ABEKMHOPCTYXaeijopcyxsdh")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_WORD = re.compile(r"\w+")
#: Letters that NFKD does not take apart.
_PLAIN = str.maketrans(
    {"ø": "o", "đ": "d", "ł": "l", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ə": "a"}
)
#: Signs of vowels and the like, by which scripts from Devanagari to Balinese write a word; they are letters of it. Those of the
#: Latin, Greek, Cyrillic, Hebrew and Arabic scripts are accents, and folded away.
SIGNS = "".join(chr(code) for code in range(0x0900, 0x1AB0) if unicodedata.category(chr(code)).startswith("M"))
_KEPT = frozenset(SIGNS)
#: Joiners inside a word: typed by some and not by others, and meaningless for matching.
_JOINERS = re.compile("[\u200c\u200d]")
_APOSTROPHES = re.compile("[\u2018\u2019\u201b\u02bc\u02bb\u0060\u00b4\u2032]")
_DASHES = re.compile("[\u2010-\u2015\u2212]")
#: What may be a mark upon a letter: Latin letters and general punctuation, of which most texts are, hold none.
_MAY_COMBINE = re.compile("[^\x00-\u02ff\u2000-\u20cf]")
#: Marks upon one letter: no script has more than ten, the stream-safe form of Unicode (UAX 15, 13) allows thirty, and putting
#: 200,000 into their order takes twenty seconds.
_MOST_MARKS = 30
#: A text of so many characters is put into order within a millisecond, whatever it holds.
_SHORT = 1_000
#: Letters for a whole phrase, of which NFKD makes eight to eighteen: a text that has more than one in so many characters is
#: made of them, and would become as many times as long.
_PHRASES, _APART = re.compile("[\ufdfa\ufdfb]"), 20
_FLOOD = re.compile(rf"[^\w\s\x00-\x7f]{{{_MOST_MARKS + 1},}}")


def tidy(text: str) -> str:
    """NFC, without invisible marks and control characters, every run of spaces one space; newlines stay."""
    text = _composed(text.replace("\r\n", "\n").replace("\r", "\n"))
    text = _CONTROLS.sub("", text if text.isascii() else _seen(text))
    text = _SPACES.sub(" ", text)
    return "\n".join(line.strip() for line in text.split("\n"))


def _seen(text: str) -> str:
    """The text without marks that nobody sees."""
    text = _INVISIBLE_BUT_FLAGS.sub(r"\1", text) if _FLAG in text else _INVISIBLE.sub("", text)
    return _MORE_SELECTORS.sub("", text)


def fold(text: str) -> str:
    """Without case, accents, look-alike letters, curly apostrophes and long dashes; for matching only.

    The result may differ from ``text`` in length.
    """
    if text.isascii():
        return text.lower()
    text = _composed(_JOINERS.sub("", text))
    if _CYRILLIC.search(text):
        text = _WORD.sub(_one_script, text)
    text = _DASHES.sub("-", _APOSTROPHES.sub("'", text))
    # Most texts have no more than quotes and dashes beyond ASCII.
    if text.isascii():
        return text.lower()
    if len(text) > _SHORT and len(_PHRASES.findall(text)) * _APART > len(text):
        text = _PHRASES.sub(" ", text)
    text = unicodedata.normalize("NFKD", text)
    if _MAY_COMBINE.search(text):
        text = "".join(c for c in text if c in _KEPT or not unicodedata.combining(c))
    return text.casefold().translate(_PLAIN)


def _composed(text: str) -> str:
    """NFC, in time that grows as the text does: of a flood of marks upon one letter the first thirty stay."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", _FLOOD.sub(_few_marks, text) if len(text) > _SHORT else text)


def _few_marks(match: re.Match[str]) -> str:
    runs = itertools.groupby(match.group(), key=lambda c: unicodedata.combining(c) > 0)
    return "".join(c for are_marks, run in runs for c in (itertools.islice(run, _MOST_MARKS) if are_marks else run))


def storable(text: str) -> str:
    """Half characters (lone surrogates, as stray bytes of a command line arrive) to ``?``, for files and databases."""
    return text.encode(errors="replace").decode()


def _one_script(match: re.Match[str]) -> str:
    word = match.group()
    if _CYRILLIC.search(word) and re.search("[A-Za-z]", word):
        return unicodedata.normalize("NFD", word).translate(_LOOK_ALIKES)
    return word
