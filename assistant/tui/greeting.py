"""What stands in the conversation before the first question."""

from __future__ import annotations

from textual.content import Content
from textual.message import Message

from assistant.tui.turn import Rows


class Greeting(Rows):
    """What stands here before the first question."""

    EXAMPLES = (
        "What did Bayramov and Lavrov agree on the November 2020 peace agreement?",
        "How many times did Biden and Zelenskyy speak in 2022?",
        "party:China from:2023 kind:call fentanyl",
    )

    KEYS = (
        ("ctrl+p", "finds anything by its name"),
        ("f1", "help"),
        ("ctrl+b", "all readouts"),
        ("ctrl+r", "past conversations"),
    )

    def __init__(self) -> None:
        lead = Content("  ")
        name = Content.styled("Readouts", "bold $primary")
        examples = [(Content("  › "), Content.styled(example, "underline $text-primary")) for example in self.EXAMPLES]
        keys: list[str | tuple[str, str]] = []
        for key, what in self.KEYS:
            keys += [(key, "bold $accent"), f" {what}   "]
        rows = [
            (lead, Content.assemble(name, "  answers with the exact words, each with its source.\n")),
            (lead, Content("Type a question and press enter. For example:\n")),
            *examples,
            (lead, Content("")),
            (lead, Content.assemble(*keys)),
        ]
        super().__init__(rows, [None, None, *self.EXAMPLES, None, None], classes="greeting")

    class Chosen(Message):
        """An example was chosen."""

        def __init__(self, question: str) -> None:
            super().__init__()
            self.question = question

    def press(self, row: int) -> None:
        """Put the example into the question box."""
        stop = self.stops[row]
        if isinstance(stop, str):
            self.post_message(self.Chosen(stop))
