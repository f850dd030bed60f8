"""Discounts on model families, for a time."""
