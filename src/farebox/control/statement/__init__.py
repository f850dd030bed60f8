"""The account's statement."""
