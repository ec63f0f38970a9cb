"""Main text of web pages, library by library.

``python -m benchmarks.extraction`` prints the table of docs/formats.md. The pages are invented: eight layouts of government
sites, old and new, around readouts whose paragraphs are known, so that lost text and included navigation can be
counted. Libraries that are not installed are left out.
"""

from __future__ import annotations

import importlib.util
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from index.datatypes import Document
from index.readers.html import read

#: Readouts in paragraphs; what begins with "* " is an item of a list.
_SHORT = (
    "Foreign Minister Oda Marsh spoke by telephone today with Foreign Minister Ilse Brandt of Verania.",
    "They agreed to meet in Port Sella in May.",
)
_PROSE = (
    "Office of the Spokesperson",
    "The below is attributable to Spokesperson Tam Wells:",
    "Secretary Ana Holt met today with President Ruiz of Costaguana in Sulaco. The two leaders discussed "
    "the reopening of the silver "
    "railway, and the Secretary thanked the President for Costaguana's hospitality to refugees from the northern provinces.",
    "The Secretary raised the detention of two journalists and asked for their release. President Ruiz "
    "promised an answer within a week.",
    "Both sides welcomed the signing of the fisheries agreement, which enters into force on 1 March.",
)
_LISTED = (
    "The Prime Minister and the Chancellor agreed on the following steps:",
    "* a joint survey of the seabed east of Kalmsund",
    "* visas of ten years for students",
    "* a hotline between the two coast guards",
    "They will review progress in the autumn.",
)
_LINKED = (
    "The President called King Osric on Tuesday to congratulate him on his coronation.",
    "The call followed the joint declaration on the Amber Strait, and the President renewed his "
    "invitation to the summit on the climate.",
)
_TALK = (
    "SECRETARY HOLT: Good afternoon.",
    "QUESTION: Is the railway open?",
    "SECRETARY HOLT: Yes. It opened this morning, and the first train has left Sulaco.",
    "QUESTION: Thank you.",
    "SECRETARY HOLT: Thank you all.",
)
_RUSSIAN = (
    "Состоялся телефонный разговор министра иностранных дел Веранию Ильзе Брандт с министром Одой Марш.",
    "Стороны обсудили открытие железной дороги и договорились продолжить контакты.",
)
_MENU = (
    "<ul>"
    + "".join(f'<li><a href="/{word}">{word}</a></li>' for word in ("NAVHOME", "NAVNEWS", "NAVOFFICES"))
    + "</ul>"
)
_TEASERS = "".join(
    f'<div class="teaser"><h3><a href="/t{n}">TEASERTITLE {n}</a></h3><p>TEASERWORDS about another '
    f"meeting that was held on another "
    f"day, and about which somebody else will want to read more than this, number {n}.</p></div>"
    for n in range(4)
)
_COOKIES = (
    '<div id="cookie-banner" class="cookie"><p>COOKIEWORDS We use cookies to improve what you see. '
    "Accept or decline.</p></div>"
)
_FOOT = "<footer><p>FOOTWORDS Contact us. Privacy policy. Site map.</p></footer>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page and what a reader should get out of it."""

    name: str
    html: str
    paragraphs: tuple[str, ...]


def pages() -> Iterator[Page]:
    """The pages, each of another layout."""
    head = (
        '<meta charset="utf-8"><title>A readout - Ministry</title><script>var SCRIPTWORDS = '
        "1;</script><style>.STYLEWORDS{}</style>"
    )

    def page(name: str, body: str, paragraphs: tuple[str, ...]) -> Page:
        html = f"<!DOCTYPE html><html lang='en'><head>{head}</head><body>{body}</body></html>"
        return Page(name=name, html=html, paragraphs=paragraphs)

    nav, title = f"<header><nav>{_MENU}</nav></header>", "<h1>A readout</h1>"
    yield page("bare paragraphs", _marked(_PROSE), _PROSE)
    yield page(
        "two sentences in an article", f"{nav}<main><article>{title}{_marked(_SHORT)}</article></main>{_FOOT}", _SHORT
    )
    yield page(
        "blog software, teasers beside it",
        f'{_COOKIES}{nav}<div id="content"><div class="entry-content">{title}{_marked(_PROSE)}<div '
        f'class="sharedaddy"><a href="#">'
        f'SHAREWORDS</a></div></div></div><aside class="sidebar">{_TEASERS}</aside>{_FOOT}',
        _PROSE,
    )
    yield page("a list", f"{nav}<main>{title}{_marked(_LISTED)}</main>{_FOOT}", _LISTED)
    linked = _marked(_LINKED).replace("the joint declaration", '<a href="/d">the joint declaration</a>')
    linked = linked.replace("the summit on the climate", '<a href="/s">the summit on <b>the climate</b></a>')
    yield page(
        "links in the text",
        f'{nav}<div role="main">{title}{linked}</div><div class="related">{_TEASERS}</div>{_FOOT}',
        _LINKED,
    )
    yield page("questions and answers", f"{nav}<main>{title}{_marked(_TALK)}</main>{_FOOT}", _TALK)
    old = "<br><br>".join(_PROSE)
    yield page(
        "tables and line breaks",
        f'<table><tr><td class="menu">{_MENU}</td><td><font '
        f'size="2">{title}{old}</font></td></tr><tr><td>FOOTWORDS</td></tr></table>',
        _PROSE,
    )
    yield page(
        "Russian, divisions alone",
        f'{nav}<div class="article__text">{title}{_divided(_RUSSIAN)}</div>{_FOOT}',
        _RUSSIAN,
    )


