"""Every file that the program keeps or reads, damaged in turn; ``python -m benchmarks.damage``."""
