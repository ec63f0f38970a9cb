"""Measurements: one command per table."""
