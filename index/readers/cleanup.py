"""Text as published, cleaned once, before any offset exists: markup is removed, every word kept.

Paragraphs come out separated by one empty line. Inside a paragraph a newline separates list items, so that each can be quoted
alone; hard-wrapped lines are joined. Prose that is already plain is unchanged except for its spaces.
"""

from __future__ import annotations

import html
import re

from index.readers import layout
from index.textforms import tidy

#: A backslash before punctuation means the mark itself. Unicode has as many noncharacters in a row as ASCII has
#: marks: each is kept there, out of reach of the rules for markup, until these are done.
_MARKS = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
_FIRST = 0xFDD0
_HIDE = {mark: chr(_FIRST + place) for place, mark in enumerate(_MARKS)}
_SHOW = {_FIRST + place: mark for place, mark in enumerate(_MARKS)}
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
#: Lone surrogates cannot be written to any file; noncharacters and controls are never text.
_NEVER_TEXT = re.compile("[\ufdd0-\ufdef\ud800-\udfff\x00-\x08\x0b\x0e-\x1f]")

#: What is removed whole, from the opening to the closing.
_NO_WORDS = tuple(
    (re.compile(opening, re.IGNORECASE), re.compile(closing, re.IGNORECASE))
    for opening, closing in (("<!--", "-->"), (r"<script\b", r"</script\s*>"), (r"<style\b", r"</style\s*>"))
)
_LINE_TAG = re.compile(r"<br\s*/?>", re.IGNORECASE)
_ITEM_TAG = re.compile(r"<li\b[^<>]*>", re.IGNORECASE)
# What precedes the many names is checked first: a text of angle brackets alone takes seconds otherwise.
_BLOCK_TAG = re.compile(
    r"<(?=[/a-z])/?(?:address|article|aside|blockquote|body|caption|center|dd|div|dl|dt|figcaption|figure|footer|form|h[1-6]|head|header|hr"
    r"|html|li|main|nav|ol|p|pre|section|table|tbody|td|tfoot|th|thead|tr|ul)(?=[\s/>])[^<>]*>",
    re.IGNORECASE,
)
_INLINE_TAG = re.compile(
    r"<(?=[/a-z])/?(?:a|abbr|acronym|b|bdi|bdo|big|button|cite|code|del|dfn|em|font|i|iframe|img|input|ins|kbd|label|link|mark|meta|noscript"
    r"|o:p|path|picture|q|s|samp|script|small|source|span|strike|strong|style|sub|sup|svg|time|tt|u|var|video|wbr)"
    r"(?=[\s/>])[^<>]*>",
    re.IGNORECASE,
)
_AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^<>\s]+|[^<>\s@]+@[^<>\s@]+)>", re.IGNORECASE)
#: White space inside is bounded, so that a bracket before a long run of it costs no more than any other.
_ADDRESS = r"\(\s{0,4}<?[^()\s]*(?:\([^()]*\)[^()\s]*)*>?(?:\s{1,4}(?:\"[^\"]*\"|'[^']*'))?\s{0,4}\)"
_IMAGE = re.compile(r"!\[[^\[\]]*\]" + _ADDRESS)
_LINK = re.compile(r"\[([^\[\]]*(?:\[[^\[\]]*\][^\[\]]*)*)\]" + _ADDRESS)
_REFERENCE = re.compile(r"\[([^\[\]\n]+)\]\[[^\[\]\n]*\]")
_REFERENCE_TARGET = re.compile(r"^ {0,3}\[[^\[\]\n]+\]:[ \t]+\S+.*$", re.MULTILINE)

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_BOLD = re.compile(r"\*{2,}|~~")
_STAR = re.compile(r"(?<![\d*])\*(?=\S)|(?<=\S)\*(?![\d*])")
_UNDERLINE = re.compile(r"(?<![\w_])_{1,3}(?=[^\s_])|(?<=[^\s_])_{1,3}(?![\w_])")
_TICK = re.compile(r"(?<!\w)`+(?=\S)|(?<=\S)`+(?!\w)")
_RULE_IN_LINE = re.compile(r"(?<=\S)[ \t]+\*[ \t]\*[ \t]\*[ \t]+(?=\S)")
_END_MARK = re.compile(r"\s*(?:#{3,}|# # #|-30-|\* \* \*)\s*\Z")


def clean_text(raw: str) -> str:
    """The words of a text in Markdown, with scattered HTML or in plain form.

    Returns:
        Paragraphs separated by ``\\n\\n``; inside one, ``\\n`` separates list items; empty if ``raw`` has no words.
    """
    text = _outer(raw)
    text = _RULE_IN_LINE.sub("\n\n", text)
    paragraphs = [[_inner(line) for line in lines] for lines in layout.paragraphs(text)]
    joined = ["\n".join(line for line in lines if line) for lines in paragraphs]
    whole = "\n\n".join(paragraph for paragraph in joined if paragraph)
    return _END_MARK.sub("", whole)


def clean_line(raw: str) -> str:
    r"""A title, a name or another single line: markup removed, each run of white space one space.

    ``\_`` in a title is a no-break space that was escaped twice, never an underscore.
    """
    text = _outer(raw.replace("\\_", " "))
    text = re.sub(r"\A\s*#{1,6}\s+", "", text)
    return _inner(" ".join(text.split()))


def _outer(raw: str) -> str:
    """Remove markup that may span lines: comments, tags, links."""
    text = raw.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n\n")
    text = _NEVER_TEXT.sub("", text).replace("\f", "\n\n").expandtabs(4)
    text = _ESCAPE.sub(lambda match: _HIDE[match.group(1)], text)
    if "<" in text:
        # All of it ends with an angle bracket.
        end = text.rfind(">") + 1
        text = _without_tags(text[:end]) + text[end:]
    if "[" in text:
        text = _REFERENCE_TARGET.sub("", text)
        text = _IMAGE.sub("", text)
        text = _LINK.sub(r"\1", text)
        text = _REFERENCE.sub(r"\1", text)
    return text


def _without_tags(text: str) -> str:
    for opening, closing in _NO_WORDS:
        text = _cut_out(text, opening, closing)
    text = _LINE_TAG.sub(layout.LINE_BREAK, text)
    text = _ITEM_TAG.sub("\n- ", text)
    text = _BLOCK_TAG.sub("\n\n", text)
    text = _INLINE_TAG.sub("", text)
    return _AUTOLINK.sub(r"\1", text)


def _cut_out(text: str, opening: re.Pattern[str], closing: re.Pattern[str]) -> str:
    """Remove what is cut; one pattern with ``.*?`` would read to the end of the text for every unclosed opening."""
    kept, place = [], 0
    while (start := opening.search(text, place)) and (end := closing.search(text, start.end())):
        kept.append(text[place : start.start()])
        place = end.end()
    return "\n\n".join([*kept, text[place:]])


def _inner(line: str) -> str:
    """Clean one line of markup, entities, odd spaces and invisible marks."""
    # Most lines have no markup: looking for its marks first takes a tenth of the time.
    if "*" in line or "~" in line:
        line = _STAR.sub("", _BOLD.sub("", line))
    if "_" in line:
        line = _UNDERLINE.sub("", line)
    if "`" in line:
        line = _TICK.sub("", line)
    if "&" in line:
        line = _ENTITY.sub(lambda match: _NEVER_TEXT.sub("", html.unescape(match.group())), line)
    line = " ".join((line if line.isascii() else line.translate(_SHOW)).split())
    return tidy(line).strip()
