"""Anthropic's messages dialect, spoken as its provider speaks it."""
