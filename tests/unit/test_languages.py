from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from small_index import HashEncoder

from index import build
from index.catalogue import Catalogue
from index.languages import MULTILINGUAL_MODEL, language_of, note_on

ROOT = Path(__file__).parents[2]

TEXTS = {
    "en": "The two ministers spoke by telephone about trade and agreed to meet in May.",
    "si": "ජනාධිපතිවරයා අද ජපන් අගමැතිවරයා හමුවිය.",
    "ta": "ஜனாதிபதி இன்று ஜப்பானிய பிரதமரை சந்தித்தார்.",
    "ru": "Министры обсудили торговлю и договорились продолжить переговоры.",
    "de": "Die beiden Minister sprachen am Telefon über den Handel.",
    "fr": "Les deux ministres ont évoqué le commerce et la sécurité.",
    "es": "Los dos ministros hablaron por teléfono sobre el comercio.",
    "ar": "أجرى الوزيران اتصالا هاتفيا وناقشا التجارة.",
    "zh": "两国外长通电话，讨论了贸易问题。",
    "ja": "両大臣は電話で貿易について協議した。",
    "hi": "दोनों मंत्रियों ने आज फोन पर व्यापार पर बात की।",
    "ko": "두 장관은 오늘 전화로 무역을 논의했다.",
}


@pytest.mark.parametrize("code", TEXTS)
def test_a_sentence_tells_its_language(code: str) -> None:
    assert language_of(TEXTS[code]) == code


@pytest.mark.parametrize(
    ("declared", "code"), [("sv-SE", "sv"), ("eng", "en"), ("German", "de"), ("pt_BR", "pt"), ("nb", "no")]
)
def test_what_a_file_says_counts_where_the_words_do_not_tell(declared: str, code: str) -> None:
    assert language_of("Reinsalu, Blinken", declared) == code


def test_what_a_file_says_does_not_count_against_words_that_are_surely_another_language() -> None:
    assert language_of(TEXTS["ru"] * 3, "en-US") == "ru"
    # … but near languages are taken for each other now and then.
    assert language_of("Predsednik se danas sastao s ministrom i razgovarao o trgovini i granici. " * 3, "hr") == "hr"


@pytest.mark.parametrize("text", ["", "12.5.2023", "—", "!?"])
def test_a_text_without_words_has_the_language_that_is_declared_or_none(text: str) -> None:
    assert language_of(text) == ""
    assert language_of(text, "fr") == "fr"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for code in ("en", "si", "ta"):
        (corpus / f"{code}.txt").write_text(TEXTS[code], encoding="utf-8")
    (corpus / "said.json").write_text(json.dumps({"text": "Reinsalu, Blinken.", "language": "et"}))
    build.add(tmp_path / "built", [corpus], HashEncoder)
    return tmp_path / "built"


def test_languages_are_stored_counted_and_kept_when_the_index_is_rebuilt(folder: Path) -> None:
    for _ in range(2):
        catalogue = Catalogue(folder)
        assert catalogue.languages() == {"en": 1, "et": 1, "si": 1, "ta": 1}
        assert catalogue.readout("si").source.language == "si"
        catalogue.close()
        build.rebuild(folder, HashEncoder)


def test_the_user_is_told_once_that_the_default_model_reads_english_and_which_reads_more(folder: Path) -> None:
    def added(name: str, model: str) -> list[str]:
        file = folder.parent / name
        file.write_text(TEXTS["de"] + name, encoding="utf-8")
        target = folder.parent / model.replace("/", "-")
        return [note.text for note in build.add(target, [file], lambda: HashEncoder(name=model)).notes]

    (told,) = added("a.txt", "sentence-transformers/all-MiniLM-L6-v2")
    assert "(de 1) are found by their words" in told
    assert MULTILINGUAL_MODEL in told
    assert added("b.txt", "sentence-transformers/all-MiniLM-L6-v2") == []
    assert added("c.txt", "hashed-words") == []


def test_readouts_in_english_need_no_word_about_languages() -> None:
    assert note_on("sentence-transformers/all-MiniLM-L6-v2", {"en": 3, "": 2}) == ""


def test_plain_english_is_told_without_loading_what_detects_and_nothing_else_is() -> None:
    english = (
        "The leaders of both countries spoke of the ferry line and agreed to meet with the governors of the coast."
    )
    spanish = "Los líderes de ambos países hablaron de la línea de transbordadores y acordaron reunirse en la costa."
    code = (
        "import sys; from index.languages import language_of; "
        f"print(language_of({english!r}), 'py3langid' in sys.modules, "
        f"language_of({spanish!r}), language_of({spanish + ' The fact sheet of the White House.'!r}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.split() == ["en", "False", "es", "es"]
