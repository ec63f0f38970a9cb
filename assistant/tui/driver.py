"""The terminal as the chat drives it: bytes that are no letters, and being stopped and told to go on, end nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

#: What Textual's parser raises over a sequence that is no key's: a number that is none, or of no character.
_NO_KEY = (ValueError, LookupError, ArithmeticError)


class TerminalDriver(LinuxDriver):
    """Textual's own, with three things mended.

    - A byte that is no UTF-8 (a paste in another encoding, a letter of which a part was lost) or the sequence of a key that no
      keyboard has ended the program.
    - Told to go on, it started new threads for keys and painting beside those that were there, which took letters from each
      other: ``kill -STOP`` cannot be noticed, so it had not stopped them. They are stopped first now.
    - It did so within the signal's handler, which may have interrupted the very line that holds the lock of what is to be
      painted: nothing went on any more. The loop does it now.
    """

    _is_left = False

    def run_input_thread(self) -> None:
        """Read keys until told to stop; what is no UTF-8 becomes U+FFFD, what is no key is passed over."""
        while True:
            try:
                return super().run_input_thread()
            except UnicodeDecodeError as error:
                with suppress(*_NO_KEY):
                    for event in XTermParser().feed(error.object.decode(errors="replace")):
                        self.process_message(event)
            except _NO_KEY:
                pass

    def _sigtstp_application(self, *_: object) -> None:
        self._next(self._suspend, super()._sigtstp_application)

    def _sigcont_application(self, *_: object) -> None:
        self._next(self._go_on, super()._sigcont_application)

    def _next(self, do: Callable[[], None], otherwise: Callable[[], None]) -> None:
        """Have the loop do it next; while an editor or a pager has the terminal, the loop waits for it."""
        loop: asyncio.AbstractEventLoop = self._loop
        if self._auto_restart and loop.is_running():
            loop.call_soon_threadsafe(do)
        else:
            otherwise()

    def _suspend(self) -> None:
        self._is_left = True
        super()._sigtstp_application()

    def _go_on(self) -> None:
        if not self._is_left:
            self.suspend_application_mode()
        self._is_left = False
        super()._sigcont_application()
