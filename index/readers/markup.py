"""Markup as a tree, and a tree as text for the clean-up: paragraphs separated by empty lines, one line per list item.

Nothing outside the bytes is read: no network, no external definitions, no entities that the file itself declares.
"""

from __future__ import annotations

import re
import statistics
from pathlib import Path
from typing import Any

from index.errors import FormatError
from index.readers.layout import LINE_BREAK

#: Real pages are nested less than a hundred deep and have fewer than twenty thousand elements; 50,000 take a second.
MAX_ELEMENTS = 50_000
#: Each attribute of a tag is compared with all earlier ones: 100,000 take fifteen seconds, and no real tag has a hundred.
MAX_ATTRIBUTES = 5_000
_TAG = re.compile(r"<[A-Za-z]")
_QUOTED_VALUE = re.compile(r"\"[^\"]*\"|'[^']*'")
_MEND = "Save the readout as a page or a text of its own."

#: Elements whose words are not part of the text.
WORDLESS = tuple(
    "script style noscript template iframe object svg math canvas video audio select button textarea head title map".split()
)
_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details div dl dt fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 "
    "header hgroup hr legend main nav ol p pre section summary table tbody td tfoot th thead tr ul "
    # Of TEI and of news agencies' markup.
    "para head u sp l lg list item note bodytext paragraph hl1 hl2 block body.content body.head body.end".split()
)
_ITEMS = frozenset({"li", "item"})
_ROWS_OF_BLOCKS = frozenset({"p", "div", "table", "ul", "ol", "br", "h1", "h2", "h3", "h4"})
#: Styles, without white space, that hide an element.
_UNSEEN = re.compile(
    r"(?:^|;)(?:display:none|visibility:(?:hidden|collapse)|(?:opacity|font-size):0*\.?0+(?![.\d]))", re.IGNORECASE
)
_MARKS = re.compile(r"([\\*_`\[\]<>#~&|])")
_STOPS = (".", "!", "?", "”", '"', ":", "…", "。", "।", "؟", ";")
#: Lines of a scanned page end where they did on paper; those of an address or a poem are short and few.
_WRAPPED_LINES = 6
_WRAPPED_LENGTHS = range(30, 100)


def parse_html(path: Path, text: str) -> Any:
    """The tree of a page.

    Raises:
        FormatError: It is empty, nested too deeply or too large to be a page of text, or a tag has too many attributes.
    """
    from lxml import etree

    # What precedes a closing angle bracket contains at most one long tag; each is examined once.
    long = (part for part in text.split(">") if len(part) > 2 * MAX_ATTRIBUTES)
    if any(_count(part[tag.start() :]) > MAX_ATTRIBUTES for part in long if (tag := _TAG.search(part))):
        message = f"{path.name} has a tag of more than {MAX_ATTRIBUTES:,} attributes."
        raise FormatError(message, path=path, mend=_MEND)
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    # A null byte ends the text for the parser; lone surrogates cannot be passed to it.
    plain = text.replace("\x00", " ").encode(errors="replace")
    try:
        root = etree.fromstring(plain, parser) if plain.strip() else None
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if any("xcessive depth" in entry.message for entry in parser.error_log):
        raise FormatError(f"{path.name} is nested too deeply to be a page of text.", path=path, mend=_MEND)
    if root is None:
        raise FormatError(f"{path.name} is empty.", path=path, mend="Put the readout's text into it.")
    check_size(path, root)
    return root


def _count(tag: str) -> int:
    """An upper bound on the number of attributes of a tag."""
    return len(_QUOTED_VALUE.sub("", tag).split())


def check_size(path: Path, root: Any) -> None:
    """Refuse a tree of more than ``MAX_ELEMENTS`` elements.

    Raises:
        FormatError: It has more.
    """
    if sum(1 for _ in root.iter()) > MAX_ELEMENTS:
        raise FormatError(
            f"{path.name} has more than {MAX_ELEMENTS:,} elements; a readout is a page or two.", path=path, mend=_MEND
        )


def fragment(html: str, path: Path) -> str:
    """The text of a piece of HTML that is all content, such as the body of a feed's item.

    Raises:
        FormatError: As ``parse_html``.
    """
    if not html.strip():
        return ""
    root = parse_html(path, f"<div>{html}</div>")
    prune(root)
    # What no reader of a mail sees is meant for machines; if all of it is hidden, the rule is wrong and not the mail.
    hidden = frozenset(node for node in root.iter() if is_hidden(node))
    text = text_of_tree(root, hidden)
    return text if text.strip() else text_of_tree(root)


