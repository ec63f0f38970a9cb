"""XML of archives and press offices: elements with a title and a text are records; TEI is read by its own names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.datatypes import Document, Skipped
from index.errors import FormatError
from index.readers.days import parse_day
from index.readers.fields import FieldError, document
from index.readers.issuers import issuer_called, issuer_of
from index.readers.markup import escaped, name_of, text_of_tree
from index.readers.xml_tree import body_of, elements, language_of, words_of, xml_bytes

#: A larger dump is to be split into files, so that it need not be in memory whole.
_MAX_BYTES = 64 * 1024 * 1024
_TITLES = ("title", "headline", "heading", "hl1", "subject")
_TEXTS = ("text", "body", "content", "bodytext", "body_content", "fulltext", "full_text", "story", "description")
#: What precedes the text and belongs to it.
_LEADS = ("lead", "lede", "standfirst", "intro", "abstract")
_DAYS = tuple(
    "published date pubdate pub_date release_date date_published publication_date publish_date issued created datum "
    "day".split()
)
_ISSUERS = (
    "issuer",
    "publisher",
    "originator",
    "organisation",
    "organization",
    "ministry",
    "department",
    "agency",
    "source",
    "provider",
)
_ADDRESSES = ("url", "link", "source_url", "permalink", "guid", "uri", "href", "document", "www")
_FEWEST = 10
#: Children of one name that are examined: an element with 100,000 records says nothing about each of them in further ones.
_ALIKE = 20
#: Letters of an id and a language: what a list says about itself is repeated for each of its records.
_LONGEST = 1_000
_MEND = "Give each readout an element that holds a title and a text, or save it as text."


def read(path: Path, content: bytes) -> Iterator[Document | Skipped]:
    """Read every record; one that cannot be taken is yielded as ``Skipped`` with its line, and reading continues.

    Raises:
        FormatError: The file is too large, nested too deeply or not XML, or none of its elements has a text.
    """
    if len(content) > _MAX_BYTES:
        raise FormatError(
            f"{path.name} is {round(len(content) / 1e6)} MB.", path=path, mend="Part it into files of 64 MB at most."
        )
    root = None
    for _, node in elements(path, xml_bytes(path, content)):
        root = node
    if root is None:
        raise FormatError(f"{path.name} is empty.", path=path, mend=_MEND)
    records = _tei(root) if name_of(root).startswith("tei") else _records(root, path)
    if not records:
        raise FormatError(f"No element of {path.name} holds a title and a text.", path=path, mend=_MEND)
    shared = Counter(fields["id"] for _, fields, _ in records)
    for node, fields, raw in records:
        if shared[fields["id"]] > 1 and fields["id"] and fields["language"]:
            fields["id"] = f"{fields['id']}-{fields['language']}"
        try:
            yield document(fields, raw, path=path, has_opening=False)
        except FieldError:
            yield Skipped(path=f"{path}:{node.sourceline}", reason="The record has no text.")
        except FormatError as error:
            yield Skipped(path=f"{path}:{node.sourceline}", reason=error.message)


_Record = tuple[Any, dict[str, Any], str]


def _field(node: Any) -> str:
    """The name of an element, in the form of field names."""
    return name_of(node).replace("-", "_").replace(".", "_")


def _named(node: Any) -> dict[str, list[Any]]:
    """Children by name, in the form of field names."""
    found: dict[str, list[Any]] = {}
    for child in node:
        if name := _field(child):
            alike = found.setdefault(name, [])
            if len(alike) < _ALIKE:
                alike.append(child)
    return found


def _records(root: Any, path: Path) -> list[_Record]:
    """The innermost elements with a title and a text; if there are none, the whole as one, if it has paragraphs."""
    found: list[_Record] = []
    taken: set[Any] = set()
    known: dict[Any, _Said] = {}
    with_alike = _with_alike(root)
    for node in root.iter():
        if len(node) < 2 or not name_of(node):
            continue
        children = _named(node)
        if not any(name in children for name in _TITLES) or not any(name in children for name in _TEXTS):
            continue
        if node.getparent() in taken or node in with_alike:
            continue
        parts = [child for name in _LEADS for child in children.get(name, ())[:1]]
        text = next(name for name in _TEXTS if name in children)
        parts += [child for child in node if _field(child) == text]
        raw = "\n\n".join(body_of(part, path) for part in parts)
        if raw.strip():
            taken.add(node)
            found.append((node, _fields(node, children, known), raw))
    if not found and len(words_of(root).split()) >= _FEWEST and next(root.iter("{*}p", "{*}para"), None) is not None:
        title = next(
            (words_of(node) for node in root.iter(*(f"{{*}}{name}" for name in _TITLES)) if words_of(node)), ""
        )
        found.append((root, {**_fields(root, _named(root), known), "title": escaped(title)}, text_of_tree(root)))
    return found


def _with_alike(root: Any) -> set[Any]:
    """Elements that contain another of their own name, however deep; every element is examined once."""
    from lxml import etree

    around: dict[str, list[Any]] = {}
    found: set[Any] = set()
    for event, node in etree.iterwalk(root, events=("start", "end")):
        alike = around.setdefault(name_of(node), [])
        if event == "end":
            alike.pop()
            continue
        found.update(alike[-1:])
        alike.append(node)
    return found


@dataclass(frozen=True, slots=True)
class _Said:
    """What an element says about the records within it; determined once, as it may have a hundred thousand.

    Attributes:
        mark: Its id.
        day: As its children name one.
        address: The first.
        language: As its children name one.
        names: Who published it: for each element that says so, its names by language, and its words.
    """

    mark: str
    day: Any
    address: str
    language: str
    names: tuple[tuple[dict[str, str], str], ...]

    @classmethod
    def of(cls, node: Any, named: dict[str, list[Any]]) -> _Said:
        """By the element's children."""
        return cls(
            _id(node, named)[:_LONGEST],
            _day(named),
            next((url for key in _ADDRESSES for part in named.get(key, ()) if (url := _address(part))), ""),
            next((words_of(part) for key in ("language", "lang") for part in named.get(key, ())), "")[:_LONGEST],
            tuple(
                (
                    {language_of(inner): words_of(inner) for inner in part.iter("{*}name") if words_of(inner)},
                    words_of(part),
                )
                for key in _ISSUERS
                for part in named.get(key, ())
            ),
        )


