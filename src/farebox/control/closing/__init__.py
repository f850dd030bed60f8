"""The end of the account."""
