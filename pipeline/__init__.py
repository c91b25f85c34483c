"""Citewire: an autonomous news desk whose every sentence can be checked against the words it cites."""

__version__ = "0.1.0"