def _marked(paragraphs: tuple[str, ...]) -> str:
    html = "".join(f"<li>{p[2:]}</li>" if p.startswith("* ") else f"<p>{p}</p>" for p in paragraphs)
    return html.replace("</p><li>", "</p><ul><li>").replace("</li><p>", "</li></ul><p>")


def _divided(paragraphs: tuple[str, ...]) -> str:
    return "".join(f"<div>{paragraph}</div>" for paragraph in paragraphs)


def _trafilatura(html: str, **options: bool) -> str:
    import trafilatura

    return trafilatura.extract(html, include_comments=False, include_tables=True, **options) or ""


def _readability(html: str) -> str:
    from lxml.html import fromstring
    from readability import Document as Readable

    return "\n".join(fromstring(Readable(html).summary()).itertext())


def _justext(html: str) -> str:
    import justext

    found = justext.justext(html.encode(), justext.get_stoplist("English"))
    return "\n".join(paragraph.text for paragraph in found if not paragraph.is_boilerplate)


def _resiliparse(html: str) -> str:
    from resiliparse.extract.html2text import extract_plain_text

    return str(extract_plain_text(html, main_content=True))


def _soup(html: str) -> str:
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(html, "lxml")
    for tag in soup(["script", "style", "nav", "header", "footer", "aside"]):
        tag.decompose()
    return (soup.find("article") or soup.find("main") or soup.body or soup).get_text("\n")


def _selectolax(html: str) -> str:
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(html)
    tree.strip_tags(["script", "style", "nav", "header", "footer", "aside"], recursive=True)
    node = tree.css_first("article") or tree.css_first("main") or tree.body
    return node.text(separator="\n") if node else ""


def _ours(html: str) -> str:
    return "\n".join(found.text for found in read(Path("a.html"), html.encode()) if isinstance(found, Document))


#: Module that must be there -> name in the table, and what a user of it would write.
LIBRARIES: dict[str, tuple[str, Callable[[str], str]]] = {
    "lxml": ("readouts (lxml and our rules)", _ours),
    "trafilatura": ("trafilatura", _trafilatura),
    "trafilatura.core": ("trafilatura, favor_recall", lambda html: _trafilatura(html, favor_recall=True)),
    "readability": ("readability-lxml", _readability),
    "justext": ("jusText", _justext),
    "resiliparse": ("Resiliparse", _resiliparse),
    "bs4": ("BeautifulSoup, landmarks", _soup),
    "selectolax": ("selectolax, landmarks", _selectolax),
}


def main() -> None:
    """Print the table."""
    made = list(pages())
    print(
        "| library | words kept | words of others | paragraphs and items apart | ms a page |\n|---|---:|---:|---:|---:|"
    )
    for module, (name, extract) in LIBRARIES.items():
        if importlib.util.find_spec(module.split(".")[0]) is None:
            continue
        scores = [_score(page, extract(page.html)) for page in made]
        seconds = statistics.median(_seconds(page, extract) for page in made)
        kept, wanted, foreign, apart, paragraphs = (sum(column) for column in zip(*scores, strict=True))
        print(f"| {name} | {kept / wanted:.0%} | {foreign} | {apart} of {paragraphs} | {seconds * 1000:.1f} |")


def _score(page: Page, text: str) -> tuple[int, int, int, int, int]:
    """Words kept, words wanted, words that belong elsewhere, paragraphs on lines of their own, paragraphs."""
    bare = [paragraph.removeprefix("* ") for paragraph in page.paragraphs]
    wanted, found = Counter(" ".join(bare).split()), Counter(text.split())
    foreign = found - wanted - Counter("A readout".split())
    lines = [" ".join(line.split()).lstrip("-*• ") for line in text.split("\n")]
    return (wanted & found).total(), wanted.total(), foreign.total(), sum(line in lines for line in bare), len(bare)


def _seconds(page: Page, extract: Callable[[str], str]) -> float:
    times = []
    for _ in range(5):
        started = time.perf_counter()
        extract(page.html)
        times.append(time.perf_counter() - started)
    return min(times)


if __name__ == "__main__":
    main()
