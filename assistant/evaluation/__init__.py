"""How good the answers are, measured on question files with known answers.

``evaluate`` asks, ``render`` shows, ``save`` and ``load`` keep, ``compare`` says what changed.
"""

from assistant.evaluation.comparison import Change, Comparison, FigureChange, compare, render_comparison
from assistant.evaluation.metrics import Figure
from assistant.evaluation.outcomes import Outcome
from assistant.evaluation.questions import Ask, Gold, Line, Type, read_questions
from assistant.evaluation.report import render
from assistant.evaluation.runner import Evaluable, Evaluation, evaluate, load, save
from assistant.evaluation.summary import Silence, Summary, summarise

__all__ = [
    "Ask",
    "Change",
    "Comparison",
    "Evaluable",
    "Evaluation",
    "Figure",
    "FigureChange",
    "Gold",
    "Line",
    "Outcome",
    "Silence",
    "Summary",
    "Type",
    "compare",
    "evaluate",
    "load",
    "read_questions",
    "render",
    "render_comparison",
    "save",
    "summarise",
]
