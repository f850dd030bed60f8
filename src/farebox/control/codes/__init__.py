"""Redeeming codes."""
