"""Readouts beside other ways to ask the same passages, each by a script in its own environment.

python -m benchmarks.peers SOURCE QUESTIONS… [--output DIR] [--environments DIR] [--peers NAME,…]
"""
