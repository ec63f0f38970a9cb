"""Background work beside the conversation: the model, the index, and what is said about both."""

from __future__ import annotations

import gc
import sys

from assistant.tui import texts
from assistant.tui.actions import ChatActions
from assistant.tui.indexing import IndexScreen, told
from assistant.tui.keymap import key_of
from assistant.tui.messages import Indexed, Indexing, StatusRead, Told, Warmed
from index import memory

#: Answers between two looks for what they left behind, and seconds after an answer, while it is read.
COLLECTED_AFTER, WHILE_READ = 16, 0.5


class Housekeeping(ChatActions):
    """Mixed into the main screen."""

    _answers = 0

    def on_warmed(self, event: Warmed) -> None:
        """The model is loaded, and with it most of what is kept to the end: the garbage collector need not look there again.

        Looking through all of it delayed one answer in five by a tenth of a second.
        """
        gc.freeze()
        self.model_ready()

    def tidy_up(self) -> None:
        """What is done after an answer.

        Another process may have added readouts, which the answer may quote. Now and then, garbage left by answers is collected
        as well: a painted line refers to itself (Textual keeps its parts with it), and the collector, which runs seldom, hardly
        ever examines what lived as long as a turn is shown.
        """
        self.asking.read_status()
        self._answers += 1
        if self._answers % COLLECTED_AFTER == 0:
            first = self._answers == COLLECTED_AFTER
            self.set_timer(WHILE_READ, lambda: _collect(keep=first))

    def model_ready(self) -> None:
        """The model answers."""
        self.asking.ready = True
        self.show_model()

    def show_model(self) -> None:
        """Say whether the model is loaded, unless something is being added."""
        if not self.adding.running:
            self.top.model = "ready" if self.asking.ready else "loading the model …"

    def on_status_read(self, event: StatusRead) -> None:
        """Say what is in the index; if that has changed, readouts are fetched anew."""
        if event.status != self.status:
            self.cache = {}
        self.status = event.status
        self.top.show_status(event.status)
        if isinstance(self.app.screen, IndexScreen):
            self.app.screen.show_status(event.status)

    def on_told(self, event: Told) -> None:
        """Say what was done."""
        self.notify(texts.plain(event.note), severity="information" if event.done else "error", markup=False)

    def on_indexing(self, event: Indexing) -> None:
        """Say how far it is."""
        self.adding.progress = event.progress
        self.top.model = self.adding.words(event.progress)

    def on_indexed(self, event: Indexed) -> None:
        """Say what was added, without interrupting anyone who is typing."""
        self.adding.ended(report=event.report)
        self.cache = {}
        self.show_model()
        self.asking.warm()
        self.notify(texts.plain(told(event.report, key_of("chat.add", self))), timeout=10, markup=False)


def _collect(*, keep: bool) -> None:
    """Collect all garbage; what exists with the first answers, mainly passages read ahead, need not be examined again."""
    _forget_painted()
    memory.give_back()
    if keep:
        gc.freeze()


def _forget_painted() -> None:
    """Have Textual forget the painted lines of widgets that are no longer on the screen.

    It keeps two colours for each of the last thousand widgets, keyed by the object that holds the widget's lines: 50
    MB of lines after a few hundred answers (https://github.com/Textualize/textual/issues/6665).
    """
    holder = getattr(sys.modules.get("textual._styles_cache"), "StylesCache", None)
    forget = getattr(getattr(holder, "get_inner_outer", None), "cache_clear", None)
    if forget is not None:
        forget()
