"""``python -m assistant`` is the command ``readouts``."""

import os
import sys

# Python looks for modules in the working folder first; what lies there may be anybody's.
if sys.path[0] == os.getcwd() != os.path.dirname(os.path.dirname(os.path.abspath(__file__))):  # noqa: PTH109, PTH100, PTH120
    del sys.path[0]

from assistant.cli import main

main()
