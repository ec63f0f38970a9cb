"""Why this passage: the score of every stage of the ranking, and the terms it contains."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from assistant.tui import texts
from assistant.tui.dialogs import Dialog
from assistant.tui.keybar import KeyBar
from assistant.tui.places import Place

#: What the stages' names mean to a reader.
STAGES = {
    "full_text": "words it shares with the question",
    "paragraph": "meaning of the whole paragraph",
    "sentence": "meaning of its best sentence",
    "peak": "that sentence stands out in it",
    "date": "of the time that is named",
    "party": "tells of those who are named",
    "kind": "of the kind that is named",
    "document": "of the readout asked about before",
    "place": "held where the question says",
    "topic": "holds the subject's words",
    "covered": "it and its title hold the words",
    "beyond_title": "holds what the title lacks",
    "opening": "opens a readout, as asked for",
    "number": "has a number, as asked for",
    "fused": "all together",
}
_BAR = 12


class Why(Dialog[None]):
    """Explains one place."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place

    def compose(self) -> ComposeResult:
        """The stages, one per line."""
        place = self.place
        with VerticalScroll(classes="window why") as window:
            window.border_title = "Why this passage?"
            yield Static(Content.styled(texts.line(place.source.title), "bold"), markup=False)
            yield Static(Content.styled(texts.origin(place.source, place.facts), "$quiet"), markup=False)
            yield Static(explain(place), markup=False, classes="stages")
        yield KeyBar()


def explain(place: Place) -> Content:
    """The explanation in words and numbers."""
    hit = place.hit
    if hit is None:
        return Content(
            "It was not ranked: it counts because it fits what the question asks for (dates, parties, kind)."
        )
    parts: list[str | tuple[str, str]] = [f"Passage {hit.rank} of those found, score {hit.score:.3f}.\n\n"]
    most = max((abs(stage.score) for stage in hit.trail), default=0.0) or 1.0
    for stage in hit.trail:
        name = STAGES.get(stage.stage, texts.line(stage.stage).replace("_", " "))
        bar = "▇" * round(_BAR * max(0.0, stage.score) / most)
        rank = f"no. {stage.rank}" if stage.rank else "–"
        parts += [
            f"{name:<35}",
            (f"{stage.score:>6.3f}  ", "bold"),
            (f"{bar:<{_BAR}}  ", "$text-accent"),
            (f"{rank}\n", "$quiet"),
        ]
    terms = ", ".join(texts.line(term) for term in hit.terms)
    parts += ["\n", ("Words of the question in it: ", "$quiet"), (terms or "none; it was found by its meaning", "bold")]
    return Content.assemble(*parts)
