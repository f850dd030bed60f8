"""Redemption codes, as operators make and void them."""