def is_hidden(node: Any) -> bool:
    """Whether an element says that it is hidden."""
    if node.get("hidden") is not None or node.get("aria-hidden") == "true":
        return True
    return bool(_UNSEEN.search("".join((node.get("style") or "").split())))


def prune(root: Any) -> None:
    """Remove the elements whose words are not part of the text."""
    from lxml import etree

    etree.strip_elements(root, *WORDLESS, with_tail=False)


def escaped(text: str) -> str:
    """Words escaped so that the clean-up, which reads Markdown, leaves them as they are."""
    return _MARKS.sub(r"\\\1", text)


def name_of(node: Any) -> str:
    """The element's name without its namespace, in lower case; empty for comments and the like."""
    return node.tag.rpartition("}")[2].lower() if isinstance(node.tag, str) else ""


def text_of_tree(root: Any, left_out: frozenset[Any] = frozenset()) -> str:
    """The text of an element for the clean-up: blocks separated by empty lines, items after dashes, rows of tables as lines.

    Args:
        root: The element.
        left_out: Elements within it whose words are left out.
    """
    from lxml import etree

    writer = _Writer()
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, node in walk:
        name = name_of(node)
        if event == "start":
            writer.open(node, name)
            if node in left_out:
                walk.skip_subtree()
                continue
            writer.write(node.text if name or node is root else "")
        else:
            writer.close(name)
            writer.write(node.tail if node is not root else "")
    return "\n\n".join(_unwrapped(block) for block in re.split(r"\n[ ]*\n", "".join(writer.pieces)))


class _Writer:
    """Pieces of text, and the gap that will precede the next one."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self._gap = ""
        self._listed = False
        self._kept = 0
        self._in_row = False

    def open(self, node: Any, name: str) -> None:
        if name in _ITEMS:
            self._gap = "\n- " if self._listed else "\n\n- "
            self._listed = True
        elif name == "br":
            self._gap = self._gap or LINE_BREAK if self._gap != LINE_BREAK else "\n\n"
        elif name == "tr" and _is_data(node):
            self._gap, self._in_row = LINE_BREAK if self._gap in ("", LINE_BREAK) else self._gap, True
        elif name in ("td", "th") and self._in_row:
            self._gap = " \\| " if not self._gap else self._gap
        elif name == "q":
            self.write("“")
        elif name in _BLOCKS:
            self._break()
            self._listed = self._listed and name not in ("ul", "ol", "list")
        self._kept += name == "pre"

    def close(self, name: str) -> None:
        if name == "tr":
            self._gap = LINE_BREAK if self._in_row and not self._gap else self._gap
            self._in_row = False
        elif name == "q":
            self.write("”")
        elif name in _ITEMS:
            self._gap = "\n"
        elif name in _BLOCKS and not (name in ("td", "th") and self._in_row):
            self._break()
            self._listed = self._listed and name not in ("ul", "ol", "list")
        self._kept -= name == "pre"

    def write(self, text: str | None) -> None:
        if not text:
            return
        words = text if self._kept else re.sub(r"\s+", " ", text)
        if not words.strip():
            if self.pieces and not self._gap:
                self.pieces.append(" ")
            return
        self.pieces.append(self._gap if self.pieces or "-" in self._gap else "")
        self.pieces.append(escaped(words.lstrip() if self._gap else words))
        self._gap = ""

    def _break(self) -> None:
        """End a paragraph; the mark of an item waits for its first words."""
        if "-" not in self._gap:
            self._gap = "\n\n"


def _is_data(row: Any) -> bool:
    """Whether a row has data, one value per cell, and is not the columns of a page."""
    return len(row) > 1 and not any(name_of(node) in _ROWS_OF_BLOCKS for node in row.iter())


def _unwrapped(block: str) -> str:
    """Replace by spaces the line breaks that only show where a line ended on paper."""
    lines = block.split(LINE_BREAK)
    if len(lines) < _WRAPPED_LINES:
        return block
    lengths = [len(line) for line in lines]
    ended = sum(line.rstrip().endswith(_STOPS) for line in lines)
    if (
        int(statistics.median(lengths)) in _WRAPPED_LENGTHS
        and ended * 2 < len(lines)
        and max(lengths) < 2 * _WRAPPED_LENGTHS[-1]
    ):
        return "\n".join(lines)
    return block
