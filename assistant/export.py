"""A conversation as a file to keep or to hand on: Markdown, HTML or JSON, every quote with its source."""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from assistant.datatypes import Citation, Conversation, Status, Turn
from assistant.errors import ExportError
from assistant.printing import describe, printable, source_line, support_words

_STYLE = (
    "body{font:1rem/1.5 Georgia,serif;max-width:44rem;margin:2rem auto;padding:0 1rem;color:#25282e;background:#fdfaf3}"
    "blockquote{margin:1rem 0;padding:0 0 0 1rem;border-left:.25rem solid #8f5410}"
    "footer,.quiet{color:#676252;font-size:.9rem}a{color:#24508f}"
    "@media(prefers-color-scheme:dark){body{color:#dfe3ea;background:#12151b}a{color:#8ab4f8}"
    "blockquote{border-color:#e3b866}footer,.quiet{color:#929bb0}}"
)


def export(conversation: Conversation, form: str) -> str:
    """The whole conversation in one of ``FORMS``; nothing in it steers a terminal or a browser.

    Raises:
        ExportError: There is no such form.
    """
    if form not in FORMS:
        raise ExportError(f"A conversation cannot be exported as “{form}”.", mend=f"Known are: {', '.join(FORMS)}.")
    return FORMS[form](conversation)


def form_of(path: Path) -> str:
    """The form that a file's ending means.

    Raises:
        ExportError: It means none.
    """
    form = _ENDINGS.get(path.suffix.lower())
    if form is None:
        raise ExportError(
            f"The ending of {path.name} means no form of export.", mend=f"End it with {', '.join(_ENDINGS)}."
        )
    return form


def write(conversation: Conversation, path: Path, form: str = "") -> None:
    """Write a new file; one that is there already is left alone.

    Args:
        conversation: With its turns.
        path: The file.
        form: One of ``FORMS``; by the file's ending where empty.

    Raises:
        ExportError: The form is unknown, the file is there already or cannot be written.
    """
    text = export(conversation, form or form_of(path))
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise ExportError(f"{path} is there already.", mend="Choose another name, or move it away first.") from error
    except OSError as error:
        raise ExportError(f"{path} cannot be written: {error.strerror}.", mend="Choose another folder.") from error


def _markdown(conversation: Conversation) -> str:
    return "\n".join(_markdown_lines(conversation)).rstrip() + "\n"


def _markdown_lines(conversation: Conversation) -> Iterator[str]:
    yield f"# {_plain(conversation.title)}\n"
    yield f"Begun {_time(conversation.started_at)}; every line with a bar is quoted.\n"
    for turn in conversation.turns:
        answer = turn.answer
        yield f"## {turn.number}. {_plain(answer.question)}\n"
        for note in _notes(turn):
            yield f"{note}\n"
        for citation in answer.citations if answer.status is not Status.ABSTAINED else ():
            yield f"> {_line(citation.quote)}\n"
            yield f"— [{citation.number}] {_linked(citation)}\n"


def _linked(citation: Citation) -> str:
    title, url = _plain(citation.source.title), _address(citation)
    where = _plain(source_line(citation.source, citation.facts))
    if not url:
        return where
    return where.replace(title, f"[{title}](<{url}>)", 1) if title in where else f"{where} <{url}>"


def _html(conversation: Conversation) -> str:
    title = html.escape(_line(conversation.title))
    body = "\n".join(_html_lines(conversation))
    return (
        f'<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>{title}</title>\n<style>{_STYLE}</style>\n'
        f'<h1>{title}</h1>\n<p class="quiet">Begun {_time(conversation.started_at)}; every indented line is quoted.</p>\n'
        f"{body}\n</html>\n"
    )


def _html_lines(conversation: Conversation) -> Iterator[str]:
    for turn in conversation.turns:
        answer = turn.answer
        yield f'<h2 id="turn-{turn.number}">{turn.number}. {html.escape(_line(answer.question))}</h2>'
        yield from (f'<p class="quiet">{html.escape(note)}</p>' for note in _notes(turn))
        for citation in answer.citations if answer.status is not Status.ABSTAINED else ():
            where, url = html.escape(_line(source_line(citation.source, citation.facts))), _address(citation)
            source = f'<a href="{html.escape(url)}" rel="noreferrer">{where}</a>' if url else where
            quote = html.escape(_line(citation.quote))
            yield f"<blockquote><p>{quote}</p><footer>[{citation.number}] {source}</footer></blockquote>"


def _json(conversation: Conversation) -> str:
    turns: list[dict[str, Any]] = [
        {"number": turn.number, "asked_at": turn.asked_at.isoformat()} | turn.answer.to_dict()
        for turn in conversation.turns
    ]
    whole = {
        "id": conversation.id,
        "title": conversation.title,
        "started_at": conversation.started_at.isoformat(),
        "turns": turns,
    }
    return json.dumps(whole, ensure_ascii=True, indent=1) + "\n"


def _notes(turn: Turn) -> Iterator[str]:
    """What is said of an answer beside its quotes."""
    answer = turn.answer
    if answer.standalone_question != answer.question:
        yield f"Asked as: {_line(answer.standalone_question)}"
    understood = describe(answer.understanding.filters, answer.understanding.preferred)
    if understood:
        yield _line(understood)
    if answer.documents:
        yield f"{len(answer.documents):,} readouts counted."
    if answer.status is Status.ABSTAINED:
        yield "The readouts do not say."
    else:
        yield f"{support_words(answer.support).capitalize()} ({answer.support:.2f})."
    if answer.missing:
        yield f"No quoted passage mentions: {_line(', '.join(answer.missing))}."


def _line(text: str) -> str:
    return " ".join(printable(text).split())


def _plain(text: str) -> str:
    """One line in which nothing is markup."""
    return "".join(f"\\{c}" if c in "\\`*_[]<>#|" else c for c in _line(text))


def _address(citation: Citation) -> str:
    url = _line(citation.source.url).replace(" ", "%20").replace("<", "%3C").replace(">", "%3E")
    return url if url.startswith(("https://", "http://")) else ""


def _time(moment: Any) -> str:
    return f"{moment.astimezone():%d %B %Y, %H:%M}".lstrip("0")


#: Forms by name.
FORMS: dict[str, Callable[[Conversation], str]] = {"markdown": _markdown, "html": _html, "json": _json}
_ENDINGS = {".md": "markdown", ".markdown": "markdown", ".html": "html", ".htm": "html", ".json": "json"}
