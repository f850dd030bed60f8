"""Recharges: the queue of those that wait for review."""
