"""Balances that are paid out or moved."""
