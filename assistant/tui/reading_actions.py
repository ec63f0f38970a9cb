"""What a person can do with a passage: open it, move to the next, copy it, see its source, have it explained."""

from __future__ import annotations

import webbrowser
from collections.abc import Callable
from pathlib import Path

from textual.app import SuspendNotSupported

from assistant.tui import clipboard, external, texts
from assistant.tui.messages import ReadoutLoaded, Told
from assistant.tui.parts import CACHED, ChatParts
from assistant.tui.places import Place
from assistant.tui.related import related
from assistant.tui.why import Why
from assistant.tui.wordings import wordings
from assistant.tui.workers import in_thread
from index.datatypes import Source

#: Actions that need a passage, and those that need a readout.
_NEED_PLACE = frozenset({"copy", "why"})
_NEED_READOUT = frozenset({"source", "pager", "editor"})


class ReadingActions(ChatParts):
    """Mixed into the main screen, which handles the messages."""

    def open(self, place: Place, *, focus: bool) -> None:
        """Open a passage in the reading pane; ``focus`` also goes there."""
        self.place = place
        if self.exchange:
            self.conversation.mark_place(place, self.exchange.ticket)
            self.sources.mark(place)
        self._fetch(place.source.doc_id)
        if focus:
            self._opened_from = "sources" if self.sources.has_focus else "conversation"
            self.go_to("reading")

    def open_behind(self, place: Place) -> None:
        """Open a passage once the present screen has been painted, unless another was opened by then."""

        def fetch() -> None:
            if self.place is place:
                self._fetch(place.source.doc_id)

        self.place = place
        if self.exchange:
            self.conversation.mark_place(place, self.exchange.ticket)
        self.call_after_refresh(fetch)

    def open_record(self, doc_id: str) -> None:
        """Open a readout as a whole and go there."""
        self.place = None
        self._fetch(doc_id)
        self.go_to("reading")

    def _fetch(self, doc_id: str) -> None:
        self.reading_ticket = ticket = self.asking.ticket()
        known = self.cache.get(doc_id)
        if known:
            self.post_message(ReadoutLoaded(ticket, *known))
            return

        cache = self.cache  # what is read now belongs to the index as it is now: if that changes, there is another

        def job() -> ReadoutLoaded:
            readout = self.backend.readout(doc_id)
            fetched = readout, related(self.backend, readout), wordings(self.backend, readout.source.doc_id)
            cache[doc_id] = fetched
            for longest_ago in list(cache)[:-CACHED]:
                cache.pop(longest_ago, None)
            return ReadoutLoaded(ticket, *fetched)

        in_thread(self, job, about="readout", ticket=ticket)

    def action_cite(self, number: int) -> None:
        """Open the quote of this number."""
        place = self._numbered(number)
        if place is not None:
            self.open(place, focus=True)

    def _numbered(self, number: int) -> Place | None:
        places = self.exchange.places if self.exchange else ()
        return next((p for p in places if p.number == number), None)

    @property
    def quotes(self) -> int:
        """How many passages have a number."""
        return max((p.number for p in self.exchange.places), default=0) if self.exchange else 0

    def action_next_place(self) -> None:
        """Next passage, or next place found."""
        self._step(1)

    def action_previous_place(self) -> None:
        """The one before."""
        self._step(-1)

    def _step(self, by: int) -> None:
        if self.reading.finding:
            self.reading.step(by)
            return
        places = self.exchange.places if self.exchange else ()
        if places:
            here = places.index(self.place) if self.place in places else (-1 if by > 0 else 0)
            self.open(places[(here + by) % len(places)], focus=False)
            if self.narrow and not self.sources.has_focus:
                self.go_to("reading")

    def action_show_sources(self) -> None:
        """Go to the sources."""
        self.go_to("sources")

    def action_show_reading(self) -> None:
        """Go to the reading pane."""
        self.go_to("reading")

    def action_show_related(self) -> None:
        """Go to the other readouts of the same days and parties: beside the text, or at its foot."""
        if self.related.region:
            self.related.focus(scroll_visible=False)
            return
        self.go_to("reading")
        self.reading.body.scroll_end(animate=False)

    def action_copy(self) -> None:
        """Copy the quote with its source."""
        place = self.place
        if place is None:
            return
        quote = place.quote or (self.reading.readout.text if self.reading.readout else "")
        text = texts.citation_markdown(quote, place.source, place.facts, place.pages)
        browser = self.app.is_web
        in_thread(self, lambda: Told(*clipboard.copy(text, self._to_terminal, browser=browser)), about="copy")

    def _to_terminal(self, text: str) -> None:
        self.app.call_from_thread(self.app.copy_to_clipboard, text)

    def action_source(self) -> None:
        """Open the official text in the browser."""
        source = self._source()
        url = source.url if source else ""
        if not url.startswith(("https://", "http://")):
            read_from = f" It was read from {source.path}." if source and source.path else ""
            note = texts.line(f"This readout names no web address.{read_from}")
            self.notify(note, severity="warning", markup=False)
        elif self.app.is_web:
            self.app.open_url(url)
        elif webbrowser.open(url):
            self.notify(texts.line(f"Opened {url}"), markup=False)
        else:
            self.notify(
                texts.line(f"No browser could be started here. The address: {url}"),
                severity="warning",
                timeout=15,
                markup=False,
            )

    def _source(self) -> Source | None:
        if self.place is not None:
            return self.place.source
        return self.reading.readout.source if self.reading.readout else None

    def action_why(self) -> None:
        """Explain the passage."""
        if self.place is not None:
            self.app.push_screen(Why(self.place))

    def action_pager(self) -> None:
        """The readout in the pager."""
        readout = self.reading.readout
        if readout is not None:
            program = external.pager()
            self._outside(program, "pager", "PAGER", lambda p: external.run_on_text(p, external.as_text(readout)))

    def action_editor(self) -> None:
        """The readout's file in the editor; if an editor cannot have the file, a copy of its text, with a message saying so."""
        readout = self.reading.readout
        if readout is not None:
            path = readout.source.path
            why = external.why_no_file(path)

            def run(program: list[str]) -> int:
                if not why:
                    return external.run_on_file(program, Path(path))
                return external.run_on_text(program, external.as_text(readout))

            if self._outside(external.editor(), "editor", "EDITOR", run) and why:
                note = f"{why} The editor had a copy of its text; what was changed there is not kept."
                self.notify(texts.line(note), timeout=10, markup=False)

    def _outside(self, program: list[str] | None, what: str, variable: str, run: Callable[[list[str]], int]) -> bool:
        """Run a program in place of the screen; returns whether it could be started."""
        if program is None:
            self.notify(f"No {what} was found; name one in ${variable}.", severity="warning", markup=False)
            return False
        try:
            with self.app.suspend():
                code = run(program)
        except (SuspendNotSupported, OSError) as error:
            self.notify(texts.line(f"The {what} could not be started: {error}"), severity="error", markup=False)
            return False
        if code:
            self.notify(texts.line(f"{program[0]} ended with code {code}."), severity="warning", markup=False)
        self.refresh()
        return True

    async def empty_panes(self) -> None:
        """Clear what can be read or cited: nothing of an answer that is gone stays on the screen."""
        self.exchange = self.place = None
        self.reading_ticket = self.asking.ticket()
        self.tabs.count = 0
        self.sources.show(())
        self.related.show(())
        await self.reading.empty()
        self.refresh_bindings()

    def readable(self, action: str, parameters: tuple[object, ...]) -> bool:
        """Whether what an action needs from the answer or the readout is there."""
        if action == "cite":
            return bool(parameters) and self._numbered(int(str(parameters[0]))) is not None
        if action in _NEED_PLACE:
            return self.place is not None
        if action in _NEED_READOUT:
            return self.reading.readout is not None
        if action == "show_related":
            return bool(self.related.records)
        if action in ("next_place", "previous_place"):
            return self.reading.finding or bool(self.exchange and self.exchange.places)
        return True
