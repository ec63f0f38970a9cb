"""Readouts for an assistant of the user's choice, over the Model Context Protocol; only this folder imports its SDK."""
