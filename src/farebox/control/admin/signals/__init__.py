"""Signals, as operators see them."""
