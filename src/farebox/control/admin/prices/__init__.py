"""Prices over time: history, scheduled changes with notice, and what a change would have meant."""
