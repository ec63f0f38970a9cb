"""Several processes and threads at work on one index; ``python -m benchmarks.together``."""
