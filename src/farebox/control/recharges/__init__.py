"""Recharges: what can be bought, and buying it."""