def _fields(node: Any, children: dict[str, list[Any]], known: dict[Any, _Said]) -> dict[str, Any]:
    """Fields of a record; what it does not say itself is taken from the elements around it, which are kept in ``known``."""
    around = [_Said.of(node, children)]
    for above in node.iterancestors():
        if above not in known:
            known[above] = _Said.of(above, _named(above))
        around.append(known[above])
    language = language_of(node) or next((said.language for said in around if said.language), "")
    address = next((said.address for said in around if said.address), "")
    return {
        "id": next((said.mark for said in around if said.mark), ""),
        "title": escaped(
            next((words for key in _TITLES for part in children.get(key, ()) if (words := words_of(part))), "")
        ),
        "published": next((said.day for said in around if said.day), None),
        "url": address,
        "issuer": escaped(
            next((words for said in around if (words := _issuer(said, language))), "") or issuer_of(address)
        ),
        "language": language,
    }


def _id(node: Any, named: dict[str, list[Any]]) -> str:
    own = f"{_field(node)}_id"
    said = next((words_of(part) for key in ("id", own, "identifier", "guid") for part in named.get(key, ())), "")
    return said or node.get("id") or node.get("{http://www.w3.org/XML/1998/namespace}id") or ""


def _day(named: dict[str, list[Any]]) -> Any:
    for key in _DAYS:
        for part in named.get(key, ()):
            try:
                if day := parse_day(part.get("when") or part.get("iso") or words_of(part)):
                    return day
            except ValueError:
                continue
    return None


def _address(node: Any) -> str:
    words = node.get("href") or node.get("url") or words_of(node)
    return words if words.startswith(("http://", "https://")) and " " not in words else ""


def _issuer(said: _Said, language: str) -> str:
    """The name of the publisher; of a name in several languages the English one, otherwise that in the text's language."""
    for names, whole in said.names:
        words = names.get("en") or names.get(language) or next(iter(names.values()), "") or whole
        if words and len(words) < 120 and not words.startswith("http"):
            return issuer_called(words) or words
    return ""


def _tei(root: Any) -> list[_Record]:
    """Texts of the Text Encoding Initiative: a header and a body."""
    found = []
    for node in root.iter("{*}TEI", "{*}TEI.2"):
        header, body = node.find("{*}teiHeader"), node.find("{*}text")
        if header is None or body is None:
            continue
        fields = {
            "id": node.get("{http://www.w3.org/XML/1998/namespace}id") or "",
            "title": escaped(words_of(header.find(".//{*}titleStmt/{*}title"))),
            "published": _day({"date": list(header.iter("{*}date"))}),
            "url": next((url for part in header.iter("{*}idno", "{*}ptr", "{*}ref") if (url := _address(part))), ""),
            "issuer": escaped(words_of(header.find(".//{*}publicationStmt/{*}publisher"))),
            "language": language_of(body),
        }
        found.append((node, fields, text_of_tree(body)))
    return found
