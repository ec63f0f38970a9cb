"""``python -m assistant`` is the command ``readouts``."""

from assistant.cli import main

main()
