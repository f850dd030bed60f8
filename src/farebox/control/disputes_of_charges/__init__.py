"""Charges that the account calls wrong."""
