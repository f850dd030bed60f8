"""Redemption codes: made in batches, shown once, each redeemed by one account once."""
