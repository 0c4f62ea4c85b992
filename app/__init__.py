"""Centralita: the back room of a small office."""

__version__ = "1.0.0"
