"""Hostile documents: made, read one by one within bounds, indexed among good ones, and looked for in every output."""
