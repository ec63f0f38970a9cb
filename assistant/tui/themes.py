"""The looks: a dark and a light theme of our own, and the terminal's own colours."""

from __future__ import annotations

from dataclasses import replace

from textual.theme import BUILTIN_THEMES, Theme

INK = Theme(
    name="ink",
    primary="#8ab4f8",
    secondary="#7fa0c9",
    accent="#e3b866",
    success="#8cc99a",
    warning="#e3b866",
    error="#ec8a7e",
    foreground="#dfe3ea",
    background="#12151b",
    surface="#191d26",
    panel="#232937",
    dark=True,
    variables={
        "quiet": "#929bb0",
        "quote-foreground": "#ffe3a8",
        "quote-background": "#4a3d22",
        "scrollbar": "#39425a",
        "scrollbar-background": "#12151b",
        "scrollbar-background-hover": "#12151b",
        "scrollbar-background-active": "#12151b",
        "border": "#8ab4f8",
        "border-blurred": "#39425a",
        "footer-background": "#191d26",
        "footer-key-foreground": "#e3b866",
        "block-cursor-background": "#2d4064",
        "block-cursor-foreground": "#ffffff",
        "block-cursor-text-style": "bold",
        "block-cursor-blurred-background": "#232937",
        "block-cursor-blurred-foreground": "#dfe3ea",
        "input-selection-background": "#8ab4f8 35%",
    },
)

PAPER = Theme(
    name="paper",
    primary="#24508f",
    secondary="#5a6f8f",
    accent="#8f5410",
    success="#256b3c",
    warning="#86590a",
    error="#a5322a",
    foreground="#25282e",
    background="#f6f2e9",
    surface="#fdfaf3",
    panel="#e9e2d2",
    dark=False,
    variables={
        "quiet": "#676252",
        "quote-foreground": "#3d2500",
        "quote-background": "#f0d9a8",
        "scrollbar": "#c9bfa8",
        "scrollbar-background": "#f6f2e9",
        "scrollbar-background-hover": "#f6f2e9",
        "scrollbar-background-active": "#f6f2e9",
        "border": "#24508f",
        "border-blurred": "#c9bfa8",
        "footer-background": "#e9e2d2",
        "footer-key-foreground": "#8f5410",
        "block-cursor-background": "#cfdcf1",
        "block-cursor-foreground": "#10131a",
        "block-cursor-text-style": "bold",
        "block-cursor-blurred-background": "#e9e2d2",
        "block-cursor-blurred-foreground": "#25282e",
        "input-cursor-background": "#25282e",
        "input-cursor-foreground": "#fdfaf3",
        "input-selection-background": "#24508f 25%",
    },
)

_TERMINAL = BUILTIN_THEMES["ansi-dark"]
#: The terminal's colours by name; marked text is in the terminal's black on one of them, readable on any.
ANSI = replace(
    _TERMINAL,
    name="ansi",
    accent="ansi_yellow",
    variables={
        **_TERMINAL.variables,
        "quiet": "ansi_default",
        "quote-foreground": "ansi_black",
        "quote-background": "ansi_yellow",
        "border": "ansi_blue",
        "border-blurred": "ansi_bright_black",
        "block-cursor-foreground": "ansi_black",
        "block-cursor-background": "ansi_cyan",
        "block-cursor-blurred-foreground": "ansi_default",
        "block-cursor-blurred-background": "ansi_default",
    },
)

#: In the order in which the key for the next theme goes through them.
THEMES: tuple[Theme, ...] = (INK, PAPER, ANSI)


def defaults(*, dark: bool) -> dict[str, str]:
    """What our style sheet needs and themes of others lack."""
    if dark:
        return {"quiet": "#9aa3b5", "quote-foreground": "#ffe3a8", "quote-background": "#4a3d22"}
    return {"quiet": "#5f6470", "quote-foreground": "#3d2500", "quote-background": "#f0d9a8"}
