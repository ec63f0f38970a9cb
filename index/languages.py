"""The language of a text: what its file says if that is plausible, otherwise what its words say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

#: Languages in which states publish, of those that the detector knows; with fewer to choose from, short texts are told better
#: (47 of 48 sentences in 29 languages, against 45 with all 142).
_LANGUAGES = (
    "af am ar az be bg bn bs ca cs cy da de el en es et fa fi fr ga gu he hi hr hu hy id is it ja ka kk "
    "km kn ko ky lo lt lv mk ml "
    "mn mr ms my ne nl no pa pl ps pt ro ru si sk sl so sq sr sv sw ta te tg th tk tl tr uk ur uz vi zh"
).split()
#: What files call languages beside their codes of ISO 639-1.
_CALLED = dict(
    pair.split("=")
    for pair in (
        "eng=en fra=fr fre=fr deu=de ger=de spa=es ita=it por=pt rus=ru ukr=uk zho=zh chi=zh jpn=ja ara=ar "
        "sin=si tam=ta nld=nl dut=nl "
        "swe=sv pol=pl nob=no nb=no nn=no iw=he in=id english=en french=fr german=de spanish=es italian=it "
        "russian=ru chinese=zh"
    ).split()
)
#: Each of these is taken for another of its group now and then: the file is believed.
_ALIKE = tuple(
    frozenset(group.split()) for group in ("hr sr bs", "id ms", "no da sv", "cs sk", "fa ps", "ru be uk", "mk bg")
)
#: The surest detection that a file's own word outweighs; 400 readouts in English are all told with more than 0.999.
_SURE = 0.95
#: A detection below this is none: headlines of four words come out right down to here.
_LEAST = 0.2
_ENGLISH_MODEL = "all-MiniLM-L6-v2"
#: The model of sentence-transformers for many languages that is nearest to the default in size and speed.
MULTILINGUAL_MODEL = "sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2"
#: Characters that are looked at; a page of text is told within a millisecond.
_SAMPLE = 4000
#: Words that English uses all the time and that hardly stand in other languages, and the share of them from which on a text of
#: so many words is English without asking: that spares a run over a few new readouts the 0.4 s of loading what detects. Of
#: 3,751 texts 3,500 reach it, each of them detected as English too; a Spanish one under English headings has 0.13.
_ENGLISH = frozenset("the of and to that with by from was were this which their will".split())
_PLAIN, _PLAIN_WORDS = 0.17, 20


def language_of(text: str, declared: object = "") -> str:
    """The ISO 639-1 code of a text's language; empty if it cannot be determined.

    Args:
        text: Its first few thousand characters will do.
        declared: What its file says ("en-US", "eng"), which counts unless the words are clearly in another language.
    """
    said = _code(declared)
    found, sure = _detected(text[:_SAMPLE]) if re.search(r"[^\W\d_]{2}", text) else ("", 0.0)
    if said and (sure < _SURE or found == said or any({found, said} <= group for group in _ALIKE)):
        return said
    return found if sure >= _LEAST else ""


def note_on(model: str, languages: Mapping[str, int]) -> str:
    """What to report about readouts that a model cannot read; empty if there is nothing to report.

    Args:
        model: Name of the model; only the default is known to read nothing but English.
        languages: How many readouts are in each language.
    """
    foreign = {code: count for code, count in languages.items() if code not in ("en", "")}
    if not foreign or model.rpartition("/")[2] != _ENGLISH_MODEL:
        return ""
    counted = ", ".join(f"{code} {count}" for code, count in foreign.items())
    return (
        f"Readouts in other languages than English ({counted}) are found by their words; the model {model} reads English. "
        f"One that reads fifty languages: readouts index --rebuild --model {MULTILINGUAL_MODEL}"
    )


def _code(declared: object) -> str:
    match = re.match(r"\s*([A-Za-z]{2,8})(?![A-Za-z])", str(declared or ""))
    word = match.group(1).lower() if match else ""
    return _CALLED.get(word, word if len(word) == 2 else "")


def _is_plain_english(text: str) -> bool:
    words = re.findall(r"[^\W\d_]+", text.lower())
    return len(words) >= _PLAIN_WORDS and sum(word in _ENGLISH for word in words) >= _PLAIN * len(words)


def _detected(text: str) -> tuple[str, float]:
    """The likeliest language and how sure it is."""
    if _is_plain_english(text):
        return "en", 1.0
    try:
        code, sure = _detector().classify(text)
    except OSError:
        # The model is unpacked into a temporary file; that the disk is full is told where the index is written.
        return "", 0.0
    return code, sure


@cache
def _detector() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    detector = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    detector.set_languages(_LANGUAGES)
    return detector
