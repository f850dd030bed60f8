"""The review queue of accounts with signals."""
