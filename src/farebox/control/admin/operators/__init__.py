"""Operators and their scopes."""
