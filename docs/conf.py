"""How the pages become a site: ``make docs``. Nothing is fetched, neither here nor by who reads the site."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

import made  # noqa: E402

import assistant  # noqa: E402

project = "Readouts"
copyright = "the Readouts authors, Apache License 2.0"  # noqa: A001
release = assistant.__version__
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["*.py", "_*"]
html_theme = "furo"
html_title = f"Readouts {release}"
html_show_sphinx = False
html_copy_source = False
myst_heading_anchors = 3
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_preserve_defaults = True
autodoc_default_options = {
    "members": True,
    "inherited-members": "tuple,BaseException,Exception,str,Enum,StrEnum,ReprEnum",
}
napoleon_numpy_docstring = False
napoleon_use_ivar = True
nitpicky = False

_MADE = re.compile(r"^<!-- made: (\w+) -->$", re.MULTILINE)


def fill(app: Any, docname: str, source: list[str]) -> None:
    """Put what the program says of itself where a page asks for it."""
    source[0] = _MADE.sub(lambda match: made.PARTS[match.group(1)](), source[0])


def setup(app: Any) -> None:
    """What Sphinx calls."""
    app.connect("source-read", fill)
