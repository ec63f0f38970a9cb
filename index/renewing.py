"""What an older index lacks besides tables: the languages of its readouts, and words as they are separated now."""

from __future__ import annotations

import json
import re

from index import full_text
from index.catalogue import Catalogue
from index.languages import language_of
from index.textforms import SIGNS

_WORDS = "words"
#: Letters of the scripts whose words are told apart otherwise than by the first version of the rules.
_TOUCHED = re.compile(rf"[{SIGNS}\u200c\u200d\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


def renew(catalogue: Catalogue) -> None:
    """Bring an index up to date, in one transaction; to be called before anything is removed from its full text."""
    if catalogue.meta(_WORDS) == str(full_text.WORDS_VERSION):
        return
    with catalogue.transaction():
        touched = False
        for (row,) in catalogue.run("SELECT id FROM documents"):
            title, text, given = catalogue.run("SELECT title, text, given FROM documents WHERE id = ?", (row,))[0]
            touched = touched or bool(_TOUCHED.search(title) or _TOUCHED.search(text))
            language = language_of(f"{title}\n{text}", json.loads(given).get("language"))
            catalogue.run("UPDATE documents SET language = ? WHERE id = ?", (language, row))
        if touched:
            catalogue.remake_full_text()
        catalogue.set_meta(_WORDS, str(full_text.WORDS_VERSION))
