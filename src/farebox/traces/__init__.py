"""Traces: addresses, agents and devices, kept apart from all else and for at most 30 days."""
